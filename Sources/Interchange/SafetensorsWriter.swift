import Files

/// One tensor to be written.
///
/// `withBytes` hands over the bytes when their turn comes, whole or in pieces, so a checkpoint is
/// written out of the memory it lives in. They are row-major and little-endian, and together as
/// many as shape and type ask for.
package struct SafetensorsEntry {
  package let name: String
  package let type: SafetensorsType
  package let shape: [Int]
  package let withBytes: (_ write: (RawSpan) -> Void) -> Void

  package init(
    _ name: String, type: SafetensorsType, shape: [Int],
    withBytes: @escaping (_ write: (RawSpan) -> Void) -> Void
  ) {
    self.name = name
    self.type = type
    self.shape = shape
    self.withBytes = withBytes
  }

  package init(_ name: String, shape: [Int], floats: [Float]) {
    self.init(name, type: .float32, shape: shape) { $0(floats.span.bytes) }
  }

  package init(_ name: String, shape: [Int], doubles: [Double]) {
    self.init(name, type: .float64, shape: shape) { $0(doubles.span.bytes) }
  }

  package init(_ name: String, shape: [Int], integers: [Int64]) {
    self.init(name, type: .int64, shape: shape) { $0(integers.span.bytes) }
  }

  package init(_ name: String, shape: [Int], bytes: [UInt8]) {
    self.init(name, type: .uint8, shape: shape) { $0(bytes.span.bytes) }
  }
}

extension SafetensorsEntry {
  fileprivate var layout: SafetensorsLayout { SafetensorsLayout(name, type: type, shape: shape) }
}

extension SafetensorsFile {
  /// Writes a file that appears whole or not at all.
  ///
  /// The entries keep their order, but larger elements go first, so that each tensor is aligned.
  /// Names must differ, and entries must give the bytes that they announce. Equal entries and
  /// metadata make equal files.
  ///
  /// - Parameter checksum: the metadata's key for a checksum over all of the file, or nil for none;
  ///   the entries are then asked for their bytes twice.
  package static func write(
    _ entries: [SafetensorsEntry], metadata: [String: String] = [:], checksum key: String? = nil,
    to path: String
  ) throws(FileProblem) {
    let entries = [8, 4, 1].flatMap { size in entries.filter { $0.type.size == size } }
    var metadata = metadata
    if let key {
      var checksum = SafetensorsChecksum(metadata: metadata, except: key)
      for entry in entries {
        checksum.add(tensor: entry.name, entry.type, entry.shape)
        entry.withBytes { checksum.add($0) }
      }
      metadata[key] = checksum.text
    }
    var writer = try SafetensorsWriter(entries.map(\.layout), metadata: metadata, to: path)
    for entry in entries {
      var problem: FileProblem?
      entry.withBytes { bytes in
        if problem != nil { return }
        do throws(FileProblem) { try writer.append(bytes) } catch { problem = error }
      }
      if let problem { throw problem }
    }
    try writer.commit()
  }
}

/// What a file's header says of one tensor.
package struct SafetensorsLayout: Sendable {
  package let name: String
  package let type: SafetensorsType
  package let shape: [Int]

  package init(_ name: String, type: SafetensorsType, shape: [Int]) {
    self.name = name
    self.type = type
    self.shape = shape
  }
}

/// A file that is written piece by piece, and appears whole or not at all.
package struct SafetensorsWriter: ~Copyable {
  private var file: AtomicFile
  /// Bytes of the tensors that are still to come.
  private var remaining: Int

  /// Writes the header for tensors whose bytes follow in the same order.
  ///
  /// Larger elements should come first, so that each tensor is aligned.
  package init(
    _ tensors: [SafetensorsLayout], metadata: [String: String] = [:], to path: String
  ) throws(FileProblem) {
    let (header, size) = Self.headerText(for: tensors, metadata: metadata)
    let start = withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) }
    file = try AtomicFile.replacing(path, start: start + header)
    remaining = size
  }

  /// The next bytes: row-major and little-endian.
  package mutating func append(_ bytes: RawSpan) throws(FileProblem) {
    remaining -= bytes.byteCount
    try file.write(bytes)
  }

  package consuming func commit() throws(FileProblem) {
    precondition(remaining == 0, "\(remaining) bytes are missing of what the header announced")
    try file.commit()
  }

  /// The header, padded with spaces to a multiple of eight, and the bytes of all tensors.
  private static func headerText(
    for entries: [SafetensorsLayout], metadata: [String: String]
  ) -> (text: [UInt8], size: Int) {
    precondition(
      Set(entries.map(\.name)).count == entries.count, "two tensors have the same name")
    var fields: [(key: String, value: JSONText)] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key < $1.key }.map {
        (key: $0.key, value: JSONText.string($0.value))
      }
      fields.append(("__metadata__", .object(pairs)))
    }
    var offset = 0
    for entry in entries {
      guard let size = byteCount(of: entry.shape, entry.type) else {
        preconditionFailure("'\(entry.name)': the shape \(entry.shape) overflows")
      }
      fields.append(
        (
          entry.name,
          .object([
            ("dtype", .string(entry.type.rawValue)),
            ("shape", .array(entry.shape.map(JSONText.integer))),
            ("data_offsets", .array([.integer(offset), .integer(offset + size)])),
          ])
        ))
      offset += size
    }
    var text = Array(JSONText.object(fields).compact.utf8)
    while text.count % 8 != 0 { text.append(UInt8(ascii: " ")) }
    return (text, offset)
  }
}
