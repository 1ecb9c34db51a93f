import Decoding
import Diagnostics
import Layers

/// Pixels: their number and the range of their values.
public struct ImageSpec: Hashable, Sendable {
  /// From 1 to 4096, as is the width.
  public let height: Int
  public let width: Int
  /// From 1 to 4096; 3 by default.
  public let channels: Int
  /// What black and white are for the networks: [−1, 1] (the default) or [0, 1] as a rule.
  public let range: ClosedRange<Double>
  /// Where the size stands.
  public let span: SourceSpan
  public let rangeSpan: SourceSpan

  /// The range as programs compute with it.
  public var pixelRange: ClosedRange<Float> {
    Float(range.lowerBound)...Float(range.upperBound)
  }
}

extension ImageSpec {
  /// Reads `image: {size: 64 | [height, width], channels: 3, range: [-1, 1]}`.
  init(reading spec: inout OptionReader) {
    guard var options = spec.nested("image", required: true, help: "the images to make") else {
      self.init(
        height: 64, width: 64, channels: 3, range: -1...1, span: spec.span, rangeSpan: spec.span)
      return
    }
    let size =
      options.integers(
        "size", counts: [1, 2], in: 1...SizeLimit.imageSide,
        help: "pixels: one side, or [height, width]") ?? [64]
    let channels =
      options.channelsInWords()
      ?? options.integer("channels", default: 3, in: 1...4096, help: "1 for grey, 3 for colour")
    let range = options.numbers(
      "range", count: 2, in: NumberRange(-1_000_000...1_000_000),
      help: "the values of black and white; [-1, 1] fits tanh, [0, 1] fits sigmoid"
    )
    let rangeSpan = options.span(of: "range")
    if let range, range[0] >= range[1] {
      options.report(.reversedRange(range, at: rangeSpan))
    }
    self.init(
      height: size[0], width: size[size.count - 1], channels: channels,
      range: range.flatMap { $0[0] < $0[1] ? $0[0]...$0[1] : nil } ?? -1...1,
      span: options.span(of: "size"), rangeSpan: rangeSpan)
    spec.absorb(options)
  }
}

extension OptionReader {
  /// What other tools write for the number of channels: reported; nil for all else.
  fileprivate mutating func channelsInWords() -> Int? {
    let words = [
      "rgb": 3, "bgr": 3, "color": 3, "colour": 3, "gray": 1, "grey": 1, "grayscale": 1,
      "greyscale": 1, "l": 1, "mono": 1, "rgba": 4,
    ]
    guard case .scalar(let word) = written("channels"), let count = words[word.text.lowercased()]
    else { return nil }
    _ = node("channels")
    report(
      Diagnostic(
        OptionCode.notANumber, "`channels` must be a number, found \(word.text.quotedExcerpt)",
        at: word.span, repairs: [Repair("write `\(count)`", .safe, word.span, "\(count)")]))
    return count
  }
}

extension Diagnostic {
  fileprivate static func reversedRange(_ range: [Double], at span: SourceSpan) -> Diagnostic {
    Diagnostic(
      SpecCode.emptyRange,
      "the range of pixels goes from low to high, not from "
        + "\(range[0].yamlText) to \(range[1].yamlText)",
      at: span, repairs: [Repair("write `[-1, 1]`, the range of tanh", .safe, span, "[-1, 1]")])
  }
}
