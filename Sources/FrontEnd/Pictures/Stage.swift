import LayerGraph
import Layers

/// One entry of a network, in the words of pictures.
struct Stage {
  /// Such as `conv1`.
  let name: String
  let kind: LayerKind
  /// Of the first layer in it that has one.
  let window: Window?
  /// The norm and the activation that it carries.
  let extras: [LayerKind]
  let input: FeatureShape
  let output: FeatureShape

  var joinsLabels: Bool { kind.readsLabels }

  /// As in `5 × 5, stride 2`.
  var windowWords: String? {
    window.map { "\($0.kernel), stride \($0.stride)" }
  }
}

extension NetworkGraph {
  /// The entries of the network's list in order.
  var stages: [Stage] {
    var stages: [Stage] = []
    var start = 0
    while start < nodes.count {
      let end = nodes[start...].firstIndex { $0.entry != nodes[start].entry } ?? nodes.count
      let entry = nodes[start..<end]
      stages.append(
        Stage(
          name: nodes[start].entryName, kind: nodes[start].kind,
          window: entry.compactMap(\.layer.window).first,
          extras: entry.dropFirst().map(\.kind), input: nodes[start].input,
          output: nodes[end - 1].output))
      start = end
    }
    return stages
  }

  /// What goes in and comes out, in words.
  var ends: (input: String, output: String) {
    switch role {
    case .generator: ("z", "image")
    case .discriminator: ("image", "real?")
    }
  }
}
