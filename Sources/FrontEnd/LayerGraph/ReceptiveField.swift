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
  ///
  /// Where ways part and meet again, the larger field counts.
  public var receptiveFields: [ReceptiveField] {
    switch role {
    case .discriminator: fieldsFromInput
    case .generator: fieldsFromOutput
    }
  }

  /// What each node's output sees of the image.
  private var fieldsFromInput: [ReceptiveField] {
    var field = Field()
    var byEntry = [EarlierLayer.input: field]
    return nodes.map { node in
      if let name = node.joinedEntry, let other = byEntry[name] {
        field = node.kind == .take ? other : field.joined(with: other)
      } else {
        field.pass(node, looking: { !$0.isTransposed })
      }
      byEntry[node.entryName] = field
      return field.shown
    }
  }

  /// What each node's input changes of the image.
  private var fieldsFromOutput: [ReceptiveField] {
    var field = Field()
    // What the outputs of entries change by way of later joins.
    var byEntry: [String: Field] = [:]
    var lastOfEntry: [String: Int] = [:]
    for (index, node) in nodes.enumerated() { lastOfEntry[node.entryName] = index }
    var fields: [ReceptiveField] = []
    for (index, node) in nodes.enumerated().reversed() {
      let isTaken = index + 1 < nodes.count && nodes[index + 1].kind == .take
      if lastOfEntry[node.entryName] == index, let joined = byEntry[node.entryName] {
        field = isTaken ? joined : field.joined(with: joined)
      }
      if let name = node.joinedEntry {
        byEntry[name] = byEntry[name].map { field.joined(with: $0) } ?? field
      } else {
        field.pass(node, looking: \.isTransposed)
      }
      fields.append(field.shown)
    }
    return fields.reversed()
  }
}

/// A receptive field on its way from node to node.
private struct Field {
  var (height, width, distance, isWhole) = (1.0, 1.0, 1.0, false)

  mutating func pass(_ node: LayerNode, looking: (Window) -> Bool) {
    if node.mixesPositions { isWhole = true }
    guard let window = node.layer.window else { return }
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

  func joined(with other: Field) -> Field {
    var result = self
    result.height = max(height, other.height)
    result.width = max(width, other.width)
    result.isWhole = isWhole || other.isWhole
    return result
  }

  var shown: ReceptiveField {
    // Beyond any image, and where a long row of strides leaves the range of numbers.
    let isCountable = max(height, width) <= 1e9
    return isWhole || !isCountable
      ? .everything : .pixels(Sides(Int(height.rounded(.up)), Int(width.rounded(.up))))
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
