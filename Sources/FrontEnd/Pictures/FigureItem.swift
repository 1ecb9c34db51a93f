/// A point of a figure, in pixels from its top left corner.
struct Point: Hashable, Sendable {
  let x: Double
  let y: Double

  static func + (point: Point, offset: Point) -> Point {
    Point(x: point.x + offset.x, y: point.y + offset.y)
  }

  static func * (point: Point, factor: Double) -> Point {
    Point(x: point.x * factor, y: point.y * factor)
  }
}

/// One thing that a figure draws; later ones cover earlier ones.
enum FigureItem: Hashable, Sendable {
  case polygon([Point], Style)
  case line(Point, Point, Style)
  case dot(Point, radius: Double, Style)
  case text(FigureText)

  /// The classes of the figure's style sheet.
  enum Style: String, Hashable, Sendable, CaseIterable {
    case generatorFront = "g-front"
    case generatorTop = "g-top"
    case generatorSide = "g-side"
    case discriminatorFront = "d-front"
    case discriminatorTop = "d-top"
    case discriminatorSide = "d-side"
    case vector
    case sheet
    case patch
    case ray
    case edge
    case fan
    case point
  }
}

/// A line of text, and the room that it takes.
struct FigureText: Hashable, Sendable {
  let text: String
  let style: Style
  /// The middle, or the start for titles, of the line that the letters stand on.
  let anchor: Point
  let isCentred: Bool

  init(_ text: String, _ style: Style, at anchor: Point, isCentred: Bool = true) {
    self.text = text
    self.style = style
    self.anchor = anchor
    self.isCentred = isCentred
  }

  enum Style: String, Hashable, Sendable, CaseIterable {
    case title
    case heading
    case shape
    case end
    case word
    case labels
    case caption

    /// In pixels.
    var size: Double {
      switch self {
      case .title: 20
      case .heading: 15
      case .shape, .end: 13
      case .word, .labels, .caption: 11.5
      }
    }

    var isBold: Bool {
      switch self {
      case .title, .heading, .shape: true
      case .end, .word, .labels, .caption: false
      }
    }
  }

  var width: Double { Self.width(of: text, style) }

  var left: Double { isCentred ? anchor.x - width / 2 : anchor.x }

  /// Enough for common sans-serif fonts, which differ: a viewer takes the one it has.
  static func width(of text: String, _ style: Style) -> Double {
    let ems = text.reduce(0.0) { $0 + Self.ems(of: $1) }
    return ems * style.size * (style.isBold ? 1.06 : 1)
  }

  private static func ems(of character: Character) -> Double {
    switch character {
    case " ", ".", ",", ":", "'", "|", "i", "j", "l", "I", "t", "f": 0.36
    case "m", "w", "M", "W", "→": 0.95
    case "A"..."Z": 0.74
    default: 0.62
    }
  }
}
