import Diagnostics
import Document
import Files
import Images
import Training

/// Why a study cannot be made.
package enum StudyProblem: Error, Sendable {
  case training(TrainingProblem)
  case image(ImageProblem)
  case file(FileProblem)
  case source(SourceFileProblem)
  /// A file about samples or an expression with faults, as the compiler shows them.
  case faults([Diagnostic])
  /// Classes can only be told of images that have labels.
  case noLabels(dataset: String)
  /// `held` of the wanted images choose the regularisation.
  case fewLabelled(label: Int, found: Int, wanted: Int, held: Int)
  /// More than a quarter of the memory.
  case tooManyImages(count: Int, bytes: Int)
  /// More than half of the memory, and `--tested` can say fewer.
  case tooManyTests(count: Int, bytes: Int)
  case tooManyFeatures(rows: Int, size: Int, bytes: Int)
  /// Features of a network that is told the labels would give them away.
  case discriminatorReadsLabels
  /// Only a conditional generator makes samples of a class.
  case noClasses(spec: String)
  /// The test set knows other classes than the network.
  case otherClasses(found: Int, wanted: Int)
  /// No convolution of the discriminator has this name.
  case noSuchLayer(name: String, names: [String])
  /// A layer has fewer features.
  case noSuchFeature(Int, layer: String, count: Int)
  /// Features can only be taken from networks with `loss: classification`.
  case noClassifier(spec: String)
  /// A classifier looks at images of one size.
  case otherImages(classifier: String, takes: String, wanted: String)
  /// A classifier has made a number that is infinite or none.
  case featuresNotFinite
  /// No convolution of the generator but the last has this name, or there is none.
  case noHiddenLayer(name: String?, names: [String])
  /// All places of a layer's maps lie inside boxes, or none does.
  case boxesWithoutPlaces(layer: String)
  /// Too few real images to compare with.
  case fewImages(dataset: String, found: Int, wanted: Int)
  /// Too few labelled images to tell classes by.
  case fewClasses(dataset: String, found: Int)
  /// A class that a conditional network does not have.
  case noSuchClass(label: Int, classes: Int)
}

extension StudyProblem: CustomStringConvertible {
  package var description: String {
    switch self {
    case .training(let problem): "\(problem)"
    case .image(let problem): "\(problem)"
    case .file(let problem): "\(problem)"
    case .faults(let diagnostics): diagnostics.map(\.message).joined(separator: "\n")
    case .source(let problem): "\(problem)"
    case .noLabels(let dataset): "the images of \(dataset.visible) have no labels to learn"
    case .fewLabelled(let label, let found, let wanted, let held):
      "class \(label) has \(found.counted("image")), \(wanted.grouped) are needed: \(held) to choose "
        + "the regularisation on, and `--per-class` times `--draws`"
    case .tooManyImages(let count, let bytes):
      "\(count.counted("image")) would take \((bytes >> 20).grouped) MiB: make fewer"
    case .tooManyTests(let count, let bytes):
      "\(count.counted("test image")) would take \((bytes >> 20).grouped) MiB; `--tested` takes fewer"
    case .tooManyFeatures(let rows, let size, let bytes):
      "\(rows.grouped) images with \(size.grouped) features would take "
        + "\((bytes >> 20).grouped) MiB; a smaller `--pool`, `--per-class` or `--tested` takes less"
    case .discriminatorReadsLabels:
      "this discriminator is told the labels, and its features would give them away; take one "
        + "without `condition`"
    case .noClasses(let spec):
      "\(spec.visible) is not told which class to make: this needs a conditional network, such as "
        + "`mnist-conditional`"
    case .otherClasses(let found, let wanted):
      "the data have \(found) classes, and the network makes \(wanted)"
    case .noSuchLayer(let name, let names):
      names.isEmpty
        ? "the discriminator has no convolution, and so no features to show"
        : "the discriminator has no convolution \(name.visible): its convolutions are "
          + names.joined(separator: ", ")
    case .noSuchFeature(let feature, let layer, let count):
      "\(layer) has no feature \(feature): its features are 0 to \(count - 1)"
    case .noClassifier(let spec):
      "\(spec.visible) is no classifier: `--classifier` takes a network that was trained with "
        + "`objective: {loss: classification}`, such as `mnist-classifier`"
    case .otherImages(let classifier, let takes, let wanted):
      "the classifier \(classifier.visible) looks at images of \(takes), and those to compare have "
        + "\(wanted)"
    case .featuresNotFinite:
      "the classifier makes numbers of the images that are not finite, and cannot be compared by"
    case .noHiddenLayer(let name, let names):
      names.isEmpty
        ? "the generator has one convolution alone, which makes the image: there are no maps to drop"
        : "the generator has no convolution \((name ?? "").visible) before the last: its convolutions are "
          + names.joined(separator: ", ")
    case .boxesWithoutPlaces(let layer):
      "the boxes hold no place of the maps of \(layer), or all of them: draw boxes around the thing "
        + "alone, or choose another `--layer`"
    case .fewImages(let dataset, let found, let wanted):
      "\(dataset.visible) has \(found.counted("image")) to compare with, \(wanted.grouped) are needed"
    case .fewClasses(let dataset, let found):
      "the images of \(dataset.visible) that are learned from have \(found.counted("class", "classes")): "
        + "concepts are told apart by two or more"
    case .noSuchClass(let label, let classes):
      "there is no class \(label): the network knows 0 to \(classes - 1)"
    }
  }
}

/// Lets a study throw what training throws.
func training<Result>(
  _ body: () throws(TrainingProblem) -> Result
) throws(StudyProblem) -> Result {
  do { return try body() } catch { throw .training(error) }
}
