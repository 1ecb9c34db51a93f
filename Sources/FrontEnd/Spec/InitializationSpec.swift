import Decoding
import Diagnostics
import Document

/// How trained tensors start: normal distributions.
///
/// Biases and shifts start at 0.
public struct InitializationSpec: Hashable, Sendable {
  /// N(0, 0.02) by default.
  public let weight: Normal
  /// The scale of norms: N(1, 0.02) by default.
  public let normScale: Normal
  public let weightSpan: SourceSpan

  /// The deviation is a standard deviation, 0 or more.
  public struct Normal: Hashable, Sendable {
    public let mean: Double
    public let deviation: Double
  }
}

extension InitializationSpec {
  /// Reads `init: {weight: {normal: 0.02}, norm_scale: {normal: [1, 0.02]}}`.
  init(reading spec: inout OptionReader) {
    var options = spec.section("init", help: "how trained tensors start")
    let weight = Normal(reading: &options, key: "weight", mean: 0, help: "weights of all layers")
    let normScale = Normal(
      reading: &options, key: "norm_scale", mean: 1, help: "the scale that norms learn")
    self.init(weight: weight, normScale: normScale, weightSpan: options.span(of: "weight"))
    spec.absorb(options)
  }
}

extension InitializationSpec.Normal {
  /// Standard deviation where none is written.
  ///
  /// Source: Radford et al. 2015, section 4.
  private static let paperDeviation = 0.02

  private static let means = NumberRange(-1_000...1_000)
  private static let deviations = NumberRange(0...1_000)
  private static let form = ValueForm.anyOf([
    .number(deviations), .tuple([.number(means), .number(deviations)]),
  ])

  /// Reads `{normal: deviation}` or `{normal: [mean, deviation]}`.
  fileprivate init(
    reading options: inout OptionReader, key: String, mean: Double, help: String
  ) {
    self.init(mean: mean, deviation: Self.paperDeviation)
    let node = options.node(
      key, takes: .named([NamedForm(name: "normal", value: Self.form)]),
      default: "{normal: [\(mean.yamlText), \(Self.paperDeviation)]}", help: help)
    if case .scalar(let scalar) = node, scalar.text != "normal" {
      options.report(
        .wrongForm(
          "`\(key)` names a distribution, found \(scalar.text.quotedExcerpt)", at: scalar.span,
          help: ["write `{normal: 0.02}`"]))
      return
    }
    guard let node, let named = NamedOptions(node, key: key, known: ["normal"], reader: &options)
    else { return }
    switch named.options {
    case nil: break
    case .sequence(let list) where list.items.count == 2:
      let mean = options.number(
        list.items[0], describedAs: "the mean", in: Self.means)
      let deviation = options.number(
        list.items[1], describedAs: "the standard deviation", in: Self.deviations)
      if let mean, let deviation { self.init(mean: mean, deviation: deviation) }
    case .scalar(let scalar):
      if let deviation = options.number(
        .scalar(scalar), describedAs: "the standard deviation", in: Self.deviations)
      {
        self.init(mean: mean, deviation: deviation)
      }
    case .some(let other):
      options.report(
        .wrongForm(
          "`normal` takes a standard deviation or `[mean, deviation]`, found \(other.words)",
          at: other.span))
    }
  }
}
