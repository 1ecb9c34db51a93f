import ArgumentParser
import Datasets
import LayerGraph
import Spec
import Studies
import Terminal
import Training

/// What the commands that train take.
struct TrainingOptions: ParsableArguments {
  @OptionGroup var arguments: SpecArguments

  @Option(help: "Passes over the data; overrides the spec.")
  var epochs: Int?

  @Option(help: "The maximum number of images per epoch.")
  var limit: Int?

  @Option(
    help: "The folder with the data sets, in place of $DCGAN_DATA and data/.",
    completion: .directory)
  var data: String?

  @Option(help: "How many of the newest checkpoints to keep.")
  var keep = 3

  @Option(help: "Also keep the checkpoint at the end of each so manieth epoch.")
  var keepEvery: Int?

  @Option(
    help: """
      Also keep the checkpoint of the best epoch: by loss_generator, loss_discriminator, balance \
      (how near D(x) and D(G(z)) are), variety (how much samples differ) or frechet (of --evaluate).
      """)
  var keepBest: BestCheckpoint.Metric?

  @Option(
    help: """
      After each epoch, compare samples with real images by this trained classifier (a spec, run or \
      checkpoint), as the command evaluate does.
      """, completion: .file())
  var evaluate: String?

  @Flag(help: "Write event files for TensorBoard, too, into tensorboard/ of the run's folder.")
  var tensorboard = false

  @Flag(help: "With --tensorboard: also histograms of all parameters after each epoch.")
  var histograms = false

  func validate() throws {
    if histograms, !tensorboard { throw ValidationError("'--histograms' needs '--tensorboard'") }
    if keepBest == .frechet, evaluate == nil {
      throw ValidationError("'--keep-best frechet' needs '--evaluate CLASSIFIER'")
    }
    if let epochs, !(1...1_000_000).contains(epochs) {
      throw ValidationError("--epochs \(epochs): expected a number from 1 to 1000000")
    }
    for (name, value) in [("--limit", limit), ("--keep", keep), ("--keep-every", keepEvery)] {
      if let value, value < 1 { throw ValidationError("\(name) \(value): expected at least 1") }
    }
  }

  /// A run of the spec that `argument` names, in `folder` or, without one, where `place` says.
  func run(
    _ argument: String, in place: (Spec) throws -> String,
    with change: (inout TrainingRun.Options) throws -> Void
  ) throws -> TrainingRun {
    let (spec, graph, specFolder) = try arguments.compile(argument, epochs: epochs)
    var options = TrainingRun.Options(
      folder: try place(spec), device: try arguments.compute.chosenDevice)
    options.limit = limit
    options.dataFolder = data
    options.specFolder = specFolder
    options.writesEvents = tensorboard
    options.writesHistograms = histograms
    options.kept.newest = keep
    options.kept.everyEpochs = keepEvery
    options.kept.best = keepBest
    try change(&options)
    return TrainingRun(spec: spec, graph: graph, options: options)
  }
}

extension BestCheckpoint.Metric: ExpressibleByArgument {}

extension TrainingOptions {
  /// What compares samples with real images after each epoch, if that is wanted.
  func judge(for run: TrainingRun) throws -> TrainingRun.Judge? {
    guard let evaluate else { return nil }
    if !run.spec.objective.loss.hasGenerator {
      throw ValidationError("--evaluate: a classifier makes no samples that could be compared")
    }
    let classifier = try TrainedNetworks(
      checkpoint: SamplingRun.checkpoint(at: runFolder(at: evaluate)), device: run.options.device)
    func images(_ split: DatasetSplit) throws -> any Dataset {
      try RunData(
        spec: run.spec, dataFolder: run.options.dataFolder, specFolder: run.options.specFolder,
        split: split
      ).open { _ in }
    }
    let kept = try images(.test)
    let evaluation = try EpochEvaluation(
      by: classifier, real: kept.count > 0 ? kept : images(.train), of: run.spec.image)
    return { sampler throws(TrainingProblem) in
      do throws(StudyProblem) { return try evaluation.numbers(of: sampler) } catch {
        throw .judgement(reason: "\(error)")
      }
    }
  }
}

extension TrainingRun {
  /// Trains and shows how it goes; ends the program where training does not come to its end.
  func runInForeground(_ report: TrainingReport, judge: Judge?) throws {
    let ending = try run(
      judge: judge,
      shouldStop: { Interrupt.wasRequested },
      report: { event in
        if case .started = event { Interrupt.trainingBegins() }
        report.show(event)
      })
    switch ending {
    case .finished: break
    case .interrupted: throw ExitCode(Interrupt.status)
    case .stopped: throw ExitCode(1)
    }
  }
}
