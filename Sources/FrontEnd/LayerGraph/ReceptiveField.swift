import Layers

/// How many pixels along an axis belong to one position of a layer.
///
/// In the discriminator it is what an output position sees of the image; in the generator what an
/// input position can change of the image, its receptive field. Positions beyond the edge are counted.
public enum ReceptiveField: Hashable, Sendable, CustomStringConvertible {
  case pixels(Sides)
  case everything

  public var description: String {
    switch self {
    case .pixels(let sides): sides.description
    case .everything: "all"
    }
  }
}

extension NetworkGraph {
  /// For each node, in the order of `nodes`.
  ///
  /// Walking away from the image, with j pixels between neighbouring positions, a K × K window of
  /// stride s that looks at the image's side takes r to r + (K − 1)·j, and j to j·s. Seen from the
  /// other side, each position meets ⌈K/s⌉ windows: r + (⌈K/s⌉ − 1)·j, and j/s.
  public var receptiveFields: [ReceptiveField] {
    switch role {
    case .discriminator: fields(nodes, looking: { !$0.isTransposed })
    case .generator: fields(nodes.reversed(), looking: \.isTransposed).reversed()
    }
  }

  private func fields(
    _ nodes: [LayerNode], looking: (Window) -> Bool
  ) -> [ReceptiveField] {
    var (height, width, distance, isWhole) = (1.0, 1.0, 1.0, false)
    return nodes.map { node in
      if node.mixesPositions { isWhole = true }
      if let window = node.layer.window {
        let (kernel, stride) = (window.kernel, Double(window.stride))
        if looking(window) {
          height += Double(kernel.height - 1) * distance
          width += Double(kernel.width - 1) * distance
          distance *= stride
        } else {
          height += ((Double(kernel.height) / stride).rounded(.up) - 1) * distance
          width += ((Double(kernel.width) / stride).rounded(.up) - 1) * distance
          distance /= stride
        }
      }
      // Beyond any image, and where a long row of strides leaves the range of numbers.
      let isCountable = max(height, width) <= 1e9
      return isWhole || !isCountable
        ? .everything : .pixels(Sides(Int(height.rounded(.up)), Int(width.rounded(.up))))
    }
  }
}

extension LayerNode {
  /// Whether every output number depends on all positions of maps, or the other way round.
  fileprivate var mixesPositions: Bool {
    if kind.role == .attention { return true }
    let (from, to) = (input.asMaps, output.asMaps)
    return layer.window == nil && (from.height, from.width) != (to.height, to.width)
  }
}
