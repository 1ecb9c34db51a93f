import Decoding
import Program

/// A fixed batch of noise that goes through the generator ahead of every other, so that
/// `virtual_batch` norms can compare with it; it leaves again before the images.
///
/// Labels of a conditional generator run through the classes for it.
///
/// Input  [N, Z]; reference [R, Z], drawn once like any other noise
/// Output [R + N, Z]. Source: Salimans et al. 2016, section 3.5.
package struct ReferenceBatch: Layer {
  package let size: Int

  package static let summary = "a fixed batch of noise, which `virtual_batch` norms compare with"
  package static let source = "Salimans et al. 2016, section 3"

  package init(reading options: inout OptionReader) {
    size = options.integer(
      "size", default: 64, in: 2...65_536, bare: true, help: "vectors in the fixed batch")
  }

  package func outputShape(
    for input: FeatureShape, _ context: LayerContext
  ) throws(ShapeProblem) -> FeatureShape {
    guard context.isGenerator, context.entries.isEmpty, case .vector = input else {
      throw ShapeProblem(
        "a reference batch is of noise: it must be the first layer of the generator",
        help: ["write `- reference_batch: \(size)` there"])
    }
    return input
  }

  package func parameters(for input: FeatureShape, _ context: LayerContext) -> [Parameter] {
    [Parameter("reference", [size, input.count], .noise)]
  }

  package func lower(_ input: Value, into lowering: inout Lowering) -> Value {
    lowering.precede(with: size)
    return lowering.program.concatenate([lowering.tensor("reference"), input], axis: 0)
  }

  package static let sample = LayerSample(
    yaml: "reference_batch: 2", input: .vector(3), isInGenerator: true)
}

/// Mean 0 and variance 1 by the moments of a fixed batch and of the image itself: unlike batchnorm,
/// an image does not depend on the others that are made with it.
///
/// The moments are those of the reference batch's R images and this one, R + 1 in all; the reference
/// images are normalised by their own.
///
/// Shape: unchanged. Reports a generator without a `reference_batch`. Source: Salimans et al. 2016,
/// section 3.5, and the authors' code.
package struct VirtualBatchNormalization: Layer {
  package let options: NormOptions

  package static let summary = "mean 0 and variance 1 by a fixed batch and the image itself"
  package static let source = "Salimans et al. 2016, section 3"

  package init(reading options: inout OptionReader) {
    self.options = NormOptions(reading: &options)
  }

  package func outputShape(
    for input: FeatureShape, _ context: LayerContext
  ) throws(ShapeProblem) -> FeatureShape {
    guard context.isGenerator || context.hasReference else {
      throw ShapeProblem(
        "a virtual batchnorm compares with a fixed batch of noise, which only the generator has",
        help: ["in the discriminator, write `norm: batch` or `norm: layer`"])
    }
    guard context.hasReference else {
      throw ShapeProblem(
        "a virtual batchnorm compares with a fixed batch of noise, which is missing",
        help: ["let `- reference_batch: 64` be the first layer of the generator"])
    }
    return input
  }

  package func parameters(for input: FeatureShape, _ context: LayerContext) -> [Parameter] {
    options.parameters(perChannelOf: input)
  }

  package func lower(_ x: Value, into lowering: inout Lowering) -> Value {
    let size = lowering.referenceSize
    let (reference, own) = lowering.program.split(x, at: size)
    let positions = Array(1..<lowering.program.shape(of: x).rank - 1)
    let (mean, variance) = lowering.program.moments(reference, over: [0] + positions)  // [C]
    let normalizedReference = lowering.program.normalized(
      reference, mean: mean, variance: variance, over: [0] + positions, epsilon: options.epsilon)

    // Of the two parts' means and variances, [N, C]: with shares w and 1 − w of all numbers,
    // mean = w·m₁ + (1 − w)·m₂ and variance = w·(v₁ + (m₁ − mean)²) + (1 − w)·(v₂ + (m₂ − mean)²).
    let share = 1 / Double(size + 1)
    let (ownMean, ownVariance) = lowering.program.ownMoments(own, over: positions)
    let shape = lowering.program.shape(of: ownMean)
    func spread(_ value: Value) -> Value {
      lowering.program.broadcast(value, to: shape, axes: [1])
    }
    let jointMean = lowering.program.add(
      lowering.program.scale(ownMean, by: share),
      lowering.program.scale(spread(mean), by: 1 - share))
    func part(_ mean: Value, _ variance: Value, _ share: Double) -> Value {
      let square = lowering.program.square(lowering.program.subtract(mean, jointMean))
      return lowering.program.scale(lowering.program.add(variance, square), by: share)
    }
    let jointVariance = lowering.program.add(
      part(ownMean, ownVariance, share), part(spread(mean), spread(variance), 1 - share))
    let normalizedOwn = lowering.program.normalized(
      own, mean: jointMean, variance: jointVariance, over: positions, epsilon: options.epsilon)
    let whole = lowering.program.concatenate([normalizedReference, normalizedOwn], axis: 0)
    return lowering.scaledAndShifted(whole, options)
  }

  package static let sample = LayerSample(
    yaml: "virtual_batch_norm: {epsilon: 0.1}", input: .maps(channels: 2, height: 1, width: 2),
    referenceSize: 2)
}

extension ProgramBuilder {
  /// The first `count` rows of x, and all others.
  fileprivate mutating func split(_ x: Value, at count: Int) -> (Value, Value) {
    let shape = shape(of: x)
    var (middle, start) = (shape.dimensions, shape.dimensions.map { _ in 0 })
    middle[0] = count
    let first = slice(x, start: start, limit: middle)
    start[0] = count
    return (first, slice(x, start: start, limit: shape.dimensions))
  }

  /// The moments of each row; of a vector's features, which are single numbers, themselves and 0.
  fileprivate mutating func ownMoments(_ x: Value, over axes: [Int]) -> (Value, Value) {
    if axes.isEmpty { return (x, constant(0, shape(of: x))) }
    return moments(x, over: axes)
  }
}
