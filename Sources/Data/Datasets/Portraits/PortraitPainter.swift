/// Paints a portrait from the back to the front.
///
/// Lengths are in units of half the image's side; the head's centre is the origin, y points down.
struct PortraitPainter {
  let portrait: Portrait
  let canvas: Canvas
  /// Of the head, and of what does not tilt with it.
  let head: Canvas.Frame
  let body: Canvas.Frame

  init(_ portrait: Portrait, height: Int, width: Int) {
    self.portrait = portrait
    canvas = Canvas(height: height, width: width)
    let unit = Float(min(height, width)) / 2 * 1.1 * portrait.size
    body = Canvas.Frame(
      x: Float(width) / 2 * (1 + portrait.shift.x), y: Float(height) / 2 * (1 + portrait.shift.y),
      unit: unit)
    head = body.turned(tangent: portrait.roll)
  }

  /// [H, W, 3], from 0 to 1.
  func paint() -> [Float] {
    paintBackground()
    if shows(.longHair) { paintLongHair() }
    paintBody()
    paintHead()
    if shows(.beard) { paintBeard() }
    paintMouth()
    paintNose()
    for side: Float in [-1, 1] { paintEye(side) }
    paintHair()
    if shows(.eyeglasses) { paintGlasses() }
    if shows(.wearingHat) { paintHat() }
    return canvas.values
  }

  func shows(_ attribute: PortraitAttribute) -> Bool { portrait.attributes.contains(attribute) }

  // MARK: Measures

  var halfWidth: Float { 0.39 * portrait.faceWidth }
  var halfHeight: Float { 0.52 * portrait.faceHeight }
  var eyeLine: Float { -0.04 + portrait.pitch * 0.05 }
  var mouthLine: Float { 0.285 * portrait.faceHeight + portrait.pitch * 0.045 }
  /// How far features are moved by the head's turn; what stands out further moves further.
  func turn(_ depth: Float = 1) -> Float { portrait.yaw * 0.085 * depth }

  /// A skin tone in the shade.
  var shade: Colour {
    Colour(portrait.skin.red * 0.76, portrait.skin.green * 0.64, portrait.skin.blue * 0.6)
  }
  var lips: Colour {
    Colour(portrait.skin.red * 0.84, portrait.skin.green * 0.52, portrait.skin.blue * 0.52)
  }

  /// Of the head's outline: an ellipse that narrows towards the chin.
  @inline(__always)
  func face(_ x: Float, _ y: Float) -> Float {
    let low = max(0, min(y / halfHeight, 1))
    return Outline.ellipse(x / (1 - portrait.jaw * low * low), y, halfWidth, halfHeight)
  }

  // MARK: Behind the head

  private func paintBackground() {
    let (first, second) = portrait.background
    let tilt = portrait.backgroundTilt
    canvas.fill { x, y in
      let along = 0.5 + (y + x * tilt) * 0.36
      return first.mixed(with: second, max(0, min(along, 1)))
    }
    // A wall that the lamp shines on.
    let x = -0.45 * portrait.light
    canvas.paint(
      first.mixed(with: .white, 0.4), in: body, .init(x, -0.35, 0.9, 0.9), opacity: 0.5, blur: 1.1
    ) { Outline.ellipse($0 - x, $1 + 0.35, 0.55, 0.55) }
  }

  private func paintLongHair() {
    let wide = halfWidth + 0.1 + 0.07 * portrait.hairVolume
    let end = 0.62 + 0.28 * portrait.hairline
    let top = halfHeight + 0.06
    canvas.paint(
      portrait.hair.lit(0.72), in: head, .init(-0.7...0.7, -0.75...1.1)
    ) { x, y in
      min(
        Outline.ellipse(x, y + 0.03, wide, top),
        Outline.box(x, y - end / 2, wide, end / 2 + 0.08, 0.22))
    }
  }

  private func paintBody() {
    let clothes = portrait.clothes
    let neck = shade.mixed(with: portrait.skin, 0.35)
    canvas.paint(clothes, in: body, .init(-1.4...1.4, 0.55...1.6)) { x, y in
      Outline.ellipse(x, y - 1.34, 0.9, 0.6)
    }
    canvas.paint(
      clothes.lit(0.7), in: body, .init(-1.4...1.4, 0.55...1.6), opacity: 0.7, blur: 0.5
    ) { x, _ in
      0.2 - portrait.light * x
    } within: {
      Outline.ellipse($0, $1 - 1.34, 0.9, 0.6)
    }
    canvas.paint(neck, in: body, .init(0, 0.6, 0.3, 0.45)) { x, y in
      Outline.box(x, y - 0.55, 0.165, 0.34, 0.08)
    }
    switch portrait.collar {
    case 0:
      canvas.paint(neck, in: body, .init(0, 0.85, 0.3, 0.25)) { x, y in
        Outline.ellipse(x, y - 0.78, 0.24, 0.15)
      }
    case 1:
      canvas.paint(neck, in: body, .init(0, 0.9, 0.3, 0.4)) { x, y in
        max(abs(x) * 0.86 + (y - 1.02) * 0.5, 0.7 - y)
      }
    default:
      let cloth = clothes.mixed(with: .white, 0.75)
      for side: Float in [-1, 1] {
        canvas.paint(cloth, in: body, .init(side * 0.15, 0.86, 0.2, 0.2)) { x, y in
          Outline.line(x, y, side * 0.19, 0.72, side * 0.09, 0.93, 0.055)
        }
      }
    }
    // Under the chin.
    canvas.paint(shade.lit(0.82), in: head, .init(0, 0.5, 0.4, 0.3), opacity: 0.6, blur: 0.14) {
      x, y in max(face(x, y - 0.1), abs(x) - 0.15)
    }
  }

