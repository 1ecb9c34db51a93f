import Files
import Program

/// What makes a data set the one that it is: a run that is resumed must read the same.
///
/// It does not depend on paths, times or compression. Two sets with the same count and sizes differ
/// in their hash if any of the images that the hash chooses differs.
package struct DataFingerprint: Hashable, Sendable {
  package let source: String
  package let images: Int
  package let shape: String
  /// 64 bits in hexadecimal.
  package let hash: String

  package init(source: String, images: Int, shape: String, hash: String) {
    self.source = source
    self.images = images
    self.shape = shape
    self.hash = hash
  }
}

extension DataFingerprint: CustomStringConvertible {
  /// As in `mnist (60000 images of 1 × 28 × 28, content 8c3f…)`.
  package var description: String {
    "\(source) (\(images) image\(images == 1 ? "" : "s") of \(shape), content \(hash))"
  }
}

extension Dataset {
  /// Images whose content counts; all of a smaller set.
  private var sampled: Int { 64 }

  package func fingerprint() throws(DatasetProblem) -> DataFingerprint {
    var hash = FNV1a()
    hash.add("\(name) \(count) \(imageShape) \(labelCount ?? 0)".utf8)
    if !preparation.isEmpty { hash.add(preparation.utf8) }
    let key = (UInt32(truncatingIfNeeded: hash.value), UInt32(hash.value >> 32))
    var pixels = [UInt8](repeating: 0, count: imageShape.count)
    for place in 0..<min(count, sampled) {
      let words = Philox.block(counter: (UInt32(place), 0, 0, 0), key: key)
      let word = UInt64(words.0) << 32 | UInt64(words.1)
      let index = count <= sampled ? place : Int(word % UInt64(count))
      var span = pixels.mutableSpan
      try decode(index, into: &span)
      hash.add(pixels)
      if let label = try label(at: index) { hash.add("\(label)".utf8) }
    }
    return DataFingerprint(
      source: name, images: count, shape: "\(imageShape)", hash: hash.hexadecimal)
  }
}
