import Testing

@testable import Interchange

@Suite struct EventRecordTests {
  /// RFC 3720, appendix B.4.
  @Test func theChecksumIsThatOfTheStandard() {
    #expect(CRC32C.checksum(of: [UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
    #expect(CRC32C.checksum(of: [UInt8](repeating: 0xFF, count: 32)) == 0x62A8_AB43)
    #expect(CRC32C.checksum(of: (0..<32).map { UInt8($0) }) == 0x46DD_794E)
    #expect(CRC32C.checksum(of: "123456789".utf8) == 0xE306_9283)
  }

  /// Found by the package `tensorboard` 2.20, which reads this record.
  @Test func aScalarIsAsTensorBoardReadsIt() {
    let record = EventRecord.scalars([("a", 0.5)]).bytes(time: 2, step: 300)
    let event: [UInt8] =
      [0x09, 0, 0, 0, 0, 0, 0, 0, 0x40, 0x10, 0xAC, 0x02, 0x2A, 0x0A, 0x0A, 0x08]
      + [0x0A, 0x01, 0x61, 0x15, 0, 0, 0, 0x3F]
    #expect(Array(record[12..<12 + event.count]) == event)
    #expect(Array(record[..<8]) == [UInt8(event.count), 0, 0, 0, 0, 0, 0, 0])
    #expect(record.count == event.count + 16)
    let checksum = record.suffix(4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    #expect(checksum == EventRecord.masked(CRC32C.checksum(of: event)))
  }
}
