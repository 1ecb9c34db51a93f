/// Finds the hashes that differ from another one in at most `tolerance` bits.
///
/// Of four bands, one is equal where at most three bits differ: each band has a table of chains. It
/// is made in linear time and takes 48 bytes for each hash at most, the hash included.
struct HashIndex {
  static let tolerance = CodeHash.bands - 1

  private let hashes: [CodeHash]
  private let mask: UInt32
  /// [bands, slots]: the first hash of each chain.
  private var heads: [[UInt32]]
  /// [bands, hashes]: the next one.
  private var nexts: [[UInt32]]

  private static let none = UInt32.max

  init(_ hashes: [CodeHash]) {
    self.hashes = hashes
    var slots = 16
    while slots < hashes.count { slots *= 2 }
    mask = UInt32(slots - 1)
    heads = Array(
      repeating: [UInt32](repeating: Self.none, count: slots), count: CodeHash.bands)
    nexts = Array(
      repeating: [UInt32](repeating: Self.none, count: hashes.count), count: CodeHash.bands)
    for (index, hash) in hashes.enumerated() {
      for band in 0..<CodeHash.bands {
        let slot = slot(of: hash.band(band))
        nexts[band][index] = heads[band][slot]
        heads[band][slot] = UInt32(index)
      }
    }
  }

  /// Calls `body` with the number of each hash near to this one, some of them several times.
  func forEach(near hash: CodeHash, _ body: (Int) -> Void) {
    for band in 0..<CodeHash.bands {
      var index = heads[band][slot(of: hash.band(band))]
      while index != Self.none {
        if hashes[Int(index)].distance(to: hash) <= Self.tolerance { body(Int(index)) }
        index = nexts[band][Int(index)]
      }
    }
  }

  /// Source of the factor: Knuth, The Art of Computer Programming 3, 6.4: 2³² / golden ratio.
  private func slot(of band: UInt32) -> Int { Int((band &* 2_654_435_769) >> 7 & mask) }
}
