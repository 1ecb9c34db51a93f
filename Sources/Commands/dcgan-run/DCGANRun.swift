import ArgumentParser
import Diagnostics
import Studies
import Terminal

/// The root of `dcgan-run`: trains, samples and measures the networks of a spec.
@main
struct DCGANRun: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dcgan-run",
    abstract: "Trains a DCGAN spec, samples from it, and measures it.",
    usage: "dcgan-run <spec> \(names.joined(separator: "|")) [<options>]",
    discussion: """
      A spec is a path (Specs/mnist.yaml) or the name of a shipped one (mnist). \
      `dcgan-run train SPEC` means the same as `dcgan-run SPEC train`.

      EXAMPLES
        dcgan-run mnist train                      train, or resume a run
        dcgan-run mnist rewind --to epoch-2        train on from there, as a branch
        dcgan-run mnist sample --out grid.png      a sheet from the last checkpoint
        dcgan-run mnist report                     a page with curves and samples
        dcgan-run lsun64 bench --batch 32 --json   images per second, as JSON
        dcgan-run faces64 data --data photos       what the spec would read
        dcgan-run faces64 interpolate              walk through the latent space
      """,
    version: ToolVersion.text,
    subcommands: commands + Study.allCases.map(\.command))

  private static let commands: [any ParsableCommand.Type] = [
    Train.self, Rewind.self, Sample.self, ReportCommand.self, Bench.self, DataCommand.self,
    DevicesCommand.self,
  ]

  private static let names =
    commands.map { $0._commandName } + Study.allCases.map(\.rawValue)

  static func main() {
    let arguments = reordered(Array(CommandLine.arguments.dropFirst()))
    Processes.refuseUnlessTraining(
      arguments, commands: configuration.subcommands.map { $0._commandName })
    Terminal.run(DCGANRun.self, arguments: arguments, specFirst: .swaps)
  }

  /// `SPEC train …` as `train SPEC …`.
  private static func reordered(_ arguments: [String]) -> [String] {
    let names = configuration.subcommands.map { $0._commandName }
    guard let spec = arguments.first, !spec.hasPrefix("-"), !names.contains(spec), spec != "help"
    else { return arguments }
    if let command = arguments.dropFirst().first(where: { !$0.hasPrefix("-") }),
      names.contains(command), let place = arguments.firstIndex(of: command)
    {
      var rest = arguments
      rest.remove(at: place)
      return [command] + rest
    }
    Terminal.end(
      withUsage: """
        Error: what is to be done with '\(spec)'?
          \(CallText.line([spec, "train"]))
          \(CallText.line([spec, "sample", "--out", "grid.png"]))
          \(CallText.line([spec, "bench"]))
        See 'dcgan-run --help' for more information.
        """)
  }
}

extension Study {
  /// What runs it.
  fileprivate var command: any ParsableCommand.Type {
    switch self {
    case .interpolate: InterpolateCommand.self
    case .sheet: SheetCommand.self
    case .concepts: ConceptsCommand.self
    case .arithmetic: ArithmeticCommand.self
    case .turn: TurnCommand.self
    case .neighbors: NeighborsCommand.self
    case .invert: InvertCommand.self
    case .features: FeaturesCommand.self
    case .visualize: VisualizeCommand.self
    case .forget: ForgetCommand.self
    case .collisions: CollisionsCommand.self
    case .evaluate: EvaluateCommand.self
    }
  }
}
