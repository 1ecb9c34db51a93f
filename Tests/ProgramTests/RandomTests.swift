import Foundation
import Program
import Testing

@Suite("Random numbers")
struct RandomTests {
  struct Vector: Sendable {
    let counter: [UInt32]
    let key: [UInt32]
    let expected: [UInt32]
  }

  /// From the file kat_vectors of Random123, lines "philox4x32 10".
  static let knownAnswers = [
    Vector(
      counter: [0, 0, 0, 0], key: [0, 0],
      expected: [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
    Vector(
      counter: [.max, .max, .max, .max], key: [.max, .max],
      expected: [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]),
    Vector(
      counter: [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344],
      key: [0xa409_3822, 0x299f_31d0],
      expected: [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]),
  ]

  @Test("Philox gives the published answers", arguments: knownAnswers)
  func philox(vector: Vector) {
    let (c, k) = (vector.counter, vector.key)
    let block = Philox.block(counter: (c[0], c[1], c[2], c[3]), key: (k[0], k[1]))
    #expect([block.0, block.1, block.2, block.3] == vector.expected)
  }

  static let key = RandomKey(seed: 0x0123_4567_89ab_cdef, step: 3)

  /// The words that index 4·block … 4·block + 3 of stream 5 are made of.
  static func words(block: UInt32) -> [UInt32] {
    let words = Philox.block(counter: (block, 5, 3, 0), key: (0x89ab_cdef, 0x0123_4567))
    return [words.0, words.1, words.2, words.3]
  }

  @Test("Uniform numbers are the upper 24 bits of a word")
  func uniform() {
    let stream = RandomStream(key: Self.key, stream: 5)
    for (lane, word) in Self.words(block: 2).enumerated() {
      #expect(stream.uniform(at: 8 + lane) == Float(Double(word >> 8) / 16_777_216))
    }
  }

  @Test("Normal numbers are those of Box and Muller's formula")
  func normal() {
    let stream = RandomStream(key: Self.key, stream: 5)
    for block in 0..<500 {
      let words = Self.words(block: UInt32(block)).map(Double.init)
      for pair in [0, 2] {
        let radius = (-2 * log((words[pair] + 1) * 0x1p-32)).squareRoot()
        let angle = 2 * Double.pi * words[pair + 1] * 0x1p-32
        let expected = [radius * cos(angle), radius * sin(angle)]
        for lane in 0..<2 {
          let number = stream.normal(at: 4 * block + pair + lane)
          // One rounding to Float, of at most 7, and two of the C library in Double.
          #expect(abs(Double(number) - expected[lane]) <= abs(expected[lane]) * 0x1p-24 + 1e-14)
        }
      }
    }
  }

  @Test("A buffer filled from any index has the same numbers", arguments: [0, 1, 2, 3, 4, 11])
  func fill(first: Int) {
    let stream = RandomStream(key: Self.key, stream: 5)
    for distribution in Op.Distribution.allCases {
      for count in 0...9 {
        let filled = [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
          stream.fill(
            UnsafeMutableBufferPointer(rebasing: buffer[..<count]), distribution, from: first)
          initialized = count
        }
        #expect(filled == (first..<first + count).map { stream.number(distribution, at: $0) })
      }
    }
  }

  @Test("Seed, step and stream each give other numbers")
  func independence() {
    let streams = [(1, 2, 3), (2, 2, 3), (1 << 32, 2, 3), (1, 3, 3), (1, 1 << 32, 3), (1, 2, 4)]
    let numbers = streams.map { seed, step, stream in
      RandomStream(key: RandomKey(seed: UInt64(seed), step: UInt64(step)), stream: stream)
        .uniform(at: 0)
    }
    #expect(Set(numbers).count == streams.count)
  }

  static let sampleCount = 40_000
  /// Five standard errors: √(1/count) for the mean of variance 1, √(2/count) for its variance.
  static let statisticalTolerance = 5 * (2 / Double(sampleCount)).squareRoot()

  @Test("Moments", arguments: [(Op.Distribution.uniform, 0.5, 1.0 / 12), (.normal, 0, 1)])
  func moments(distribution: Op.Distribution, mean: Double, variance: Double) {
    let stream = RandomStream(key: RandomKey(seed: 1, step: 0), stream: 0)
    let numbers = (0..<Self.sampleCount).map { Double(stream.number(distribution, at: $0)) }
    let found = numbers.reduce(0, +) / Double(numbers.count)
    let spread = numbers.reduce(0) { $0 + ($1 - found) * ($1 - found) } / Double(numbers.count)
    #expect(abs(found - mean) < Self.statisticalTolerance * variance.squareRoot())
    #expect(abs(spread - variance) < Self.statisticalTolerance * variance)
    if distribution == .uniform {
      #expect(numbers.allSatisfy { (0..<1).contains($0) })
    }
  }
}
