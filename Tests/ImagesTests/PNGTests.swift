import Images
import Testing

@Suite struct PNGTests {
  /// An image of 2 × 3 with bytes 0, 40, 80, and so on.
  private func image(channels: Int) -> ImageBuffer {
    ImageBuffer(
      height: 2, width: 3, channels: channels,
      bytes: (0..<6 * channels).map { UInt8(truncatingIfNeeded: 40 * $0) })
  }

  private func sentence(
    for bytes: [UInt8], pixelLimit: Int = PictureFile.defaultPixelLimit
  ) -> String {
    do throws(ImageProblem) {
      _ = try PictureFile(bytes, path: "a.png", pixelLimit: pixelLimit).decode()
    } catch { return error.description }
    return "no problem"
  }

  @Test(arguments: [1, 3])
  func whatIsEncodedIsDecoded(channels: Int) throws {
    let image = image(channels: channels)
    let picture = try PictureFile(PNG.encode(image), path: "a.png").decode()
    #expect(picture.bytes == image.bytes && picture.channels == channels)
  }

  @Test func aFileCutAnywhereIsRefused() throws {
    let whole = try PNG.encode(image(channels: 3))
    for length in 0..<whole.count {
      #expect(sentence(for: Array(whole[..<length])) != "no problem", "cut to \(length)")
    }
    #expect(sentence(for: Array(whole[..<20])) == "a.png: damaged PNG: the file ends too early")
    #expect(sentence(for: []) == "a.png is empty")
    #expect(
      sentence(for: Array("GIF89a..".utf8))
        == "a.png: expected a picture (PNG, JPEG, WebP); it is a GIF image")
  }

  @Test func aFileWithAnyByteChangedIsDecodedOrRefused() throws {
    let whole = try PNG.encode(image(channels: 1))
    for position in whole.indices {
      for byte in [0, 1, 0x7F, 0xFF] as [UInt8] {
        var changed = whole
        changed[position] = byte
        _ = sentence(for: changed)
      }
    }
  }

  @Test func aSizeIsCheckedBeforeMemoryIsTaken() throws {
    let whole = try PNG.encode(image(channels: 1))
    #expect(
      sentence(for: whole, pixelLimit: 5)
        == "a.png: an image of 2 × 3 is declared, at most 5 pixels are read")
    // The width and height fields of the header say 65535 × 255, with the right checksum.
    let huge = withHeader(whole, width: 65535, height: 255)
    #expect(
      sentence(for: huge)
        == "a.png: an image of 255 × 65535 is declared, more than \(huge.count) bytes can hold")
    #expect(
      sentence(for: withHeader(whole, width: 0x7FFF_FFFF, height: 0x7FFF_FFFF))
        == "a.png: an image of 2147483647 × 2147483647 is declared, "
        + "at most 67108864 pixels are read")
  }

  /// The file with another size in its header chunk.
  private func withHeader(_ file: [UInt8], width: UInt32, height: UInt32) -> [UInt8] {
    func bytes(_ number: UInt32) -> [UInt8] {
      withUnsafeBytes(of: number.bigEndian) { Array($0) }
    }
    // Signature (8), length (4), "IHDR" (4), width, height, 5 more bytes, checksum.
    var file = file
    file.replaceSubrange(16..<24, with: bytes(width) + bytes(height))
    file.replaceSubrange(29..<33, with: bytes(checksum(of: file[12..<29])))
    return file
  }

  /// CRC-32, from its definition in the PNG specification, annex D.
  private func checksum(of bytes: ArraySlice<UInt8>) -> UInt32 {
    var rest: UInt32 = 0xFFFF_FFFF
    for byte in bytes {
      rest ^= UInt32(byte)
      for _ in 0..<8 { rest = rest & 1 == 1 ? 0xEDB8_8320 ^ rest >> 1 : rest >> 1 }
    }
    return ~rest
  }
}
