import Diagnostics

/// What can be wrong with the shapes of the two networks: the one list of these codes.
public enum ShapeCode: String, CodeTable {
  case layerRefusesInput = "T401"
  case imageMismatch = "T402"
  case notOneNumber = "T403"
  case tooLarge = "T404"
  case normOfOneNumber = "T405"
  case unusedLabels = "T406"

  public var severity: Diagnostic.Severity {
    switch self {
    case .layerRefusesInput, .imageMismatch, .notOneNumber, .tooLarge, .normOfOneNumber: .error
    case .unusedLabels: .warning
    }
  }

  /// The example is a `layers` list of the network that the title names.
  public var entry: CodeEntry {
    switch self {
    case .layerRefusesInput:
      CodeEntry(
        "a layer cannot take what flows into it",
        "Shapes are inferred from the latent vector through the generator and from the image "
          + "through the discriminator. Each layer has a rule for what it takes; the notes show "
          + "the shapes on the way there. Layers behind the refused one are not checked.",
        example: "- conv: {filters: 8, kernel: 4, stride: 1, padding: same}")
    case .imageMismatch:
      CodeEntry(
        "the generator does not make the image",
        "What comes out of the generator's last layer must have the channels, height and width of "
          + "`image`: real and generated images go into the same discriminator.",
        example: "- project: {to: [3, 32, 32]}")
    case .notOneNumber:
      CodeEntry(
        "the discriminator does not end in one number",
        "The discriminator judges an image by one number, the logit. It must end in one unit, or "
          + "in one map of one pixel.",
        example: "- linear: {units: 2}")
    case .tooLarge:
      CodeEntry(
        "a tensor of more than 2^31 numbers",
        "No tensor may have more than 2,147,483,648 numbers, all images of a batch together.",
        example: "- conv: {filters: 1000000000, kernel: 1}")
    case .normOfOneNumber:
      CodeEntry(
        "batch normalisation of a single number",
        "In training, batchnorm subtracts the mean of the batch. The mean of one number is that "
          + "number: every result would be 0. A larger batch, larger maps, or another norm helps.",
        example: "- linear: {units: 1, norm: batch}")
    case .unusedLabels:
      CodeEntry(
        "the labels do not reach a network",
        "With `condition`, both networks are to depend on the label. A network without "
          + "`concatenate_labels` cannot.",
        example: "- linear: {units: 1}")
    }
  }
}
