import LayerGraph
import Spec

/// Both networks in the style of the paper's figure 1, as things with places: drawn by `svg`.
///
/// Source: Radford et al. 2015, figure 1.
struct Figure {
  let title: String
  let items: [FigureItem]
  let width: Double
  let height: Double

  private static let margin = 28.0

  init(_ graph: LayerGraph, title: String) {
    let shapes = graph.networks.flatMap { [$0.input] + $0.transitions.map(\.output) }
    let scale = FigureScale(fitting: shapes)
    var items: [FigureItem] = [
      .text(
        FigureText(
          title, .title, at: Point(x: Self.margin, y: Self.margin + 16), isCentred: false))
    ]
    var (bottom, right) = (Self.margin + 20, 0.0)
    for network in graph.networks {
      let row = FigureRow(
        network, scale: scale, left: Self.margin, top: bottom + 40)
      items += row.items
      bottom = row.bottom
      right = max(right, row.right)
    }
    let caption = FigureText(
      "Sides of the boxes: square roots of channels (to the right), height (up) and width (back).",
      .caption, at: Point(x: Self.margin, y: bottom + 38), isCentred: false)
    items.append(.text(caption))
    self.title = title
    self.items = items
    width = max(right, caption.left + caption.width) + Self.margin
    height = caption.anchor.y + Self.margin
  }

  var texts: [FigureText] {
    items.compactMap { item in
      if case .text(let text) = item { text } else { nil }
    }
  }
}
