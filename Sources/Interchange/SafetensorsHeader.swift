/// A parsed header: what it says, not yet compared with the file's length.
struct SafetensorsHeader {
  struct Record {
    let name: String
    let type: SafetensorsType
    let shape: [Int]
    /// Bytes, counted from the end of the header.
    let begin: Int
    let end: Int
  }

  private(set) var metadata: [String: String] = [:]
  /// In the header's order.
  private(set) var records: [Record] = []

  /// - Parameter offset: where `bytes` begin in the file, for messages.
  init(parsing bytes: [UInt8], at offset: Int, of path: String) throws(SafetensorsProblem) {
    var scanner = JSONScanner(bytes: bytes, offset: offset, path: path)
    var names: Set<String> = []
    var more = try scanner.opens("{", closing: "}")
    while more {
      let name = try scanner.string()
      try scanner.expect(":")
      guard names.insert(name).inserted else { throw .duplicateName(path: path, name: name) }
      if name == "__metadata__" {
        metadata = try Self.metadata(from: &scanner)
      } else {
        records.append(try Self.record(named: name, from: &scanner))
      }
      more = try scanner.continues(closing: "}")
    }
    try scanner.end()
  }

  private static func metadata(
    from scanner: inout JSONScanner
  ) throws(SafetensorsProblem) -> [String: String] {
    var metadata: [String: String] = [:]
    var more = try scanner.opens("{", closing: "}")
    while more {
      let key = try scanner.string()
      try scanner.expect(":")
      let value = try scanner.string()
      guard metadata.updateValue(value, forKey: key) == nil else {
        throw .duplicateName(path: scanner.path, name: key)
      }
      more = try scanner.continues(closing: "}")
    }
    return metadata
  }

  private static func record(
    named name: String, from scanner: inout JSONScanner
  ) throws(SafetensorsProblem) -> Record {
    var type: SafetensorsType?
    var shape: [Int]?
    var offsets: [Int]?
    var more = try scanner.opens("{", closing: "}")
    while more {
      let start = scanner.position
      let key = try scanner.string()
      try scanner.expect(":")
      switch key {
      case "dtype" where type == nil:
        let word = try scanner.string()
        guard let known = SafetensorsType(rawValue: word) else {
          throw .unknownType(path: scanner.path, tensor: name, found: word)
        }
        type = known
      case "shape" where shape == nil:
        shape = try scanner.integers(atMost: SafetensorsLimit.rank)
      case "data_offsets" where offsets == nil:
        offsets = try scanner.integers(atMost: 2)
      default:
        throw scanner.problem(
          "\"dtype\", \"shape\" and \"data_offsets\", each once", found: "\"\(key)\"", at: start)
      }
      more = try scanner.continues(closing: "}")
    }
    guard let type, let shape, let offsets, offsets.count == 2 else {
      throw scanner.problem(
        "\"dtype\", \"shape\" and two \"data_offsets\"", found: "the end of tensor '\(name)'",
        at: scanner.position - 1)
    }
    return Record(name: name, type: type, shape: shape, begin: offsets[0], end: offsets[1])
  }
}
