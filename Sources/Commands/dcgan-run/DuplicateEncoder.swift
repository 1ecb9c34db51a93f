import ArgumentParser
import Compiler
import Datasets
import Device
import Spec
import Studies
import Terminal
import Training

/// Trains the autoencoder whose codes are hashes of images.
struct DuplicateEncoder {
  let device: any Device

  private static let spec = "dedup-autoencoder"

  /// The checkpoint after training on all images; a run in `folder` is resumed.
  ///
  /// `epochs` are by default 20, or as many as 4,000 steps need.
  func trained(
    on dataset: any Dataset, in folder: String, epochs: Int? = nil
  ) throws -> String {
    let batch = min(128, max(dataset.count / 2, 2))
    guard let shipped = ShippedSpecs.file(named: Self.spec) else {
      preconditionFailure("a shipped spec that is not there")
    }
    let compilation = try Compilation(
      .shipped(shipped),
      settings: CommandLineSettings([
        .named("--batch", path: "train.batch", value: "\(batch)"),
        .named(
          "--epochs", path: "train.epochs",
          value: "\(epochs ?? max(20, 4000 / max(dataset.count / batch, 1)))"),
      ]))
    guard let spec = compilation.spec, let graph = compilation.graph else {
      Terminal.print(compilation.diagnostics, fixable: nil)
      throw ExitCode(1)
    }
    var options = TrainingRun.Options(folder: folder, device: device)
    options.dataset = NearDuplicates.trainingData(of: dataset)
    Interrupt.watch()
    let report = TrainingReport(
      spec: Self.spec, folder: folder,
      call: CallText(arguments: Array(CommandLine.arguments.dropFirst())))
    let ending = try TrainingRun(spec: spec, graph: graph, options: options).run(
      shouldStop: { Interrupt.wasRequested },
      report: { event in
        if case .started = event { Interrupt.trainingBegins() }
        // How to sample from it, or to train on, is not what was asked.
        if case .finished = event { return }
        report.show(event)
      })
    Interrupt.trainingEnds()
    if case .interrupted = ending { throw ExitCode(Interrupt.status) }
    return try SamplingRun.checkpoint(at: folder)
  }
}
