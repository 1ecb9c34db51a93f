import Diagnostics
import Layers
import Spec

/// What the two networks must make, beyond that each layer fits the one before.
struct GraphChecks {
  let spec: Spec
  let image: FeatureShape
  var classes: Int? { spec.condition?.classes }

  init(_ spec: Spec) {
    self.spec = spec
    image = .maps(
      channels: spec.image.channels, height: spec.image.height, width: spec.image.width)
  }

  func input(of role: NetworkRole) -> FeatureShape {
    switch role {
    case .generator: .vector(spec.latent.size)
    case .discriminator: image
    }
  }

  var imageTooLarge: Diagnostic? {
    do throws(ShapeProblem) {
      _ = try image.checked()
      return nil
    } catch {
      return Diagnostic(
        ShapeCode.tooLarge, "an image of \(image) has more than 2^31 numbers", at: spec.image.span)
    }
  }

  /// All that is wrong with a network whose layers fit.
  func problems(of network: NetworkGraph) -> [Diagnostic] {
    var problems = normsOfOneNumber(in: network)
    if let problem = batchTooLarge(for: network) { problems.append(problem) }
    if let problem = tooManyParameters(in: network) { problems.append(problem) }
    switch network.role {
    case .generator:
      if network.output != image { problems.append(imageMismatch(of: network)) }
    case .discriminator:
      if network.output.count != 1 { problems.append(notOneNumber(from: network)) }
    }
    return problems
  }

  /// T401, at the layer that cannot go on.
  func refusal(
    _ problem: ShapeProblem, by component: LayerSpec.Component, of entry: LayerSpec,
    after network: NetworkGraph
  ) -> Diagnostic {
    let source = network.nodes.last.map(entrySpan) ?? inputSpan(of: network.role)
    let secondary =
      source == component.span
      ? [] : [Diagnostic.Label(span: source, text: "\(network.output) comes from here")]
    var notes: [String] = []
    if !entry.iterations.isEmpty {
      notes.append("in the iteration \(entry.iterations.joined(separator: ", "))")
    }
    if !network.nodes.isEmpty { notes.append("shapes up to here: \(network.chain)") }
    let sizes: String? =
      switch network.role {
      case .generator: nil
      case .discriminator: FittingSizes(spec).help
      }
    return Diagnostic(
      ShapeCode.layerRefusesInput,
      "`\(component.kind.rawValue)` cannot take \(network.output): \(problem.message)",
      at: component.span, secondary: secondary, notes: notes,
      help: problem.help + (sizes.map { [$0] } ?? []))
  }

  private func inputSpan(of role: NetworkRole) -> SourceSpan {
    switch role {
    case .generator: spec.latent.span
    case .discriminator: spec.image.span
    }
  }

  /// T404, for a whole batch.
  private func batchTooLarge(for network: NetworkGraph) -> Diagnostic? {
    let batch = spec.train.batch
    let largest = network.nodes.max { $0.output.count < $1.output.count }
    guard let largest, batch > SizeLimit.elements / largest.output.count else { return nil }
    return Diagnostic(
      ShapeCode.tooLarge,
      "a batch of \(batch) images of \(largest.output) has more than 2^31 numbers",
      at: spec.train.batchSpan,
      secondary: [.init(span: largest.span, text: "\(largest.output) comes out here")],
      help: ["a batch of \(SizeLimit.elements / largest.output.count) is possible"])
  }

  /// T404, for all layers together.
  private func tooManyParameters(in network: NetworkGraph) -> Diagnostic? {
    let count = network.parameterCount
    let largest = network.nodes.max { $0.parameterCount < $1.parameterCount }
    guard count > SizeLimit.elements, let largest else { return nil }
    return Diagnostic(
      ShapeCode.tooLarge,
      "the \(network.role.rawValue) has \(count) parameters, more than 2^31", at: largest.span,
      label: "the most, \(largest.parameterCount), are here")
  }

  /// T405.
  private func normsOfOneNumber(in network: NetworkGraph) -> [Diagnostic] {
    let batch = spec.train.batch
    return network.nodes.compactMap { node in
      guard let norm = node.layer as? BatchNormalization,
        norm.sampleCount(for: node.input, batch: batch) < 2
      else { return nil }
      let isInEntry = spec.network(network.role).layers[node.entry].norm?.isInherited != true
      return Diagnostic(
        ShapeCode.normOfOneNumber,
        "batchnorm of \(node.input) in a batch of \(batch) takes the mean of a single number",
        at: isInEntry ? node.span : entrySpan(of: node),
        secondary: (isInEntry ? [] : [.init(span: node.span, text: "the batchnorm from here")])
          + [.init(span: spec.train.batchSpan, text: "one image in a batch")],
        help: ["a batch of 2 or more", "`norm: layer` does not depend on the batch"])
    }
  }
}
