/// Turns the shape of a digit into lines on a 28 × 28 image, and draws them.
struct DigitPen {
  typealias Point = DigitShape.Point

  static let side = 28
  /// MNIST's digits fit a box of this many pixels.
  ///
  /// Source: LeCun et al. 1998.
  private static let box: Float = 20
  /// Straight pieces of the curve between two points.
  private static let pieces = 4

  /// The curves as straight lines; a stroke ends where the next begins elsewhere.
  private var lines: [(from: Point, to: Point)] = []
  /// Half the pen's width in pixels, at the start and the end of the digit.
  private var radius: (start: Float, end: Float) = (1, 1)
  /// Pixels from full ink to none at the line's edge.
  private var softness: Float = 1

  /// Lays out a shape as one particular writing of it.
  mutating func write(_ shape: DigitShape, with random: inout CounterRandom) {
    let hand = Hand(with: &random)
    for stroke in shape.strokes {
      trace(hand.bend(stroke, with: &random))
    }
    let middle = 1.24 + 0.34 * random.bell()
    let change = 1 + 0.12 * random.bell()
    radius = (max(0.55, middle * change), max(0.55, middle / max(change, 0.5)))
    softness = random.uniform(0.9...1.5)
    fit(height: Self.box - random.uniform(0...0.7))
  }

  /// Adds the smooth curve through `points`, which may be a few straight lines long.
  private mutating func trace(_ points: [Point]) {
    // Catmull and Rom: between b and c the curve leaves along c − a and arrives along d − b.
    for index in 0..<points.count - 1 {
      let (b, c) = (points[index], points[index + 1])
      if b == c { continue }  // a corner
      let a = points[max(index - 1, 0)]
      let d = points[min(index + 2, points.count - 1)]
      var last = b
      for piece in 1...Self.pieces {
        let t = Float(piece) / Float(Self.pieces)
        let (t2, t3) = (t * t, t * t * t)
        let ends = b * (2 * t3 - 3 * t2 + 1) + c * (3 * t2 - 2 * t3)
        let point = ends + (c - a) * (0.5 * (t3 - 2 * t2 + t)) + (d - b) * (0.5 * (t3 - t2))
        lines.append((last, point))
        last = point
      }
    }
  }

  /// Scales the lines so that pen and all fit the box, and moves their centre of mass to the
  /// image's centre.
  private mutating func fit(height: Float) {
    guard let first = lines.first else { return }
    var (low, high) = (first.from, first.from)
    var (mass, moment) = (Float.zero, Point.zero)
    for line in lines {
      low = pointwiseMin(low, pointwiseMin(line.from, line.to))
      high = pointwiseMax(high, pointwiseMax(line.from, line.to))
      let length = Self.length(line.to - line.from)
      mass += length
      moment += (line.from + line.to) * (0.5 * length)
    }
    let extent = high - low
    let scale = (height - radius.start - radius.end) / max(extent.x, extent.y)
    let center = Point(repeating: Float(Self.side) / 2)
    // A long tail may not leave the image: keep the box inside it, pen included.
    let margin = Point(repeating: max(radius.start, radius.end) + 0.5)
    var shift = center - moment * (scale / mass)
    shift = pointwiseMax(shift, margin - low * scale)
    shift = pointwiseMin(shift, 2 * center - margin - high * scale)
    for index in lines.indices {
      lines[index] = (lines[index].from * scale + shift, lines[index].to * scale + shift)
    }
  }

  /// Draws the lines as bytes [H, W, C], the 28 × 28 image scaled to the shorter side and in the
  /// middle of the longer one: each pixel's ink follows from its distance to the nearest line.
  func draw(into pixels: inout MutableSpan<UInt8>, of shape: ImageShape) {
    let (height, width, channels) = (shape.height, shape.width, shape.channels)
    for position in 0..<shape.count { pixels[position] = 0 }
    // 28 × 28 is scaled by 1 and moved by 0, which changes no bit.
    let scale = Float(min(height, width)) / Float(Self.side)
    let shift =
      (Point(Float(width), Float(height)) - Point(repeating: scale * Float(Self.side))) * 0.5
    let softness = softness * scale
    for (index, line) in lines.enumerated() {
      let line = (from: line.from * scale + shift, to: line.to * scale + shift)
      let part = Float(index) / Float(lines.count)
      let radius = (radius.start + (radius.end - radius.start) * part) * scale
      let reach = Point(repeating: radius + softness)
      let low = pointwiseMin(line.from, line.to) - reach
      let high = pointwiseMax(line.from, line.to) + reach
      let direction = line.to - line.from
      let inverse = 1 / max((direction * direction).sum(), 1e-12)
      for y in max(0, Int(low.y))..<min(height, max(0, Int(high.y) + 1)) {
        for x in max(0, Int(low.x))..<min(width, max(0, Int(high.x) + 1)) {
          let offset = Point(Float(x) + 0.5, Float(y) + 0.5) - line.from
          let along = min(max((offset * direction).sum() * inverse, 0), 1)
          let distance = Self.length(offset - direction * along)
          let ink = min(max((radius - distance) / softness + 0.5, 0), 1)
          let byte = UInt8(ink * 255 + 0.5)
          let position = (y * width + x) * channels
          guard byte > pixels[position] else { continue }
          for channel in 0..<channels { pixels[position + channel] = byte }
        }
      }
    }
  }

  private static func length(_ vector: Point) -> Float {
    (vector * vector).sum().squareRoot()
  }
}

/// What one writing does to all points of a shape: a smooth bend, a slant, a turn, a stretch.
private struct Hand {
  typealias Point = DigitShape.Point

  /// The shape's middle.
  private static let middle = Point(3, 5)
  /// How far single points stray, in tenths of the digit's height.
  private static let tremble: Float = 0.15
  /// How far the corners and sides of the sheet are pulled, likewise.
  private static let pull: Float = 0.42

  /// Coefficients of x², xy, y², x²y, xy² in the displacement.
  private var bends: [Point] = []
  private let slant: Float
  private let stretch: Float
  private let cosine: Float
  private let sine: Float

  init(with random: inout CounterRandom) {
    for _ in 0..<5 {
      bends.append(Point(random.bell(), random.bell()) * Self.pull)
    }
    slant = 0.22 + 0.2 * random.bell()
    stretch = max(0.6, 1.24 + 0.22 * random.bell())
    // A turn by the angle whose half has the tangent t: no sine, so the same bits everywhere.
    let t = 0.045 * random.bell()
    cosine = (1 - t * t) / (1 + t * t)
    sine = 2 * t / (1 + t * t)
  }

  /// The points of a stroke, moved.
  func bend(_ stroke: [Point], with random: inout CounterRandom) -> [Point] {
    var bent: [Point] = []
    for (index, point) in stroke.enumerated() {
      if index > 0, stroke[index - 1] == point {  // a corner stays one
        bent.append(bent[index - 1])
        continue
      }
      let p = (point - Self.middle) / Self.middle  // about −1 to 1
      var moved = point - Self.middle
      moved += bends[0] * (p.x * p.x) + bends[1] * (p.x * p.y) + bends[2] * (p.y * p.y)
      moved += bends[3] * (p.x * p.x * p.y) + bends[4] * (p.x * p.y * p.y)
      moved += Point(random.bell(), random.bell()) * Self.tremble
      let sheared = Point((moved.x - slant * moved.y) * stretch, moved.y)
      bent.append(
        Point(
          cosine * sheared.x - sine * sheared.y,
          sine * sheared.x + cosine * sheared.y))
    }
    return bent
  }
}
