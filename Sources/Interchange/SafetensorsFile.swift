import Files

#if _endian(big)
  #error("safetensors are little-endian, and are read and written without swapping bytes")
#endif

/// A safetensors file, open for reading.
///
/// Opening reads the header and checks every name, type, shape and offset against the file's
/// length; a tensor's bytes are read when they are asked for. The values stay those of the file
/// that was opened, also after another one has been renamed over it.
package struct SafetensorsFile: Sendable {
  package let metadata: [String: String]
  /// In the order of their bytes in the file.
  package let tensors: [StoredTensor]
  package var path: String { file.path }
  package var names: [String] { tensors.map(\.name) }
  private let indices: [String: Int]
  private let file: OpenFile

  /// Throws a `SafetensorsProblem` that names the first thing that does not fit.
  package init(contentsOf path: String) throws(SafetensorsProblem) {
    file = try Self.reading { () throws(FileProblem) in try OpenFile(path: path) }
    let header: (parsed: SafetensorsHeader, byteCount: Int)
    do throws(SafetensorsProblem) { header = try Self.header(of: file) } catch {
      let file = file
      let content = try Self.reading { () throws(FileProblem) in try file.content() }
      throw content.map { .foreign(path: path, content: $0) } ?? error
    }
    let data = 8 + header.byteCount

    // The tensors must fill the rest of the file, one after the other.
    let records = header.parsed.records.sorted { ($0.begin, $0.end) < ($1.begin, $1.end) }
    let available = file.length - data
    var filled = 0
    var tensors: [StoredTensor] = []
    for record in records {
      try Self.check(record, available: available, of: path)
      if record.begin < filled {
        throw .overlap(
          path: path, tensor: record.name, begin: record.begin,
          other: tensors.last?.name ?? "", otherEnd: filled)
      }
      if record.begin > filled {
        throw .hole(path: path, tensor: record.name, begin: record.begin, expected: filled)
      }
      filled = record.end
      tensors.append(
        StoredTensor(
          name: record.name, type: record.type, shape: record.shape, file: file,
          offset: data + record.begin, byteCount: record.end - record.begin))
    }
    if filled != available {
      throw .trailingBytes(path: path, expected: filled, found: available)
    }
    metadata = header.parsed.metadata
    indices = Dictionary(
      uniqueKeysWithValues: tensors.enumerated().map { ($1.name, $0) })
    self.tensors = tensors
  }

  /// The tensor of that name.
  package func tensor(named name: String) throws(SafetensorsProblem) -> StoredTensor {
    guard let index = indices[name] else { throw .noSuchTensor(path: path, name: name) }
    return tensors[index]
  }

  package func contains(_ name: String) -> Bool { indices[name] != nil }

  private static func header(
    of file: OpenFile
  ) throws(SafetensorsProblem) -> (parsed: SafetensorsHeader, byteCount: Int) {
    guard file.length >= 8 else { throw .tooShort(path: file.path, length: file.length) }
    let prefix = try reading { () throws(FileProblem) in try file.bytes(at: 0, count: 8) }
    let count = prefix.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard count <= UInt64(SafetensorsLimit.header) else {
      throw .headerTooLong(path: file.path, found: count, limit: SafetensorsLimit.header)
    }
    let byteCount = Int(count)
    guard byteCount <= file.length - 8 else {
      throw .headerBeyondEnd(path: file.path, header: byteCount, length: file.length)
    }
    let bytes = try reading { () throws(FileProblem) in try file.bytes(at: 8, count: byteCount) }
    return (try SafetensorsHeader(parsing: bytes, at: 8, of: file.path), byteCount)
  }

  /// Compares what one record says with itself and with the file's length.
  private static func check(
    _ record: SafetensorsHeader.Record, available: Int, of path: String
  ) throws(SafetensorsProblem) {
    guard record.begin <= record.end else {
      throw .reversedOffsets(
        path: path, tensor: record.name, begin: record.begin, end: record.end)
    }
    guard record.end <= available else {
      throw .beyondEnd(
        path: path, tensor: record.name, end: record.end, available: available)
    }
    guard let expected = byteCount(of: record.shape, record.type) else {
      throw .shapeOverflow(path: path, tensor: record.name, shape: record.shape)
    }
    guard expected == record.end - record.begin else {
      throw .wrongByteCount(
        path: path, tensor: record.name, expected: expected, found: record.end - record.begin)
    }
  }

  /// Passes a file's problem on as a safetensors problem.
  static func reading<Result>(
    _ body: () throws(FileProblem) -> Result
  ) throws(SafetensorsProblem) -> Result {
    do { return try body() } catch { throw .file(error) }
  }
}

/// One tensor of a safetensors file: its shape now, its values when they are asked for.
package struct StoredTensor: Sendable {
  package let name: String
  package let type: SafetensorsType
  package let shape: [Int]
  fileprivate let file: OpenFile
  /// Bytes, from the start of the file.
  fileprivate let offset: Int
  fileprivate let byteCount: Int

  /// The number of elements.
  package var count: Int { byteCount / type.size }

  /// The values, row-major.
  ///
  /// The type must be F32.
  package func floats() throws(SafetensorsProblem) -> [Float] {
    try expect([.float32])
    return try values(Float.zero)
  }

  /// The values, row-major.
  ///
  /// The type must be F64, or F32, which is exact in a `Double`.
  package func doubles() throws(SafetensorsProblem) -> [Double] {
    try expect([.float64, .float32])
    return type == .float64 ? try values(Double.zero) : try floats().map(Double.init)
  }

  /// The values, row-major.
  ///
  /// The type must be I64, I32 or U8.
  package func integers() throws(SafetensorsProblem) -> [Int] {
    try expect([.int64, .int32, .uint8])
    switch type {
    case .int64: return try values(Int64.zero).map(Int.init)
    case .int32: return try values(Int32.zero).map(Int.init)
    case .uint8: return try values(UInt8.zero).map(Int.init)
    case .float32, .float64: return []  // refused above
    }
  }

  /// Fills `values` with the tensor, row-major, with no memory taken in between.
  ///
  /// The type must be F32; `values` must have `count` elements.
  package func read(into values: inout MutableSpan<Float>) throws(SafetensorsProblem) {
    try expect([.float32])
    precondition(values.count == count, "\(values.count) floats for a tensor of \(count)")
    var bytes = values.mutableBytes
    do { try file.read(into: &bytes, at: offset) } catch { throw .file(error) }
  }

  /// Gives the bytes to `body`, in pieces that take little memory.
  func forEachPiece(_ body: (RawSpan) -> Void) throws(SafetensorsProblem) {
    let piece = 1 << 20
    for start in stride(from: 0, to: byteCount, by: piece) {
      let bytes = try SafetensorsFile.reading { () throws(FileProblem) in
        try file.bytes(at: offset + start, count: min(piece, byteCount - start))
      }
      body(bytes.span.bytes)
    }
  }

  private func expect(_ types: [SafetensorsType]) throws(SafetensorsProblem) {
    guard types.contains(type) else {
      throw .wrongType(path: file.path, tensor: name, expected: types, found: type)
    }
  }

  /// `Element` has the size of `type`: each caller above names the pair.
  private func values<Element: BitwiseCopyable>(
    _ zero: Element
  ) throws(SafetensorsProblem) -> [Element] {
    var values = [Element](repeating: zero, count: count)
    var span = values.mutableSpan
    var bytes = span.mutableBytes
    do { try file.read(into: &bytes, at: offset) } catch { throw .file(error) }
    return values
  }
}
