import Decoding
import Program

/// Makes maps larger: repeats each position `scale` × `scale` times, or doubles the maps and takes
/// means of neighbours.
///
/// Input  [N, H, W, C]
/// Output [N, H·scale, W·scale, C]
package struct Upsample: Layer {
  package let scale: Int
  package let mode: Mode

  package enum Mode: String, Hashable, Sendable, CaseIterable {
    case nearest
    /// ¾ of a position and ¼ of the neighbour, along rows and then along columns; beyond the edge
    /// stands the edge. As PyTorch's `bilinear` without `align_corners`.
    case bilinear
  }

  package static let summary = "makes maps larger by repeating or interpolating"

  package init(reading options: inout OptionReader) {
    scale = options.integer(
      "scale", default: 2, in: 1...SizeLimit.kernel, bare: true,
      help: "how much larger each side becomes")
    mode =
      options.choice(
        "mode", default: Mode.nearest, help: "repeats positions, or takes means of neighbours")
      ?? .nearest
  }

  package func outputShape(
    for input: FeatureShape, _ context: LayerContext
  ) throws(ShapeProblem) -> FeatureShape {
    let (channels, height, width) = try input.requiredMaps()
    guard mode == .nearest || scale == 2 else {
      throw ShapeProblem(
        "`bilinear` doubles maps, and `scale` is \(scale)",
        help: ["write `scale: 2`, several times for larger maps"], options: ["scale"])
    }
    return try .maps(channels: channels, height: height * scale, width: width * scale).checked()
  }

  package var window: Window? {
    Window(
      kernel: Sides(both: mode == .bilinear ? 2 * scale : scale), stride: scale, isTransposed: true)
  }

  package func lower(_ x: Value, into lowering: inout Lowering) -> Value {
    if mode == .bilinear {
      let rows = lowering.program.doubled(x, along: 1)
      return lowering.program.doubled(rows, along: 2)
    }
    let shape = lowering.program.shape(of: x)
    let (batch, height, width, channels) = (shape[0], shape[1], shape[2], shape[3])
    let repeated = lowering.program.broadcast(
      x, to: [batch, height, scale, width, scale, channels], axes: [0, 1, 3, 5])
    return lowering.program.reshape(repeated, [batch, height * scale, width * scale, channels])
  }

  package static let sample = LayerSample(
    yaml: "upsample: {scale: 2}", input: .maps(channels: 2, height: 2, width: 3))
}

extension ProgramBuilder {
  /// Two positions for each one along `axis`: ¾ of it and ¼ of the one before, or after.
  fileprivate mutating func doubled(_ x: Value, along axis: Int) -> Value {
    let sizes = shape(of: x).dimensions
    let count = sizes[axis]
    func slice(_ range: Range<Int>, _ program: inout ProgramBuilder) -> Value {
      var (start, limit) = (sizes.map { _ in 0 }, sizes)
      (start[axis], limit[axis]) = (range.lowerBound, range.upperBound)
      return program.slice(x, start: start, limit: limit)
    }
    let first = slice(0..<1, &self)
    let last = slice(count - 1..<count, &self)
    let before = count == 1 ? x : concatenate([first, slice(0..<count - 1, &self)], axis: axis)
    let after = count == 1 ? x : concatenate([slice(1..<count, &self), last], axis: axis)
    let own = scale(x, by: 0.75)
    var pair = sizes
    pair.insert(1, at: axis + 1)
    let even = reshape(add(own, scale(before, by: 0.25)), Shape(pair))
    let odd = reshape(add(own, scale(after, by: 0.25)), Shape(pair))
    var larger = sizes
    larger[axis] = 2 * count
    return reshape(concatenate([even, odd], axis: axis + 1), Shape(larger))
  }
}
