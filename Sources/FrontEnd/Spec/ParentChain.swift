import Decoding
import Diagnostics
import Document
import Files
import Foundation

/// A spec file and the files that it extends, each the parent of the one before.
struct ParentChain {
  /// The spec itself first; those that were read.
  private(set) var files: [SourceFile]
  private(set) var diagnostics: [Diagnostic] = []
  /// The trees of the files; nil where one of them cannot be had, so that there is nothing to decode.
  private(set) var trees: [Node.Mapping]? = []

  /// Parents above a spec.
  static let mostParents = 16

  /// Reads the parents of `file`; all files together may be as large as one may.
  ///
  /// - Parameter standsAlone: a file that names a parent is refused, and none is opened.
  init(of file: SourceFile, standsAlone: Bool = false) {
    files = [file]
    var identities = [Self.identity(of: file.path)]
    while let child = files.last, let reference = reference(from: child) {
      if standsAlone {
        stop(.extendsInCheckpoint(at: reference.span))
        return
      }
      let path = Self.path(of: reference.text, from: child.path)
      switch parent(path, named: reference, by: child, identities) {
      case .success(let parent):
        files.append(parent)
        identities.append(Self.identity(of: parent.path))
      case .failure(let problem):
        stop(problem.diagnostic)
        return
      }
    }
  }

  private struct Problem: Error {
    let diagnostic: Diagnostic
  }

  /// The file at `path`, unless it is one too many.
  private func parent(
    _ path: String, named reference: Node.Scalar, by child: SourceFile, _ identities: [String]
  ) -> Result<SourceFile, Problem> {
    let span = reference.span
    if let start = identities.firstIndex(of: Self.identity(of: path)) {
      let cycle = files[start...].map(\.path) + [files[start].path]
      return .failure(Problem(diagnostic: .parentCycle(cycle, at: span)))
    }
    guard files.count <= Self.mostParents else {
      return .failure(Problem(diagnostic: .tooManyParents(at: span)))
    }
    do throws(SourceFileProblem) {
      let parent = try Self.file(path, named: reference.text, from: child.path)
      guard files.reduce(parent.bytes.count, { $0 + $1.bytes.count }) <= YAMLDocument.mostBytes
      else { return .failure(Problem(diagnostic: .parentsTooLarge(parent, at: span))) }
      return .success(parent)
    } catch {
      let near = Self.nearestFile(to: reference.text, from: child.path)
      return .failure(Problem(diagnostic: .unreadableParent(error, near: near, at: span)))
    }
  }

  /// Parses a file, and finds the name of its parent.
  private mutating func reference(from file: SourceFile) -> Node.Scalar? {
    let content = FileContent(start: Array(file.bytes.prefix(FileContent.startLength)))
    if let content, content.isNoYAML {
      stop(.foreignContent(content, file))
      return nil
    }
    let (node, problems) = YAMLDocument.parse(file)
    diagnostics += problems
    guard let node else {
      if problems.isEmpty { diagnostics.append(.emptyFile(file)) }
      trees = nil
      return nil
    }
    guard case .mapping(let root) = node else {
      stop(.specIsNoMap(node))
      return nil
    }
    if problems.isEmpty, let foreign = Diagnostic.foreignSettings(root) {
      stop(foreign)
      return nil
    }
    trees?.append(root)
    guard let value = root["extends"] else { return nil }
    guard case .scalar(let name) = value, !name.text.isEmpty else {
      stop(
        .wrongForm(
          "`extends` names one file, found \(value.words)", at: value.span,
          help: ["write `extends: base.yaml`"]))
      return nil
    }
    return name
  }

  private mutating func stop(_ diagnostic: Diagnostic) {
    diagnostics.append(diagnostic)
    trees = nil
  }

  /// The file at `path`; where there is none, a bare name is a spec inside the program, whose own
  /// parents are there too.
  private static func file(
    _ path: String, named name: String, from child: String
  ) throws(SourceFileProblem) -> SourceFile {
    let shipped = name.contains("/") ? nil : ShippedSpecs.file(named: name)
    if let shipped, child.hasPrefix(ShippedSpecs.folder) { return shipped }
    do throws(SourceFileProblem) {
      return try SourceFile.read(path: path)
    } catch {
      guard case .missing = error, let shipped else { throw error }
      return shipped
    }
  }

  // MARK: Paths

  /// Relative to the folder of the file that names it.
  private static func path(of name: String, from child: String) -> String {
    if name.hasPrefix("/") { return name }
    return folder(of: child) + (name.hasPrefix("./") ? String(name.dropFirst(2)) : name)
  }

