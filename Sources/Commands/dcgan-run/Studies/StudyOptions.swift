import ArgumentParser
import Compiler
import Datasets
import Files
import Foundation
import Images
import Spec
import Studies
import Terminal
import Training

/// What every study takes: whose networks, and where the results go.
struct StudyOptions: ParsableArguments {
  @Argument(
    help: "A spec, whose run in runs/ is taken; or a run's folder; or a checkpoint.",
    completion: .file())
  var place: String

  @Option(
    help: "The folder for pictures and result.json. (default: one in the run's folder)",
    completion: .directory)
  var out: String?

  @Flag(help: "Print the numbers as JSON instead of sentences.")
  var json = false

  @OptionGroup var compute: ComputeOptions

  /// The networks of the newest checkpoint of the place, or of another one.
  func networks(at other: String? = nil) throws -> TrainedNetworks {
    try TrainedNetworks(
      checkpoint: SamplingRun.checkpoint(at: runFolder(at: other ?? place)),
      device: try compute.chosenDevice)
  }

  /// The data that the networks have learned from; other data are refused.
  func dataset(of networks: TrainedNetworks, in folder: String?) throws -> any Dataset {
    let (dataset, _) = try opened(networks.spec, folder)
    let found = try dataset.fingerprint()
    if let learned = networks.data, learned != found {
      throw TrainingProblem.otherData(
        folder: defaultFolder(of: networks.checkpoint), before: learned, now: found)
    }
    return dataset
  }

  /// Images kept back from training; nil where there are none.
  func keptImages(of networks: TrainedNetworks, in folder: String?) throws -> (any Dataset)? {
    let (kept, fallback) = try opened(networks.spec, folder, .test)
    guard kept.count > 0 else { return nil }
    try refuse(fallback, for: networks)
    return kept
  }

  /// The same, and those of the training where there are none.
  func realImages(of networks: TrainedNetworks, in folder: String?) throws -> any Dataset {
    try keptImages(of: networks, in: folder) ?? dataset(of: networks, in: folder)
  }

  /// Images with labels from the source of the training: what is missing is not replaced by another.
  ///
  /// `attribute` is the one whose no and yes are the labels, where the spec says none.
  func labelled(
    of networks: TrainedNetworks, in folder: String?, _ split: DatasetSplit,
    attribute: String? = nil
  ) throws -> any Dataset {
    var spec = networks.spec
    if let attribute { spec.data.reading.label = attribute }
    let (dataset, fallback) = try opened(spec, folder, split, wantsLabels: true)
    try refuse(fallback, for: networks)
    if let attribute, dataset.labelNames?.contains(attribute) != true {
      throw ValidationError(
        "--attribute \(attribute.visible): the images of \(dataset.name.visible) do not have it")
    }
    return dataset
  }

  /// Throws where another source than that of the training has taken its place.
  private func refuse(
    _ fallback: (source: String, reason: DatasetProblem)?, for networks: TrainedNetworks
  ) throws {
    if let fallback, let learned = networks.data, learned.source != fallback.source {
      throw fallback.reason
    }
  }

  private func opened(
    _ spec: Spec, _ folder: String?, _ split: DatasetSplit = .train,
    wantsLabels: Bool = false
  ) throws -> (dataset: any Dataset, fallback: (source: String, reason: DatasetProblem)?) {
    var specFolder: String?
    // Relative paths of a spec are meant from its own folder, as in training.
    if case .spec(let located) = try NetworkPlace(place) { specFolder = located.folder }
    var fallback: (source: String, reason: DatasetProblem)?
    let data = RunData(
      spec: spec, dataFolder: folder, specFolder: specFolder, split: split,
      wantsLabels: wantsLabels)
    let dataset = try data.open { event in
      switch event {
      case .fallback(let source, let reason): fallback = (source, reason)
      case .warning(let text): Terminal.warning(text)
      case .note: break
      }
    }
    return (dataset, fallback)
  }

  /// Where a study leaves its files.
  func folder(of study: Study, _ networks: TrainedNetworks) -> String {
    out ?? defaultFolder(of: networks.checkpoint) + "/\(study.rawValue)"
  }

