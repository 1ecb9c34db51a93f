import Diagnostics

/// What can be wrong with the shapes of the two networks: the one list of these codes.
public enum ShapeCode: String, CodeTable {
  case layerRefusesInput = "T401"
  case imageMismatch = "T402"
  case notOneNumber = "T403"
  case tooLarge = "T404"
  case normOfOneNumber = "T405"
  case unusedLabels = "T406"
  case noCode = "T407"
  case noClasses = "T408"

  public var severity: Diagnostic.Severity {
    switch self {
    case .layerRefusesInput, .imageMismatch, .notOneNumber, .tooLarge, .normOfOneNumber, .noCode,
      .noClasses:
      .error
    case .unusedLabels: .warning
    }
  }

  /// The example is a whole spec.
  public var entry: CodeEntry {
    switch self {
    case .layerRefusesInput:
      CodeEntry(
        "a layer cannot take what flows into it",
        "Shapes are inferred from the latent vector through the generator and from the image "
          + "through the discriminator. Each layer has a rule for what it takes; the notes show "
          + "the shapes up to that layer. Later layers are not checked.",
        example: Self.example(discriminator: "conv: {filters: 8, kernel: 4}, linear: 1"))
    case .imageMismatch:
      CodeEntry(
        "the generator does not make the image",
        "What comes out of the generator's last layer must have the channels, height and width of "
          + "`image`: real and generated images go into the same discriminator.",
        example: Self.example(generator: "project: {to: [1, 8, 8]}"))
    case .notOneNumber:
      CodeEntry(
        "the discriminator does not end in one number",
        "The discriminator judges an image by one number, the logit. It must end in one unit, or "
          + "in one map of one pixel.",
        example: Self.example(discriminator: "linear: {units: 2}"))
    case .noCode:
      CodeEntry(
        "an autoencoder whose halves do not fit",
        "With `objective: {loss: reconstruction}` the discriminator makes the code that the "
          + "generator takes: it must end in as many numbers as `latent` has.",
        example: Self.example(
          image: "{size: 16, channels: 1}\nobjective: {loss: reconstruction}",
          discriminator: "linear: {units: 2}"))
    case .noClasses:
      CodeEntry(
        "a classifier that cannot tell its classes",
        "With `objective: {loss: classification}` the discriminator learns the classes of the data, "
          + "and there is no generator. It must end in one number for each of the classes of "
          + "`condition`, without an activation, and must not be told the class.",
        example: Self.classifierExample)
    case .tooLarge:
      CodeEntry(
        "more than 2^31 numbers",
        "No tensor may have more than 2,147,483,648 numbers, all images of a batch together, and no "
          + "network more parameters.",
        example: Self.example(
          discriminator: "conv: {filters: 100000, kernel: 1}, linear: 1"))
    case .normOfOneNumber:
      CodeEntry(
        "batch normalisation of a single number",
        "In training, batchnorm subtracts the mean of the batch. The mean of a single number is that "
          + "number, so every result would be 0. Use a larger batch, larger maps or another norm.",
        example: Self.example(
          discriminator: "linear: {units: 8, norm: batch}, linear: 1", batch: "1"))
    case .unusedLabels:
      CodeEntry(
        "the labels do not reach a network",
        "With `condition`, both networks should depend on the label. "
          + "`condition: {classes: 10, join: everywhere}` joins it in both; without `join`, only the "
          + "layers `concatenate_labels` do.",
        example: Self.example(image: "{size: 16, channels: 1}\ncondition: {classes: 10}"))
    }
  }

  private static let classifierExample = """
    dcgan: 1
    name: example
    image: {size: 28, channels: 1}
    condition: {classes: 10}
    discriminator: {layers: [linear: {units: 9}]}
    objective: {loss: classification}
    data: {source: mnist}
    """

  /// A spec that is in order but for what is given.
  private static func example(
    image: String = "{size: 16, channels: 1}", generator: String = "project: {to: [1, 16, 16]}",
    discriminator: String = "linear: 1", batch: String = "128"
  ) -> String {
    """
    dcgan: 1
    name: example
    image: \(image)
    generator: {layers: [\(generator)]}
    discriminator: {layers: [\(discriminator)]}
    data: {source: mnist}
    train: {batch: \(batch), epochs: 1}
    """
  }
}