  /// With a slash at its end; empty for the working folder.
  private static func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
  }

  /// The same for all ways to write a path, links included.
  private static func identity(of path: String) -> String {
    URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath().path
  }

  private static func nearestFile(to name: String, from child: String) -> String? {
    let folder = folder(of: path(of: name, from: child))
    // A folder that cannot be listed holds nothing to suggest.
    let files =
      (try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)) ?? []
    let specs = files.filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }.sorted()
    let own = child.dropFirst(Self.folder(of: child).count)
    let named = name.dropFirst(Self.folder(of: name).count)
    return specs.filter { $0 != own && $0 != named }
      .nearest(to: String(name.dropFirst(Self.folder(of: name).count)))
      .map { Self.folder(of: name) + $0 }
  }
}

extension Diagnostic {
  static func emptyFile(_ file: SourceFile) -> Diagnostic {
    let start = SourcePosition(line: 1, column: 1)
    return wrongForm(
      "the file is empty", at: SourceSpan(file: file, start: start, end: start),
      help: ["begin with `dcgan: \(Spec.languageVersion)`"])
  }

  fileprivate static let beginning =
    "begin with `dcgan-compile new --size 64 --channels 3 --out my.yaml`, and change that"

  fileprivate static func foreignContent(_ content: FileContent, _ file: SourceFile) -> Diagnostic {
    let start = SourcePosition(line: 1, column: 1)
    return wrongForm(
      "this is not a spec: \(content.sentence)",
      at: SourceSpan(file: file, start: start, end: start), help: [beginning])
  }

  /// The configuration of another program: nothing of a spec, and other keys.
  ///
  /// Nil for all else.
  fileprivate static func foreignSettings(_ root: Node.Mapping) -> Diagnostic? {
    let known = Set(Spec.forms.map(\.key))
    let isSpec = ["dcgan", "extends", "generator", "discriminator"].contains { key in
      guard let value = root[key] else { return false }
      if key == "dcgan" || key == "extends" { return true }
      if case .scalar = value { return false }
      return true
    }
    let others = root.entries.map(\.key.text).filter { key in
      !known.contains(key) && known.guess(of: key)?.relation != .sameMeaning
    }
    guard !isSpec, others.count * 2 > root.entries.count || others.count >= 3 else { return nil }
    let shown = others.prefix(4).map { $0.quotedExcerpt }.joined(separator: ", ")
    return wrongForm(
      "this is not a spec of this language: it has \(shown)\(others.count > 4 ? " and more" : "") "
        + "in place of `dcgan`, `image`, `generator` and `discriminator`",
      at: root.entries.first?.key.span ?? root.span, help: [beginning])
  }

  static func specIsNoMap(_ node: Node) -> Diagnostic {
    wrongForm(
      "a spec is a map, found \(node.words)", at: node.span,
      help: ["begin with `dcgan: \(Spec.languageVersion)`"])
  }

  fileprivate static func unreadableParent(
    _ problem: SourceFileProblem, near: String?, at span: SourceSpan
  ) -> Diagnostic {
    Diagnostic(
      SpecCode.unreadableParent, "the parent cannot be read: \(problem)", at: span,
      help: near == nil ? ["the path starts from the folder of the file that names it"] : [],
      repairs: near.map { [Repair("did you mean `\($0)`?", .unsafe, span, $0.yamlText)] } ?? [])
  }

  fileprivate static func extendsInCheckpoint(at span: SourceSpan) -> Diagnostic {
    Diagnostic(
      SpecCode.unreadableParent, "the spec of a checkpoint is complete and extends no file",
      at: span)
  }

  fileprivate static func parentCycle(_ cycle: [String], at span: SourceSpan) -> Diagnostic {
    Diagnostic(
      SpecCode.parentCycle,
      "the spec extends itself: \(cycle.joined(separator: " → "))", at: span,
      help: ["one of the files must stand alone"])
  }

  fileprivate static func tooManyParents(at span: SourceSpan) -> Diagnostic {
    Diagnostic(
      SpecCode.unreadableParent, "more than \(ParentChain.mostParents) parents above each other",
      at: span, help: ["extend a file further up, or write the values here"])
  }

  fileprivate static func parentsTooLarge(
    _ parent: SourceFile, at span: SourceSpan
  ) -> Diagnostic {
    Diagnostic(
      SpecCode.unreadableParent,
      "with \(parent.path.quotedExcerpt), the files have more than \(YAMLDocument.mostBytes) bytes "
        + "together",
      at: span)
  }
}
