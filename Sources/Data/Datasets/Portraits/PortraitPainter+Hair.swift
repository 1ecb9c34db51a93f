/// Hair, beards, glasses and hats.
extension PortraitPainter {
  /// Above the forehead, and at the temples.
  func paintHair() {
    let isLong = shows(.longHair)
    let isCovered = shows(.wearingHat)
    let volume = (isCovered ? 0.2 : portrait.hairVolume) * (portrait.hairStyle == 3 ? 0.25 : 1)
    let (wide, tall) = (halfWidth + 0.035 + 0.05 * volume, halfHeight + 0.03 + 0.07 * volume)
    // The face looks out of a window in the hair.
    let hasFringe = portrait.hairStyle == 1
    let middle = portrait.parting * 0.09 + turn(0.8)
    let fringe = 0.2 + 0.05 * portrait.hairline
    let forehead = (hasFringe ? 0.4 : 0.28) + 0.07 * portrait.hairline + portrait.pitch * 0.03
    let windowWidth = halfWidth * (isLong ? 0.88 : 0.97)
    let end: Float = isLong ? 0.58 + 0.28 * portrait.hairline : 0.02
    let isCurly = portrait.hairStyle == 2 && !isCovered

    @inline(__always) func outer(_ x: Float, _ y: Float) -> Float {
      var shape = Outline.ellipse(x, y + 0.035, wide, tall)
      if isCurly {
        // Curls along the edge: bumps on the outline, in turn large and small.
        let curl = abs((x * 9 + y * 4) - ((x * 9 + y * 4) + 100).rounded(.down) + 100 - 0.5)
        shape -= 0.05 * volume * (0.4 + curl * 2) * (y < 0 ? 1 : 0.5)
      }
      if isLong {
        let strand = Outline.box(
          abs(x) - halfWidth - 0.02, y - end / 2 + 0.08, 0.085, end / 2 + 0.1, 0.08)
        shape = min(shape, strand)
      }
      return shape
    }
    @inline(__always) func hair(_ x: Float, _ y: Float) -> Float {
      var window = Outline.ellipse(
        x - middle * max(0, min(1, 0.6 - y * 2)), y - 0.2, windowWidth, 0.2 + forehead)
      // A fringe ends in a line over the brows.
      if hasFringe { window = max(window, -(y + fringe - 0.12 * (x - middle) * (x - middle))) }
      return max(max(outer(x, y), -window), y - end)
    }
    let box = Canvas.Box(-0.75...0.75, -0.8...0.95)
    // A shadow on the forehead first.
    canvas.paint(shade, in: head, .init(0, -0.2, halfWidth, 0.3), opacity: 0.5, blur: 0.07) {
      hair($0, $1 - 0.035)
    } within: {
      face($0, $1)
    }
    canvas.paint(portrait.hair, in: head, box) { hair($0, $1) }
    // Strands: where the light falls, and where it does not.
    let gleam = portrait.hair.mixed(with: .white, 0.3)
    let far = portrait.light
    canvas.paint(gleam, in: head, box, opacity: 0.55, blur: 0.12) { x, y in
      max(
        abs(Outline.ellipse(x + far * 0.12, y + 0.02, wide * 0.86, tall * 0.86)) - 0.02,
        far * x - 0.05)
    } within: {
      hair($0, $1)
    }
    canvas.paint(portrait.hair.lit(0.6), in: head, box, opacity: 0.6, blur: 0.16) { x, _ in
      0.12 - far * x
    } within: {
      hair($0, $1)
    }
  }

  func paintBeard() {
    let colour = portrait.hair.mixed(with: shade.lit(0.4), 0.25)
    let x = turn(1.1)
    let mouth = mouthLine
    let isLong = portrait.beardStyle == 2
    let isNarrow = portrait.beardStyle == 1
    @inline(__always) func beard(_ px: Float, _ py: Float) -> Float {
      // The cheeks stay free.
      let cheeks = Outline.ellipse(px - x * 0.7, py + 0.1, halfWidth * 0.9, 0.1 + mouth - 0.07)
      var shape = max(face(px, py) - 0.025, -cheeks)
      if isNarrow { shape = max(shape, abs(px - x) - 0.16) }
      if isLong { shape = min(shape, Outline.ellipse(px - x * 0.6, py - 0.46, 0.25, 0.2)) }
      return shape
    }
    let box = Canvas.Box(-0.6...0.6, -0.1...0.75)
    canvas.paint(colour, in: head, box, opacity: 0.94, blur: 0.03) { beard($0, $1) }
    canvas.paint(colour.lit(0.6), in: head, box, opacity: 0.5, blur: 0.15) { px, _ in
      0.08 - portrait.light * px
    } within: {
      beard($0, $1)
    }
    let upper = mouth - (shows(.smiling) ? 0.07 : 0.05)
    canvas.paint(colour, in: head, .init(x, upper, 0.2, 0.1), opacity: 0.95) { px, py in
      Outline.arch(px - x, py - upper - 0.02, 0.135, 0.035, 0.026)
    }
  }