  // MARK: The head

  private func paintHead() {
    let skin = portrait.skin
    for side: Float in [-1, 1] {
      let x = side * (halfWidth - 0.005) - turn(0.5)
      canvas.paint(skin.mixed(with: shade, 0.25), in: head, .init(x, 0.03, 0.08, 0.13)) {
        Outline.ellipse($0 - x, $1 - 0.03, 0.058, 0.105)
      }
      canvas.paint(shade, in: head, .init(x, 0.03, 0.05, 0.09), opacity: 0.6, blur: 0.04) {
        Outline.ellipse($0 - x, $1 - 0.03, 0.028, 0.06)
      }
    }
    let box = Canvas.Box(0, 0, 0.55, 0.7)
    canvas.paint(skin, in: head, box) { face($0, $1) }
    // The side away from the light, and the chin.
    let far = portrait.light
    canvas.paint(shade, in: head, box, opacity: portrait.contrast * 2.1, blur: 0.34) { x, y in
      0.2 - far * x * 0.9 - y * 0.12
    } within: {
      face($0, $1)
    }
    canvas.paint(
      skin.mixed(with: .white, 0.45), in: head, .init(-far * 0.12, -0.25, 0.3, 0.3), opacity: 0.4,
      blur: 0.3
    ) { Outline.ellipse($0 + far * 0.12, $1 + 0.24, 0.16, 0.1) }
    // Cheeks.
    let blush = skin.mixed(with: Colour(0.86, 0.25, 0.22), 0.42)
    for side: Float in [-1, 1] {
      let x = side * 0.21 + turn()
      canvas.paint(blush, in: head, .init(x, 0.15, 0.24, 0.2), opacity: 0.5, blur: 0.17) {
        Outline.ellipse($0 - x, $1 - 0.14, 0.08, 0.06)
      }
    }
  }

  private func paintEye(_ side: Float) {
    let x = side * 0.165 * portrait.eyeGap * (1 - side * portrait.yaw * 0.1) + turn()
    let y = eyeLine
    let squint: Float = shows(.smiling) ? 0.82 : 1
    let (wide, tall) = (0.086 * portrait.eyeSize, 0.052 * portrait.eyeSize * squint)
    let box = Canvas.Box(x, y, wide, tall)

    canvas.paint(shade, in: head, .init(x, y - 0.02, 0.16, 0.13), opacity: 0.5, blur: 0.1) {
      Outline.ellipse($0 - x, $1 - y + 0.025, 0.1, 0.06)
    }
    @inline(__always) func eye(_ px: Float, _ py: Float) -> Float {
      Outline.ellipse(px - x, py - y, wide, tall)
    }
    canvas.paint(Colour(0.97, 0.96, 0.94), in: head, box) { eye($0, $1) }
    let gaze = x + turn(0.35)
    canvas.paint(portrait.eyes, in: head, box) {
      max(Outline.ellipse($0 - gaze, $1 - y, 0.045, 0.045), eye($0, $1))
    }
    canvas.paint(Colour(0.06, 0.05, 0.06), in: head, box) {
      max(Outline.ellipse($0 - gaze, $1 - y, 0.024, 0.024), eye($0, $1))
    }
    let spark = gaze - portrait.light * 0.016
    canvas.paint(.white, in: head, .init(spark, y - 0.016, 0.02, 0.02), opacity: 0.9) {
      Outline.ellipse($0 - spark, $1 - y + 0.016, 0.012, 0.012)
    }
    // Lids: the upper one with lashes, the lower one only where a smile lifts it.
    let dark = shade.lit(0.34)
    canvas.paint(dark, in: head, .init(x, y - tall * 0.5, wide + 0.03, tall + 0.03)) {
      Outline.arch($0 - x, $1 - y + 0.004, wide * 1.04, tall, 0.011)
    }
    canvas.paint(shade, in: head, .init(x, y + tall, wide + 0.03, 0.05), opacity: 0.7) {
      Outline.arch($0 - x, $1 - y - 0.006, wide * 0.9, -tall, 0.006)
    }
    let brow = portrait.hair.mixed(with: dark, 0.45)
    let lift = 0.105 + 0.035 * portrait.browHeight + (shows(.smiling) ? 0.01 : 0)
    let slope = side * (0.06 + 0.16 * portrait.browTilt)
    canvas.paint(brow, in: head, .init(x, y - lift, 0.15, 0.08), opacity: 0.92) { px, py in
      Outline.arch(px - x - side * 0.012, py - y + lift - slope * (px - x), 0.098, 0.026, 0.017)
    }
  }

