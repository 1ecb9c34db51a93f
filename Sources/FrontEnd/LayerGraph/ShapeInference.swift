import Diagnostics
import Layers
import Spec

/// Why shapes could not be followed to the end of a network.
struct InferenceProblem: Error {
  let diagnostic: Diagnostic
}

extension LayerGraph {
  /// Follows the shapes through a network, up to the first layer that refuses its input.
  static func inferShapes(
    of network: NetworkSpec, input: FeatureShape, _ checks: GraphChecks
  ) -> Result<NetworkGraph, InferenceProblem> {
    var nodes: [LayerNode] = []
    var earlier = ["input": input]
    for (index, entry) in network.layers.enumerated() {
      for (path, component) in entry.components {
        let shape = nodes.last?.output ?? input
        let context = LayerContext(
          classes: checks.classes, hasNorm: isNormalized(index, in: network.layers),
          isGenerator: network.role == .generator,
          hasReference: network.layers.first?.main.kind == .referenceBatch,
          image: checks.input(of: .discriminator),
          isAugmented: !checks.spec.augmentation.options.isEmpty,
          earlier: component.kind.readsEarlier ? earlier : [:],
          entries: component.kind.readsEarlier ? network.layers[..<index].map(\.name) : [])
        do throws(ShapeProblem) {
          let output = try component.layer.outputShape(for: shape, context)
          let path = "\(network.role.rawValue).\(path)"
          let parameters = component.layer.parameters(for: shape, context).map {
            NamedParameter(name: "\(path).\($0.name)", parameter: $0)
          }
          nodes.append(
            LayerNode(
              path: path, entry: index, entryName: entry.name, kind: component.kind,
              layer: component.layer, context: context, input: shape, output: output,
              parameters: parameters,
              multiplyAdds: component.layer.multiplyAdds(for: shape, context),
              span: component.span))
          earlier[entry.name] = output
        } catch {
          let before = NetworkGraph(
            role: network.role, input: input, nodes: nodes, classes: checks.classes)
          let diagnostic = checks.refusal(error, by: component, of: entry, after: before)
          return .failure(InferenceProblem(diagnostic: diagnostic))
        }
      }
    }
    return .success(
      NetworkGraph(role: network.role, input: input, nodes: nodes, classes: checks.classes))
  }

  /// Whether a norm takes what the layer at `index` makes: its own, or the entry that follows it.
  private static func isNormalized(_ index: Int, in layers: [LayerSpec]) -> Bool {
    if layers[index].norm != nil { return true }
    guard layers[index].activation == nil, index + 1 < layers.count else { return false }
    return layers[index + 1].main.kind.role == .norm
  }
}

extension NetworkGraph {
  /// What flows between the entries: `100 → 1024 × 4 × 4 → 512 × 8 × 8`.
  var chain: String {
    let outputs = nodes.indices.filter { index in
      index == nodes.count - 1 || nodes[index].entry != nodes[index + 1].entry
    }.map { nodes[$0].output }
    var shapes = ([input] + outputs).map(\.description)
    let longest = 8
    if shapes.count > longest {
      shapes.replaceSubrange(longest / 2..<shapes.count - longest / 2 + 1, with: ["…"])
    }
    return shapes.joined(separator: " → ")
  }
}
