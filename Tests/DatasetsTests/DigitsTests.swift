import Datasets
import Testing

@Suite struct DigitsTests {
  let digits = Digits(count: 2000)

  @Test func theSameIndexAndSeedGiveTheSameImage() throws {
    #expect(try digits.image(at: 3) == Digits(first: 3, count: 1).image(at: 0))
    #expect(try digits.image(at: 3) != Digits(count: 10, seed: 1).image(at: 3))
    #expect(Digits(.test).label(at: 0) == Digits(count: 70_000).label(at: 60_000))
  }

  /// The bytes are the same on every machine: this sum was taken on x86-64.
  @Test func theImagesAreTheSameEverywhere() throws {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325  // FNV-1a
    for index in 0..<200 {
      for byte in try digits.image(at: index) {
        hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
      }
    }
    #expect(hash == 6_850_052_799_139_525_394)
  }

  /// A larger image shows the same digit: its centre of mass, and its part of ink.
  @Test(arguments: [(56, 56, 1), (96, 160, 1), (64, 32, 3)])
  func anySizeShowsTheSame(_ height: Int, _ width: Int, _ channels: Int) throws {
    let shape = ImageShape(height: height, width: width, channels: channels)
    let large = Digits(count: 20, shape: shape)
    let side = Double(min(height, width))
    for index in 0..<20 {
      let image = try large.image(at: index)
      let small = try digits.image(at: index)
      #expect(large.label(at: index) == digits.label(at: index))
      let first = stride(from: 0, to: image.count, by: channels).map { image[$0] }
      for channel in 0..<channels {
        #expect(stride(from: channel, to: image.count, by: channels).map { image[$0] } == first)
      }
      let (ink, x, y) = centre(of: first, width: width)
      let usual = centre(of: small)
      #expect(abs(ink / (side * side) - usual.ink / 784) < 4)
      #expect(abs((x - Double(width) / 2) / side - (usual.x - 14) / 28) < 0.03)
      #expect(abs((y - Double(height) / 2) / side - (usual.y - 14) / 28) < 0.03)
    }
  }

  @Test func fewerLabelsAreTheFirstDigits() {
    let two = Digits(count: 100, labels: 2)
    #expect(two.labelCount == 2)
    #expect(Set((0..<100).compactMap { two.label(at: $0) }) == [0, 1])
    #expect(Digits(count: 1, labels: 1000).labelCount == 10)
  }

  @Test func noTwoImagesAreEqual() throws {
    let images = try (0..<2000).map { try digits.image(at: $0) }
    #expect(Set(images).count == 2000)
  }

  /// 200 of each are expected of 2000; ±60 are more than four standard deviations.
  @Test func allLabelsAreEquallyLikely() {
    let labels = (0..<2000).map { digits.label(at: $0) }
    for label in 0..<10 {
      #expect((140...260).contains(labels.filter { $0 == label }.count))
    }
  }

  /// MNIST's mean byte is 33.3 (60,000 images), and its digits have their centre of mass in the
  /// middle.
  @Test func theInkIsLikeMNISTs() throws {
    var total = 0.0
    for index in 0..<2000 {
      let image = try digits.image(at: index)
      let (ink, x, y) = centre(of: image)
      total += ink / 784
      #expect(ink > 2000)
      #expect(abs(x - 14) < 2 && abs(y - 14) < 2, "digit \(index)")
    }
    #expect(abs(total / 2000 - 33.3) < 2)
  }

  /// Only a margin of half a pixel is promised; in practice the box is 20 of 28.
  @Test func nothingTouchesTheEdge() throws {
    for index in 0..<2000 {
      let image = try digits.image(at: index)
      for side in 0..<28 {
        let edge = [image[side], image[27 * 28 + side], image[28 * side], image[28 * side + 27]]
        #expect(edge.allSatisfy { $0 < 128 }, "digit \(index)")
      }
    }
  }

  /// The sum of an image's bytes, and their centre of mass in pixels.
  private func centre(
    of image: [UInt8], width: Int = 28
  ) -> (ink: Double, x: Double, y: Double) {
    var (ink, x, y) = (0.0, 0.0, 0.0)
    for (position, byte) in image.enumerated() {
      ink += Double(byte)
      x += Double(byte) * (Double(position % width) + 0.5)
      y += Double(byte) * (Double(position / width) + 0.5)
    }
    return (ink, x / ink, y / ink)
  }
}
