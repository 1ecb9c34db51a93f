import Images
import Model
import Spec
import Training

/// Walks between random points of the latent space.
///
/// Do images change smoothly, and is every one on the way an image?
///
/// A generator that has memorised jumps from one image to the next. Source: Radford et al. 2015,
/// section 6.1 and figure 4.
package struct Interpolation: Sendable {
  package let points: Int
  /// Images of a leg, both of its ends included.
  package let steps: Int
  /// Whether a last leg leads back to the first point.
  package let isClosed: Bool
  package let seed: UInt64
  /// The class that a conditional generator makes.
  package let label: Int

  package init(points: Int, steps: Int, isClosed: Bool, seed: UInt64, label: Int) {
    self.points = points
    self.steps = steps
    self.isClosed = isClosed
    self.seed = seed
    self.label = label
  }

  /// A step whose images are this many times farther apart than the middle one of all steps is a jump.
  static let jump = 4.0

  package struct Result: Encodable, Sendable {
    package let study = Study.interpolate.rawValue
    package let checkpoint: String
    package let points: Int
    package let steps: Int
    package let closed: Bool
    package let seed: UInt64
    package let path: String
    /// Between neighbours, by the discriminator's features.
    package let meanDistance: Double
    package let largestDistance: Double
    package let jumps: [Jump]

    package struct Jump: Encodable, Sendable {
      /// Counted from 1, as rows of the picture.
      package let leg: Int
      /// Counted from 1: between this image of the row and the next.
      package let image: Int
      package let distance: Double
    }

    private enum CodingKeys: String, CodingKey {
      case study, checkpoint, points, steps, closed, seed, path
      case meanDistance = "mean_distance"
      case largestDistance = "largest_distance"
      case jumps
    }
  }

  /// The grid, a row for each leg; every image once, in order; and the numbers.
  package func run(
    on networks: TrainedNetworks
  ) throws(StudyProblem) -> (grid: ImageBuffer, frames: [ImageBuffer], result: Result) {
    let (spec, size) = (networks.spec, networks.spec.latent.size)
    let path = LatentPath(for: spec.latent)
    let noise = spec.latent.noise(count: points, seed: seed)
    let legs = isClosed ? points : points - 1
    var z: [Float] = []
    for leg in 0..<legs {
      let (a, b) = (leg, (leg + 1) % points)
      for step in 0..<steps {
        z += path.point(
          from: noise[a * size..<(a + 1) * size], to: noise[b * size..<(b + 1) * size],
          at: Double(step) / Double(steps - 1))
      }
    }
    let latents = try Latents(of: networks, label: label)
    let images = try latents.images(for: z)
    let features = try training { () throws(TrainingProblem) in
      try DiscriminatorFeatures(of: networks, batch: min(64, spec.train.batch))
        .vectors(of: images, labels: latents.labels(legs * steps))
    }

    var distances: [(leg: Int, image: Int, distance: Double)] = []
    for leg in 0..<legs {
      for step in 0..<steps - 1 {
        let place = leg * steps + step
        distances.append((leg + 1, step + 1, distance(features[place], features[place + 1])))
      }
    }
    let sorted = distances.map(\.distance).sorted()
    let limit = Self.jump * sorted[sorted.count / 2]
    let result = Result(
      checkpoint: networks.checkpoint, points: points, steps: steps, closed: isClosed, seed: seed,
      path: path.rawValue, meanDistance: sorted.reduce(0, +) / Double(sorted.count),
      largestDistance: sorted.last ?? 0,
      jumps: distances.filter { $0.distance > limit }.map {
        Result.Jump(leg: $0.leg, image: $0.image, distance: $0.distance)
      })
    let picture = StudyPicture(of: spec.image)
    return (
      picture.sheet(images, columns: steps, rowTitles: (1...legs).map { "\($0)" }),
      // A leg begins with the image that the one before has ended with.
      picture.enlarged(images, leaving: { $0 > 0 && $0 % steps == 0 }), result
    )
  }
}
