import Diagnostics
import Files
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

  /// T407, at the last layer.
  func noCode(from network: NetworkGraph) -> Diagnostic {
    let wanted = spec.latent.size
    return Diagnostic(
      ShapeCode.noCode,
      "the discriminator makes \(network.output.words), the codes of `latent` have "
        + "\(wanted.counted("number"))",
      at: network.nodes.last.map(entrySpan) ?? spec.discriminator.span,
      label: "\(network.output) comes out here",
      notes: network.nodes.isEmpty ? [] : ["shapes: \(network.chain)"],
      help: ["a last `linear: {units: \(wanted)}` makes such a code"])
  }

  /// T408: what keeps the network from telling the classes.
  func noClasses(from network: NetworkGraph) -> Diagnostic? {
    let end = network.nodes.last.map(entrySpan) ?? spec.discriminator.span
    guard let condition = spec.condition else {
      return Diagnostic(
        ShapeCode.noClasses, "`classification` has no classes to tell",
        at: spec.objective.span,
        help: ["write `condition: {classes: 10}`, as many as the data have"])
    }
    if let told = network.nodes.first(where: \.joinsLabels) {
      return Diagnostic(
        ShapeCode.noClasses, "the classifier is told the class that it is to tell",
        at: condition.join == nil ? told.span : condition.joinSpan,
        help: ["remove \(condition.join == nil ? "this layer" : "`join`")"])
    }
    if let last = network.nodes.last, last.kind.role == .activation {
      return Diagnostic(
        ShapeCode.noClasses,
        "the classifier ends in `\(last.kind.rawValue)`, and its loss takes the softmax of numbers "
          + "of any size",
        at: last.span, help: ["write `activation: none` in the last layer"])
    }
    guard network.output.count != condition.classes else { return nil }
    return Diagnostic(
      ShapeCode.noClasses,
      "the classifier makes \(network.output.words), and there are "
        + "\(condition.classes.counted("class", "classes"))",
      at: end, label: "\(network.output) comes out here",
      secondary: [.init(span: condition.span, text: "\(condition.classes) classes are named here")],
      notes: network.nodes.isEmpty ? [] : ["shapes: \(network.chain)"],
      help: ["a last `linear: {units: \(condition.classes)}` makes a number for each class"])
  }

  /// T403, at the last layer.
  func notOneNumber(from network: NetworkGraph) -> Diagnostic {
    let made = network.output
    let last = network.nodes.last { $0.kind.role == .weighted }
    var help: [String]
    if case .maps(1, let height, let width) = made, height > 1 || width > 1 {
      help = shrinkHelp(from: (height, width), of: network)
    } else {
      help = ["a last `linear: {units: 1}` makes one number of it"]
      if case .maps(_, let height, let width) = made, height == width, height <= 16 {
        help.append("so does `conv: {filters: 1, kernel: \(height), padding: 0}`")
      }
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

  /// The network ends in one channel already: what is missing stands before its last layer.
  private func shrinkHelp(from size: (Int, Int), of network: NetworkGraph) -> [String] {
    let steps = network.nodes.filter { $0.kind == .conv }
    let last = steps.last?.input.asMaps
    if let last, last.height == last.width, size.0 == size.1 {
      // The last layer takes 4 × 4 where it makes one number of it.
      let window = last.height - size.0 + 1
      if window > 1, last.height > window, (last.height / window).nonzeroBitCount == 1,
        last.height % window == 0
      {
        let count = (last.height / window).trailingZeroBitCount
        return [
          "\(count.counted("more stride-2 conv layer")) before the last one "
            + "\(count == 1 ? "halves" : "halve") the maps to \(window) × \(window), and it makes "
            + "one number of them"
        ]
      }
    }
    return [
      "more stride-2 layers before the last one make its maps smaller, or "
        + "`linear: {units: 1}` in its place makes one number of them"
    ]
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
    } else if made.size != image.size, let odd = oddLayerHelp(for: network) {
      help.append(odd)
    } else if made.size != image.size {
      help += [FittingSizes(spec).help, newSpecHelp].compactMap(\.self)
    }
    if channels != spec.image.channels {
      help.append("`filters: \(spec.image.channels)` in the last layer makes the image's channels")
    }
    return help
  }

  /// The one layer that does not multiply the maps by its stride, where all others do.
  private func oddLayerHelp(for network: NetworkGraph) -> String? {
    // A layer that makes the first maps of a vector grows by more than its stride.
    let layers = network.nodes.filter {
      $0.kind == .convTranspose && $0.input.size != (1, 1)
    }
    func isExact(_ node: LayerNode) -> Bool {
      guard let stride = spec.entry(of: node)?.main["stride"].flatMap({ Int($0) }) else {
        return true
      }
      let (input, output) = (node.input.asMaps, node.output.asMaps)
      return output.height == input.height * stride && output.width == input.width * stride
    }
    let odd = layers.filter { !isExact($0) }
    guard odd.count == 1, layers.count > 1, let entry = spec.entry(of: odd[0])?.main,
      let kernel = entry["kernel"].flatMap({ Int($0) }),
      let stride = entry["stride"].flatMap({ Int($0) }), kernel >= stride,
      (kernel - stride) % 2 == 0
    else { return nil }
    let (input, output) = (odd[0].input.asMaps, odd[0].output.asMaps)
    return "`\(entry.kind.rawValue)` in line \(entry.span.start.line) makes \(output.height) × "
      + "\(output.width) of \(input.height) × \(input.width); with "
      + "`padding: \((kernel - stride) / 2)` it multiplies the size by \(stride), as the others do"
  }

  /// The way out that is always there, for sizes that stride-2 layers can make.
  var newSpecHelp: String? {
    let (height, width) = (spec.image.height, spec.image.width)
    guard height % 2 == width % 2, min(height, width) > 2 else { return nil }
    let size = height == width ? "\(height)" : "\(height)x\(width)"
    return
      "`dcgan-compile new --size \(size) --channels \(spec.image.channels)` writes networks for "
      + "this size"
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
    let layers = roles.map { network($0) }.first {
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
