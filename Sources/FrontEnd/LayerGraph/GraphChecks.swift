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
      var causes = ShapeCauses(beside: [spec.image.span])
      for key in ["size", "channels"] { causes.add(key, in: "image", of: spec) }
      return Diagnostic(
        ShapeCode.tooLarge, "an image of \(image) has more than 2^31 numbers",
        at: spec.image.span, secondary: causes.labels)
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
      switch spec.objective.loss {
      case .reconstruction:
        if network.output != .vector(spec.latent.size) { problems.append(noCode(from: network)) }
      case .classification:
        if let problem = noClasses(from: network) { problems.append(problem) }
      case .minimax, .leastSquares, .wasserstein, .hinge, .relativisticAverage:
        if network.output.count != 1 { problems.append(notOneNumber(from: network)) }
      }
    }
    return problems
  }

  /// Of images: grey, grey with alpha, colour, colour with alpha.
  private var usualChannels: ClosedRange<Int> { 1...4 }

  /// T401, at the layer that cannot continue.
  func refusal(
    _ problem: ShapeProblem, by component: LayerSpec.Component, of entry: LayerSpec,
    after network: NetworkGraph
  ) -> Diagnostic {
    let source = network.nodes.last.map(entrySpan) ?? inputSpan(of: network.role)
    let secondary =
      source == component.span
      ? [] : [Diagnostic.Label(span: source, text: "\(network.output) comes from here")]
    var causes = ShapeCauses(beside: [component.span] + secondary.map(\.span))
    causes.add(loopsAround: entry)
    causes.add(problem.options, of: component)
    causes.add(changesIn: network, of: spec)
    switch network.role {
    case .generator: causes.add(firstMapsOf: network, in: spec)
    case .discriminator: causes.add("size", in: "image", of: spec)
    }
    var notes: [String] = []
    if !network.nodes.isEmpty { notes.append("shapes up to here: \(network.chain)") }
    let sizes: String? =
      switch network.role {
      case .generator: nil
      case .discriminator: FittingSizes(spec).help
      }
    let ways = problem.help + (sizes.map { [$0] } ?? [])
    var help =
      ways.isEmpty && network.role == .discriminator && problem.options.contains("padding")
      ? [newSpecHelp].compactMap(\.self) : ways
    if !usualChannels.contains(spec.image.channels) {
      help.append(
        "`size` is [height, width], and `channels` 1 for grey or 3 for colour; "
          + "\(spec.image.channels) is unusual")
    }
    return Diagnostic(
      ShapeCode.layerRefusesInput,
      "`\(component.kind.rawValue)` cannot take \(network.output): \(problem.message)",
      at: component.span, secondary: secondary + causes.labels, notes: notes,
      help: help)
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
    var causes = ShapeCauses(beside: [spec.train.batchSpan, largest.span])
    causes.add("batch", in: "train", of: spec)
    causes.add(SizeLimit.sizeOptions, of: largest, in: spec)
    return Diagnostic(
      ShapeCode.tooLarge,
      "a batch of \(batch) images of \(largest.output) has more than 2^31 numbers",
      at: spec.train.batchSpan,
      secondary: [.init(span: largest.span, text: "\(largest.output) comes out here")]
        + causes.labels,
      help: ["a batch of \(SizeLimit.elements / largest.output.count) is possible"])
  }

  /// T404, for all layers together.
  private func tooManyParameters(in network: NetworkGraph) -> Diagnostic? {
    let count = network.parameterCount
    let largest = network.nodes.max { $0.parameterCount < $1.parameterCount }
    guard count > SizeLimit.elements, let largest else { return nil }
    var causes = ShapeCauses(beside: [largest.span])
    causes.add(SizeLimit.sizeOptions + ["kernel"], of: largest, in: spec)
    return Diagnostic(
      ShapeCode.tooLarge,
      "the \(network.role.rawValue) has \(count) parameters, more than 2^31", at: largest.span,
      label: "the most, \(largest.parameterCount), are here", secondary: causes.labels)
  }

  /// T405.
  private func normsOfOneNumber(in network: NetworkGraph) -> [Diagnostic] {
    let train = spec.train
    return network.nodes.compactMap { node in
      guard let norm = node.layer.batchNormalization else { return nil }
      let shards = norm.extent == .all ? 1 : train.shards
      let images = train.batch / shards / train.accumulate
      guard norm.sampleCount(for: node.input, batch: images) < 2 else { return nil }
      let isCut = images < train.batch
      var causes = ShapeCauses(beside: [node.span, spec.train.batchSpan])
      causes.add("batch", in: "train", of: spec)
      let isInEntry = spec.network(network.role).layers[node.entry].norm?.isInherited != true
      return Diagnostic(
        ShapeCode.normOfOneNumber,
        "batchnorm of \(node.input) in a \(isCut ? "part of one image" : "batch of \(images)") takes the "
          + "mean of a single number",
        at: isInEntry ? node.span : entrySpan(of: node),
        secondary: (isInEntry ? [] : [.init(span: node.span, text: "the batchnorm from here")])
          + [.init(span: spec.train.batchSpan, text: isCut ? train.parts : "one image in a batch")]
          + causes.labels,
        help: (shards > 1 ? ["`over: all` takes the mean over all shards"] : [])
          + [
            isCut ? "more images in a batch, or fewer parts" : "a batch of 2 or more",
            "`norm: layer` does not depend on the batch",
          ])
    }
  }
}

extension TrainSpec {
  /// How a batch of single images is cut.
  fileprivate var parts: String {
    let cuts = [("shards", shards), ("accumulate", accumulate)].filter { $0.1 > 1 }
    return "one image in each part: " + cuts.map { "`\($0): \($1)`" }.joined(separator: " and ")
  }
}
