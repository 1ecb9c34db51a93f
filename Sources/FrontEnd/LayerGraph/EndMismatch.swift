import Diagnostics
import Layers
import Spec

/// What is said where the end of a network is not what it should be.
extension GraphChecks {
  /// T402, at the layer that makes the wrong size or number of channels.
  func imageMismatch(of network: NetworkGraph) -> Diagnostic {
    let made = network.output
    let hasRightSize = made.size == image.size
    let culprit = hasRightSize ? network.lastNode(changing: \.channels) : network.nodes.last
    let span = culprit.map { node in
      hasRightSize ? optionSpan(["filters", "to"], of: node) : entrySpan(of: node)
    }
    var causes = ShapeCauses(beside: [span ?? spec.generator.span, spec.image.span])
    if hasRightSize {
      if let culprit { causes.add(["filters", "to"], of: culprit, in: spec) }
      causes.add("channels", in: "image", of: spec)
    } else {
      causes.add(changesIn: network, of: spec)
      causes.add("size", in: "image", of: spec)
      causes.add(firstMapsOf: network, in: spec)
      causes.add(loopsOf: spec.generator)
    }
    return Diagnostic(
      ShapeCode.imageMismatch, "the generator makes \(made.words), the image is \(image)",
      at: span ?? spec.generator.span,
      label: hasRightSize ? "\(made.channels) channels are made here" : "\(made) comes out here",
      secondary: [
        .init(
          span: spec.image.span,
          text: hasRightSize
            ? "\(image) is required here"
            : "\(spec.image.height) × \(spec.image.width) is required here")
      ] + causes.labels, notes: network.nodes.isEmpty ? [] : ["shapes: \(network.chain)"],
      help: imageHelp(for: network))
  }

  /// T403, at the last layer.
  func notOneNumber(from network: NetworkGraph) -> Diagnostic {
    let made = network.output
    let last = network.nodes.last { $0.kind.role == .weighted }
    var help = ["a last `linear: {units: 1}` makes one number of it"]
    if case .maps(_, let height, let width) = made, height == width, height <= 16 {
      help.append("so does `conv: {filters: 1, kernel: \(height), padding: 0}`")
    }
    if let last, made.size == (1, 1) {
      help = ["`\(last.kind == .conv ? "filters" : "units"): 1` makes one number"]
    }
    var causes = ShapeCauses(
      beside: [network.nodes.last.map(entrySpan) ?? spec.discriminator.span])
    if let last, made.size == (1, 1) {
      causes.add(["units", "filters"], of: last, in: spec)
    } else {
      causes.add(changesIn: network, of: spec)
      causes.add("size", in: "image", of: spec)
    }
    return Diagnostic(
      ShapeCode.notOneNumber,
      "the discriminator makes \(made.words), it must end in one number",
      at: network.nodes.last.map(entrySpan) ?? spec.discriminator.span,
      label: "\(made) comes out here", secondary: causes.labels,
      notes: network.nodes.isEmpty ? [] : ["shapes: \(network.chain)"], help: help)
  }

  // MARK: What would help

  private func imageHelp(for network: NetworkGraph) -> [String] {
    let made = network.output
    guard case .maps(let channels, let height, let width) = made else {
      return made.count == image.count
        ? ["`reshape: {to: [\(image.list)]}` makes the image of it"]
        : ["`project` makes maps of a vector, and `conv_transpose` makes them larger"]
    }
    var help: [String] = []
    if let steps = doublings(from: made.size, to: image.size) {
      help.append(
        steps == 1
          ? "one more stride-2 conv_transpose doubles the size"
          : "\(steps) more stride-2 conv_transpose layers make it \(1 << steps) times as large")
    } else if let steps = doublings(from: image.size, to: made.size),
      steps <= network.nodes.count(where: { $0.kind == .convTranspose })
    {
      help.append(
        steps == 1
          ? "one stride-2 conv_transpose fewer halves the size"
          : "\(steps) stride-2 conv_transpose layers fewer make it \(1 << steps) times smaller")
    } else if let start = startHelp(for: network, height: height, width: width) {
      help.append(start)
    } else if made.size != image.size, let sizes = FittingSizes(spec).help {
      help.append(sizes)
    }
    if channels != spec.image.channels {
      help.append("`filters: \(spec.image.channels)` in the last layer makes the image's channels")
    }
    return help
  }

  /// The first maps that the layers after them would make the image of.
  private func startHelp(for network: NetworkGraph, height: Int, width: Int) -> String? {
    guard let start = network.firstMaps, network.output.size != image.size,
      height % start.height == 0, width % start.width == 0
    else { return nil }
    let (growth, sidewaysGrowth) = (height / start.height, width / start.width)
    guard growth > 0, sidewaysGrowth > 0, spec.image.height % growth == 0,
      spec.image.width % sidewaysGrowth == 0
    else { return nil }
    let wanted = "\(spec.image.height / growth) × \(spec.image.width / sidewaysGrowth)"
    return "start from \(wanted) maps instead of \(start.height) × \(start.width)"
  }

  /// How many doublings lead from one size to the other, 1 or more; nil where none do.
  private func doublings(from small: (Int, Int), to large: (Int, Int)) -> Int? {
    guard large.0 > small.0, large.0 % small.0 == 0 else { return nil }
    let factor = large.0 / small.0
    guard factor.nonzeroBitCount == 1, small.1 * factor == large.1 else { return nil }
    return factor.trailingZeroBitCount
  }

  // MARK: Where to point

  func entrySpan(of node: LayerNode) -> SourceSpan {
    spec.entry(of: node)?.main.span ?? node.span
  }

  private func optionSpan(_ options: [String], of node: LayerNode) -> SourceSpan {
    let main = spec.entry(of: node)?.main
    return options.compactMap { main?.writtenSpan(of: $0) }.first ?? node.span
  }
}

extension Spec {
  /// The entry that a node is part of.
  func entry(of node: LayerNode) -> LayerSpec? {
    let layers = NetworkRole.allCases.map { network($0) }.first {
      node.path.hasPrefix($0.role.rawValue + ".")
    }?.layers
    return layers?[node.entry]
  }
}

extension NetworkGraph {
  fileprivate func lastNode(changing value: (FeatureShape) -> Int) -> LayerNode? {
    nodes.last { $0.kind.role == .weighted || value($0.input) != value($0.output) }
  }

  /// The first maps that flow.
  fileprivate var firstMaps: (height: Int, width: Int)? {
    for node in nodes {
      if case .maps(_, let height, let width) = node.output { return (height, width) }
    }
    return nil
  }
}

extension FeatureShape {
  /// Height and width; 1 × 1 for a vector.
  fileprivate var size: (Int, Int) { (asMaps.height, asMaps.width) }

  /// As in "the generator makes …".
  fileprivate var words: String {
    switch self {
    case .vector(let size): size == 1 ? "one number" : "a vector of \(size) numbers"
    case .maps: description
    }
  }

  fileprivate var list: String {
    let (channels, height, width) = asMaps
    return "\(channels), \(height), \(width)"
  }
}