  /// Writes pictures and `result.json`, and says so; `sentences` are the numbers in words.
  func finish(
    _ study: Study, of networks: TrainedNetworks, _ files: [(name: String, bytes: [UInt8])],
    _ result: some Encodable, sentences: [String]
  ) throws {
    let folder = folder(of: study, networks)
    try RunFolder.create(folder)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let json = Array(try encoder.encode(result))
    for file in files + [("result.json", json + Array("\n".utf8))] {
      try AtomicFile.write(file.bytes, to: "\(folder)/\(file.name)")
    }
    if self.json {
      try Terminal.output(String(decoding: json, as: UTF8.self))
      return
    }
    for sentence in sentences { try Terminal.output(sentence) }
    let names = files.map { "\(folder)/\($0.name)".visible } + ["\(folder)/result.json".visible]
    try Terminal.output("wrote \(names.joined(separator: ", "))")
  }

  /// The run of a checkpoint in its folder `checkpoints`; else the folder that it lies in.
  private func defaultFolder(of checkpoint: String) -> String {
    let folder = (checkpoint as NSString).deletingLastPathComponent
    let name = (folder as NSString).lastPathComponent
    let place = name == "checkpoints" ? (folder as NSString).deletingLastPathComponent : folder
    return place.isEmpty ? "." : place
  }
}

/// A path as it is, and the run's folder of a spec.
func runFolder(at place: String) throws -> String {
  guard case .spec(let located) = try NetworkPlace(place) else { return place }
  let compilation = try Compilation(located)
  guard let spec = compilation.spec else {
    Terminal.print(
      compilation.diagnostics.filter { $0.severity == .error },
      fixable: compilation.paths.first)
    throw ExitCode(1)
  }
  return "runs/\(spec.name)"
}

/// Refuses numbers of options that lie outside of their ranges.
func expect(_ options: [(name: String, value: Int, range: ClosedRange<Int>)]) throws {
  for (name, value, range) in options where !range.contains(value) {
    throw ValidationError(
      "--\(name) \(value): expected a number from \(range.lowerBound) to \(range.upperBound)")
  }
}

/// Shows on one line of a terminal how much is done: `compared 3 of 8 images`.
func showProgress(_ verb: String, _ done: Int, of all: Int, _ noun: String) {
  guard Terminal.canRewriteLines else { return }
  let end = done == all ? "\n" : ""
  Terminal.message("\r\u{1B}[K\(verb) \(done.grouped) of \(all.counted(noun))\(end)")
}

/// Where the data of a study are.
struct DataOptions: ParsableArguments {
  @Option(help: "Folder of the data. (default: as for train)", completion: .directory)
  var data: String?
}

/// How many images of the data a study takes.
struct LimitOptions: ParsableArguments {
  @Option(help: "Use only the first so many images, as `train --limit` does.")
  var limit: Int?

  /// Refuses fewer images than a study needs.
  func expect(atLeast least: Int) throws {
    if let limit, limit < least {
      throw ValidationError("--limit \(limit): expected a number from \(least) on")
    }
  }

  func count(of dataset: any Dataset) -> Int { min(limit ?? dataset.count, dataset.count) }
}

/// What studies take that make images.
struct LabelOptions: ParsableArguments {
  @Option(help: "The class to make, of a conditional network.")
  var label = 0
}

/// A classifier that looks at what a study has made.
struct JudgeOptions: ParsableArguments {
  @Option(
    help: "The classifier that looks at the result: a spec, run or checkpoint.",
    completion: .file())
  var classifier: String?

  @Option(help: "The class of the classifier that is wanted. (default: 1)")
  var wanted: Int?

  func validate() throws {
    if let wanted, classifier == nil {
      throw ValidationError("--wanted \(wanted): only a `--classifier` knows classes")
    }
  }

  func chosen(
    by options: StudyOptions
  ) throws -> (classifier: TrainedNetworks, wanted: Int)? {
    try classifier.map { (try options.networks(at: $0), wanted ?? 1) }
  }
}

/// Runs a study; faults in the user's own text are shown with their place.
func studying<Result>(_ body: () throws -> Result) throws -> Result {
  do {
    return try body()
  } catch StudyProblem.faults(let diagnostics) {
    for diagnostic in diagnostics { Terminal.print(diagnostic) }
    throw ExitCode(1)
  }
}

extension Double {
  /// Three significant digits: 0.0123, 4.56, 123.
  var short: String {
    let digits = self == 0 || !isFinite ? 0 : max(0, 2 - exponent10)
    return formatted(.number.precision(.fractionLength(digits)).grouping(.never))
  }

  private var exponent10: Int {
    var (value, exponent) = (magnitude, 0)
    while value >= 10 { (value, exponent) = (value / 10, exponent + 1) }
    while value < 1, exponent > -9 { (value, exponent) = (value * 10, exponent - 1) }
    return exponent
  }
}
