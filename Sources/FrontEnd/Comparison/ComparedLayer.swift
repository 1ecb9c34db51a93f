import Decoding
import Files
import LayerGraph
import Layers
import Spec

/// One entry of a network, with what it is told and what follows from it.
public struct ComparedLayer: Sendable {
  public let name: String
  public let kind: LayerKind
  /// As a spec would write it: kind, options, norm, activation; defaults written out.
  let options: NamedValues
  /// Output shape, parameters, multiply-adds and receptive field.
  let consequences: NamedValues
  /// What comes out of it.
  public let output: FeatureShape

  /// Whether its name was chosen, or is its kind and a number.
  var isNamed: Bool {
    guard name.hasPrefix(kind.rawValue) else { return true }
    let number = name.dropFirst(kind.rawValue.count)
    return number.isEmpty || !number.allSatisfy { ("0"..."9").contains($0) }
  }
}

extension ComparedLayer {
  /// The entries of a network in order.
  static func all(of side: ComparedSpec, _ role: NetworkRole) -> [ComparedLayer] {
    let network = side.graph.network(role)
    let fields = Dictionary(
      zip(network.nodes, network.receptiveFields).map { ($0.entry, $1) }
    ) { first, _ in first }
    let nodes = Dictionary(grouping: network.nodes, by: \.entry)
    return side.spec.network(role).layers.enumerated().compactMap { index, layer in
      guard let nodes = nodes[index], let last = nodes.last else { return nil }
      let trained = nodes.flatMap(\.parameters).filter(\.role.isTrained).map(\.shape.count)
      var consequences: NamedValues = [
        ("output", "\(last.output)"), ("parameters", trained.reduce(0, +).grouped),
        ("multiply-adds", nodes.map(\.multiplyAdds).reduce(0, +).grouped),
      ]
      if let field = fields[index] {
        consequences.append(("receptive field", "\(field)"))
      }
      return ComparedLayer(
        name: layer.name, kind: layer.main.kind, options: layer.options.resolved(by: nodes),
        consequences: consequences, output: last.output)
    }
  }
}

extension NamedValues {
  /// With the values that were left open: whether there is a bias, and how much padding.
  ///
  /// `padding: same` and the number that it comes to mean the same.
  fileprivate func resolved(by nodes: [LayerNode]) -> NamedValues {
    guard let node = nodes.first else { return self }
    let settled = ["bias"] + (node.padding == nil ? [] : ["padding", "output_padding"])
    var values = filter { !settled.contains($0.name) }
    if contains(where: { $0.name == "bias" }) {
      values.append(("bias", "\(node.parameters.contains { $0.role == .bias })"))
    }
    if let padding = node.padding { values.append(("padding", padding.yamlText)) }
    if let extra = node.outputPadding { values.append(("output_padding", "\(extra)")) }
    return values
  }
}

extension LayerNode {
  fileprivate var padding: Sides? {
    let options = (layer as? Convolution)?.options ?? (layer as? TransposedConvolution)?.options
    // A padding that does not resolve is an error of the spec, which is not compared then.
    return options.flatMap { try? $0.resolvedPadding() }
  }

  /// H' − ((H − 1)·stride − 2·padding + K) of a transposed convolution.
  fileprivate var outputPadding: Int? {
    guard let options = (layer as? TransposedConvolution)?.options, let padding else { return nil }
    let least =
      (input.asMaps.height - 1) * options.stride - 2 * padding.height + options.extent.height
    return output.asMaps.height - least
  }
}

extension LayerSpec {
  fileprivate var options: NamedValues {
    var options = main.options.map { ($0.key, $0.text) }
    guard main.kind.role == .weighted else { return options }
    options += norm?.options(as: "norm") ?? [("norm", "none")]
    options += activation?.options(as: "activation") ?? [("activation", "none")]
    return options
  }
}

extension LayerSpec.Component {
  /// `activation: leaky_relu`, `activation.slope: 0.2`.
  fileprivate func options(as key: String) -> NamedValues {
    [(key, kind.optionName)] + options.map { ("\(key).\($0.key)", $0.text) }
  }
}
