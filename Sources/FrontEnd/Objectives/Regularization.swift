import Decoding
import Program

/// What holds a discriminator back, besides its loss: smoothed and flipped labels, noise on images, and
/// penalties on its slope.
///
/// All are 0 by default, which is none.
public struct Regularization: Hashable, Sendable {
  /// What is taken from the target 1 of real images: 0.1 makes it 0.9; only minimax has targets.
  ///
  /// Source: Salimans et al. 2016, section 3.4.
  public let smoothing: Double
  /// The share of places in a batch where a real image counts as generated, and a generated one as
  /// real.
  public let flippedLabels: Double
  /// The standard deviation of noise on all that the discriminator sees, in units of the images.
  ///
  /// Source: Sønderby et al. 2017, section 3.
  public let instanceNoise: Double
  /// γ of ½ γ · mean ‖∇D(x)‖² at real images (R₁) and at generated ones (R₂).
  ///
  /// Source: Mescheder et al. 2018, equations 9 and 10.
  public let r1: Double
  public let r2: Double
  /// The weight of ‖mean f(x) − mean f(G(z))‖² in the generator's loss, f being what the
  /// discriminator's last layer reads.
  ///
  /// Source: Salimans et al. 2016, section 3.1.
  public let featureMatching: Double

  /// Reads `smoothing`, `flipped_labels`, `instance_noise`, `r1`, `r2` and `feature_matching` of
  /// `objective`.
  public init(reading objective: inout OptionReader) {
    smoothing = objective.number(
      "smoothing", default: 0, in: NumberRange(0..<1),
      help: "what is taken from the target 1 of real images")
    flippedLabels = objective.number(
      "flipped_labels", default: 0, in: NumberRange(0...0.5),
      help: "share of places in a batch where real and generated change sides")
    instanceNoise = objective.number(
      "instance_noise", default: 0, in: NumberRange(0...1_000),
      help: "standard deviation of noise on all that the discriminator sees")
    func weight(_ key: String, _ help: String) -> Double {
      objective.number(key, default: 0, in: NumberRange(0...1_000_000), help: help)
    }
    r1 = weight("r1", "penalty on the discriminator's slope at real images")
    r2 = weight("r2", "penalty on the discriminator's slope at generated images")
    featureMatching = weight(
      "feature_matching", "weight of the distance between mean features in the generator's loss")
  }

  /// Those that are used, by their names in a spec.
  public var options: [(name: String, value: Double)] {
    [
      ("smoothing", smoothing), ("flipped_labels", flippedLabels),
      ("instance_noise", instanceNoise), ("r1", r1), ("r2", r2),
      ("feature_matching", featureMatching),
    ].filter { $0.1 != 0 }
  }

  /// ½ γ · mean over the batch of ‖slope‖².
  ///
  /// `slope` [N, H, W, C] is the gradient of the discriminator's logits at the images.
  public static func slopePenalty(
    _ gamma: Double, slope: Value, in program: inout ProgramBuilder
  ) -> Value {
    let axes = Array(1..<program.shape(of: slope).rank)
    let squares = program.reduceSum(program.square(slope), axes: axes)
    return program.scale(program.mean(squares), by: gamma / 2)
  }

  /// ‖mean real − mean fake‖² over the batch, for features of any shape [N, …].
  public static func featureDistance(
    real: Value, fake: Value, in program: inout ProgramBuilder
  ) -> Value {
    let count = Double(program.shape(of: real)[0])
    let difference = program.scale(
      program.reduceSum(program.subtract(real, fake), axes: [0]), by: 1 / count)
    return program.sum(program.square(difference))
  }
}
