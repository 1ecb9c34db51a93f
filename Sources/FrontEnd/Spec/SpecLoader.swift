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
    let (tree, problems) = mergedTree(of: file, settings)
    guard let tree else { return (nil, problems.sortedByPosition) }
    let (spec, diagnostics) = decode(tree, file: file)
    return (problems.hasErrors ? nil : spec, (problems + diagnostics).sortedByPosition)
  }

  /// The files that a spec is made of: itself, its parent, and so on, as far as they can be read.
  public static func files(of file: SourceFile) -> [SourceFile] { ParentChain(of: file).files }

  /// The tree that is decoded: the farthest parent, what each file changes of it, and what the
  /// command line sets.
  private static func mergedTree(
    of file: SourceFile, _ settings: CommandLineSettings
  ) -> (tree: Node?, diagnostics: [Diagnostic]) {
    let chain = ParentChain(of: file)
    guard let trees = chain.trees, var root = trees.last else { return (nil, chain.diagnostics) }
    for child in trees.dropLast().reversed() {
      root = SpecMerge.merged(parent: root, child: child)
    }
    let (merged, problems) = settings.applied(to: root)
    return (.mapping(merged), chain.diagnostics + problems)
  }
}
