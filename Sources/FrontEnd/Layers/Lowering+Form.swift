import Program

/// Features in the forms that layers take. Their order as a vector is C, H, W, as in PyTorch.
extension Lowering {
  /// A vector [N, F] as it is; maps [N, H, W, C] as [N, C·H·W].
  mutating func vector(_ x: Value) -> Value {
    let shape = program.shape(of: x)
    guard shape.rank == 4 else { return x }
    let ordered = program.transpose(x, [0, 3, 1, 2])  // [N, C, H, W]
    return program.reshape(ordered, [shape[0], shape[1] * shape[2] * shape[3]])
  }

  /// Maps as they are; a vector [N, F] as [N, 1, 1, F].
  mutating func maps(_ x: Value) -> Value {
    let shape = program.shape(of: x)
    return shape.rank == 4 ? x : program.reshape(x, [shape[0], 1, 1, shape[1]])
  }

  /// A vector [N, C·H·W] as maps [N, H, W, C].
  mutating func maps(_ x: Value, channels: Int, height: Int, width: Int) -> Value {
    let batch = program.shape(of: x)[0]
    let ordered = program.reshape(x, [batch, channels, height, width])
    return program.transpose(ordered, [0, 2, 3, 1])
  }

  /// A form of `shape` from a vector.
  mutating func features(_ x: Value, as shape: FeatureShape) -> Value {
    switch shape {
    case .vector: x
    case .maps(let channels, let height, let width):
      maps(x, channels: channels, height: height, width: width)
    }
  }
}

extension FeatureShape {
  /// The same numbers as maps: a vector of Z is Z × 1 × 1.
  package var asMaps: (channels: Int, height: Int, width: Int) {
    switch self {
    case .vector(let size): (size, 1, 1)
    case .maps(let channels, let height, let width): (channels, height, width)
    }
  }

  /// The number of channels, or of a vector's features.
  package var channels: Int { asMaps.channels }

  /// Channels, height and width, or why a layer that works on maps cannot take the input.
  func requiredMaps() throws(ShapeProblem) -> (channels: Int, height: Int, width: Int) {
    switch self {
    case .maps(let channels, let height, let width): return (channels, height, width)
    case .vector(let size):
      throw ShapeProblem(
        "maps are needed, the input is a vector of \(size)",
        help: ["`reshape: {to: [channels, height, width]}` makes maps of a vector"])
    }
  }
}

extension FeatureShape {
  /// As programs hold a batch of them: [N, F] or [N, H, W, C].
  public func batchShape(_ batch: Int) -> Shape {
    switch self {
    case .vector(let size): [batch, size]
    case .maps(let channels, let height, let width): [batch, height, width, channels]
    }
  }
}
