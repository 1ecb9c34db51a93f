/// A counter-based generator: a bijection of 128-bit counters, chosen by a 64-bit key.
///
/// Source: Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3", Philox4x32-10.
public enum Philox {
  public typealias Block = (UInt32, UInt32, UInt32, UInt32)

  private static let rounds = 10
  // Multipliers and key increments as published; the increments are the golden ratio and √3 − 1.
  private static let multiplier: (UInt64, UInt64) = (0xD251_1F53, 0xCD9E_8D57)
  private static let increment: (UInt32, UInt32) = (0x9E37_79B9, 0xBB67_AE85)

  /// Four words that look random and depend on every bit of `counter` and `key`.
  public static func block(counter: Block, key: (UInt32, UInt32)) -> Block {
    var (block, key) = (counter, key)
    var round = 0
    while round < rounds {
      let first = multiplier.0 &* UInt64(block.0)
      let second = multiplier.1 &* UInt64(block.2)
      block = (
        UInt32(truncatingIfNeeded: second >> 32) ^ block.1 ^ key.0,
        UInt32(truncatingIfNeeded: second),
        UInt32(truncatingIfNeeded: first >> 32) ^ block.3 ^ key.1,
        UInt32(truncatingIfNeeded: first)
      )
      key = (key.0 &+ increment.0, key.1 &+ increment.1)
      round += 1
    }
    return block
  }
}

/// The numbers of one `random` operation in one run: each a pure function of its index.
///
/// Indices are at least 0 and below 2³⁴, the elements that 2³² blocks of four have.
/// Both executors draw from here, so they agree to the bit. Only +, −, ×, ÷ and √ are used, which
/// IEEE 754 rounds correctly: the numbers do not depend on the processor or its math library.
public struct RandomStream: Sendable {
  private let key: RandomKey
  private let stream: UInt32

  /// `stream` is at least 0 and below 2³².
  public init(key: RandomKey, stream: Int) {
    guard let stream = UInt32(exactly: stream) else {
      preconditionFailure("stream \(stream) is not in 0 ..< 2^32")
    }
    self.key = key
    self.stream = stream
  }

  /// The number at `index` of a tensor of uniform numbers on [0, 1), a multiple of 2⁻²⁴.
  public func uniform(at index: Int) -> Float { number(.uniform, at: index) }

  /// The number at `index` of a tensor of normal numbers, mean 0 and standard deviation 1.
  public func normal(at index: Int) -> Float { number(.normal, at: index) }

  public func number(_ distribution: Op.Distribution, at index: Int) -> Float {
    lane(index % Self.lanes, of: numbers(distribution, block: index / Self.lanes))
  }

  /// Writes the numbers from `first` on, in order; what is written does not depend on how a tensor
  /// is divided into buffers.
  public func fill(
    _ buffer: UnsafeMutableBufferPointer<Float>, _ distribution: Op.Distribution,
    from first: Int = 0
  ) {
    var position = 0
    while position < buffer.count {
      let index = first + position
      let four = numbers(distribution, block: index / Self.lanes)
      var next = index % Self.lanes
      while next < Self.lanes && position < buffer.count {
        buffer[position] = lane(next, of: four)
        next += 1
        position += 1
      }
    }
  }

  // MARK: Four numbers at a time

  private static let lanes = 4

  private func lane(_ lane: Int, of four: (Float, Float, Float, Float)) -> Float {
    switch lane {
    case 0: four.0
    case 1: four.1
    case 2: four.2
    default: four.3
    }
  }

  private func numbers(
    _ distribution: Op.Distribution, block: Int
  ) -> (Float, Float, Float, Float) {
    // Seed, step, stream and block have bits of their own, so no two elements share a number.
    let words = Philox.block(
      counter: (
        UInt32(block), stream, UInt32(truncatingIfNeeded: key.step),
        UInt32(truncatingIfNeeded: key.step >> 32)
      ),
      key: (UInt32(truncatingIfNeeded: key.seed), UInt32(truncatingIfNeeded: key.seed >> 32)))
    switch distribution {
    case .uniform:
      return (unit(words.0), unit(words.1), unit(words.2), unit(words.3))
    case .normal:
      let (first, second) = (normalPair(words.0, words.1), normalPair(words.2, words.3))
      return (first.0, first.1, second.0, second.1)
    }
  }

