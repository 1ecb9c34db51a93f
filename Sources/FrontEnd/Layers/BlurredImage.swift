import Decoding
import Program

/// The real images of the batch, made coarse: what a stage of a Laplacian pyramid adds details to.
///
/// Each image is averaged over factor × factor pixels and enlarged again, whatever comes in. Other
/// layers read it by its name, as in `concatenate: blurred`; `take: input` goes back to the noise.
/// Both networks see the same images. Outside of training there are no real ones: then the
/// latest `examples` of them come in turn.
///
/// Input  anything; examples [E, H, W, C]
/// Output [N, H, W, C], the form of an image. Reports sides that `factor` does not divide.
///
/// Source: Denton et al. 2015, section 2.2.
package struct BlurredImage: Layer {
  package let factor: Int
  package let examples: Int

  package static let summary = "the batch's real images, made coarse: to be given details"
  package static let source = "Denton et al. 2015, section 2"

  package init(reading options: inout OptionReader) {
    factor = options.integer(
      "factor", default: 2, in: 2...SizeLimit.kernel, bare: true,
      help: "pixels along each axis that become one")
    examples = options.integer(
      "examples", default: 64, in: 1...65_536,
      help: "coarse images that a checkpoint keeps, for samples")
  }

  package func outputShape(
    for input: FeatureShape, _ context: LayerContext
  ) throws(ShapeProblem) -> FeatureShape {
    let (channels, height, width) = context.image.asMaps
    guard height % factor == 0, width % factor == 0 else {
      throw ShapeProblem(
        "a factor of \(factor) does not divide \(height) × \(width) images", options: ["factor"])
    }
    guard !context.isAugmented else {
      throw ShapeProblem(
        "`augment` would change the images, but not the coarse ones beside them",
        help: ["leave `augment` out"])
    }
    _ = try SizeLimit.product([examples, channels, height, width], of: "the examples")
    return context.image
  }

  package func parameters(for input: FeatureShape, _ context: LayerContext) -> [Parameter] {
    let (channels, height, width) = context.image.asMaps
    return [
      Parameter(
        "examples", [examples, height, width, channels], .images, fileAxes: [0, 3, 1, 2])
    ]
  }

  package func lower(_ x: Value, into lowering: inout Lowering) -> Value {
    let kept = lowering.tensor("examples")
    guard let real = lowering.realImages, lowering.mode == .train else {
      return lowering.program.rows(
        of: kept, inTurn: lowering.program.shape(of: x)[0] - lowering.referenceSize,
        after: lowering.referenceSize)
    }
    let shape = lowering.program.shape(of: real)
    let (batch, height, width, channels) = (shape[0], shape[1], shape[2], shape[3])
    let blocks: Shape = [batch, height / factor, factor, width / factor, factor, channels]
    let means = lowering.program.divide(
      lowering.program.reduceSum(lowering.program.reshape(real, blocks), axes: [2, 4]),
      by: Double(factor * factor))
    let coarse = lowering.program.reshape(
      lowering.program.broadcast(means, to: blocks, axes: [0, 1, 3, 5]), shape)
    lowering.hold(coarse)
    let latest = lowering.program.concatenate([coarse, kept], axis: 0)
    lowering.update(
      "examples", to: lowering.program.rows(of: latest, inTurn: examples, after: 0))
    return lowering.referenceSize == 0
      ? coarse
      : lowering.program.rows(of: coarse, inTurn: batch, after: lowering.referenceSize)
  }

  package static let sample = LayerSample(
    yaml: "blurred_image: {factor: 2, examples: 2}", input: .vector(3))
}

extension ProgramBuilder {
  /// `count` rows of x from its first on, again and again; the first of them also `before` times
  /// ahead of all.
  fileprivate mutating func rows(of x: Value, inTurn count: Int, after before: Int) -> Value {
    func repeated(_ count: Int, _ program: inout ProgramBuilder) -> Value {
      let shape = program.shape(of: x)
      let turns = max(1, (count + shape[0] - 1) / max(shape[0], 1))
      let whole = program.concatenate([Value](repeating: x, count: turns), axis: 0)
      var limit = program.shape(of: whole).dimensions
      limit[0] = count
      return program.slice(whole, start: limit.map { _ in 0 }, limit: limit)
    }
    let own = repeated(count, &self)
    return before == 0 ? own : concatenate([repeated(before, &self), own], axis: 0)
  }
}
