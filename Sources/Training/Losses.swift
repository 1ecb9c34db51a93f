import Program
import Spec

/// What the discriminator and the generator are asked to make small.
///
/// All losses are computed from logits [N], never from probabilities: log σ(x) of an extreme x is
/// then exact. Each is a scalar, a mean over the batch.
extension ProgramBuilder {
  /// The discriminator's loss for its logits on real and on generated images.
  ///
  /// Minimax is Goodfellow et al. 2014, equation 1; least squares Mao et al. 2017 (a = 0, b = 1)
  /// with factor ½; Wasserstein Arjovsky et al. 2017; hinge Lim and Ye 2017.
  mutating func discriminatorLoss(
    _ loss: ObjectiveSpec.Loss, real: Value, fake: Value, leastSquaresScale: Double = 0.5
  ) -> Value {
    switch loss {
    case .minimax:
      // −mean log σ(real) − mean log(1 − σ(fake)), with −log σ(x) = softplus(−x)
      let onReal = mean(softplus(negate(real)))
      return add(onReal, mean(softplus(fake)))
    case .leastSquares:
      // scale · (mean (real − 1)² + mean fake²)
      let onReal = mean(square(offset(real, by: -1)))
      return scale(add(onReal, mean(square(fake))), by: leastSquaresScale)
    case .wasserstein:
      // mean fake − mean real
      return subtract(mean(fake), mean(real))
    case .hinge:
      // mean max(0, 1 − real) + mean max(0, 1 + fake)
      let onReal = mean(rectified(offset(negate(real), by: 1)))
      return add(onReal, mean(rectified(offset(fake, by: 1))))
    }
  }

  /// The generator's loss for the discriminator's logits on what it made.
  ///
  /// The non-saturating form of minimax is Goodfellow et al. 2014, section 3.
  mutating func generatorLoss(
    _ loss: ObjectiveSpec.Loss, _ form: ObjectiveSpec.GeneratorLoss, fake: Value,
    leastSquaresScale: Double = 0.5
  ) -> Value {
    switch (loss, form) {
    case (.minimax, .nonSaturating):
      // −mean log σ(fake)
      return mean(softplus(negate(fake)))
    case (.minimax, .saturating):
      // mean log(1 − σ(fake))
      return negate(mean(softplus(fake)))
    case (.leastSquares, _):
      // scale · mean (fake − 1)²
      return scale(mean(square(offset(fake, by: -1))), by: leastSquaresScale)
    case (.wasserstein, _), (.hinge, _):
      return negate(mean(fake))
    }
  }

  /// coefficient · mean over the batch of (‖slope‖ − centre)², slope [N, H, W, C] being the
  /// gradient of the critic for its input; the norm is over H, W, C.
  ///
  /// Source: Gulrajani et al. 2017, equation 3.
  mutating func gradientPenalty(
    slope: Value, coefficient: Double, centre: Double
  ) -> (loss: Value, norm: Value) {
    let axes = Array(1..<shape(of: slope).rank)
    let norm = squareRoot(reduceSum(square(slope), axes: axes))
    return (scale(mean(square(offset(norm, by: -centre))), by: coefficient), norm)
  }

  /// mix·real + (1 − mix)·fake with one mix [N] per image of [N, H, W, C].
  mutating func interpolated(real: Value, fake: Value, mix: Value) -> Value {
    let spreadMix = broadcast(mix, to: shape(of: real), axes: [0])
    let difference = multiply(spreadMix, subtract(real, fake))
    return add(fake, difference)
  }

  /// coefficient / 2 · Σ x²: what coupled weight decay adds to the loss.
  mutating func l2Penalty(_ parameters: [Value], coefficient: Double) -> Value {
    var total = constant(0)
    for parameter in parameters { total = add(total, sum(square(parameter))) }
    return scale(total, by: coefficient / 2)
  }

  /// max(0, x), with slope 0 at 0.
  private mutating func rectified(_ x: Value) -> Value { maximum(x, constant(0, shape(of: x))) }
}