  /// The upper 24 bits as a fraction: all that a Float of this size holds.
  private func unit(_ word: UInt32) -> Float { Float(word >> 8) * 0x1p-24 }
}

// MARK: - Normal numbers

/// The series behind normal numbers, from the highest power of a square down.
public enum NormalSeries {
  public static let naturalLogarithmOf2 = 0.693_147_180_559_945_309

  /// artanh(s) / s in q = s², for |s| < 0.172.
  public static let logarithm: [11 of Double] = [
    1 / 21, 1 / 19, 1 / 17, 1 / 15, 1 / 13, 1 / 11, 1 / 9, 1 / 7, 1 / 5, 1 / 3, 1,
  ]

  /// Taylor's series of sin(x) / x in q = x²: for |x| ≤ π/4 the first term left out is below 1e-16.
  public static let sine: [8 of Double] = [
    -1 / 1_307_674_368_000, 1 / 6_227_020_800, -1 / 39_916_800, 1 / 362_880, -1 / 5_040, 1 / 120,
    -1 / 6, 1,
  ]

  /// The same of cos(x).
  public static let cosine: [9 of Double] = [
    1 / 20_922_789_888_000, -1 / 87_178_291_200, 1 / 479_001_600, -1 / 3_628_800, 1 / 40_320,
    -1 / 720, 1 / 24, -1 / 2, 1,
  ]
}

/// Horner's rule.
private func polynomial<let count: Int>(_ series: [count of Double], at q: Double) -> Double {
  var sum = series[0]
  for index in 1..<count { sum = sum * q + series[index] }
  return sum
}

/// Two independent normal numbers, r·cos φ and r·sin φ with r = √(−2·ln u) and a uniform angle.
///
/// u lies in (0, 1], so r is at most √(64·ln 2) ≈ 6.66. Source: Box and Muller 1958.
private func normalPair(_ radiusWord: UInt32, _ angleWord: UInt32) -> (Float, Float) {
  let radius = (-2 * logarithm(ofFraction: radiusWord)).squareRoot()
  let (cosine, sine) = cosineAndSine(turn: angleWord)
  return (Float(radius * cosine), Float(radius * sine))
}

/// ln((word + 1) / 2³²), to about 1e-15.
private func logarithm(ofFraction word: UInt32) -> Double {
  // word + 1 = significand · 2^exponent with √½ < significand ≤ √2.
  let bits = (Double(word) + 1).bitPattern
  var exponent = Double(Int64(bits >> 52) - 1023)
  var significand = Double(bitPattern: bits & 0x000F_FFFF_FFFF_FFFF | 0x3FF0_0000_0000_0000)
  if significand > 2.0.squareRoot() {
    significand *= 0.5
    exponent += 1
  }
  // ln m = 2·artanh s = 2·(s + s³/3 + s⁵/5 + …), s = (m − 1)/(m + 1), |s| < 0.172
  let s = (significand - 1) / (significand + 1)
  let q = s * s
  let series = polynomial(NormalSeries.logarithm, at: q)
  return (exponent - 32) * NormalSeries.naturalLogarithmOf2 + 2 * s * series
}

/// The cosine and sine of `turn` / 2³² of a full turn, to about 1e-16.
private func cosineAndSine(turn: UInt32) -> (cosine: Double, sine: Double) {
  // The nearest quarter turn, and the rest of at most an eighth: exact in integers.
  let quarter = (turn &+ 1 << 29) >> 30
  let rest = Int32(bitPattern: turn &- quarter << 30)
  let x = Double(rest) * (Double.pi * 0x1p-31)
  let q = x * x
  let sine = polynomial(NormalSeries.sine, at: q) * x
  let cosine = polynomial(NormalSeries.cosine, at: q)
  return switch quarter {
  case 0: (cosine, sine)
  case 1: (-sine, cosine)
  case 2: (-cosine, -sine)
  default: (sine, -cosine)
  }
}
