import Datasets
import Files
import Foundation
import Spec

extension TrainingRun {
  /// The data of the run, in batches, compared with what the spec expects of them.
  func openData(report: (Event) -> Void) throws(TrainingProblem) -> Batches {
    let data = RunData(
      spec: spec, dataFolder: options.dataFolder, specFolder: options.specFolder)
    let events: (RunData.Event) -> Void = { event in
      switch event {
      case .fallback(let source, let reason): report(.fallback(source: source, reason: reason))
      case .warning(let text): report(.warning(text))
      case .note(let text): report(.note(text))
      }
    }
    do throws(DatasetProblem) {
      let dataset: any Dataset
      if let given = options.dataset {
        dataset = given
      } else {
        dataset = try data.open(report: events)
      }
      return try Batches(
        of: dataset, size: spec.train.batch, shape: data.imageShape,
        range: spec.image.pixelRange, seed: spec.train.seed, parts: spec.train.shards,
        limit: options.limit,
        threads: Processors.usable)
    } catch {
      throw .data(error)
    }
  }
}

/// The images that a spec reads.
package struct RunData {
  package let spec: Spec
  /// What `--data` says.
  package let dataFolder: String?
  /// The folder of the spec's file.
  package let specFolder: String?

  /// The part to learn from, or the one kept back.
  package let split: DatasetSplit

  /// Whether labels are read though the networks need none.
  package let wantsLabels: Bool

  package init(
    spec: Spec, dataFolder: String?, specFolder: String?, split: DatasetSplit = .train,
    wantsLabels: Bool = false
  ) {
    self.spec = spec
    self.wantsLabels = wantsLabels
    self.split = split
    self.dataFolder = dataFolder
    self.specFolder = specFolder
  }

  /// Pictures whose sizes are looked at before training.
  private static let sizesLookedAt = 500

  package enum Event {
    /// The wanted data is not there, for the reason given; `source` is used in its place.
    case fallback(source: String, reason: DatasetProblem)
    case warning(String)
    case note(String)
  }

  /// The spec's source, or its fallback, compared with what the spec expects of it.
  package func open(report: (Event) -> Void) throws(DatasetProblem) -> any Dataset {
    let dataset = try openSource(report: report)
    for note in dataset.notes { report(.warning(note)) }
    if let sizes = try dataset.pictureSizes(sample: Self.sizesLookedAt), !sizes.areAll(imageShape) {
      report(
        .note(
          "\(dataset.name): \(sizes.text); made \(imageShape) by `fit: \(spec.data.reading.fit.rawValue)`"
        ))
    }
    if let classes = spec.condition?.classes {
      try check(dataset, classes: classes, report: report)
    }
    return dataset
  }

  package var imageShape: ImageShape {
    ImageShape(height: spec.image.height, width: spec.image.width, channels: spec.image.channels)
  }

  /// The spec's source, or its fallback where the source's files are not there.
  private func openSource(report: (Event) -> Void) throws(DatasetProblem) -> any Dataset {
    let locator = DatasetLocator(
      data: dataFolder, environment: ProcessInfo.processInfo.environment, specFolder: specFolder)
    func open(
      _ source: DataSource, _ reading: DataReading
    ) throws(DatasetProblem) -> any Dataset {
      try source.open(
        split, from: locator, shape: imageShape,
        classes: spec.condition?.classes ?? (wantsLabels ? source.mostLabels : nil),
        reading: reading,
        seed: spec.train.seed, parts: spec.train.shards)
    }
    if let dataFolder, !spec.data.source.needsFiles {
      throw .needsNoFiles(source: spec.data.source, folder: dataFolder)
    }
    do throws(DatasetProblem) {
      return try open(spec.data.source, spec.data.reading)
    } catch {
      guard error.isAbsence, let fallback = spec.data.fallback else { throw error }
      let dataset = try open(fallback, spec.data.reading.ofFallback)
      report(.fallback(source: fallback.rawValue, reason: error))
      return dataset
    }
  }

  /// Compares the labels that occur with the classes of the spec, in both directions.
  private func check(
    _ dataset: any Dataset, classes: Int, report: (Event) -> Void
  ) throws(DatasetProblem) {
    guard let labelCount = dataset.labelCount else {
      throw .noLabels(dataset: dataset.name, classes: classes)
    }
    guard labelCount <= classes else {
      throw .tooManyLabels(dataset: dataset.name, labels: labelCount, classes: classes)
    }
    // A stream is not read from end to end to look for labels; one that does not fit is refused then.
    guard !dataset.isStream else { return }
    var occurs = [Bool](repeating: false, count: classes)
    for index in 0..<dataset.count {
      if let label = try dataset.label(at: index) { occurs[label] = true }
    }
    let absent = occurs.indices.filter { !occurs[$0] }
    guard let first = absent.first else { return }
    let names =
      absent.count == 1
      ? "the label \(first)" : "\(absent.count) labels, the first of them \(first),"
    report(
      .warning(
        "\(dataset.name): \(names) never occur\(absent.count == 1 ? "s" : "") in the data; the "
          + "spec has \(classes) classes, so that some will never be learned"))
  }
}

extension DataSource {
  /// As many labels as images may have, or those of what the program draws itself.
  fileprivate var mostLabels: Int { self == .digits ? 10 : 65_536 }
}
