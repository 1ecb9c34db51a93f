/// An image that shapes are painted on, one over the other, with smooth edges.
///
/// A shape is a function that gives the distance of a point to its outline, negative inside. Only
/// sums, products, quotients and square roots are used: every machine gives the same bits.
final class Canvas {
  let height: Int
  let width: Int
  /// [H, W, 3], from 0 to 1.
  private(set) var values: [Float]

  init(height: Int, width: Int) {
    self.height = height
    self.width = width
    values = [Float](repeating: 0, count: height * width * 3)
  }

  /// Where a shape's own coordinates lie: x to the right, y down, in units.
  struct Frame {
    /// Of the origin, in pixels.
    var x: Float
    var y: Float
    /// Pixels of a unit.
    var unit: Float
    /// Of the turn: its cosine and sine.
    var cosine: Float = 1
    var sine: Float = 0

    /// Turned clockwise by the angle with this tangent.
    func turned(tangent: Float) -> Frame {
      var turned = self
      turned.cosine = 1 / (1 + tangent * tangent).squareRoot()
      turned.sine = tangent * turned.cosine
      return turned
    }

    @inline(__always)
    func local(_ column: Float, _ row: Float) -> (x: Float, y: Float) {
      let scale = 1 / unit
      let (right, down) = ((column - x) * scale, (row - y) * scale)
      return (cosine * right + sine * down, cosine * down - sine * right)
    }
  }

  /// The part of a frame that a shape does not leave.
  struct Box {
    var x: ClosedRange<Float>
    var y: ClosedRange<Float>
    init(_ x: ClosedRange<Float>, _ y: ClosedRange<Float>) { (self.x, self.y) = (x, y) }
    /// Around a point.
    init(_ x: Float, _ y: Float, _ halfWidth: Float, _ halfHeight: Float) {
      self.init((x - halfWidth)...(x + halfWidth), (y - halfHeight)...(y + halfHeight))
    }
  }

  /// Sets each pixel to a colour of its own; coordinates from −1 to 1.
  @inline(__always)
  func fill(_ colour: (_ x: Float, _ y: Float) -> Colour) {
    for row in 0..<height {
      for column in 0..<width {
        let x = (2 * Float(column) + 1) / Float(width) - 1
        let y = (2 * Float(row) + 1) / Float(height) - 1
        let colour = colour(x, y)
        let start = (row * width + column) * 3
        values[start] = colour.red
        values[start + 1] = colour.green
        values[start + 2] = colour.blue
      }
    }
  }

  /// Paints one shape.
  ///
  /// - Parameters:
  ///   - opacity: inside, 0 to 1.
  ///   - blur: units over which the edge fades; a pixel at least.
  ///   - distance: to the outline, in units of the frame, negative inside.
  ///   - clip: to the outline of a shape that nothing is painted outside of.
  @inline(__always)
  func paint(
    _ colour: Colour, in frame: Frame, _ box: Box, opacity: Float = 1, blur: Float = 0,
    _ distance: (_ x: Float, _ y: Float) -> Float,
    within clip: (_ x: Float, _ y: Float) -> Float = { _, _ in -1 }
  ) {
    let edge = max(1 / frame.unit, blur)
    let sharpness = 1 / edge
    guard let (rows, columns) = pixels(of: box, in: frame, margin: edge) else { return }
    values.withUnsafeMutableBufferPointer { values in
      for row in rows {
        for column in columns {
          let (x, y) = frame.local(Float(column) + 0.5, Float(row) + 0.5)
          let cover = 0.5 - distance(x, y) * sharpness
          if cover <= 0 { continue }
          let inside = 0.5 - clip(x, y) * frame.unit
          if inside <= 0 { continue }
          let share = min(cover, 1) * min(inside, 1) * opacity
          // `rows` and `columns` lie inside of the image.
          let start = (row * width + column) * 3
          values[start] += (colour.red - values[start]) * share
          values[start + 1] += (colour.green - values[start + 1]) * share
          values[start + 2] += (colour.blue - values[start + 2]) * share
        }
      }
    }
  }

  private func pixels(
    of box: Box, in frame: Frame, margin: Float
  ) -> (rows: Range<Int>, columns: Range<Int>)? {
    var (left, right, top, bottom) = (
      Float.infinity, -Float.infinity, Float.infinity, -Float.infinity
    )
    for x in [box.x.lowerBound - margin, box.x.upperBound + margin] {
      for y in [box.y.lowerBound - margin, box.y.upperBound + margin] {
        let column = frame.x + (frame.cosine * x - frame.sine * y) * frame.unit
        let row = frame.y + (frame.sine * x + frame.cosine * y) * frame.unit
        (left, right) = (min(left, column), max(right, column))
        (top, bottom) = (min(top, row), max(bottom, row))
      }
    }
    let columns = max(0, Int(max(left, 0)))..<max(0, min(width, Int(max(right, -1)) + 1))
    let rows = max(0, Int(max(top, 0)))..<max(0, min(height, Int(max(bottom, -1)) + 1))
    return columns.isEmpty || rows.isEmpty ? nil : (rows, columns)
  }
}

/// Distances of a point to outlines.
enum Outline {
  /// Of an ellipse around the origin; exact on the outline, good near it.
  @inline(__always)
  static func ellipse(_ x: Float, _ y: Float, _ halfWidth: Float, _ halfHeight: Float) -> Float {
    let (wide, tall) = (1 / halfWidth, 1 / halfHeight)
    let (u, v) = (x * wide, y * tall)
    let near = (u * u + v * v).squareRoot()
    let (p, q) = (u * wide, v * tall)
    let slope = (p * p + q * q).squareRoot()
    return slope < 1e-6 ? -min(halfWidth, halfHeight) : near * (near - 1) / slope
  }

  /// Of a thick line from a to b with round ends.
  @inline(__always)
  static func line(
    _ x: Float, _ y: Float, _ ax: Float, _ ay: Float, _ bx: Float, _ by: Float, _ radius: Float
  ) -> Float {
    let (px, py, dx, dy) = (x - ax, y - ay, bx - ax, by - ay)
    let along = max(0, min(1, (px * dx + py * dy) / max(dx * dx + dy * dy, 1e-9)))
    let (rx, ry) = (px - dx * along, py - dy * along)
    return (rx * rx + ry * ry).squareRoot() - radius
  }

  /// Of a rectangle around the origin with round corners.
  @inline(__always)
  static func box(
    _ x: Float, _ y: Float, _ halfWidth: Float, _ halfHeight: Float, _ radius: Float
  ) -> Float {
    let (u, v) = (abs(x) - halfWidth + radius, abs(y) - halfHeight + radius)
    let (p, q) = (max(u, 0), max(v, 0))
    return (p * p + q * q).squareRoot() + min(max(u, v), 0) - radius
  }

  /// Of a thick arch: the parabola that is `height` above its ends, `halfWidth` to both sides.
  @inline(__always)
  static func arch(
    _ x: Float, _ y: Float, _ halfWidth: Float, _ height: Float, _ radius: Float
  ) -> Float {
    let inside = max(-halfWidth, min(halfWidth, x))
    let t = inside / halfWidth
    let curve = height * (t * t - 1)
    // The parabola's slope there makes the vertical distance a true one.
    let slope = 2 * height * t / halfWidth
    let (dx, dy) = (x - inside, (y - curve) / (1 + slope * slope).squareRoot())
    return (dx * dx + dy * dy).squareRoot() - radius
  }
}
