import Datasets
import Foundation
import Spec

extension TrainingRun {
  /// The data of the run, in batches, compared with what the spec expects of them.
  func openData(report: (Event) -> Void) throws(TrainingProblem) -> Batches {
    let locator = DatasetLocator(
      data: options.dataFolder, environment: ProcessInfo.processInfo.environment)
    let batches: Batches
    do throws(DatasetProblem) {
      batches = try Batches(
        of: try open(from: locator, report: report), size: spec.train.batch,
        shape: imageShape, range: spec.image.pixelRange, seed: spec.train.seed, limit: options.limit
      )
      if let classes = spec.condition?.classes {
        try check(batches.dataset, classes: classes, report: report)
      }
    } catch {
      throw .data(error)
    }
    return batches
  }

  private var imageShape: ImageShape {
    ImageShape(height: spec.image.height, width: spec.image.width, channels: spec.image.channels)
  }

  /// The spec's source, or its fallback where the source's files are not there.
  private func open(
    from locator: DatasetLocator, report: (Event) -> Void
  ) throws(DatasetProblem) -> any Dataset {
    func open(_ source: DataSource) throws(DatasetProblem) -> any Dataset {
      try source.open(from: locator, shape: imageShape, classes: spec.condition?.classes)
    }
    if let folder = options.dataFolder, !spec.data.source.needsFiles {
      throw .needsNoFiles(source: spec.data.source, folder: folder)
    }
    do throws(DatasetProblem) {
      return try open(spec.data.source)
    } catch {
      guard error.isAbsence, let fallback = spec.data.fallback else { throw error }
      let dataset = try open(fallback)
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
