import LayerGraph
import Layers
import Spec

/// One network of a figure: boxes from left to right, and under them what leads from each to the
/// next.
struct FigureRow {
  let items: [FigureItem]
  let width: Double
  /// The lower end.
  let bottom: Double

  private static let gap = 46.0
  private static let textGap = 14.0
  private static let lineHeight = 15.0

  init(_ network: NetworkGraph, scale: FigureScale, left: Double, top: Double) {
    let transitions = network.transitions
    let shapes = [network.input] + transitions.map(\.output)
    let sides = shapes.map(scale.sides)
    let tallest = sides.map { $0.height - $0.back.y }.max() ?? 0
    let middle = top + 42 + tallest / 2

    // Everything stands as far left as its neighbours allow.
    var boxes: [FigureBox] = []
    var centres: [Double] = []
    var shapeEnd = left
    var wordsEnd = left
    for (index, shape) in shapes.enumerated() {
      let (thickness, height, back) = sides[index]
      let extent = thickness + back.x
      var label = FigureText.width(of: "\(shape)", .shape)
      if index == shapes.count - 1 {
        label = max(label, FigureText.width(of: network.ends.output, .end))
      }
      var x = max(
        boxes.last.map { $0.corner.x + $0.thickness + $0.back.x + Self.gap } ?? left,
        shapeEnd + (label - extent) / 2)
      if index > 0 {
        let words = Self.wordsWidth(transitions[index - 1])
        let previous = boxes[index - 1]
        let before = previous.corner.x + previous.thickness + previous.back.x
        // The words stand in the middle between both boxes.
        x = max(x, 2 * (wordsEnd + words / 2) - before)
        let centre = (before + x) / 2
        centres.append(centre)
        wordsEnd = centre + words / 2 + Self.textGap
      }
      boxes.append(
        FigureBox(
          shape: shape, role: network.role,
          corner: Point(x: x, y: middle + (height - back.y) / 2), thickness: thickness,
          height: height, back: back))
      shapeEnd = x + extent / 2 + label / 2 + Self.textGap
    }

    let ends = [
      boxes.first.map { ($0, network.ends.input) }, boxes.last.map { ($0, network.ends.output) },
    ]
    .compactMap { $0 }
    let shapeLine = middle + tallest / 2 + 22
    let wordLine = shapeLine + 24
    var items = FigureRow.heading(of: network, at: Point(x: left, y: top))
    for (index, transition) in transitions.enumerated() {
      items += Self.behind(transition, from: boxes[index], to: boxes[index + 1])
    }
    for box in boxes {
      items += box.items
      let centre = box.corner.x + (box.thickness + box.back.x) / 2
      items.append(.text(FigureText("\(box.shape)", .shape, at: Point(x: centre, y: shapeLine))))
    }
    for (index, transition) in transitions.enumerated() {
      items += Self.before(transition, from: boxes[index], to: boxes[index + 1])
    }
    for (box, word) in ends { items.append(.text(FigureText(word, .end, at: box.above))) }
    for (transition, centre) in zip(transitions, centres) {
      for (index, text) in Self.texts(transition).enumerated() {
        let place = Point(x: centre, y: wordLine + Double(index) * Self.lineHeight)
        items.append(.text(FigureText(text.0, text.1, at: place)))
      }
    }
    self.items = items
    width = max(shapeEnd, wordsEnd, items.rightEnd) - left
    let lines = transitions.map { Self.texts($0).count }.max() ?? 0
    bottom = wordLine + Double(max(lines - 1, 0)) * Self.lineHeight
  }

  // MARK: Text

  private static func heading(of network: NetworkGraph, at place: Point) -> [FigureItem] {
    let name = network.role.rawValue.prefix(1).uppercased() + network.role.rawValue.dropFirst()
    let title = FigureText(name, .heading, at: place, isCentred: false)
    let numbers =
      "\(network.parameterCount.grouped) parameters, "
      + "\(network.multiplyAdds.grouped) multiply-adds an image"
    return [
      .text(title),
      .text(
        FigureText(
          numbers, .caption, at: place + Point(x: title.width + 6, y: 0), isCentred: false)),
    ]
  }

  private static func texts(_ transition: Transition) -> [(String, FigureText.Style)] {
    (transition.labels.map { [("+ \($0) labels", .labels)] } ?? [])
      + transition.words.map { ($0, .word) }
  }

  private static func wordsWidth(_ transition: Transition) -> Double {
    texts(transition).map { FigureText.width(of: $0.0, $0.1) }.max() ?? 0
  }

  // MARK: What flows

  /// What lies behind the boxes: a matrix leads from everything to everything, and a transposed
  /// convolution spreads a point over the window's height at the next box.
  private static func behind(
    _ transition: Transition, from box: FigureBox, to next: FigureBox
  ) -> [FigureItem] {
    guard transition.window == nil else { return [] }
    let (low, high) = (next.corner, next.corner + Point(x: 0, y: -next.height))
    return [.polygon([box.face(0.5, 0), box.face(0.5, 1), high, low], .fan)]
  }

  /// What lies before the boxes: a convolution looks through a window at one point, a transposed
  /// one spreads a point over a window.
  private static func before(
    _ transition: Transition, from box: FigureBox, to next: FigureBox
  ) -> [FigureItem] {
    guard let window = transition.window else { return [] }
    if window.isTransposed {
      let edge = next.leftEdge(kernel: window.kernel)
      return edge.map { .line(box.exit, $0, .ray) }
        + [.line(edge[0], edge[1], .edge), .dot(box.exit, radius: 2.4, .point)]
    }
    let patch = box.patch(kernel: window.kernel)
    return [.polygon(patch, .patch)] + patch.map { .line($0, next.entry, .ray) }
      + [.dot(next.entry, radius: 2.4, .point)]
  }
}

extension [FigureItem] {
  /// The right end of all texts.
  fileprivate var rightEnd: Double {
    map { item in
      if case .text(let text) = item { text.left + text.width } else { 0 }
    }.max() ?? 0
  }
}
