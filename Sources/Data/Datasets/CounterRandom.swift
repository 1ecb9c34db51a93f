import Program

/// What random numbers are for: a different stream for each.
enum RandomPurpose: UInt32 {
  case order = 1
  case digits = 2
  case portraits = 3
  /// Which images are kept back.
  case choice = 4
  case mirror = 5
  case crop = 6
  /// The order inside of a stream's window.
  case window = 7
  /// The order of a stream's shards.
  case shards = 8
}

/// Random numbers that follow from (seed, purpose, index) alone, in any order of asking.
///
/// `Philox` used as a stream: seed is the key, and the counter is (block, purpose, index).
struct CounterRandom {
  private let key: (UInt32, UInt32)
  private var counter: Philox.Block
  private var block: Philox.Block = (0, 0, 0, 0)
  private var used = 4

  init(seed: UInt64, purpose: RandomPurpose, index: UInt64) {
    key = (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    counter = (
      0, purpose.rawValue, UInt32(truncatingIfNeeded: index),
      UInt32(truncatingIfNeeded: index >> 32)
    )
  }

  mutating func next() -> UInt32 {
    if used == 4 {
      block = Philox.block(counter: counter, key: key)
      counter.0 &+= 1
      used = 0
    }
    defer { used += 1 }
    return switch used {
    case 0: block.0
    case 1: block.1
    case 2: block.2
    default: block.3
    }
  }

  /// A uniform number below `bound`, without bias.
  ///
  /// Source: Lemire 2019, "Fast random integer generation in an interval".
  mutating func number(below bound: UInt32) -> UInt32 {
    while true {
      let (high, low) = next().multipliedFullWidth(by: bound)
      if low >= bound || low >= (0 &- bound) % bound { return high }
    }
  }

  /// Uniform on [0, 1), 24 bits.
  mutating func uniform() -> Float { Float(next() >> 8) * 0x1p-24 }

  mutating func uniform(_ range: ClosedRange<Float>) -> Float {
    range.lowerBound + (range.upperBound - range.lowerBound) * uniform()
  }

  /// Bell-shaped with mean 0 and deviation 1, within ±3.5: the sum of four uniform numbers.
  ///
  /// Only additions and one product, so every machine gives the same bits.
  mutating func bell() -> Float {
    // Each of the four has variance 1/12, so the sum has 1/3.
    (uniform() + uniform() + uniform() + uniform() - 2) * 1.7320508
  }
}
