import LayerGraph
import Layers

/// Where the boxes of a row stand, and the words about what leads from each to the next: as far
/// left as their neighbours allow, so that no text ever meets another.
struct FigureLayout {
  let transitions: [Transition]
  /// One more than transitions.
  let boxes: [FigureBox]
  /// The middle of each transition's words.
  let centres: [Double]
  /// The height of the tallest box with its back.
  let tallest: Double
  /// The line that all boxes are centred on.
  let middle: Double
  /// The right end of all that stands here.
  let right: Double

  /// Between boxes.
  private static let gap = 46.0
  /// Between texts side by side.
  private static let textGap = 14.0
  /// Above the tallest box, for the heading and the word about the box.
  private static let headroom = 42.0

  init(_ network: NetworkGraph, scale: FigureScale, left: Double, top: Double) {
    transitions = network.transitions
    let shapes = [network.input] + transitions.map(\.output)
    let sides = shapes.map(scale.sides)
    tallest = sides.map { $0.height - $0.back.y }.max() ?? 0
    middle = top + Self.headroom + tallest / 2

    var (boxes, centres): ([FigureBox], [Double]) = ([], [])
    var (labelEnd, wordsEnd) = (left, left)
    for (index, shape) in shapes.enumerated() {
      let (thickness, height, back) = sides[index]
      let extent = thickness + back.x
      let ends = [
        index == 0 ? network.ends.input : "", index + 1 == shapes.count ? network.ends.output : "",
      ]
      let label = max(
        FigureText.width(of: "\(shape)", .shape),
        ends.map { FigureText.width(of: $0, .end) }.max() ?? 0)
      var x = max(boxes.last.map { $0.right + Self.gap } ?? left, labelEnd + (label - extent) / 2)
      if let previous = boxes.last {
        // The words stand in the middle between both boxes.
        let words = transitions[index - 1].wordsWidth
        x = max(x, 2 * (wordsEnd + words / 2) - previous.right)
        centres.append((previous.right + x) / 2)
        wordsEnd = (previous.right + x + words) / 2 + Self.textGap
      }
      boxes.append(
        FigureBox(
          shape: shape, role: network.role,
          corner: Point(x: x, y: middle + (height - back.y) / 2), thickness: thickness,
          height: height, back: back))
      labelEnd = x + (extent + label) / 2 + Self.textGap
    }
    self.boxes = boxes
    self.centres = centres
    right = max(labelEnd, wordsEnd)
  }
}

extension Transition {
  /// What is written below it, line by line.
  var texts: [(text: String, style: FigureText.Style)] {
    (labels.map { [("+ \($0) labels", .labels)] } ?? []) + words.map { ($0, .word) }
  }

  fileprivate var wordsWidth: Double {
    texts.map { FigureText.width(of: $0.text, $0.style) }.max() ?? 0
  }
}
