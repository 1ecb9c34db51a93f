import Program

/// The one way that windows are folded: first along rows, then along columns, so that K + K
/// operations do for K × K positions.
extension ProgramBuilder {
  /// Folds the windows of maps [N, H, W, C] with `combine(next, soFar)`, from the upper left to
  /// the lower right; `outside` surrounds the maps.
  mutating func foldedWindows(
    _ x: Value, kernel: Int, _ geometry: ConvolutionGeometry, outside: Double,
    combine: (inout ProgramBuilder, _ next: Value, _ soFar: Value) -> Value
  ) -> Value {
    let margin = [0, geometry.padding, geometry.padding, 0]
    let padded = pad(x, low: margin, high: margin, value: outside)
    return [2, 1].reduce(padded) { maps, axis in  // columns within each row, then rows
      let shape = shape(of: maps)
      let positions = (shape[axis] - kernel) / geometry.stride + 1
      var folded: Value?
      for offset in 0..<kernel {
        var (start, limit, stride) = ([0, 0, 0, 0], shape.dimensions, [1, 1, 1, 1])
        start[axis] = offset
        limit[axis] = offset + (positions - 1) * geometry.stride + 1
        stride[axis] = geometry.stride
        let next = slice(maps, start: start, limit: limit, stride: stride)
        folded = folded.map { combine(&self, next, $0) } ?? next
      }
      return folded ?? maps
    }
  }
}

extension WindowOptions {
  /// The shape after pooling, where every window must hold at least one position of the maps.
  func pooledShape(of input: FeatureShape) throws(ShapeProblem) -> FeatureShape {
    let (channels, height, width) = try input.requiredMaps()
    let size = try resolvedPadding().height
    guard 2 * size <= kernel.height else {
      throw ShapeProblem(
        "padding \(size) is more than half of the \(kernel) kernel: some windows would"
          + " hold nothing but padding", options: ["padding", "kernel"])
    }
    let output = try outputSizes(height: height, width: width)
    _ = try SizeLimit.product(
      [channels, height + 2 * size, width + 2 * size], of: "the padded input")
    return try .maps(channels: channels, height: output.height, width: output.width).checked()
  }
}
