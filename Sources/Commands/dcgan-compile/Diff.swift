import ArgumentParser
import Comparison
import Compiler
import Model
import Spec
import Terminal

/// `dcgan-compile diff A B`: compares two specs by meaning.
struct Diff: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compares two specs by meaning, not by how they are written.",
    usage: "dcgan-compile diff <a> <b>",
    discussion: """
      Lists what B adds (+), removes (-) and changes (~): settings, layers with their options, \
      shapes, parameters, multiply-adds and receptive fields; then whether a checkpoint of A loads \
      into B. Names of specs, comments and declared deviations are ignored.

      EXAMPLES
        dcgan-compile diff lsun64 faces64            two shipped specs
        dcgan-compile diff mnist my-mnist.yaml       what a copy has changed

      EXIT STATUS
        0 equal, 1 different or with errors, 2 wrong usage
      """)

  @Argument(
    help: "A spec file, or the name of a shipped spec.", completion: .file(extensions: ["yaml"]))
  var a: String

  @Argument(help: "The spec to compare it with.", completion: .file(extensions: ["yaml"]))
  var b: String

  func run() throws {
    let sides = try [a, b].map { argument in
      let located = try SpecLocator().spec(for: argument)
      return (located.path, try Compilation(located))
    }
    for (_, compilation) in sides where compilation.problems.hasErrors {
      Terminal.print(compilation.problems, fixable: compilation.paths.first)
    }
    let compiled = sides.compactMap { path, compilation -> ComparedSpec? in
      guard let spec = compilation.spec, let graph = compilation.graph else { return nil }
      let state = StateTensor.all(of: spec, graph: graph).filter(\.isOptimizerState).map(\.name)
      return ComparedSpec(path: path, spec: spec, graph: graph, optimizerState: state)
    }
    guard compiled.count == 2 else { throw ExitCode(1) }
    let comparison = SpecComparison(from: compiled[0], to: compiled[1])
    try Terminal.output(comparison.text)
    if !comparison.isEqual { throw ExitCode(1) }
  }
}
