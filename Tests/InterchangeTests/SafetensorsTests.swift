import Foundation
import Interchange
import Testing
import TestSupport

@Suite struct SafetensorsTests {
  let folder = try! TemporaryFolder()

  /// The file with this header and these bytes after it.
  private func file(_ header: String, data: Int = 0) -> [UInt8] {
    let length = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) }
    return length + Array(header.utf8) + (0..<data).map { UInt8(truncatingIfNeeded: $0) }
  }

  private func sentence(for bytes: [UInt8]) throws -> String {
    let path = try folder.write(bytes, to: "a.safetensors")
    do throws(SafetensorsProblem) { _ = try SafetensorsFile(contentsOf: path) } catch {
      return error.description.replacingOccurrences(of: folder.path + "/", with: "")
    }
    return "no problem"
  }

  @Test func whatIsWrittenIsRead() throws {
    let path = folder.path("a.safetensors")
    try SafetensorsFile.write(
      [
        SafetensorsEntry("flags", shape: [3], bytes: [1, 0, 255]),
        SafetensorsEntry("weight", shape: [2, 2], floats: [1, -2.5, .infinity, -0.0]),
        SafetensorsEntry("step", shape: [], integers: [-7]),
        SafetensorsEntry("empty", shape: [0, 5], floats: []),
        SafetensorsEntry("mean", shape: [1], doubles: [0.1]),
      ], metadata: ["spec": "a: \"b\"\n\tπ \\ \u{1}😀", "seed": "42"], to: path)
    let file = try SafetensorsFile(contentsOf: path)
    #expect(file.metadata == ["spec": "a: \"b\"\n\tπ \\ \u{1}😀", "seed": "42"])
    #expect(Set(file.names) == ["step", "mean", "weight", "empty", "flags"])
    #expect(try file.tensor(named: "weight").shape == [2, 2])
    #expect(try file.tensor(named: "weight").floats() == [1, -2.5, .infinity, -0.0])
    #expect(try file.tensor(named: "weight").doubles().prefix(2) == [1, -2.5])
    #expect(try file.tensor(named: "step").integers() == [-7])
    #expect(try file.tensor(named: "step").shape == [])
    #expect(try file.tensor(named: "mean").doubles() == [0.1])
    #expect(try file.tensor(named: "empty").floats() == [])
    #expect(try file.tensor(named: "flags").integers() == [1, 0, 255])
  }

  /// The bytes as the reference implementation lays them out: little-endian length, compact
  /// header padded to a multiple of 8, data.
  @Test func theFileIsTheReferenceFormat() throws {
    let path = folder.path("a.safetensors")
    try SafetensorsFile.write([SafetensorsEntry("a", shape: [1], floats: [1])], to: path)
    #expect(
      try folder.bytes(of: "a.safetensors")
        == [56, 0, 0, 0, 0, 0, 0, 0]
        + Array(#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}  "#.utf8)
        + [0, 0, 0x80, 0x3F])
  }

  @Test func bytesMayComeInPieces() throws {
    let path = folder.path("a.safetensors")
    let pieces = SafetensorsEntry("a", type: .uint8, shape: [4]) { write in
      for byte in UInt8(1)...4 { write([byte].span.bytes) }
    }
    try SafetensorsFile.write([pieces], to: path)
    #expect(try SafetensorsFile(contentsOf: path).tensor(named: "a").integers() == [1, 2, 3, 4])
  }

  @Test func anOpenFileOutlivesItsReplacement() throws {
    let path = folder.path("a.safetensors")
    try SafetensorsFile.write([SafetensorsEntry("a", shape: [1], floats: [1])], to: path)
    let old = try SafetensorsFile(contentsOf: path)
    try SafetensorsFile.write([SafetensorsEntry("a", shape: [1], floats: [2])], to: path)
    #expect(try old.tensor(named: "a").floats() == [1])
    #expect(try SafetensorsFile(contentsOf: path).tensor(named: "a").floats() == [2])
  }

  @Test func floatsGoStraightIntoTheCallersMemory() throws {
    let path = folder.path("a.safetensors")
    try SafetensorsFile.write([SafetensorsEntry("a", shape: [3], floats: [1, 2, 3])], to: path)
    var values: [Float] = [0, 0, 0]
    var span = values.mutableSpan
    try SafetensorsFile(contentsOf: path).tensor(named: "a").read(into: &span)
    #expect(values == [1, 2, 3])
  }

  @Test func aFileCutAnywhereIsRefused() throws {
    let path = folder.path("a.safetensors")
    try SafetensorsFile.write(
      [SafetensorsEntry("a", shape: [2], floats: [1, 2])], metadata: ["k": "v"], to: path)
    let whole = try folder.bytes(of: "a.safetensors")
    for length in 0..<whole.count {
      #expect(try sentence(for: Array(whole[..<length])) != "no problem", "cut to \(length)")
    }
    #expect(
      try sentence(for: whole + [0])
        == "a.safetensors: the tensors take 8 bytes, the file has 9 after its header")
  }

  /// A changed byte may make another valid file, but never a crash.
  @Test func aFileWithAnyByteChangedIsReadOrRefused() throws {
    let path = folder.path("a.safetensors")
    try SafetensorsFile.write(
      [SafetensorsEntry("a", shape: [2], floats: [1, 2])], metadata: ["k": "v"], to: path)
    let whole = try folder.bytes(of: "a.safetensors")
    for position in whole.indices {
      for byte in [0, 0x22, 0x30, 0x39, 0x5C, 0x7B, 0x7D, 0xFF] as [UInt8] {
        var changed = whole
        changed[position] = byte
        _ = try sentence(for: changed)
      }
    }
  }

  static let hostile: [(header: String, data: Int, sentence: String)] = [
    (
      #"{"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}}"#, 4,
      "tensor 'a' has the type 'F16'; this program reads F32, F64, I64, I32, U8"
    ),
    (
      #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, 4,
      "tensor 'a': its shape and type take 8 bytes, its offsets span 4"
    ),
    (
      #"{"a":{"dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,0]}}"#, 0,
      "tensor 'a': the shape [4294967296, 4294967296] has more elements than memory has addresses"
    ),
    (
      #"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}}"#,
      6, "tensor 'b' begins at byte 2, inside 'a', which ends at byte 4"
    ),
    (
      #"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[4,6]}}"#,
      6, "tensor 'b' begins at byte 4, the tensor before it ends at byte 2"
    ),
    (
      #"{"a":{"dtype":"U8","shape":[2],"data_offsets":[4,2]}}"#, 4,
      "tensor 'a': it ends at byte 2, before its begin at byte 4"
    ),
    (
      #"{"a":{"dtype":"U8","shape":[9],"data_offsets":[0,9]}}"#, 4,
      "truncated: tensor 'a' ends at byte 9 of the data, the file has 4"
    ),
    (
      #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}"#,
      2, "the name 'a' appears twice"
    ),
    (
      #"{"__metadata__":{"k":"1","\u006b":"2"}}"#, 0, "the name 'k' appears twice"
    ),
    (#"{"a":1}"#, 0, "byte 13 of the header: expected '{', found '1'"),
    (
      #"{"a":{"dtype":"U8"}}"#, 0,
      "byte 26 of the header: expected \"dtype\", \"shape\" and two \"data_offsets\", "
        + "found the end of tensor 'a'"
    ),
    (
      #"{"a":{"color":"U8"}}"#, 0,
      "byte 14 of the header: expected \"dtype\", \"shape\" and \"data_offsets\", each once, "
        + "found \"color\""
    ),
    (
      #"{"a":{"shape":[-1]}}"#, 0, "byte 23 of the header: expected a whole number, found '-'"
    ),
    (
      #"{"a":{"shape":[1.5]}}"#, 0, "byte 24 of the header: expected a whole number, found '.'"
    ),
    (
      #"{"a":{"shape":[9223372036854775808]}}"#, 0,
      "byte 23 of the header: expected a number below 2^63, found more"
    ),
    (
      #"{"a":{"data_offsets":[1,2,3]}}"#, 0,
      "byte 34 of the header: expected at most 2 numbers, found '3'"
    ),
    (
      #"{"__metadata__":{"k":"\ud800"}}"#, 0,
      "byte 36 of the header: expected the second half of a surrogate pair, found '\"'"
    ),
    (#"{} x"#, 0, "byte 11 of the header: expected the end of the header, found 'x'"),
    (#"[]"#, 0, "byte 8 of the header: expected '{', found '['"),
    ("", 0, "byte 8 of the header: expected '{', found the end"),
  ]

  @Test(arguments: hostile)
  func aHostileHeaderIsRefused(header: String, data: Int, sentence: String) throws {
    #expect(try self.sentence(for: file(header, data: data)) == "a.safetensors: " + sentence)
  }

  @Test func aHeaderLengthIsCheckedBeforeMemoryIsTaken() throws {
    #expect(
      try sentence(for: [1, 2, 3])
        == "a.safetensors: not a safetensors file: it has 3 bytes, the header's length alone "
        + "takes 8")
    #expect(
      try sentence(for: [255, 255, 255, 255, 255, 255, 255, 255, 0])
        == "a.safetensors: not a safetensors file: the header's length is given as "
        + "18446744073709551615 bytes, at most 100000000 are allowed")
    #expect(
      try sentence(for: [100, 0, 0, 0, 0, 0, 0, 0, 0])
        == "a.safetensors: truncated: a header of 100 bytes is declared, the file has 9 bytes")
  }

  @Test func askingForWhatIsNotThereIsReported() throws {
    let path = folder.path("a.safetensors")
    try SafetensorsFile.write([SafetensorsEntry("a", shape: [1], floats: [1])], to: path)
    let file = try SafetensorsFile(contentsOf: path)
    #expect(throws: SafetensorsProblem.noSuchTensor(path: path, name: "b")) {
      try file.tensor(named: "b")
    }
    do { _ = try file.tensor(named: "a").integers() } catch {
      #expect("\(error)" == "\(path): tensor 'a' has the type F32, expected I64 or I32 or U8")
    }
    #expect(
      throws: SafetensorsProblem.file(
        .cannotOpen(path: "/no/such", reason: "No such file or directory"))
    ) { try SafetensorsFile(contentsOf: "/no/such") }
    #expect(throws: SafetensorsProblem.file(.notAFile(path: folder.path))) {
      try SafetensorsFile(contentsOf: folder.path)
    }
  }
}
