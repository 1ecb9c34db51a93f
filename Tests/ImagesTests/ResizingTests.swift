import Foundation
import Spec
import Testing

@testable import Images

@Suite struct ResizingTests {
  /// The picture of `Fixtures/Pillow/make.py`.
  private func picture(channels: Int) -> Picture {
    var bytes: [UInt8] = []
    for y in 0..<37 {
      for x in 0..<53 {
        for c in 0..<channels {
          let edge = (x / 7 + y / 5) % 2 == 1 ? 97 : 0
          bytes.append(UInt8((x * 5 + y * 3 * c + edge + (x * y * 7 + c * 31) % 61) % 256))
        }
      }
    }
    return Picture(height: 37, width: 53, channels: channels, bytes: bytes)
  }

  @Test func pillowGivesTheSame() throws {
    let text = try String(contentsOf: fixture("Pillow/resized.tsv"), encoding: .utf8)
    let lines = text.split(separator: "\n").dropFirst()
    #expect(lines.count == 11)
    for line in lines {
      let fields = line.split(separator: "\t").map(String.init)
      let filter = try #require(ResizeFilter(rawValue: fields[0]))
      let box = fields[2...5].compactMap(Double.init)
      let (width, height) = (try #require(Int(fields[6])), try #require(Int(fields[7])))
      let window = Window(
        top: box[1], left: box[0], height: box[3] - box[1], width: box[2] - box[0])
      let found = picture(channels: try #require(Int(fields[1])))
        .resized(window, height: height, width: width, filter: filter)
      let expected = bytes(fields[8])
      let differences = zip(found.bytes, expected).map { abs(Int($0) - Int($1)) }
      #expect(found.bytes.count == expected.count)
      let mean = Double(differences.reduce(0, +)) / Double(differences.count)
      #expect(mean < 0.5 && (differences.max() ?? 0) <= 1, "\(fields[..<8]): \(mean)")
    }
  }

  @Test func aPlainSurfaceStaysPlain() {
    for (size, new) in [(1, 1), (1, 9), (64, 63), (301, 2), (2000, 1)] {
      let plain = Picture(
        height: size, width: size, channels: 1,
        bytes: [UInt8](repeating: 201, count: size * size))
      for filter in ResizeFilter.allCases {
        let resized = plain.resized(plain.whole, height: new, width: new, filter: filter)
        #expect(resized.bytes.allSatisfy { $0 == 201 }, "\(size) to \(new)")
      }
    }
  }

  @Test func cropsKeepProportionsAndTheMiddle() {
    // Columns 0 to 11 have the value of their number.
    let wide = Picture(
      height: 4, width: 12, channels: 1, bytes: (0..<48).map { UInt8($0 % 12 * 10) })
    var fitting = Fitting(height: 4, width: 4, channels: 1)
    #expect(Array(fitting.bytes(of: wide)[..<4]) == [40, 50, 60, 70])
    fitting.fit = .resize
    #expect(Array(fitting.bytes(of: wide)[..<4]) == [13, 40, 70, 98])
    fitting.fit = .pad
    #expect(fitting.bytes(of: wide)[..<4] == [0, 0, 0, 0])
    #expect(fitting.bytes(of: wide)[4..<8] == [13, 40, 70, 98])
    fitting.fit = .randomCrop
    let left = fitting.bytes(of: wide, at: .init(down: 0, right: 0))
    let right = fitting.bytes(of: wide, at: .init(down: 0, right: 1))
    #expect(left[0] < 10 && right[3] > 100)
  }

  @Test func smallPicturesAreEnlarged() {
    let dot = Picture(height: 1, width: 1, channels: 1, bytes: [9])
    for fit in PictureFit.allCases {
      let bytes = Fitting(height: 3, width: 3, channels: 3, fit: fit).bytes(of: dot)
      #expect(bytes == [UInt8](repeating: 9, count: 27), "\(fit)")
    }
  }

  @Test func transparencyIsLaidOverTheColourAsked() {
    let clear = Picture(height: 1, width: 2, channels: 4, bytes: [200, 0, 0, 0, 200, 0, 0, 255])
    #expect(clear.converted(channels: 3, alpha: .white).bytes == [255, 255, 255, 200, 0, 0])
    #expect(clear.converted(channels: 3, alpha: .black).bytes == [0, 0, 0, 200, 0, 0])
    #expect(clear.converted(channels: 3, alpha: .drop).bytes == [200, 0, 0, 200, 0, 0])
    let gray = Picture(height: 1, width: 1, channels: 2, bytes: [100, 51])
    #expect(gray.converted(channels: 1, alpha: .white).bytes == [224])
    #expect(gray.converted(channels: 3, alpha: .black).bytes == [20, 20, 20])
  }

  @Test func orientationsTurnAndMirror() {
    // 1 2 3 over 4 5 6; what each orientation of EXIF shows.
    let picture = Picture(height: 2, width: 3, channels: 1, bytes: [1, 2, 3, 4, 5, 6])
    let shown: [Int: [UInt8]] = [
      1: [1, 2, 3, 4, 5, 6], 2: [3, 2, 1, 6, 5, 4], 3: [6, 5, 4, 3, 2, 1], 4: [4, 5, 6, 1, 2, 3],
      5: [1, 4, 2, 5, 3, 6], 6: [4, 1, 5, 2, 6, 3], 7: [6, 3, 5, 2, 4, 1], 8: [3, 6, 2, 5, 1, 4],
    ]
    for (orientation, bytes) in shown {
      let turned = picture.turned(by: orientation)
      #expect(turned.bytes == bytes, "orientation \(orientation)")
      #expect(turned.height == (orientation < 5 ? 2 : 3))
    }
  }

  private func bytes(_ text: String) -> [UInt8] {
    let digits = text.utf8.map { UInt8($0 > 57 ? $0 - 87 : $0 - 48) }
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }

  private func fixture(_ name: String) -> URL {
    URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../Fixtures/\(name)").standardizedFileURL
  }
}
