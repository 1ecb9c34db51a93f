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
    /// Whether a branch of a residual block ends with it.
    ///
    /// What follows adds it to another branch, or begins another one. Norm and activation stand before
    /// such a layer (He et al. 2016), or after the sum.
    var endsBranch = false

    /// Whether its weights are divided by their largest singular value.
    var isSpectral: Bool {
      (layer.main.layer as? any WeightedLayer)?.weights == .spectralNorm
    }
    var kind: LayerKind { layer.main.kind }
    /// Whether it ends a branch, and has no activation there.
    var hasNoneAtBranchEnd: Bool { endsBranch && activation == nil }
  }

  init(_ network: NetworkSpec) {
    role = network.role
    layers = network.layers
    var stages: [Stage] = []
    for (index, layer) in network.layers.enumerated() {
      switch layer.main.kind.role {
      case .weighted:
        let next = index + 1 < network.layers.count ? network.layers[index + 1] : nil
        var stage = Stage(
          layer: layer, norm: layer.norm, activation: layer.activation, next: next)
        let after = network.layers[(index + 1)...].first { !$0.main.kind.keepsBranch }
        stage.endsBranch = after.map { [.add, .take].contains($0.main.kind) } ?? false
        stages.append(stage)
      case .norm where !stages.isEmpty && stages[stages.count - 1].norm == nil:
        stages[stages.count - 1].norm = layer.main
      case .activation where !stages.isEmpty && stages[stages.count - 1].activation == nil:
        stages[stages.count - 1].activation = layer.main
      case .norm, .activation, .pooling, .attention, .upsampling, .form, .noise, .labels, .batch,
        .classifier, .join:
        break
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

  /// A finding of one layer.
  ///
  /// It points at `component`, or at the layer itself where the component
  /// is missing or comes from the network's defaults, which are right for other layers.
  func finding(
    _ message: String, of layer: LayerSpec, at component: LayerSpec.Component? = nil,
    label: String = "", help: [String] = [], repair: Repair? = nil
  ) -> GuidelineFinding {
    var finding = GuidelineFinding(
      message: "`\(layer.name)` of the \(role.rawValue) \(message)",
      span: component?.span ?? layer.main.span, label: label, help: help,
      repair: repair, layer: (role, layer.name))
    if let component, component.isInherited {
      finding = GuidelineFinding(
        message: finding.message, span: layer.main.span, label: label,
        secondary: [.init(span: component.span, text: "`\(component.kind.optionName)` from here")],
        help: help, repair: repair, layer: finding.layer)
    }
    return finding
  }
}

/// Repairs of layers; all change what the network computes, so none is safe.
extension NetworkOutline {
  /// Gives `stage` another norm or activation: in the layer itself, or in `defaults` where every
  /// layer that takes it from there departs; nil where no local change does it.
  ///
  /// `departing` are all stages that are to be changed so.
  func repair(
    _ title: String, writing option: String, _ value: String, in stage: Stage,
    of departing: [Stage]
  ) -> Repair? {
    let component: (LayerSpec) -> LayerSpec.Component? = {
      option == "norm" ? $0.norm : $0.activation
    }
    let found = option == "norm" ? stage.norm : stage.activation
    guard isWhole(departing.map(\.layer.main.span), containing: stage.layer.main.span) else {
      return nil
    }
    guard let own = component(stage.layer) else {
      if let node = stage.layer.main.written?[option] {  // `none`
        return Repair(title, .unsafe, node.span, value)
      }
      // It is an entry of the list: a bare word can be replaced.
      if let found {
        guard found.written == nil, found.origins.isEmpty, value != "none",
          !value.hasPrefix("{")
        else { return nil }
        return Repair("write `\(value)`", .unsafe, found.span, value)
      }
      let edit = stage.layer.main.written?.insertion(of: option, value)
      return edit.map { Repair(title, .unsafe, [$0]) }
    }
    guard own.isInherited else { return Repair(title, .unsafe, own.valueSpan, value) }
    let heirs = layers.filter {
      component($0)?.isInherited == true && component($0)?.valueSpan == own.valueSpan
    }
    let names = Set(departing.map(\.layer.name))
    if heirs.count > 1, heirs.allSatisfy({ names.contains($0.name) }) {
      return Repair(title, .unsafe, own.valueSpan, value)
    }
    let edit = stage.layer.main.written?.insertion(of: option, value)
    return edit.map { Repair(title, .unsafe, [$0]) }
  }

  /// Writes another value where an option's stands; nil where other layers take it from there too.
  func repair(
    _ title: String, at span: SourceSpan?, _ value: String, of departing: [SourceSpan],
    among all: [SourceSpan]
  ) -> Repair? {
    guard let span, departing.count(where: { $0 == span }) == all.count(where: { $0 == span })
    else { return nil }
    return Repair(title, .unsafe, span, value)
  }

  /// Whether all layers that a loop makes of one entry are among the departing ones.
  private func isWhole(_ departing: [SourceSpan], containing span: SourceSpan) -> Bool {
    departing.count { $0 == span } == layers.count { $0.main.span == span }
  }
}

extension Spec {
  var outlines: [NetworkOutline] { NetworkRole.allCases.map { NetworkOutline(network($0)) } }
}

extension LayerKind {
  /// Whether a branch of a residual block may end with it, after its last layer with weights.
  fileprivate var keepsBranch: Bool { role == .pooling || role == .upsampling || role == .noise }
}

extension LayerSpec.Component {
  /// The value of a numeric option.
  func number(_ option: String) -> Double? { self[option].flatMap(Double.init) }

  /// Where the value of an option stands, or the component where it is a default.
  func span(of option: String) -> SourceSpan { writtenSpan(of: option) ?? span }
}
