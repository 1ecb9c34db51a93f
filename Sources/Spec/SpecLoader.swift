import Diagnostics
import Document

extension Spec {
  /// Reads and decodes a file; the spec is nil where a diagnostic is an error.
  public static func load(
    _ path: String
  ) throws(FileProblem) -> (spec: Spec?, diagnostics: [Diagnostic]) {
    decode(try SourceFile.read(path: path))
  }

  /// Decodes a text; `path` stands for it in messages, and names the spec where it has no `name`.
  public static func decode(
    _ text: String, path: String
  ) -> (spec: Spec?, diagnostics: [Diagnostic]) {
    decode(SourceFile(path: path, text: text))
  }

  /// Decodes a file that has been read.
  public static func decode(_ file: SourceFile) -> (spec: Spec?, diagnostics: [Diagnostic]) {
    let (tree, problems) = mergedTree(of: file)
    guard let tree else { return (nil, problems) }
    let (spec, diagnostics) = decode(tree, file: file)
    return (problems.hasErrors ? nil : spec, (problems + diagnostics).sortedByPosition)
  }

  /// The tree that is decoded.
  ///
  /// Parents and patches of a spec are to be merged into it here, before
  /// `let` is evaluated.
  private static func mergedTree(
    of file: SourceFile
  ) -> (tree: Node?, diagnostics: [Diagnostic]) {
    let (node, diagnostics) = YAMLDocument.parse(file)
    guard node == nil, diagnostics.isEmpty else { return (node, diagnostics) }
    let start = SourcePosition(line: 1, column: 1)
    let problem = Diagnostic.wrongForm(
      "the file is empty", at: SourceSpan(file: file, start: start, end: start),
      help: ["begin with `dcgan: \(languageVersion)`"])
    return (nil, [problem])
  }
}
