import Program

/// How far apart two sets of images are in their details, size by size, without any network.
///
/// At each level of a Laplacian pyramid, patches of 7 × 7 pixels are drawn from both sets, their
/// channels made of mean 0 and deviation 1, and the patches projected on random directions: along each,
/// the distance is the mean of |a − b| over sorted numbers. The result is the mean over directions,
/// times 1,000. Source: Karras et al. 2018, section 5.
struct SlicedWasserstein {
  /// Edge of a patch.
  private static let edge = 7
  private static let patchesPerImage = 16
  private static let directions = 128
  /// The least side of a level.
  private static let leastSide = 14

  let seed: UInt64

  /// The distance at each level, the finest first, between as many images [H, W, C] of one size.
  func distances(between a: [FloatImage], and b: [FloatImage]) -> [Double] {
    let (left, right) = (descriptors(of: a), descriptors(of: b))
    return left.indices.map { level in
      Self.distance(
        between: Self.normalized(left[level]), and: Self.normalized(right[level]),
        stream: RandomStream(key: RandomKey(seed: seed, step: 1), stream: level))
    }
  }

  // MARK: Private

  /// Patches of one level, one after the other, each channel by channel.
  private struct Descriptors {
    var channels: Int
    var size: Int
    var numbers: [Float] = []
    var count: Int { numbers.count / size }
  }

  private func descriptors(of images: [FloatImage]) -> [Descriptors] {
    var found: [Descriptors] = []
    for (item, image) in images.enumerated() {
      for (place, level) in LaplacianPyramid.levels(of: image, least: Self.leastSide).enumerated() {
        let edges = (min(Self.edge, level.height), min(Self.edge, level.width))
        let size = edges.0 * edges.1 * level.channels
        if place == found.count {
          found.append(Descriptors(channels: level.channels, size: size))
        }
        let stream = RandomStream(key: RandomKey(seed: seed, step: 0), stream: place)
        for patch in 0..<Self.patchesPerImage {
          let draw = 2 * (item * Self.patchesPerImage + patch)
          let top = Int(stream.uniform(at: draw) * Float(level.height - edges.0 + 1))
          let left = Int(stream.uniform(at: draw + 1) * Float(level.width - edges.1 + 1))
          for channel in 0..<level.channels {
            for y in top..<top + edges.0 {
              for x in left..<left + edges.1 {
                found[place].numbers.append(
                  level.pixels[(y * level.width + x) * level.channels + channel])
              }
            }
          }
        }
      }
    }
    return found
  }

  /// Each channel with mean 0 and deviation 1 over all patches.
  private static func normalized(_ descriptors: Descriptors) -> Descriptors {
    var result = descriptors
    let area = descriptors.size / descriptors.channels
    for channel in 0..<descriptors.channels {
      let places = (0..<descriptors.count).flatMap { patch in
        let first = patch * descriptors.size + channel * area
        return first..<first + area
      }
      let count = Double(places.count)
      let mean = places.reduce(0.0) { $0 + Double(descriptors.numbers[$1]) } / count
      let variance = places.reduce(0.0) { sum, place in
        let difference = Double(descriptors.numbers[place]) - mean
        return sum + difference * difference
      }
      let deviation = (variance / count).squareRoot()
      let factor = deviation > 0 ? 1 / deviation : 0
      for place in places {
        result.numbers[place] = Float((Double(descriptors.numbers[place]) - mean) * factor)
      }
    }
    return result
  }

  private static func distance(
    between a: Descriptors, and b: Descriptors, stream: RandomStream
  ) -> Double {
    var sum = 0.0
    for number in 0..<directions {
      let drawn = (0..<a.size).map { stream.normal(at: number * a.size + $0) }
      let length = drawn.reduce(0) { $0 + $1 * $1 }.squareRoot()
      let direction = drawn.map { $0 / length }
      let (left, right) = (projections(of: a, on: direction), projections(of: b, on: direction))
      let differences = zip(left, right).reduce(0.0) { $0 + Double(abs($1.0 - $1.1)) }
      sum += differences / Double(min(left.count, right.count))
    }
    return 1000 * sum / Double(directions)
  }

  /// In rising order.
  private static func projections(of descriptors: Descriptors, on direction: [Float]) -> [Float] {
    (0..<descriptors.count).map { patch in
      let first = patch * descriptors.size
      var sum: Float = 0
      for place in direction.indices {
        sum += direction[place] * descriptors.numbers[first + place]
      }
      return sum
    }.sorted()
  }
}
