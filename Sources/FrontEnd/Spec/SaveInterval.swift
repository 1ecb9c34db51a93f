import Decoding
import Diagnostics

/// How often a training writes a checkpoint between the ends of epochs.
public struct SaveInterval: Hashable, Sendable {
  /// Nil for never.
  public let seconds: Int?

  public init(seconds: Int?) { self.seconds = seconds }

  private static let units = [("s", 1), ("min", 60), ("h", 3600)]
  private static let longest = 1_000_000

  /// As in `5 min`, `30 s`, `2 h` or `off`; nil for all else.
  public init?(_ text: String) {
    if text == "off" {
      seconds = nil
      return
    }
    let digits = text.prefix { ("0"..."9").contains($0) }
    let unit = text.dropFirst(digits.count).drop { $0 == " " }
    guard let count = Int(digits), (1...Self.longest).contains(count),
      let factor = Self.units.first(where: { $0.0 == unit })?.1
    else { return nil }
    seconds = count * factor
  }
}

extension SaveInterval: CustomStringConvertible {
  public var description: String {
    guard let seconds else { return "off" }
    let unit = Self.units.last { seconds % $0.1 == 0 } ?? ("s", 1)
    return "\(seconds / unit.1) \(unit.0)"
  }
}

extension SaveInterval {
  /// Reads `save_every: 5 min`, which is the default.
  init(reading train: inout OptionReader) {
    let usual = SaveInterval(seconds: 300)
    let text = train.text(
      "save_every", default: "\(usual)",
      help: "time between checkpoints within an epoch, such as 30 s, 5 min or 1 h; or off")
    guard let interval = SaveInterval(text) else {
      if train.has("save_every"), !text.isEmpty {
        train.report(
          .wrongForm(
            "`save_every` must be a time, found \(text.quotedExcerpt)",
            at: train.span(of: "save_every"), help: ["write a time such as `5 min`, or `off`"]))
      }
      self = usual
      return
    }
    self = interval
  }
}
