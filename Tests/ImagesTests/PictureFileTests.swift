import TestSupport
import Testing

@testable import Images

@Suite struct PictureFileTests {
  /// Red falls from left to right, green from top to bottom.
  private func slopes(height: Int = 40, width: Int = 48) -> [UInt8] {
    var pixels: [UInt8] = []
    for y in 0..<height {
      for x in 0..<width { pixels += [UInt8(255 - x * 5), UInt8(255 - y * 6), 90] }
    }
    return pixels
  }

  private func sentence(for bytes: [UInt8]) -> String? {
    do throws(ImageProblem) {
      _ = try PictureFile(bytes, path: "a").decode()
      return nil
    } catch {
      return error.description
    }
  }

  @Test func jpegColoursComeBack() throws {
    let pixels = slopes()
    for isProgressive in [false, true] {
      let file = EncodedPictures.jpeg(
        pixels, height: 40, width: 48, quality: 100, isProgressive: isProgressive)
      let picture = try PictureFile(file, path: "a").decode()
      #expect((picture.height, picture.width, picture.channels) == (40, 48, 3))
      #expect(zip(picture.bytes, pixels).allSatisfy { abs(Int($0) - Int($1)) <= 4 })
    }
    let gray = EncodedPictures.jpeg(
      [UInt8](repeating: 77, count: 64), height: 8, width: 8, colours: .gray)
    #expect(try PictureFile(gray, path: "a").decode().bytes == [UInt8](repeating: 77, count: 64))
  }

  @Test func inksBecomeLight() throws {
    // Adobe's inverted CMYK: no yellow ink makes white paper look white, all of it yellow.
    let inks: [UInt8] = (0..<64).flatMap { _ in [255, 255, 0, 255] as [UInt8] }
    let file = EncodedPictures.jpeg(inks, height: 8, width: 8, colours: .cmyk, quality: 100)
    let pixel = try PictureFile(file, path: "a").decode().bytes[..<3]
    #expect(pixel[0] >= 253 && pixel[1] >= 253 && pixel[2] <= 2, "\(pixel)")
  }

  @Test func webpIsLossless() throws {
    let pixels = slopes()
    let opaque = EncodedPictures.webp(pixels, height: 40, width: 48)
    #expect(try PictureFile(opaque, path: "a").decode().bytes == pixels)
    let half: [UInt8] = (0..<16).flatMap { _ in [10, 20, 30, 128] as [UInt8] }
    let picture = try PictureFile(EncodedPictures.webp(half, height: 4, width: 4), path: "a")
      .decode()
    #expect(picture.channels == 4 && picture.bytes == half)
  }

  @Test func camerasThatLieOnTheirSideAreTurned() throws {
    let file = EncodedPictures.jpeg(slopes(), height: 40, width: 48, orientation: 6)
    let header = try PictureFile(file, path: "a")
    #expect((header.height, header.width) == (48, 40))
    let picture = try header.decode()
    // Row 0 is the scene's right side: green now falls from right to left.
    #expect(picture.bytes[1] < 40 && picture.bytes[39 * 3 + 1] > 240)
    #expect(try header.decode(smallest: (20, 20)).height == 24)
  }

  @Test func scalingInsideTheCodecLosesNothingVisible() throws {
    let file = EncodedPictures.jpeg(slopes(), height: 40, width: 48)
    let header = try PictureFile(file, path: "a")
    #expect(try header.decode(smallest: (10, 12)).width == 12)
    #expect(try header.decode(smallest: (10, 13)).width == 24)
    let fitting = Fitting(height: 10, width: 12, channels: 3)
    let quick = try fitting.bytes(of: header)
    let exact = fitting.bytes(of: try header.decode())
    #expect(zip(quick, exact).allSatisfy { abs(Int($0) - Int($1)) <= 3 })
  }

  @Test(arguments: [0, 1, 2])
  func aFileCutAnywhereIsRefused(kind: Int) {
    let pixels = slopes(height: 16, width: 24)
    let whole =
      switch kind {
      case 0: EncodedPictures.jpeg(pixels, height: 16, width: 24)
      case 1: EncodedPictures.jpeg(pixels, height: 16, width: 24, isProgressive: true)
      default: EncodedPictures.webp(pixels, height: 16, width: 24)
      }
    #expect(sentence(for: whole) == nil)
    for length in 0..<whole.count {
      #expect(sentence(for: Array(whole[..<length])) != nil, "cut to \(length) of \(whole.count)")
    }
  }

  @Test func aFileWithAnyByteChangedIsDecodedOrRefused() {
    let pixels = slopes(height: 16, width: 24)
    for whole in [
      EncodedPictures.jpeg(pixels, height: 16, width: 24, orientation: 3),
      EncodedPictures.webp(pixels, height: 16, width: 24),
    ] {
      for position in whole.indices {
        for byte in [0, 1, 0x7F, 0xFF] as [UInt8] {
          var changed = whole
          changed[position] = byte
          _ = sentence(for: changed)
        }
      }
    }
  }
}
