import Compiler
import Foundation
import Diagnostics
import Images
import Spec
import Testing

@testable import Studies

@Suite struct StudyPictureTests {
  private func image(_ size: Int, channels: Int = 1) throws -> ImageSpec {
    let file = SourceFile(
      path: "a.yaml",
      text: """
        dcgan: 1
        image: {size: \(size), channels: \(channels)}
        latent: {size: 2}
        generator: {layers: [linear: {units: \(size * size * channels)}, reshape: {to: [\(channels), \(size), \(size)]}]}
        discriminator: {layers: [linear: {units: 1}]}
        """)
    return try #require(Compilation(file).spec).image
  }

  /// Two by one images of 16 pixels, each four times its size: 16 + 64 + 6 + 64 + 16 across.
  @Test func imagesAreEnlargedByWholePixels() throws {
    var images = [Float](repeating: -1, count: 2 * 256)
    images[0] = 1
    let sheet = StudyPicture(of: try image(16)).sheet(images, columns: 2)
    #expect((sheet.height, sheet.width, sheet.channels) == (96, 166, 1))
    func byte(_ y: Int, _ x: Int) -> UInt8 { sheet.bytes[y * sheet.width + x] }
    #expect(byte(15, 16) == 255)  // the margin
    #expect((16..<20).allSatisfy { y in (16..<20).allSatisfy { byte(y, $0) == 255 } })
    #expect(byte(20, 16) == 0 && byte(16, 20) == 0)
    #expect(byte(50, 82) == 255 && byte(50, 86) == 0)  // the gap, and the second image
  }

  @Test func titlesAreBlackOnWhite() throws {
    let images = [Float](repeating: 1, count: 256)
    let plain = StudyPicture(of: try image(16)).sheet(images, columns: 1)
    #expect(plain.bytes.allSatisfy { $0 == 255 })
    let titled = StudyPicture(of: try image(16)).sheet(
      images, columns: 1, rowTitles: ["1"], captions: ["12"])
    // Each of the font's pixels is a square of 2 × 2.
    let ink = "112".flatMap { PixelFont.rows(of: $0) }.reduce(0) { $0 + $1.nonzeroBitCount }
    #expect(titled.bytes.filter { $0 == 0 }.count == 4 * ink)
  }

  @Test func filmsHaveAFrameForEachImage() throws {
    let frames = (0..<3).map { frame in
      ImageBuffer(
        height: 8, width: 6, channels: 3,
        bytes: (0..<144).map { UInt8(($0 * 7 + frame * 50) % 256) })
    }
    let bytes = try WebPAnimation.encode(frames, milliseconds: 40)
    #expect(Array(bytes[0..<4]) == Array("RIFF".utf8))
    let chunks = String(decoding: bytes.map { $0 < 128 ? $0 : 46 }, as: UTF8.self)
    #expect(chunks.components(separatedBy: "ANMF").count == 4)
  }
}
