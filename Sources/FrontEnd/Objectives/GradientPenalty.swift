import Decoding
import Program

/// A penalty on the critic's gradient with respect to its input, at points between real and
/// generated images.
///
/// Source: Gulrajani et al. 2017, equation 3.
public struct GradientPenalty: Hashable, Sendable {
  public let coefficient: Double
  /// The norm that the gradient is drawn to; 1 by default.
  public let centre: Double

  public init(coefficient: Double, centre: Double) {
    self.coefficient = coefficient
    self.centre = centre
  }

  /// Reads `gradient_penalty: 10` or `{coefficient: 10, centre: 1}`; nil where it is absent.
  public init?(reading objective: inout OptionReader) {
    guard
      var options = objective.nested(
        "gradient_penalty", help: "a penalty on the discriminator's gradient for its input")
    else { return nil }
    coefficient = options.number(
      "coefficient", in: NumberRange(0...1_000_000), bare: true, help: "weight of the penalty")
    centre = options.number(
      "centre", default: 1, in: NumberRange(0...1_000_000),
      help: "the norm that the gradient is drawn to")
    objective.absorb(options)
  }

  /// mix·real + (1 − mix)·fake: where the gradient is taken.
  ///
  /// Images [N, H, W, C], one mix per image [N] → [N, H, W, C].
  public static func points(
    real: Value, fake: Value, mix: Value, in program: inout ProgramBuilder
  ) -> Value {
    let spreadMix = program.broadcast(mix, to: program.shape(of: real), axes: [0])
    let difference = program.multiply(spreadMix, program.subtract(real, fake))
    return program.add(fake, difference)
  }

  /// coefficient · mean over the batch of (‖slope‖ − centre)², and the norms [N].
  ///
  /// `slope` [N, H, W, C] is the gradient of the critic at the points; the norm is over H, W, C.
  public func loss(
    slope: Value, in program: inout ProgramBuilder
  ) -> (loss: Value, norm: Value) {
    let axes = Array(1..<program.shape(of: slope).rank)
    let norm = program.squareRoot(program.reduceSum(program.square(slope), axes: axes))
    let distance = program.square(program.offset(norm, by: -centre))
    return (program.scale(program.mean(distance), by: coefficient), norm)
  }
}
