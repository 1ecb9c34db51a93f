import Device

/// Where the features of some images lie: around each, as far as its nearest neighbours are.
///
/// Source: Kynkäänniemi et al. 2019, "Improved Precision and Recall Metric for Assessing Generative
/// Models"; Naeem et al. 2020, "Reliable Fidelity and Diversity Metrics for Generative Models".
struct Manifold {
  /// Neighbours that say how large the ball around an image is, for precision and recall.
  static let neighbors = 3
  /// The same for density and coverage.
  static let denseNeighbors = 5

  let features: [[Float]]
  let distances: SquaredDistances
  /// The squared radii of the balls around each image, by `neighbors` and by `denseNeighbors`.
  private let radii: (near: [Float], dense: [Float])

  init(of features: [[Float]], on device: any Device) throws(StudyProblem) {
    self.features = features
    distances = try SquaredDistances(to: features, on: device)
    let found = try distances.nearestOthers([Self.neighbors, Self.denseNeighbors])
    radii = (found[0], found[1])
  }

  /// How samples lie in this manifold of real images.
  struct Comparison {
    /// Which samples lie in the ball of a real image; the share of them is the precision.
    var isReal: [Bool]
    /// Which real images lie in the ball of a sample; the share of them is the recall.
    var isReached: [Bool]
    /// Balls of real images that a sample lies in, on average, over the neighbours of one.
    var density: Double
    /// The share of real images whose ball has a sample in it.
    var coverage: Double
  }

  func comparison(with samples: Manifold) throws(StudyProblem) -> Comparison {
    var isReal = [Bool](repeating: false, count: samples.features.count)
    var isReached = [Bool](repeating: false, count: features.count)
    var isCovered = isReached
    var balls = 0
    try distances.forEachRow(of: samples.features) { sample, squares in
      for (real, square) in squares.enumerated() {
        if square <= radii.near[real] { isReal[sample] = true }
        if square <= samples.radii.near[sample] { isReached[real] = true }
        if square <= radii.dense[real] {
          balls += 1
          isCovered[real] = true
        }
      }
    }
    return Comparison(
      isReal: isReal, isReached: isReached,
      density: Double(balls) / Double(Self.denseNeighbors * samples.features.count),
      coverage: isCovered.share)
  }
}

extension [Bool] {
  /// The share of those that hold.
  var share: Double { Double(count(where: \.self)) / Double(Swift.max(count, 1)) }
}
