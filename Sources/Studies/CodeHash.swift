/// Which numbers of a code are not 0, a bit for each: the hash of an image.
///
/// Codes come out of a ReLU, so a bit says whether its unit has fired. Source: Radford et al. 2015,
/// section 4.1.1; Srivastava et al. 2014, "Understanding Locally Competitive Networks".
package struct CodeHash: Hashable, Sendable {
  private var low: UInt64 = 0
  private var high: UInt64 = 0

  /// Bits that there is room for.
  package static let longest = 128

  /// - Parameter code: at most 128 numbers.
  package init(_ code: some Collection<Float>) {
    precondition(code.count <= Self.longest, "a code of \(code.count) numbers")
    for (place, value) in code.enumerated() where value > 0 {
      if place < 64 { low |= 1 << UInt64(place) } else { high |= 1 << UInt64(place - 64) }
    }
  }

  /// Bits that differ.
  package func distance(to other: CodeHash) -> Int {
    (low ^ other.low).nonzeroBitCount + (high ^ other.high).nonzeroBitCount
  }

  /// Bands of 32 bits each.
  static let bands = 4

  /// Band 0 to 3.
  func band(_ number: Int) -> UInt32 {
    UInt32(truncatingIfNeeded: (number < 2 ? low : high) >> UInt64(number % 2 * 32))
  }
}
