import CZlib
import Datasets
import Files
import Foundation
import Testing
import TestSupport

@Suite struct IDXTests {
  let folder = try! TemporaryFolder()

  /// Two images of 2 × 3: 0 to 5 and 6 to 11.
  static let images: [UInt8] =
    [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3] + Array(0...11)
  static let labels: [UInt8] = [0, 0, 8, 1, 0, 0, 0, 2, 7, 3]

  /// The bytes as a gzip member, compressed by zlib itself.
  private func gzip(_ bytes: [UInt8]) -> [UInt8] {
    var stream = z_stream()
    deflateInit2_(
      &stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
    defer { deflateEnd(&stream) }
    var input = bytes
    var output = [UInt8](repeating: 0, count: bytes.count + 100)
    let left = input.withUnsafeMutableBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in
        stream.next_in = input.baseAddress
        stream.avail_in = UInt32(input.count)
        stream.next_out = output.baseAddress
        stream.avail_out = UInt32(output.count)
        deflate(&stream, Z_FINISH)
        return Int(stream.avail_out)
      }
    }
    return Array(output.dropLast(left))
  }

  private func sentence(
    images: [UInt8] = images, labels: [UInt8]? = labels
  ) throws -> String {
    let imagePath = try folder.write(images, to: "images")
    let labelPath = try labels.map { try folder.write($0, to: "labels") }
    do throws(DatasetProblem) {
      _ = try IDX(named: "test", images: imagePath, labels: labelPath)
    } catch {
      return error.description.replacingOccurrences(of: folder.path + "/", with: "")
    }
    return "no problem"
  }

  @Test(arguments: [false, true])
  func imagesAndLabelsAreRead(compressed: Bool) throws {
    let idx = try IDX(
      named: "test",
      images: folder.write(compressed ? gzip(Self.images) : Self.images, to: "i"),
      labels: folder.write(compressed ? gzip(Self.labels) : Self.labels, to: "l"))
    #expect(idx.count == 2)
    #expect(idx.imageShape == ImageShape(height: 2, width: 3, channels: 1))
    #expect(try idx.image(at: 1) == [6, 7, 8, 9, 10, 11])
    #expect(idx.label(at: 0) == 7)
    #expect(idx.label(at: 1) == 3)
  }

  @Test func severalGzipMembersAreOneText() throws {
    let path = try folder.write(
      gzip(Array(Self.images[..<20])) + gzip(Array(Self.images[20...])), to: "i")
    let idx = try IDX(named: "test", images: path, labels: nil)
    #expect(try idx.image(at: 1) == [6, 7, 8, 9, 10, 11])
    #expect(idx.label(at: 1) == nil)
    #expect(idx.labelCount == nil)
  }

  @Test func aFileCutAnywhereIsRefused() throws {
    for length in 0..<Self.images.count {
      let expected = length < 4 ? 4 : length < 16 ? 16 : 28
      #expect(
        try sentence(images: Array(Self.images[..<length]))
          == "images: truncated: the data end after \(length) of \(expected) bytes")
    }
    for length in 0..<Self.labels.count {
      let expected = length < 4 ? 4 : length < 8 ? 8 : 10
      #expect(
        try sentence(labels: Array(Self.labels[..<length]))
          == "labels: truncated: the data end after \(length) of \(expected) bytes")
    }
  }

  @Test func aGzipFileCutAnywhereIsRefused() throws {
    let whole = gzip(Self.images)
    for length in 2..<whole.count {
      #expect(
        try sentence(images: Array(whole[..<length]))
          == "images: damaged gzip data before byte \(length): the file is truncated")
    }
  }

  @Test func aGzipFileWithAnyByteChangedIsReadOrRefused() throws {
    let whole = gzip(Self.images)
    for position in whole.indices {
      for bit in 0..<8 {
        var changed = whole
        changed[position] ^= 1 << bit
        _ = try sentence(images: changed)
      }
    }
    var changed = whole
    changed[whole.count - 5] ^= 1  // the checksum
    #expect(
      try sentence(images: changed)
        == "images: damaged gzip data before byte \(whole.count - 4): incorrect data check")
  }

  @Test func bytesAfterTheEndAreRefused() throws {
    let sentence = "images: byte 28: expected the end of the data, found more"
    #expect(try self.sentence(images: Self.images + [0]) == sentence)
    #expect(try self.sentence(images: gzip(Self.images + [0])) == sentence)
    #expect(
      try self.sentence(images: gzip(Self.images) + [0, 0])
        .hasPrefix("images: damaged gzip data before byte "))
  }

  @Test func swappedFilesSaySo() throws {
    #expect(
      try sentence(images: Self.labels)
        == "images: byte 0: expected the magic number 0x00000803, found 0x00000801; "
        + "this is a label file")
    #expect(
      try sentence(labels: Self.images)
        == "labels: byte 0: expected the magic number 0x00000801, found 0x00000803; "
        + "this is an image file")
    #expect(
      try sentence(images: [0, 0, 0x0D, 3])
        == "images: byte 0: expected the magic number 0x00000803, found 0x00000d03; "
        + "this is an IDX file, but not of bytes")
    #expect(
      try sentence(images: Array("<html>".utf8))
        == "images: byte 0: expected the magic number 0x00000803, found 0x3c68746d; "
        + "it is an HTML page, perhaps an error page in place of a download")
    #expect(
      try sentence(images: gzip(gzip(Self.images)))
        == "images: byte 0: expected the magic number 0x00000803, found 0x1f8b0800; "
        + "it was compressed twice by gzip: run `gunzip` on it once")
    #expect(
      try sentence(images: [0, 0, 8, 4, 0, 0, 0, 1, 0, 0, 0, 8, 0, 0, 0, 8, 0, 0, 0, 3])
        == "images: byte 4: the sizes 1 × 8 × 8 × 3 look like count, height, width, channels; IDX "
        + "images here are count, channels, height, width: write them with "
        + "`images.transpose(0, 3, 1, 2)`")
  }

  /// What a header states is compared with the spec before anything is inflated.
  @Test func theSizeIsComparedBeforeMemoryIsTaken() throws {
    let promising = gzip([0, 0, 8, 3, 0, 0, 0x0F, 0xFF, 0, 0, 4, 0, 0, 0, 4, 0])
    let path = try folder.write(promising, to: "i")
    let small = ImageShape(height: 28, width: 28, channels: 1)
    #expect(
      throws: DatasetProblem.wrongImageShape(
        dataset: "x", found: ImageShape(height: 1024, width: 1024, channels: 1), expected: small)
    ) {
      try IDX(named: "x", images: path, labels: nil, shape: small)
    }
  }

  @Test func sizesAreCheckedBeforeMemoryIsTaken() throws {
    let big: [UInt8] = [0, 0, 8, 3, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255]
    #expect(
      try sentence(images: big, labels: nil)
        == "images: byte 4: the header declares 4294967295 × 4294967295 × 4294967295 bytes, "
        + "at most \(MachineMemory.limit.grouped) are possible")
    // 60,000 images of 28 × 28 in a gzip file of a few bytes
    let promising = gzip([0, 0, 8, 3, 0, 0, 0xEA, 0x60, 0, 0, 0, 28, 0, 0, 0, 28])
    #expect(
      try sentence(images: promising, labels: nil)
        == "images: byte 4: the header declares 60000 × 28 × 28 bytes, "
        + "at most \((promising.count * 1032).grouped) are possible")
    #expect(
      try sentence(images: [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 3])
        == "images: byte 8: expected a positive height, found 0")
    #expect(
      try sentence(images: [0, 0, 8, 4, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 9, 9])
        == "images: byte 8: expected 1 or 3 channels, found 2")
  }

  @Test func labelsMustFitTheImages() throws {
    #expect(
      try sentence(labels: [0, 0, 8, 1, 0, 0, 0, 1, 9])
        == "images has 2 images, labels has 1 labels")
  }

  @Test(arguments: [1, 3])
  func whatIsWrittenIsRead(channels: Int) throws {
    let shape = ImageShape(height: 2, width: 2, channels: channels)
    let bytes = (0..<3 * shape.count).map { UInt8($0) }
    var images = try IDXWriter(count: 3, shape: shape, to: folder.path("x.idx"))
    try images.append(Array(bytes[..<shape.count]))
    try images.append(Array(bytes[shape.count...]))
    try images.commit()
    var labels = try IDXWriter(labels: 3, to: folder.path("labels.idx"))
    try labels.append([2, 0, 1])
    try labels.commit()
    let idx = try IDX(
      named: "x", images: folder.path("x.idx"), labels: folder.path("labels.idx"))
    #expect(idx.count == 3)
    #expect(idx.imageShape == shape)
    for index in 0..<3 {
      #expect(
        try idx.image(at: index) == Array(bytes[index * shape.count..<(index + 1) * shape.count]))
    }
    #expect((0..<3).map { idx.label(at: $0) } == [2, 0, 1])
    #expect(
      try folder.bytes(of: "x.idx").prefix(8) == [0, 0, 8, channels == 1 ? 3 : 4, 0, 0, 0, 3])
  }
}
