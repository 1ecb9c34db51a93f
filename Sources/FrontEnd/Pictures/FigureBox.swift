import Layers
import Spec

/// A box in perspective: thickness for channels, height, and width running back.
struct FigureBox {
  let shape: FeatureShape
  let role: NetworkRole
  /// The lower left corner of its front.
  let corner: Point
  let thickness: Double
  let height: Double
  let back: Point

  /// The right end.
  var right: Double { corner.x + thickness + back.x }
  /// The middle of the left edge, where what flows in arrives.
  var entry: Point { corner + Point(x: 0, y: -height / 2) }
  /// The middle of the map at the right side.
  var exit: Point { face(0.5, 0.5) }

  /// Where a word about it stands: over the middle of its whole extent.
  var above: Point {
    corner + Point(x: (thickness + back.x) / 2, y: back.y - height - 9)
  }

  /// A point of the right side: 0 is near, 1 far; 0 is low, 1 high.
  func face(_ across: Double, _ up: Double) -> Point {
    corner + Point(x: thickness, y: -height * up) + back * across
  }

  /// A window of `kernel` in the middle of the right side, at least so large that it can be seen.
  func patch(kernel: Int) -> [Point] {
    let maps = shape.maps ?? (shape.count, 1, 1)
    func share(_ side: Int) -> Double {
      min(max(Double(kernel) / Double(side), 0.1), 1) / 2
    }
    let (across, up) = (share(maps.width), share(maps.height))
    return [(-across, -up), (across, -up), (across, up), (-across, up)].map {
      face(0.5 + $0, 0.5 + $1)
    }
  }

  /// The part of the left edge that a window of `kernel` covers: its lower and upper end.
  func leftEdge(kernel: Int) -> [Point] {
    let side = Double(shape.maps?.height ?? 1)
    let share = min(max(Double(kernel) / side, 0.1), 1) / 2
    return [-share, share].map { entry + Point(x: 0, y: -$0 * height) }
  }

  var items: [FigureItem] {
    let (right, up) = (Point(x: thickness, y: 0), Point(x: 0, y: -height))
    let top = corner + up
    guard shape.maps != nil else {
      return [.polygon([corner, corner + right, top + right, top], .vector)]
    }
    let front: FigureItem.Style = role == .generator ? .generatorFront : .discriminatorFront
    let lid: FigureItem.Style = role == .generator ? .generatorTop : .discriminatorTop
    let side: FigureItem.Style = role == .generator ? .generatorSide : .discriminatorSide
    return [
      .polygon([corner, corner + right, top + right, top], front),
      .polygon([top, top + right, top + right + back, top + back], lid),
      .polygon([corner + right, corner + right + back, top + right + back, top + right], side),
    ] + sheets(top: top)
  }

  /// Lines that let the channels look like a stack of sheets.
  private func sheets(top: Point) -> [FigureItem] {
    let distance = 7.0
    let count = max(Int((thickness / distance).rounded()), 1)
    return (1..<max(count, 1)).flatMap { index -> [FigureItem] in
      let across = Point(x: thickness * Double(index) / Double(count), y: 0)
      return [
        .line(corner + across, top + across, .sheet),
        .line(top + across, top + across + back, .sheet),
      ]
    }
  }
}
