import Diagnostics

/// What can go wrong while a spec runs, before its first step (R70x) and during training (R71x).
///
/// The checks behind them are in `Sources/Training/Health`, a file for each.
public enum HealthCode: String, CodeTable {
  case unreachableRange = "R701"
  case certainDiscriminator = "R702"
  case vanishedGradient = "R703"
  case equalPictures = "R704"
  case notFinite = "R710"
  case discriminatorWins = "R711"
  case modeCollapse = "R712"
  case saturatedImages = "R713"
  case deadUnits = "R714"
  case oscillation = "R715"
  case blindDiscriminator = "R716"

  public static var isShownBySpecs: Bool { false }

  public var severity: Diagnostic.Severity {
    switch self {
    case .notFinite: .error
    case .unreachableRange, .certainDiscriminator, .vanishedGradient, .equalPictures,
      .discriminatorWins, .modeCollapse, .saturatedImages, .deadUnits, .oscillation,
      .blindDiscriminator:
      .warning
    }
  }

  public var entry: CodeEntry {
    switch self {
    case .unreachableRange:
      CodeEntry(
        "data that the generator cannot reach",
        "The generator's last activation has bounds, and the pictures have values outside of them, "
          + "or use so small a part of what the generator makes that both never look alike. Let "
          + "`image.range` be the range of the activation: [-1, 1] for `tanh`, [0, 1] for "
          + "`sigmoid`.",
        example: "", source: "Radford et al. 2015, section 4")
    case .certainDiscriminator:
      CodeEntry(
        "a discriminator that is certain before the first step",
        "Before it has learned anything, the discriminator should give every image a probability "
          + "near 0.5. Where its logits are large from the beginning, its loss and the gradient "
          + "that the generator gets say little. Initial weights that are too large are the usual "
          + "cause; the paper takes a standard deviation of 0.02.",
        example: "", source: "Radford et al. 2015, section 4")
    case .vanishedGradient:
      CodeEntry(
        "parameters that nothing moves",
        "Their gradient is zero in the first step, for every image of the batch: they stay what "
          + "they are. A layer before or after them passes nothing on: an activation that is "
          + "saturated or negative everywhere, or weights that are all zero.",
        example: "")
    case .equalPictures:
      CodeEntry(
        "pictures that are all the same",
        "The first pictures of the data differ by less than a level of brightness. There is nothing "
          + "to learn from them; a wrong folder or a crop of an empty place is the usual cause.",
        example: "")
    case .notFinite:
      CodeEntry(
        "a number that is infinite or not a number",
        "It appeared in the step that the message names, and would spread to every weight. The "
          + "training stops there, and the checkpoints before it stay good. A lower learning rate "
          + "helps most often; then a norm after the layer that is named, and initial weights "
          + "of a smaller deviation.",
        example: "")
    case .discriminatorWins:
      CodeEntry(
        "the discriminator has won",
        "For hundreds of steps it has been certain of each image, real ones and generated ones. The "
          + "generator then learns from hardly any gradient. Make the discriminator weaker (fewer "
          + "filters, `dropout`), give both the paper's learning rate, or choose an objective that "
          + "does not saturate (`least_squares`, `hinge`, `wasserstein` with a `gradient_penalty`).",
        example: "", source: "Goodfellow et al. 2014, section 3")
    case .modeCollapse:
      CodeEntry(
        "the generator makes the same image for every z",
        "Images of one batch differ far less than real ones do, or come in groups of copies. It "
          + "seldom goes away by itself. Go back to a checkpoint before it, with a lower learning "
          + "rate; look for a batch norm that is missing in the generator; a larger batch "
          + "helps too.",
        example: "", source: "Radford et al. 2015, section 3")
    case .saturatedImages:
      CodeEntry(
        "images of the darkest and brightest values only",
        "Nearly all values that the generator makes are at the ends of the range, where real ones "
          + "are not. Its last activation is saturated there and passes hardly any gradient. Lower "
          + "the learning rate, or the deviation of the initial weights.",
        example: "")
    case .deadUnits:
      CodeEntry(
        "channels that give 0 for every image",
        "A ReLU whose input is negative for every image passes no gradient, so that its channel "
          + "stays dead. A few do no harm. Where it is many, put a norm before the activation, use "
          + "`leaky_relu`, or lower the learning rate.",
        example: "", source: "Radford et al. 2015, section 3")
    case .oscillation:
      CodeEntry(
        "losses that swing instead of settling",
        "The losses jump by a multiple of themselves again and again: each network undoes what the "
          + "other has learned. The learning rate is too high, or Adam's β1 is: the paper found 0.9 "
          + "to oscillate, and 0.5 not to.",
        example: "", source: "Radford et al. 2015, section 4")
    case .blindDiscriminator:
      CodeEntry(
        "a discriminator that tells nothing apart",
        "For a thousand steps it has given real and generated images the same probability. In theory "
          + "that is the end of a perfect training; in practice it is a discriminator that is too small "
          + "for the images, and the generator gets no direction from it. Give it more filters or "
          + "layers.",
        example: "", source: "Goodfellow et al. 2014, section 4")
    }
  }
}
