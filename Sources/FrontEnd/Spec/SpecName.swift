import Decoding
import Diagnostics
import Document

/// The name of a spec, which becomes the name of its run folder.
enum SpecName {
  private static let longest = 100

  /// The value of `name`, or the file's name without its extension.
  static func read(_ spec: inout OptionReader, file: SourceFile) -> String {
    _ = spec.node(
      "name", takes: .text, help: "the name of the run folder; by default the file's name")
    guard spec.has("name") else {
      let name = name(ofFile: file.path)
      if !isUsable(name) {
        spec.report(
          Diagnostic(
            SpecCode.unusableName, "the file's name `\(name)` cannot name a run folder",
            at: spec.span,
            help: ["add `name:` with \(allowed)"]))
      }
      return name
    }
    let problems = spec.diagnostics.count
    let name = spec.text("name")
    if spec.diagnostics.count == problems, !isUsable(name) {
      spec.report(
        Diagnostic(
          SpecCode.unusableName, "`\(name)` cannot name a run folder", at: spec.span(of: "name"),
          help: ["use \(allowed)"]))
    }
    return name
  }

  private static let allowed =
    "letters, digits, `-`, `_` and `.`, up to \(longest), beginning with a letter or digit"

  /// A dot in front would hide the folder, or lead out of it.
  static func isUsable(_ name: String) -> Bool {
    guard let first = name.unicodeScalars.first, name.unicodeScalars.count <= longest else {
      return false
    }
    return first.isASCIIAlphanumeric
      && name.unicodeScalars.allSatisfy {
        $0.isASCIIAlphanumeric || "-_.".unicodeScalars.contains($0)
      }
  }

  /// As in `lsun64` for `Specs/lsun64.yaml`.
  static func name(ofFile path: String) -> String {
    if path == SourceFile.standardInputPath { return "stdin" }
    let file = path.split(separator: "/").last.map(String.init) ?? path
    for ending in [".yaml", ".yml"] where file.hasSuffix(ending) && file.count > ending.count {
      return String(file.dropLast(ending.count))
    }
    return file
  }
}

extension Unicode.Scalar {
  var isASCIIAlphanumeric: Bool { isASCII && (properties.isAlphabetic || ("0"..."9") ~= self) }
}
