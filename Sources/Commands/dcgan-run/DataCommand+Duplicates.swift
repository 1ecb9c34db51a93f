import ArgumentParser
import Compiler
import Datasets
import Files
import Spec
import Studies
import Terminal
import Training

/// `dcgan-run SPEC data dedup`.
extension DataCommand {
  /// Trains the autoencoder, or continues its training, and lists what it finds.
  func removeDuplicates(from dataset: any Dataset, named name: String) throws {
    let folder = out ?? "runs/\(name)-dedup"
    let batch = min(128, max(dataset.count / 2, 2))
    guard let shipped = ShippedSpecs.file(named: "dedup-autoencoder") else {
      preconditionFailure("a shipped spec that is not there")
    }
    let compilation = try Compilation(
      .shipped(shipped),
      settings: CommandLineSettings([
        .named("--batch", path: "train.batch", value: "\(batch)"),
        .named(
          "--epochs", path: "train.epochs",
          value: "\(max(20, 4000 / max(dataset.count / batch, 1)))"),
      ]))
    guard let spec = compilation.spec, let graph = compilation.graph else {
      Terminal.print(compilation.diagnostics, fixable: nil)
      throw ExitCode(1)
    }
    var options = TrainingRun.Options(folder: folder, device: arguments.compute.chosenDevice)
    options.dataset = NearDuplicates.trainingData(of: dataset)
    Interrupt.watch()
    let report = TrainingReport(
      spec: "dedup-autoencoder", folder: folder,
      call: CallText(arguments: [self.spec, "data", "dedup"]))
    let ending = try TrainingRun(spec: spec, graph: graph, options: options).run(
      shouldStop: { Interrupt.wasRequested },
      report: { event in
        if case .started = event { Interrupt.trainingBegins() }
        // How to sample from it, or to train on, is not what was asked.
        if case .finished = event { return }
        report.show(event)
      })
    if case .interrupted = ending { throw ExitCode(Interrupt.status) }
    let found = try NearDuplicates(
      in: dataset, by: SamplingRun.checkpoint(at: folder), device: options.device)
    try Terminal.output(found.text)
    guard !found.groups.isEmpty else { return }
    let (sheet, list) = ("\(folder)/duplicates.png", "\(folder)/skip.txt")
    try AtomicFile.write(try found.sheet(of: dataset), to: sheet)
    try AtomicFile.write(found.skipList(of: dataset), to: list)
    try Terminal.output(
      "wrote \(sheet.visible), and \(list.visible): `data: {skip: \(list.visible)}` leaves them out"
    )
  }
}
