/// How much images differ from each other, how much of their range they use, and how many channels
/// of the network that made them are of no use.
///
/// Distances are fractions of the range of the images, so that specs can be compared.
package struct Vitals: Hashable, Sendable {
  /// The standard deviation of a value over the images, as the root of its mean square: 0 where all
  /// images are the same, at most 0.5.
  package let spread: Float
  /// The mean distance of an image to the most similar other one, as a root mean square.
  package let nearest: Float
  /// The share of values that lie between the ends of the range.
  package let between: Float
  /// The share of the channels of all ReLUs that give 0 for every image.
  package let deadChannels: Float

  /// A value closer to an end than half a level of 8 bits shows as the end.
  private static let endWidth: Float = 0.5 / 255

  package init(spread: Float, nearest: Float, between: Float, deadChannels: Float) {
    self.spread = spread
    self.nearest = nearest
    self.between = between
    self.deadChannels = deadChannels
  }

  /// - Parameters:
  ///   - images: `count` of them, [N, H, W, C], 1 or more.
  ///   - range: of their values.
  init(of images: [Float], count: Int, range: ClosedRange<Float>, deadChannels: Float = 0) {
    precondition(
      count > 0 && images.count % count == 0, "\(images.count) values of \(count) images")
    let size = images.count / count
    let width = range.upperBound - range.lowerBound
    var mean = [Float](repeating: 0, count: size)
    for item in 0..<count {
      for place in 0..<size { mean[place] += images[item * size + place] / Float(count) }
    }
    var variance: Double = 0
    var between = 0
    for item in 0..<count {
      for place in 0..<size {
        let value = images[item * size + place]
        let deviation = value - mean[place]
        variance += Double(deviation * deviation)
        let end = min(value - range.lowerBound, range.upperBound - value) / width
        if end > Self.endWidth { between += 1 }
      }
    }
    spread = Float((variance / Double(images.count)).squareRoot()) / width
    self.between = Float(between) / Float(images.count)
    self.deadChannels = deadChannels
    nearest =
      Self.nearestDistances(of: images, count: count, size: size)
      .reduce(0, +) / Float(count) / width
  }

  /// The distance of each image to the most similar other one, a root mean square in the images' units.
  private static func nearestDistances(of images: [Float], count: Int, size: Int) -> [Float] {
    var nearest = [Float](repeating: .infinity, count: count)
    images.withUnsafeBufferPointer { images in
      for a in 0..<count {
        for b in a + 1..<count {
          var lanes = SIMD8<Float>()
          var sum: Float = 0
          let (first, second) = (a * size, b * size)
          var place = 0
          while place + 8 <= size {
            var difference = SIMD8<Float>()
            for lane in 0..<8 {
              difference[lane] = images[first + place + lane] - images[second + place + lane]
            }
            lanes += difference * difference
            place += 8
          }
          while place < size {
            let difference = images[first + place] - images[second + place]
            sum += difference * difference
            place += 1
          }
          let distance = ((sum + lanes.sum()) / Float(size)).squareRoot()
          nearest[a] = min(nearest[a], distance)
          nearest[b] = min(nearest[b], distance)
        }
      }
    }
    return count == 1 ? [0] : nearest
  }
}
