import LayerGraph
import Spec

extension LayerGraph {
  /// A picture of both networks for browsers; it follows their light and dark mode.
  public func svg(title: String) -> String { Figure(self, title: title).svg }
}

extension Figure {
  var svg: String {
    let size = "\(width.rounded(.up).svg) \(height.rounded(.up).svg)"
    let sides = size.split(separator: " ")
    var lines = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(size)\" width=\"\(sides[0])\" "
        + "height=\"\(sides[1])\" role=\"img\">",
      "<title>\(title.escaped)</title>",
      "<style>", Self.styleSheet, "</style>",
      "<rect class=\"paper\" width=\"100%\" height=\"100%\"/>",
    ]
    lines += items.map(\.svg)
    return (lines + ["</svg>"]).joined(separator: "\n")
  }

  /// Colours stand here only; those of dark mode come after the light ones that they replace.
  private static let styleSheet = """
    text { font-family: Helvetica, Arial, "Liberation Sans", sans-serif; fill: #1f2328 }
    .middle { text-anchor: middle }
    \(FigureText.Style.allCases.map(\.rule).joined(separator: "\n"))
    .word, .caption { fill: #59636e }
    .labels { fill: #8250df }
    .paper { fill: #ffffff }
    polygon, line { stroke-linejoin: round; stroke-width: 0.8 }
    .g-front { fill: #6d9fde; stroke: #2d5f9f }
    .g-top { fill: #a9c9f2; stroke: #2d5f9f }
    .g-side { fill: #4a7fc4; stroke: #2d5f9f }
    .d-front { fill: #eda85f; stroke: #96591b }
    .d-top { fill: #f8cf9d; stroke: #96591b }
    .d-side { fill: #d18a3c; stroke: #96591b }
    .vector { fill: #9aa5b1; stroke: #59636e }
    .sheet { stroke: #1f2328; stroke-opacity: 0.22 }
    .patch { fill: #ffffff; fill-opacity: 0.55; stroke: #1f2328 }
    .ray { stroke: #59636e; stroke-dasharray: 3 2 }
    .edge { stroke: #1f2328; stroke-width: 3; stroke-linecap: round }
    .fan { fill: #8c959f; fill-opacity: 0.18; stroke: none }
    .point { fill: #1f2328 }
    @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    .word, .caption { fill: #9da7b3 }
    .labels { fill: #c297ff }
    .paper { fill: #0d1117 }
    .ray { stroke: #d1d9e0 }
    .g-front { fill: #3f72b5; stroke: #9cc2f0 }
    .g-top { fill: #6b9bd8; stroke: #9cc2f0 }
    .g-side { fill: #2f5c99; stroke: #9cc2f0 }
    .d-front { fill: #b06c25; stroke: #f2bf85 }
    .d-top { fill: #d5984f; stroke: #f2bf85 }
    .d-side { fill: #8a5117; stroke: #f2bf85 }
    .edge { stroke: #e6edf3 }
    .vector { fill: #7d8792; stroke: #b1bac4 }
    .point { fill: #e6edf3 }
    }
    """
}

extension FigureText.Style {
  fileprivate var rule: String {
    ".\(rawValue) { font-size: \(size.svg)px\(isBold ? "; font-weight: bold" : "") }"
  }
}

extension FigureItem {
  fileprivate var svg: String {
    switch self {
    case .polygon(let points, let style):
      let list = points.map { "\($0.x.svg),\($0.y.svg)" }.joined(separator: " ")
      return "<polygon class=\"\(style.rawValue)\" points=\"\(list)\"/>"
    case .line(let from, let to, let style):
      return "<line class=\"\(style.rawValue)\" x1=\"\(from.x.svg)\" y1=\"\(from.y.svg)\" "
        + "x2=\"\(to.x.svg)\" y2=\"\(to.y.svg)\"/>"
    case .dot(let centre, let radius, let style):
      return "<circle class=\"\(style.rawValue)\" cx=\"\(centre.x.svg)\" cy=\"\(centre.y.svg)\" "
        + "r=\"\(radius.svg)\"/>"
    case .text(let text):
      let classes = text.style.rawValue + (text.isCentred ? " middle" : "")
      return "<text class=\"\(classes)\" x=\"\(text.anchor.x.svg)\" y=\"\(text.anchor.y.svg)\">"
        + "\(text.text.escaped)</text>"
    }
  }
}

extension Double {
  /// With one digit after the point where it needs one.
  fileprivate var svg: String {
    let tenths = Int((self * 10).rounded())
    let (whole, rest) = (tenths.magnitude / 10, tenths.magnitude % 10)
    return (tenths < 0 ? "-" : "") + "\(whole)" + (rest == 0 ? "" : ".\(rest)")
  }
}

extension String {
  fileprivate var escaped: String {
    var text = ""
    for character in self {
      switch character {
      case "&": text += "&amp;"
      case "<": text += "&lt;"
      case ">": text += "&gt;"
      case "\"": text += "&quot;"
      default: text.append(character)
      }
    }
    return text
  }
}
