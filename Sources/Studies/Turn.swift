import Images
import Model
import Spec
import Training

/// An axis of the latent space, from one concept to another, added to random samples.
///
/// Do they all turn?
///
/// Source: Radford et al. 2015, section 6.3.2 and figure 8, where it leads from faces that look left to
/// faces that look right, each the mean of four samples.
package struct Turn: Sendable {
  package let concepts: Concepts
  package let left: String
  package let right: String
  /// Random samples, a row each.
  package let rows: Int
  package let steps: Int
  /// How far beyond the sample the axis is followed to both sides, in lengths of the axis.
  package let reach: Double
  package let seed: UInt64
  /// The class that a conditional generator makes.
  package let label: Int

  package init(
    concepts: Concepts, left: String, right: String, rows: Int, steps: Int, reach: Double,
    seed: UInt64, label: Int
  ) {
    (self.concepts, self.left, self.right) = (concepts, left, right)
    (self.rows, self.steps, self.reach) = (rows, steps, reach)
    (self.seed, self.label) = (seed, label)
  }

  package struct Result: Encodable, Sendable {
    package let study = Study.turn.rawValue
    package let checkpoint: String
    package let left: String
    package let right: String
    package let seed: UInt64
    /// From the mean of the left concept to that of the right one, [Z].
    package let axis: [Float]

    private enum CodingKeys: String, CodingKey { case study, checkpoint, left, right, seed, axis }
  }

  package func run(
    on networks: TrainedNetworks
  ) throws(StudyProblem) -> (picture: ImageBuffer, result: Result) {
    let latents = try Latents(of: networks, label: label)
    let size = networks.spec.latent.size
    let means = concepts.all.map {
      LatentArithmetic.mean(of: latents.noise($0.numbers, seed: concepts.seed), size: size)
    }
    // Names that the file does not have are reported as those of any expression.
    let from = try concepts.value(of: left, vectors: means)
    let to = try concepts.value(of: right, vectors: means)
    let axis = zip(from, to).map { $1 - $0 }
    let samples = latents.noise(Array(0..<rows), seed: seed)
    var z: [Float] = []
    for row in 0..<rows {
      for step in 0..<steps {
        let share = Float(reach * (2 * Double(step) / Double(steps - 1) - 1))
        z += axis.indices.map { samples[row * size + $0] + share * axis[$0] }
      }
    }
    let sheet = StudyPicture(of: networks.spec.image).sheet(
      try latents.images(for: z), columns: steps, rowTitles: (0..<rows).map { "\($0)" })
    return (
      StudyPicture.stacked([("from \(left) to \(right)", sheet)]),
      Result(
        checkpoint: networks.checkpoint, left: left, right: right, seed: seed, axis: axis)
    )
  }
}
