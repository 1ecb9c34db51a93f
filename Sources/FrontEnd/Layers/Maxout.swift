import Decoding
import Program

/// The largest of each `pieces` neighbouring channels: an activation that learns its form.
///
/// Input  [N, …, C·pieces]
/// Output [N, …, C]. Reports channels that `pieces` does not divide.
///
/// Source: Goodfellow et al. 2013, section 2.
package struct Maxout: Layer {
  package let pieces: Int

  package static let summary = "the largest of each few neighbouring channels"
  package static let source = "Goodfellow et al. 2013"

  package init(reading options: inout OptionReader) {
    pieces = options.integer(
      "pieces", default: 2, in: 2...256, bare: true, help: "channels that become one")
  }

  package func outputShape(
    for input: FeatureShape, _ context: LayerContext
  ) throws(ShapeProblem) -> FeatureShape {
    guard input.channels % pieces == 0 else {
      throw ShapeProblem(
        "\(input.channels) channels are no multiple of \(pieces) pieces", options: ["pieces"])
    }
    switch input {
    case .vector(let size): return .vector(size / pieces)
    case .maps(let channels, let height, let width):
      return .maps(channels: channels / pieces, height: height, width: width)
    }
  }

  package func lower(_ x: Value, into lowering: inout Lowering) -> Value {
    let shape = lowering.program.shape(of: x)
    let channels = shape.rank - 1
    return (1..<pieces).reduce(piece(0, of: x, &lowering)) { best, index in
      lowering.program.maximum(piece(index, of: x, &lowering), best)
    }

    func piece(_ index: Int, of x: Value, _ lowering: inout Lowering) -> Value {
      var (start, stride) = (shape.dimensions.map { _ in 0 }, shape.dimensions.map { _ in 1 })
      (start[channels], stride[channels]) = (index, pieces)
      return lowering.program.slice(x, start: start, limit: shape.dimensions, stride: stride)
    }
  }

  package static let sample = LayerSample(
    yaml: "maxout: {pieces: 2}", input: .maps(channels: 4, height: 1, width: 2))
}
