import ArgumentParser
import CPU
import Compiler
import Document
import Diagnostics
import Model
import LayerGraph
import Pictures
import Schema
import Spec
import StableHLO
import Terminal

/// `dcgan-compile SPEC`: checks a spec and shows what it is.
struct DCGANCompile: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Checks a DCGAN spec and shows the networks it describes.",
    usage: """
      dcgan-compile <spec> [<options>]
      dcgan-compile new --size <size> [<options>]
      dcgan-compile diff <a> <b>
      """,
    discussion: """
      Prints the layers with their shapes, parameters, multiply-adds and receptive fields, after \
      checking the spec against the guidelines of Radford et al. 2015.

      EXAMPLES
        dcgan-compile lsun64                         the table of a shipped spec
        dcgan-compile Specs/mnist.yaml --check       only the check
        dcgan-compile mnist --emit source > my.yaml  a copy of a shipped spec
        dcgan-compile mnist --emit step              the training step as text
        dcgan-compile mnist --emit svg > mnist.svg   a picture of both networks
        dcgan-compile faces.yaml --fix --diff        what safe repairs would change
        dcgan-compile --explain G503                 what a code means
        dcgan-compile faces.yaml --watch             check again at every change

      OTHER COMMANDS (see `dcgan-compile new --help`)
        dcgan-compile new                            a spec for images of any size
        dcgan-compile diff                           two specs by meaning

      EXIT STATUS
        0 clean (warnings allowed), 1 errors, 2 wrong usage
      """)

  @Argument(
    help: "A spec file, a shipped spec's name such as lsun64, or - for standard input.",
    completion: .file(extensions: ["yaml"]))
  var spec: String?

  @Flag(help: "Check only; do not print the table.")
  var check = false

  @Option(help: ArgumentHelp("Print a stage of the pipeline.", valueName: "stage"))
  var emit: Stage?

  @OptionGroup var set: SetOptions

  @OptionGroup(title: "Messages")
  var messages: MessageOptions

  @Option(help: "Fail the check on problems of this severity and above.")
  var deny = Deny.error

  enum Stage: String, ExpressibleByArgument, CaseIterable {
    /// The file of the spec as it is, with its comments.
    case source
    /// The spec with everything written out, and where each value comes from.
    case spec
    /// Layers with names and shapes.
    case graph
    /// The primitive ops of both networks.
    case program
    /// The differentiated training step.
    case step
    /// The training step for XLA and JAX; a spec with several kinds of step has a module for each,
    /// between lines of `// -----`.
    case stablehlo
    /// A picture of both networks, for browsers and pages.
    case svg
    /// Both networks for Graphviz.
    case dot
    /// Both networks for pages that draw mermaid.
    case mermaid
    /// The JSON Schema of the spec language, for editors; needs no spec.
    case schema
  }

  enum Deny: String, ExpressibleByArgument, CaseIterable {
    case error, warning, advice, note
  }

  func validate() throws {
    guard spec != nil || emit == .schema || messages.needsNoSpec else {
      throw ValidationError("Missing expected argument '<spec>'")
    }
  }

  func run() throws {
    if try messages.explained(spec) { return }
    guard emit != .schema, let spec else {
      return try Terminal.output(SpecSchema.text, terminator: "")
    }
    if messages.watch { try messages.watching(spec, check: { try show($0) }) }
    let source: SpecSource
    do { source = try SpecSource(spec) } catch {
      try messages.reportUnreadable(spec, error)
      throw error
    }
    try show(source)
  }

  /// Everything that is asked for of one spec; throws the exit status where that is not 0.
  private func show(_ source: SpecSource) throws {
    let compilation: Compilation
    do { compilation = try messages.compiled(source, settings: set.settings()) } catch {
      if error is SourceFileProblem { try messages.reportUnreadable(source.path, error) }
      throw error
    }
    let diagnostics = compilation.diagnostics
    try messages.print(compilation, showsNotes: deny == .note)
    let fails = diagnostics.contains { $0.severity >= deny.severity }
    guard let spec = compilation.spec, let graph = compilation.graph else { throw ExitCode(1) }
    if messages.takesStandardOutput(source) {
      // A table after an object, a diff or a spec would spoil it.
    } else if let emit {
      try Terminal.output(emit.text(spec, graph), terminator: emit.endsWithNewline ? "" : "\n")
    } else if !check {
      try Terminal.output("\(graph.summary)")
      // The number of threads changes nothing: the estimate counts them apart.
      if let memory = try MemoryEstimate(of: spec, graph: graph, on: CPUDevice(threads: 1)) {
        try Terminal.output("\(memory)")
      }
    } else if !fails {
      try Terminal.output("\(source.path): ok")
    }
    if fails { throw ExitCode(1) }
  }
}

extension DCGANCompile.Stage {
  fileprivate var endsWithNewline: Bool { self == .source || self == .stablehlo }

  fileprivate func text(_ spec: Spec, _ graph: LayerGraph) -> String {
    switch self {
    case .source: String(decoding: spec.file.bytes, as: UTF8.self)
    case .spec: String(spec.annotatedYAML.dropLast())
    case .graph: graph.text
    case .schema: SpecSchema.text
    case .program: graph.programText(batch: spec.train.batch)
    case .step:
      TrainingStep.all(of: spec, graph: graph).map(\.program.text).joined(separator: "\n")
    case .stablehlo:
      TrainingStep.all(of: spec, graph: graph).map { step in
        StableHLOModule(
          step.program, name: "\(spec.name)_\(step.kind.rawValue)", style: StableHLOStyle()
        ).text
      }.joined(separator: "// -----\n")
    case .svg: graph.svg(title: spec.name)
    case .dot: graph.dot(title: spec.name)
    case .mermaid: graph.mermaid
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
