import Diagnostics

/// Reads the part of YAML that specs are written in: maps with unique names for keys, lists, scalars.
///
/// Any bytes give a tree or diagnostics, in linear time and bounded memory.
public enum YAMLDocument {
  /// Larger inputs are refused.
  public static let mostBytes = 1 << 20

  /// How deep maps and lists may stand within each other.
  ///
  /// libyaml itself has no limit, and looks at every open level for each token.
  static let deepestNesting = 64

  /// A spec has some hundreds.
  static let mostEvents = 100_000

  /// Bytes of a single key or value.
  ///
  /// A `repeat` reads the same text thousands of times.
  static let longestText = 4_096

  /// Reading stops after as many.
  static let mostProblems = 100

  /// The tree of the file's only document, and all that is wrong with it.
  ///
  /// There is a tree in spite of errors where it says what was meant (a key given twice, an anchor),
  /// so that the stages that follow can find their problems in the same run.
  public static func parse(_ file: SourceFile) -> (node: Node?, diagnostics: [Diagnostic]) {
    if let problem = InputCheck.problem(of: file) { return (nil, [problem]) }
    var builder = TreeBuilder(file)
    let node = builder.document()
    return (node, builder.diagnostics)
  }
}