  func paintGlasses() {
    let metal = [Colour(0x1B1B1F), Colour(0x5A3420), Colour(0x8A7440)][Int(portrait.glassesStyle)]
    let y = eyeLine + 0.012
    let apart = 0.172 * portrait.eyeGap
    let thick: Float = portrait.glassesStyle == 2 ? 0.011 : 0.017
    let isRound = portrait.glassesStyle != 0
    @inline(__always) func rim(_ px: Float, _ py: Float, _ x: Float) -> Float {
      isRound
        ? Outline.ellipse(px - x, py - y, 0.128, 0.118)
        : Outline.box(px - x, py - y, 0.132, 0.095, 0.05)
    }
    for side: Float in [-1, 1] {
      let x = side * apart * (1 - side * portrait.yaw * 0.08) + turn(1.1)
      let box = Canvas.Box(x, y, 0.16, 0.15)
      canvas.paint(Colour(0.92, 0.96, 1), in: head, box, opacity: 0.12) { rim($0, $1, x) }
      canvas.paint(.white, in: head, box, opacity: 0.35, blur: 0.02) { px, py in
        max(rim(px, py, x) + 0.02, abs((px - x) + (py - y) * 0.8 + 0.035) - 0.018)
      }
      canvas.paint(metal, in: head, box) { abs(rim($0, $1, x)) - thick }
      let (from, to) = (x + side * 0.13, side * halfWidth)
      canvas.paint(metal, in: head, .init((from + to) / 2, y - 0.03, 0.16, 0.05)) {
        Outline.line($0, $1, from, y - 0.03, to, y - 0.035, thick * 0.9)
      }
    }
    canvas.paint(metal, in: head, .init(turn(1.1), y, 0.08, 0.06)) {
      Outline.arch($0 - turn(1.1), $1 - y + 0.005, 0.045, 0.02, thick * 0.9)
    }
  }

  func paintHat() {
    let colour = portrait.hat
    let brow = -0.235 * portrait.faceHeight + portrait.pitch * 0.03
    let (wide, top) = (halfWidth + 0.075, -halfHeight - 0.14)
    let far = portrait.light
    let tall = brow - top
    @inline(__always) func crown(_ x: Float, _ y: Float) -> Float {
      switch portrait.hatStyle {
      case 2:
        Outline.box(
          x * (1 + 0.12 * (brow - y)), y - (top + brow) / 2, wide - 0.05, tall / 2 + 0.02, 0.14)
      default: max(Outline.ellipse(x, y - brow, wide, tall), y - brow - 0.01)
      }
    }
    // What the hat throws on the forehead.
    canvas.paint(
      shade.lit(0.8), in: head, .init(0, brow + 0.06, halfWidth, 0.14), opacity: 0.55, blur: 0.1
    ) { _, y in
      y - brow - 0.06
    } within: {
      face($0, $1)
    }
    let box = Canvas.Box(-0.9...0.9, -1.1...0.1)
    canvas.paint(colour, in: head, box) { crown($0, $1) }
    canvas.paint(colour.lit(0.62), in: head, box, opacity: 0.8, blur: 0.3) { x, _ in
      0.1 - far * x
    } within: {
      crown($0, $1)
    }
    canvas.paint(
      colour.mixed(with: .white, 0.35), in: head, .init(-far * 0.16, brow - tall * 0.6, 0.2, 0.2),
      opacity: 0.5, blur: 0.2
    ) { x, y in
      Outline.ellipse(x + far * 0.16, y - brow + tall * 0.6, 0.08, 0.07)
    } within: {
      crown($0, $1)
    }
    switch portrait.hatStyle {
    case 0:
      // A knitted cap with its fold.
      canvas.paint(colour.lit(0.8), in: head, box) { x, y in
        Outline.box(x, y - brow + 0.01 - x * x * 0.12, wide + 0.015, 0.07, 0.05)
      }
      canvas.paint(colour.mixed(with: .white, 0.4), in: head, box) { x, y in
        Outline.ellipse(x, y - top + 0.01, 0.085, 0.08)
      }
    case 1:
      // A cap with a peak, which shows where the head turns.
      let peak = turn(2)
      canvas.paint(colour.lit(0.55), in: head, box) { x, y in
        Outline.ellipse(
          x - peak, y - brow - 0.015 + (x - peak) * (x - peak) * 0.2, wide * 0.88, 0.07)
      }
    default:
      canvas.paint(colour.lit(0.4), in: head, box) { x, y in
        max(crown(x, y) - 0.004, abs(y - brow + 0.07) - 0.05)
      }
      canvas.paint(colour.lit(0.88), in: head, box) { x, y in
        Outline.ellipse(x, y - brow - 0.01 + x * x * 0.1, wide + 0.24, 0.062)
      }
    }
  }
}
