import ArgumentParser
import Compiler
import Diagnostics
import LayerGraph
import Spec
import Terminal
import Training

/// `dcgan-compile SPEC`: checks a spec and shows what it is.
@main
struct DCGANCompile: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dcgan-compile",
    abstract: "Checks a DCGAN spec and shows the networks it describes.",
    discussion: """
      Prints the layers with their shapes, parameters, multiply-adds and receptive fields, after \
      checking the spec and comparing it with the guidelines of Radford et al. 2015.

      EXAMPLES
        dcgan-compile lsun64                         the table of a shipped spec
        dcgan-compile Specs/mnist.yaml --check       only the check
        dcgan-compile mnist --emit step              the differentiated training step as text

      EXIT STATUS
        0 clean (warnings allowed), 1 errors, 2 wrong usage
      """,
    version: "0.1.0")

  @Argument(help: "A spec file, or the name of a shipped spec such as lsun64.")
  var spec: String

  @Flag(help: "Check only, print no table.")
  var check = false

  @Option(help: ArgumentHelp("Print a stage of the pipeline.", valueName: "stage"))
  var emit: Stage?

  @Option(help: "Let problems of this severity and above fail the check.")
  var deny = Deny.error

  enum Stage: String, ExpressibleByArgument, CaseIterable {
    /// The spec with everything written out.
    case spec
    /// Layers with names and shapes.
    case graph
    /// The primitive ops of both networks.
    case program
    /// The differentiated training step.
    case step
  }

  enum Deny: String, ExpressibleByArgument, CaseIterable {
    case error, warning, advice, note
  }

  static func main() {
    Terminal.run(DCGANCompile.self, arguments: Array(CommandLine.arguments.dropFirst()))
  }

  func run() throws {
    let path = try SpecLocator().path(of: spec)
    let compilation = try Compilation(path: path)
    let diagnostics = compilation.diagnostics
    Terminal.print(diagnostics)
    let fails = diagnostics.contains { $0.severity >= deny.severity }
    guard let spec = compilation.spec, let graph = compilation.graph else { throw ExitCode(1) }
    if let emit {
      print(emit.text(spec, graph))
    } else if !check {
      print(graph.summary)
      print(try MemoryEstimate(of: spec, graph: graph))
    } else if !fails {
      print("\(path): ok")
    }
    if fails { throw ExitCode(1) }
  }
}

extension DCGANCompile.Stage {
  fileprivate func text(_ spec: Spec, _ graph: LayerGraph) -> String {
    switch self {
    case .spec: spec.expandedYAML
    case .graph: graph.text
    case .program: graph.programText(batch: spec.train.batch)
    case .step:
      TrainingStep.sequence(of: spec.train.updates).map {
        TrainingStep($0, of: spec, graph: graph, batch: spec.train.batch).program.text
      }.joined(separator: "\n")
    }
  }
}

extension DCGANCompile.Deny {
  fileprivate var severity: Diagnostic.Severity {
    switch self {
    case .error: .error
    case .warning: .warning
    case .advice: .advice
    case .note: .note
    }
  }
}
