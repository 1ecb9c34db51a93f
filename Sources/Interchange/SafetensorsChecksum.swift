import CZlib
import Files

/// A checksum over everything that a safetensors file says: metadata, names, types, shapes, bytes.
///
/// CRC-32 by zlib: every flip of a few bits is noticed, and of other damage all but one in four
/// thousand million.
struct SafetensorsChecksum {
  private var crc = crc32(0, nil, 0)

  init(metadata: [String: String], except key: String) {
    for (name, text) in metadata.sorted(by: { $0.key < $1.key }) where name != key {
      add("\(name.utf8.count) \(name) \(text.utf8.count) \(text)")
    }
  }

  mutating func add(tensor name: String, _ type: SafetensorsType, _ shape: [Int]) {
    add("\(name.utf8.count) \(name) \(type.rawValue) \(shape)")
  }

  mutating func add(_ bytes: RawSpan) {
    bytes.withUnsafeBytes { buffer in
      // zlib reads at most `count` bytes of the buffer, in pieces that fit its 32-bit count.
      var start = 0
      while start < buffer.count {
        let count = min(buffer.count - start, 1 << 30)
        let piece = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
        crc = crc32(crc, piece.map { $0 + start }, UInt32(count))
        start += count
      }
    }
  }

  private mutating func add(_ text: String) { add(Array(text.utf8).span.bytes) }

  /// Eight digits.
  var text: String {
    let digits = String(crc, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }
}

extension SafetensorsFile {
  /// Compares the checksum under `key` of the metadata with what the file says; reads all of it.
  package func verify(checksum key: String) throws(SafetensorsProblem) {
    var checksum = SafetensorsChecksum(metadata: metadata, except: key)
    for tensor in tensors {
      checksum.add(tensor: tensor.name, tensor.type, tensor.shape)
      try tensor.forEachPiece { checksum.add($0) }
    }
    guard let expected = metadata[key], expected == checksum.text else {
      throw .wrongChecksum(path: path, expected: metadata[key] ?? "none", found: checksum.text)
    }
  }
}
