import Layers
import Spec

/// Looks for image sizes that both networks of a spec can do, near one that they cannot.
///
/// The discriminator must take the size and end in one number; the generator must reach it from
/// other first maps. Layers treat height and width alike, so that each side is tried as a square.
struct FittingSizes {
  private let spec: Spec
  private let classes: Int?
  /// How much larger the generator's image is than its first maps, where that is a whole number.
  private let growth: Growth?
  /// How many layers are still tried: a hostile spec has many.
  private let budget = 100_000

  private struct Growth {
    let height: Int
    let width: Int
  }

  init(_ spec: Spec) {
    self.spec = spec
    classes = spec.condition?.classes
    let shapes = spec.generator.shapes(from: .vector(spec.latent.size), classes: classes)
    let first = shapes?.first { if case .maps = $0 { true } else { false } }
    guard case .maps(_, let height, let width)? = shapes?.last,
      case .maps(_, let firstHeight, let firstWidth)? = first,
      height % firstHeight == 0, width % firstWidth == 0
    else {
      growth = nil
      return
    }
    growth = Growth(height: height / firstHeight, width: width / firstWidth)
  }

  /// As in "the nearest image sizes that fit are 28 × 28 and 32 × 32"; nil where none is found, and where
  /// the size itself fits.
  var help: String? {
    let (height, width) = (spec.image.height, spec.image.width)
    let heights = nearest(to: height, growth: growth?.height)
    let sizes: [(height: Int, width: Int)]
    if height == width, growth?.height == growth?.width {
      sizes = heights.map { ($0, $0) }
    } else {
      let widths = nearest(to: width, growth: growth?.width)
      sizes = heights.flatMap { height in widths.map { (height, $0) } }
    }
    func distance(_ size: (height: Int, width: Int)) -> Int {
      abs(size.height - height) + abs(size.width - width)
    }
    let fitting = sizes.filter { $0 != (height, width) }.sorted {
      (distance($0), $0.height, $0.width) < (distance($1), $1.height, $1.width)
    }
    if fitting.isEmpty { return nil }
    let words = fitting.prefix(Self.mostSizes).map { "\($0.height) × \($0.width)" }
    return words.count == 1
      ? "the nearest image size that fits is \(words[0])"
      : "the nearest image sizes that fit are \(words.dropLast().joined(separator: ", ")) and "
        + words[words.count - 1]
  }

  private static let mostSizes = 3

  /// The side itself where it fits; else the nearest below and above, from half to twice as long.
  private func nearest(to side: Int, growth: Int?) -> [Int] {
    let trials = budget / (spec.discriminator.layers.count + 1) / 2
    func first(_ sides: some Sequence<Int>) -> Int? {
      sides.lazy.filter { $0 % (growth ?? 1) == 0 }.prefix(trials).first(where: isTaken)
    }
    if first([side]) != nil { return [side] }
    return [
      first(stride(from: side - 1, through: max(1, side / 2), by: -1)),
      first(stride(from: side + 1, through: min(2 * side, SizeLimit.imageSide), by: 1)),
    ].compactMap(\.self)
  }

  /// Whether the discriminator makes one number of images of side × side.
  private func isTaken(_ side: Int) -> Bool {
    let image = FeatureShape.maps(channels: spec.image.channels, height: side, width: side)
    return spec.discriminator.shapes(from: image, classes: classes)?.last?.count == 1
  }
}

extension NetworkSpec {
  /// What comes out of each layer; nil where one refuses what it gets.
  fileprivate func shapes(from input: FeatureShape, classes: Int?) -> [FeatureShape]? {
    var shapes: [FeatureShape] = []
    var earlier = ["input": input]
    for (index, layer) in layers.enumerated() {
      for (_, component) in layer.components {
        // Whether a norm follows decides on a bias, and changes no shape.
        let context = LayerContext(
          classes: classes, hasNorm: layer.norm != nil, earlier: earlier,
          entries: layers[..<index].map(\.name))
        // A size that a layer refuses does not fit, whatever the reason.
        guard
          let output = try? component.layer.outputShape(for: shapes.last ?? input, context)
        else { return nil }
        shapes.append(output)
        earlier[layer.name] = output
      }
    }
    return shapes
  }
}
