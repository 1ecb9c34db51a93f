import Diagnostics
import Document
import Guidelines
import LayerGraph
import Spec

/// A spec on its way through the whole front end: decoded, shapes inferred, guidelines compared.
public struct Compilation: Sendable {
  /// Nil when the file could not be decoded.
  public let spec: Spec?
  /// Nil when the spec or its shapes have errors.
  public let graph: LayerGraph?
  /// What is wrong with the file: YAML, names and values, shapes.
  ///
  /// Errors here leave no graph.
  public let problems: [Diagnostic]
  /// Where the spec deviates from the guidelines of the paper; it runs all the same.
  public let findings: [Diagnostic]
  /// Findings that the spec declares, with the reason: they count for nothing.
  public let suppressed: [Diagnostic]

  /// The files that it was read from: `--watch` looks at them.
  public let paths: [String]

  /// All of it, sorted by position.
  public var diagnostics: [Diagnostic] { (problems + findings).sortedByPosition }

  /// Compiles the text of a spec; every stage that can run reports all it finds.
  ///
  /// - Parameter standsAlone: for a spec from a file that is not trusted: it may extend nothing.
  public init(
    _ file: SourceFile, settings: CommandLineSettings = CommandLineSettings(),
    standsAlone: Bool = false
  ) {
    self.init(LoadedSpec(file, settings: settings, standsAlone: standsAlone))
  }

  /// Reads and compiles what an argument of a command means.
  public init(
    _ spec: LocatedSpec, settings: CommandLineSettings = CommandLineSettings()
  ) throws(SourceFileProblem) {
    self.init(try spec.read(), settings: settings)
  }

  /// Reads and compiles a spec file.
  public init(
    path: String, settings: CommandLineSettings = CommandLineSettings()
  ) throws(SourceFileProblem) {
    self.init(try SourceFile.read(path: path), settings: settings)
  }

  /// Stands for a file that cannot be read, for the reason given.
  public init(unreadable path: String, _ reason: String) {
    let file = SourceFile(path: path, text: "")
    let start = SourcePosition(line: 1, column: 1)
    let span = SourceSpan(file: file, start: start, end: start)
    (spec, graph, findings, suppressed, paths) = (nil, nil, [], [], [path])
    problems = [Diagnostic(SpecCode.unreadableParent, reason, at: span)]
  }

  private init(_ loaded: LoadedSpec) {
    paths = loaded.files.map(\.path)
    spec = loaded.spec
    guard let spec = loaded.spec else {
      (graph, problems) = (nil, loaded.diagnostics.sortedByPosition)
      (findings, suppressed) = ([], [])
      return
    }
    let built = LayerGraph.build(spec)
    let problems =
      (loaded.diagnostics + built.diagnostics).sortedByPosition
    graph = problems.hasErrors ? nil : built.graph
    self.problems = problems
    findings = Guidelines.check(spec).withoutConsequences(of: built.diagnostics, in: spec)
    suppressed = Guidelines.declaredFindings(of: spec)
  }
}
