import Decoding
import Diagnostics
import Program

/// What an earlier layer of the same network has given, by its name in the spec, or as `-3` for the
/// third entry before: a `repeat` has no names.
///
/// `input` is what the network itself reads. With `add`, `concatenate` and `take` a list of layers
/// says any network without cycles.
package struct EarlierLayer: Sendable {
  let name: String
  /// The option that holds it.
  private let key: String

  package static let input = "input"

  static let help =
    "the name of the earlier layer, -3 for the third before this one, or input"

  init(reading options: inout OptionReader, key: String = "from", help: String = Self.help) {
    self.key = key
    name = options.text(key, bare: true, help: help)
  }

  /// The name of the entry that is meant; `-1` is the one right before.
  fileprivate func entry(in context: LayerContext) -> String {
    guard let distance = Int(name), distance < 0, -distance <= context.entries.count else {
      return name
    }
    return context.entries[context.entries.count + distance]
  }

  func shape(in context: LayerContext) throws(ShapeProblem) -> FeatureShape {
    if let shape = context.earlier[entry(in: context)] { return shape }
    let known = context.earlier.keys.sorted()
    if let distance = Int(name), distance < 0 {
      throw ShapeProblem(
        "`\(name)` would be before the first layer",
        help: ["write `input` for what the network reads"],
        options: [key])
    }
    throw ShapeProblem(
      "no layer before it is called \(name.quotedExcerpt)",
      help: [
        known.nearest(to: name).map { "did you mean `\($0)`?" }
          ?? "give the layer a name: `- conv: {name: \(name.isEmpty ? "a" : name), …}`; here are known: "
          + known.map { "`\($0)`" }.joined(separator: ", ")
      ], options: [key])
  }

  func value(in lowering: Lowering) -> Value {
    guard let value = lowering.earlier[entry(in: lowering.context)] else {
      preconditionFailure("no value of \(name): outputShape(for:) must have refused it")
    }
    return value
  }
}

/// A layer that reads what an earlier layer has given.
package protocol JoiningLayer: Layer {
  /// The name of the earlier layer's entry.
  func joined(in context: LayerContext) -> String
}

/// Adds what an earlier layer has given: a skip connection, the heart of a residual block.
///
/// Shape: unchanged, and that of the earlier layer. Source: He et al. 2016, equation 1.
package struct Add: JoiningLayer {
  fileprivate let earlier: EarlierLayer

  package func joined(in context: LayerContext) -> String { earlier.entry(in: context) }
  /// What the sum is multiplied by; 1/√2 keeps the variance.
  package let scale: Double

  package static let summary = "adds what an earlier layer has given: a skip connection"
  package static let source = "He et al. 2016, equation 1"

  package init(reading options: inout OptionReader) {
    earlier = EarlierLayer(reading: &options)
    scale = options.number(
      "scale", default: 1, in: NumberRange(0...1_000), help: "what the sum is multiplied by")
  }

  package func outputShape(
    for input: FeatureShape, _ context: LayerContext
  ) throws(ShapeProblem) -> FeatureShape {
    let other = try earlier.shape(in: context)
    guard other == input else {
      let (here, there) = (input.asMaps, other.asMaps)
      let sameSize = (here.height, here.width) == (there.height, there.width)
      throw ShapeProblem(
        "\(earlier.name.quotedExcerpt) gives \(other), which has another shape",
        help: [
          sameSize
            ? "name this way, go back with `take: \(earlier.name)`, let `conv: {filters: "
              + "\(here.channels), kernel: 1}` follow, and `add` the way that you have named"
            : "choose a layer that gives \(here.height) × \(here.width) maps, or go back with `take: "
              + "\(earlier.name)` and bring it to that size"
        ], options: ["from"])
    }
    return input
  }

  package func lower(_ x: Value, into lowering: inout Lowering) -> Value {
    let sum = lowering.program.add(x, earlier.value(in: lowering))
    return scale == 1 ? sum : lowering.program.scale(sum, by: scale)
  }

  package static let sample = LayerSample(
    yaml: "add: {from: input, scale: 0.5}", input: .maps(channels: 2, height: 2, width: 2))
}

/// Appends the channels of an earlier layer.
///
/// Input  [N, H, W, C] and [N, H, W, D], or [N, C] and [N, D]
/// Output [N, H, W, C + D], or [N, C + D]. Source: Ronneberger et al. 2015, section 2.
package struct Concatenate: JoiningLayer {
  fileprivate let earlier: EarlierLayer

  package func joined(in context: LayerContext) -> String { earlier.entry(in: context) }

  package static let summary = "appends the channels of an earlier layer"
  package static let source = "Ronneberger et al. 2015, section 2"

  package init(reading options: inout OptionReader) {
    earlier = EarlierLayer(reading: &options)
  }

  package func outputShape(
    for input: FeatureShape, _ context: LayerContext
  ) throws(ShapeProblem) -> FeatureShape {
    let other = try earlier.shape(in: context)
    switch (input, other) {
    case (.vector(let a), .vector(let b)): return try .vector(a + b).checked()
    case (.maps(let a, let height, let width), .maps(let b, let otherHeight, let otherWidth))
    where (height, width) == (otherHeight, otherWidth):
      return try .maps(channels: a + b, height: height, width: width).checked()
    default:
      throw ShapeProblem(
        "\(earlier.name.quotedExcerpt) gives \(other), which cannot stand beside it",
        help: ["only the number of channels may differ"], options: ["from"])
    }
  }

  package func lower(_ x: Value, into lowering: inout Lowering) -> Value {
    let other = earlier.value(in: lowering)
    return lowering.program.concatenate(
      [x, other], axis: lowering.program.shape(of: x).rank - 1)
  }

  package static let sample = LayerSample(
    yaml: "concatenate: input", input: .maps(channels: 2, height: 2, width: 2))
}

/// Goes back to what an earlier layer has given, for a second way on from there.
///
/// Shape: that of the earlier layer, whatever comes in.
package struct Take: JoiningLayer {
  fileprivate let earlier: EarlierLayer

  package func joined(in context: LayerContext) -> String { earlier.entry(in: context) }

  package static let summary = "goes back to what an earlier layer has given"

  package init(reading options: inout OptionReader) {
    earlier = EarlierLayer(reading: &options)
  }

  package func outputShape(
    for input: FeatureShape, _ context: LayerContext
  ) throws(ShapeProblem) -> FeatureShape {
    try earlier.shape(in: context)
  }

  package func lower(_ x: Value, into lowering: inout Lowering) -> Value {
    earlier.value(in: lowering)
  }

  package static let sample = LayerSample(
    yaml: "take: input", input: .maps(channels: 2, height: 2, width: 2))
}
