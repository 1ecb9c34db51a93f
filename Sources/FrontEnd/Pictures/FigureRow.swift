import Files
import LayerGraph
import Layers
import Spec

/// One network of a figure: boxes from left to right, and under them what leads from each to the
/// next.
struct FigureRow {
  let items: [FigureItem]
  let right: Double
  /// The lower end.
  let bottom: Double

  private static let lineHeight = 15.0

  init(_ network: NetworkGraph, scale: FigureScale, left: Double, top: Double) {
    let layout = FigureLayout(network, scale: scale, left: left, top: top)
    let heading = Self.heading(of: network, at: Point(x: left, y: top))
    let shapeLine = layout.middle + layout.tallest / 2 + 22
    let wordLine = shapeLine + 24
    let flows = zip(layout.transitions, zip(layout.boxes, layout.boxes.dropFirst()))
    items =
      heading.map(FigureItem.text)
      + flows.flatMap { Self.behind($0, from: $1.0, to: $1.1) }
      + layout.boxes.flatMap(\.items)
      + flows.flatMap { Self.before($0, from: $1.0, to: $1.1) }
      + Self.labels(of: layout, network.ends, at: shapeLine).map(FigureItem.text)
      + Self.words(of: layout, at: wordLine).map(FigureItem.text)
    right = max(layout.right, heading.map { $0.left + $0.width }.max() ?? 0)
    let lines = layout.transitions.map(\.texts.count).max() ?? 0
    bottom = wordLine + Double(max(lines - 1, 0)) * Self.lineHeight
  }

  // MARK: Text

  private static func heading(of network: NetworkGraph, at place: Point) -> [FigureText] {
    let name = network.role.rawValue.prefix(1).uppercased() + network.role.rawValue.dropFirst()
    let title = FigureText(name, .heading, at: place, isCentred: false)
    let numbers =
      "\(network.parameterCount.grouped) parameters, "
      + "\(network.multiplyAdds.grouped) multiply-adds an image"
    let beside = place + Point(x: title.width + 6, y: 0)
    return [title, FigureText(numbers, .caption, at: beside, isCentred: false)]
  }

  /// The shape under each box, and a word over the first and the last.
  private static func labels(
    of layout: FigureLayout, _ ends: (input: String, output: String), at line: Double
  ) -> [FigureText] {
    let shapes = layout.boxes.map { box in
      FigureText("\(box.shape)", .shape, at: Point(x: box.above.x, y: line))
    }
    let words = [(layout.boxes.first, ends.input), (layout.boxes.last, ends.output)]
    return shapes
      + words.compactMap { box, word in box.map { FigureText(word, .end, at: $0.above) } }
  }

  private static func words(of layout: FigureLayout, at line: Double) -> [FigureText] {
    zip(layout.transitions, layout.centres).flatMap { transition, centre in
      transition.texts.enumerated().map { index, text in
        let place = Point(x: centre, y: line + Double(index) * lineHeight)
        return FigureText(text.text, text.style, at: place)
      }
    }
  }

  // MARK: What flows

  /// What lies behind the boxes: a matrix leads from everything to everything.
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
      let edge = next.leftEdge(kernel: window.kernel.height)
      return edge.map { .line(box.exit, $0, .ray) }
        + [.line(edge[0], edge[1], .edge), .dot(box.exit, radius: 2.4, .point)]
    }
    let patch = box.patch(kernel: window.kernel.height)
    return [.polygon(patch, .patch)] + patch.map { .line($0, next.entry, .ray) }
      + [.dot(next.entry, radius: 2.4, .point)]
  }
}
