import ArgumentParser
import Compiler
import Diagnostics
import LayerGraph
import Spec
import Terminal

/// What every command of `dcgan-run` takes: the values that replace those of the spec.
struct SpecArguments: ParsableArguments {
  @OptionGroup var set: SetOptions

  @Option(help: "Images per step; overrides the spec.")
  var batch: Int?

  @Option(help: "Seed of all random numbers; overrides the spec.")
  var seed: UInt64?

  @OptionGroup var compute: ComputeOptions

  func validate() throws {
    if let batch, !(1...65_536).contains(batch) {
      throw ValidationError("--batch \(batch): expected a number from 1 to 65536")
    }
  }

  /// The spec that `argument` names, compiled; prints what is wrong with it.
  ///
  /// `folder` is the one of its file, nil for a shipped spec.
  /// Findings from the guidelines are mentioned, but it is the user's choice to run them.
  func compile(
    _ argument: String, epochs: Int? = nil
  ) throws -> (spec: Spec, graph: LayerGraph, folder: String?) {
    let located = try SpecLocator().spec(for: argument)
    let compilation = try Compilation(located, settings: settings(epochs: epochs))
    guard let spec = compilation.spec, let graph = compilation.graph else {
      Terminal.print(
        compilation.diagnostics.filter { $0.severity >= .warning },
        fixable: compilation.paths.first)
      throw ExitCode(1)
    }
    Terminal.print(
      compilation.problems.filter { $0.severity > .note }, fixable: compilation.paths.first)
    let findings = compilation.findings.filter { $0.severity == .error }.count
    if findings > 0, Processes.leads {
      Terminal.note(
        "\(located.path) deviates from \(findings) guideline\(findings == 1 ? "" : "s"); "
          + "`dcgan-compile \(argument) --check` says which")
    }
    return (spec, graph, located.folder)
  }

  /// All that the command line sets, as the compiler reads it.
  private func settings(epochs: Int?) -> CommandLineSettings {
    let options: [(name: String, path: String, value: String?)] = [
      ("--batch", "train.batch", batch.map(String.init)),
      ("--epochs", "train.epochs", epochs.map(String.init)),
      ("--seed", "train.seed", seed.map(String.init)),
    ]
    return set.settings(
      and: options.compactMap { name, path, value in
        value.map { .named(name, path: path, value: $0) }
      })
  }
}
