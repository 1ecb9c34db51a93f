/// What a drawn portrait shows, yes or no, by the names of CelebA's table where it has them.
package enum PortraitAttribute: String, CaseIterable, Sendable {
  case smiling = "Smiling"
  case eyeglasses = "Eyeglasses"
  case longHair = "Long_Hair"
  case beard = "Beard"
  case wearingHat = "Wearing_Hat"

  /// How many of 100 portraits show it.
  fileprivate var percentage: UInt32 {
    switch self {
    case .smiling: 50
    case .eyeglasses: 30
    case .longHair: 40
    case .beard: 25
    case .wearingHat: 20
    }
  }
}

/// All that decides how a portrait looks.
///
/// Attributes are independent of each other and of the rest.
struct Portrait {
  let attributes: Set<PortraitAttribute>

  let skin: Colour
  let hair: Colour
  let eyes: Colour
  let clothes: Colour
  let hat: Colour
  let background: (Colour, Colour)
  let backgroundTilt: Float

  /// Turns to the side, −1 to 1, and up or down.
  let yaw: Float
  let pitch: Float
  /// Tangent of the head's tilt.
  let roll: Float
  let size: Float
  let shift: (x: Float, y: Float)
  /// Where the light comes from: −1 left, 1 right; and how strong its shadows are.
  let light: Float
  let contrast: Float
  let exposure: Float
  /// −1 cold, 1 warm.
  let warmth: Float

  // Forms, around 1.
  let faceWidth: Float
  let faceHeight: Float
  let jaw: Float
  let eyeSize: Float
  let eyeGap: Float
  let browHeight: Float
  let browTilt: Float
  let noseLength: Float
  let noseWidth: Float
  let mouthWidth: Float
  let lipFullness: Float
  let smileOpenness: Float
  let hairline: Float
  /// −1 parted on the left, 1 on the right.
  let parting: Float
  let hairVolume: Float
  let hairStyle: UInt32
  let hatStyle: UInt32
  let glassesStyle: UInt32
  let beardStyle: UInt32
  let collar: UInt32

  init(from random: inout CounterRandom) {
    var attributes: Set<PortraitAttribute> = []
    for attribute in PortraitAttribute.allCases
    where random.number(below: 100) < attribute.percentage {
      attributes.insert(attribute)
    }
    self.attributes = attributes

    // Between two neighbours of the row, so that no tone is missing.
    let tone = random.uniform() * Float(Self.skins.count - 1)
    let lighter = Int(tone)
    skin = Self.skins[lighter]
      .mixed(with: Self.skins[min(lighter + 1, Self.skins.count - 1)], tone - Float(lighter))
      .lit(random.uniform(0.96...1.04))
    hair = Self.pick(Self.hairs, &random).lit(random.uniform(0.85...1.2))
    eyes = Self.pick(Self.irises, &random)
    clothes = Self.pick(Self.fabrics, &random).lit(random.uniform(0.75...1.1))
    hat = Self.pick(Self.fabrics, &random).lit(random.uniform(0.7...1.05))
    let pair = Self.backgrounds[Int(random.number(below: UInt32(Self.backgrounds.count)))]
    background = (pair.0.lit(random.uniform(0.85...1.1)), pair.1.lit(random.uniform(0.85...1.1)))
    backgroundTilt = random.uniform(-0.8...0.8)

    yaw = random.bell() * 0.38
    pitch = random.bell() * 0.3
    roll = random.bell() * 0.07
    size = 1 + random.bell() * 0.05
    shift = (random.bell() * 0.035, random.bell() * 0.03)
    light = random.number(below: 2) == 0 ? -1 : 1
    contrast = random.uniform(0.1...0.38)
    exposure = random.uniform(0.88...1.1)
    warmth = random.uniform(-1...1)

    faceWidth = 1 + random.bell() * 0.045
    faceHeight = 1 + random.bell() * 0.035
    jaw = random.uniform(0.12...0.36)
    eyeSize = 1 + random.bell() * 0.08
    eyeGap = 1 + random.bell() * 0.045
    browHeight = random.uniform(0...1)
    browTilt = random.bell() * 0.5
    noseLength = 1 + random.bell() * 0.1
    noseWidth = 1 + random.bell() * 0.14
    mouthWidth = 1 + random.bell() * 0.09
    lipFullness = random.uniform(0.6...1.25)
    smileOpenness = random.uniform()
    hairline = random.uniform()
    parting = random.uniform(-1...1)
    hairVolume = random.uniform()
    hairStyle = random.number(below: 4)
    hatStyle = random.number(below: 3)
    glassesStyle = random.number(below: 3)
    beardStyle = random.number(below: 3)
    collar = random.number(below: 3)
  }

  private static func pick(_ colours: [UInt32], _ random: inout CounterRandom) -> Colour {
    Colour(colours[Int(random.number(below: UInt32(colours.count)))])
  }

  /// From light to dark.
  private static let skins = [
    Colour(0xFBE0CF), Colour(0xF4C9A9), Colour(0xE3AC84), Colour(0xC98B61), Colour(0xA86A43),
    Colour(0x80492C), Colour(0x59321F),
  ]
  private static let hairs: [UInt32] = [
    0x1C1718, 0x2B1D16, 0x3D281B, 0x59391F, 0x7A4E28, 0x9C6B34, 0xC79A52, 0xE0BF7C, 0x8A3B1E,
    0xB5522A, 0x8F8B87, 0xC9C5BF,
  ]
  private static let irises: [UInt32] = [
    0x4A2D18, 0x5E3B1F, 0x7A5A2E, 0x4F6B3A, 0x3C6A8E, 0x5B7F95,
  ]
  private static let fabrics: [UInt32] = [
    0x27364F, 0x8C2F39, 0x2F6B5E, 0xD9A441, 0x5D4A7D, 0xE7E1D5, 0x3A3A3C, 0xC2644B, 0x4C86A8,
    0x6E7F4B, 0xB98CA8, 0x20504F,
  ]
  private static let backgrounds: [(Colour, Colour)] = [
    (Colour(0xBFD7EA), Colour(0x7FA6C9)), (Colour(0xF3D9B1), Colour(0xD99A6C)),
    (Colour(0xCFE3C8), Colour(0x7FA98A)), (Colour(0xE5C9D7), Colour(0xA97C9C)),
    (Colour(0xD8D4CC), Colour(0x8F8A84)), (Colour(0x5C7080), Colour(0x27323E)),
    (Colour(0x8C6A5A), Colour(0x4A332B)), (Colour(0xF0E7D8), Colour(0xC7B299)),
    (Colour(0x6F9C96), Colour(0x2C5A5C)), (Colour(0xE8B4A0), Colour(0x9C5B63)),
    (Colour(0x9FA9D6), Colour(0x565D94)), (Colour(0xEBD98F), Colour(0xB38C3F)),
  ]
}