  private func paintNose() {
    let x = turn(1.7)
    let root = (turn(1), eyeLine + 0.01)
    let tip = eyeLine + 0.205 * portrait.noseLength
    let wide = 0.058 * portrait.noseWidth
    let far = portrait.light
    // The side of the ridge that lies in the shade, then the light on it.
    canvas.paint(shade, in: head, .init(x, tip - 0.1, 0.16, 0.2), opacity: 0.42, blur: 0.06) {
      Outline.line($0, $1, root.0 + far * 0.045, root.1, x + far * wide * 0.8, tip - 0.02, 0.014)
    }
    canvas.paint(
      portrait.skin.mixed(with: .white, 0.5), in: head, .init(x, tip - 0.1, 0.1, 0.2),
      opacity: 0.4, blur: 0.06
    ) { Outline.line($0, $1, root.0, root.1 + 0.05, x - far * 0.006, tip - 0.03, 0.012) }
    canvas.paint(shade.lit(0.72), in: head, .init(x, tip, 0.12, 0.06), opacity: 0.75, blur: 0.02) {
      Outline.arch($0 - x, $1 - tip - 0.006, wide, -0.016, 0.009)
    }
    for side: Float in [-1, 1] {
      let nostril = x + side * wide * 0.55
      canvas.paint(shade.lit(0.42), in: head, .init(nostril, tip, 0.03, 0.02), opacity: 0.8) {
        Outline.ellipse($0 - nostril, $1 - tip, 0.017, 0.009)
      }
    }
  }

  private func paintMouth() {
    let (x, y) = (turn(1.15), mouthLine)
    if shows(.smiling) {
      paintSmile(x, y)
    } else {
      let wide = 0.112 * portrait.mouthWidth
      let full = portrait.lipFullness
      canvas.paint(lips, in: head, .init(x, y - 0.015, wide, 0.05), opacity: 0.85) { px, py in
        Outline.ellipse(px - x, py - y + 0.012, wide, 0.026 * full)
      }
      canvas.paint(lips.mixed(with: .white, 0.14), in: head, .init(x, y + 0.02, wide, 0.06)) {
        px, py in Outline.ellipse(px - x, py - y - 0.018, wide * 0.8, 0.03 * full)
      }
      canvas.paint(lips.lit(0.42), in: head, .init(x, y, wide + 0.03, 0.04)) { px, py in
        Outline.arch(px - x, py - y - 0.002, wide, 0.008, 0.008)
      }
    }
    // Under the lower lip.
    let low = y + (shows(.smiling) ? 0.125 : 0.085)
    canvas.paint(shade, in: head, .init(x, low, 0.12, 0.06), opacity: 0.4, blur: 0.04) {
      Outline.arch($0 - x, $1 - low, 0.05, -0.01, 0.008)
    }
  }

  private func paintSmile(_ x: Float, _ y: Float) {
    let wide = 0.158 * portrait.mouthWidth
    let corners = y - 0.035
    let depth = 0.085 + 0.06 * portrait.smileOpenness
    let box = Canvas.Box(x, y + 0.02, wide + 0.04, 0.16)
    /// Between two parabolas that meet in the corners.
    @inline(__always) func opening(_ px: Float, _ py: Float, _ low: Float) -> Float {
      let t = (px - x) / wide
      let bow = 1 - t * t
      return max(corners + 0.022 * bow - py, py - corners - low * bow) * 0.8
    }
    canvas.paint(Colour(0.36, 0.1, 0.12), in: head, box) { opening($0, $1, depth) }
    canvas.paint(Colour(0.97, 0.95, 0.92), in: head, box) { opening($0, $1, 0.03 + depth * 0.5) }
    let full = portrait.lipFullness
    canvas.paint(lips, in: head, box) {
      Outline.arch($0 - x, $1 - corners, wide, -0.02, 0.014 * full)
    }
    canvas.paint(lips.mixed(with: .white, 0.1), in: head, box) {
      Outline.arch($0 - x, $1 - corners, wide * 0.98, -depth, 0.017 * full)
    }
    // The folds beside a laughing mouth.
    for side: Float in [-1, 1] {
      canvas.paint(
        shade, in: head, .init(x + side * wide, y - 0.03, 0.14, 0.16), opacity: 0.6, blur: 0.03
      ) {
        Outline.line(
          $0, $1, x + side * (wide * 0.72), y - 0.13, x + side * (wide + 0.035), y - 0.01, 0.006)
      }
    }
  }
}
