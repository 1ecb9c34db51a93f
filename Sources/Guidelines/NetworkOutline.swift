import Diagnostics
import Layers
import Spec

/// A network as guidelines see it: the layers with weights, each with the norm and the activation
/// that follow it, whether as its options or as entries of their own.
struct NetworkOutline {
  let role: NetworkRole
  let stages: [Stage]
  /// All entries of the network's list.
  let layers: [LayerSpec]

  struct Stage {
    let layer: LayerSpec
    var norm: LayerSpec.Component?
    var activation: LayerSpec.Component?
    /// The entry after it, whatever it is.
    var next: LayerSpec?

    var kind: LayerKind { layer.main.kind }
  }

  init(_ network: NetworkSpec) {
    role = network.role
    layers = network.layers
    var stages: [Stage] = []
    for (index, layer) in network.layers.enumerated() {
      switch layer.main.kind.role {
      case .weighted:
        let next = index + 1 < network.layers.count ? network.layers[index + 1] : nil
        stages.append(
          Stage(layer: layer, norm: layer.norm, activation: layer.activation, next: next))
      case .norm where !stages.isEmpty && stages[stages.count - 1].norm == nil:
        stages[stages.count - 1].norm = layer.main
      case .activation where !stages.isEmpty && stages[stages.count - 1].activation == nil:
        stages[stages.count - 1].activation = layer.main
      case .norm, .activation, .pooling, .upsampling, .form, .noise, .labels: break
      }
    }
    self.stages = stages
  }

  /// The layers that are neither the generator's output nor the discriminator's input or output.
  var hidden: ArraySlice<Stage> {
    switch role {
    case .generator: stages.dropLast()
    case .discriminator: stages.dropFirst().dropLast()
    }
  }

  /// A departure of one layer.
  ///
  /// It points at `component`, or at the layer itself where the component
  /// is missing or comes from the network's defaults, which are right for other layers.
  func departure(
    _ message: String, of layer: LayerSpec, at component: LayerSpec.Component? = nil,
    label: String = "", help: [String] = []
  ) -> Departure {
    var departure = Departure(
      message: "`\(layer.name)` of the \(role.rawValue) \(message)",
      span: component?.span ?? layer.main.span, label: label, help: help,
      layer: (role, layer.name))
    if let component, component.isInherited {
      departure = Departure(
        message: departure.message, span: layer.main.span, label: label,
        secondary: [.init(span: component.span, text: "`\(component.kind.optionName)` from here")],
        help: help, layer: departure.layer)
    }
    return departure
  }
}

extension Spec {
  var outlines: [NetworkOutline] { NetworkRole.allCases.map { NetworkOutline(network($0)) } }
}

extension LayerSpec.Component {
  /// The value of a numeric option.
  func number(_ option: String) -> Double? { self[option].flatMap(Double.init) }

  /// Where the value of an option stands, or the component where it is a default.
  func span(of option: String) -> SourceSpan { optionSpans[option] ?? span }
}
