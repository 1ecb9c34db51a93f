import Diagnostics
import Document

extension Spec {
  /// Reads and decodes a file; the spec is nil where a diagnostic is an error.
  public static func load(
    _ path: String, settings: CommandLineSettings = CommandLineSettings()
  ) throws(SourceFileProblem) -> (spec: Spec?, diagnostics: [Diagnostic]) {
    decode(try SourceFile.read(path: path), settings: settings)
  }

  /// Decodes a text; `path` stands for it in messages, and names the spec where it has no `name`.
  public static func decode(
    _ text: String, path: String
  ) -> (spec: Spec?, diagnostics: [Diagnostic]) {
    decode(SourceFile(path: path, text: text))
  }

  /// Decodes a file that has been read, with its parents and what the command line sets.
  public static func decode(
    _ file: SourceFile, settings: CommandLineSettings = CommandLineSettings()
  ) -> (spec: Spec?, diagnostics: [Diagnostic]) {
    let loaded = LoadedSpec(file, settings: settings)
    return (loaded.spec, loaded.diagnostics)
  }
}

/// A spec with the files that it is made of.
public struct LoadedSpec: Sendable {
  /// Nil where a diagnostic is an error.
  public let spec: Spec?
  public let diagnostics: [Diagnostic]
  /// The spec itself, its parent, and so on, as far as they can be read.
  public let files: [SourceFile]

  /// Reads and parses each file once: the farthest parent, what each file changes of it, and what
  /// the command line sets.
  ///
  /// - Parameter standsAlone: refuses `extends`; no other file is opened.
  public init(
    _ file: SourceFile, settings: CommandLineSettings = CommandLineSettings(),
    standsAlone: Bool = false
  ) {
    let chain = ParentChain(of: file, standsAlone: standsAlone)
    files = chain.files
    guard let trees = chain.trees, var root = trees.last else {
      (spec, diagnostics) = (nil, chain.diagnostics.sortedByPosition)
      return
    }
    var problems = chain.diagnostics
    for child in trees.dropLast().reversed() {
      problems += SpecMerge.hiddenSections(of: root, under: child)
      root = SpecMerge.merged(parent: root, child: child)
    }
    let (merged, settingProblems) = settings.applied(to: root)
    problems += settingProblems
    let (spec, found) = Spec.decode(.mapping(merged), file: file)
    self.spec = problems.hasErrors ? nil : spec
    let unread =
      self.spec == nil || found.hasErrors ? [] : UnreadDefinitions.check(merged, of: file)
    diagnostics = (problems + found + unread).sortedByPosition
  }
}
