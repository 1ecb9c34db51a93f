import Foundation
import Images
import Spec
import Training

/// Finds the latent vector whose image is nearest to a given one, if the generator can make it at all.
///
/// Gradient descent on the mean square difference of pixels, by Adam, from several random starts. Of
/// uniform noise the vectors stay within the cube that it fills. Source: Lipton and Tripathi 2017.
package struct Inversion: Sendable {
  package let starts: Int
  package let steps: Int
  package let seed: UInt64
  /// The class that a conditional generator makes.
  package let label: Int

  package init(starts: Int, steps: Int, seed: UInt64, label: Int) {
    (self.starts, self.steps, self.seed, self.label) = (starts, steps, seed, label)
  }

  package struct Result: Encodable, Sendable {
    package let study = Study.invert.rawValue
    package let checkpoint: String
    package let seed: UInt64
    package let images: [Found]

    package struct Found: Encodable, Sendable {
      package let path: String
      /// The root of the mean square difference of pixels on 0 … 255, of each start, best first.
      package let errors: [Double]
      /// The latent vector of the best, [Z].
      package let z: [Float]
    }

    private enum CodingKeys: String, CodingKey { case study, checkpoint, seed, images }
  }

  /// Results in the picture.
  private static let shown = 4

  /// - Parameter paths: pictures of any size, which are fitted as those of a folder are.
  package func run(
    on networks: TrainedNetworks, images paths: [String], report: () -> Void = {}
  ) throws(StudyProblem) -> (picture: ImageBuffer, result: Result) {
    let spec = networks.spec
    let latents = try Latents(of: networks, label: label)
    let search = try training { () throws(TrainingProblem) in
      try LatentSearch(of: networks, count: starts)
    }
    let picture = StudyPicture(of: spec.image)
    let pixels = RealPixels(as: spec.image)
    let (count, size) = (min(Self.shown, starts), spec.latent.size)
    var (sheet, captions): ([Float], [String]) = ([], [])
    var found: [Result.Found] = []
    for path in paths {
      let target = try pixels.picture(at: path)
      let (z, errors) = try training { () throws(TrainingProblem) in
        try search.descend(
          from: latents.noise(Array(0..<starts), seed: seed),
          to: (0..<starts).flatMap { _ in target }, steps: steps, labels: latents.labels(starts),
          report: report)
      }
      let order = errors.indices.sorted { (errors[$0], $0) < (errors[$1], $1) }
      let best = order.prefix(count).flatMap { z[$0 * size..<($0 + 1) * size] }
      sheet += target + (try latents.images(for: best))
      captions += ["image"] + order.prefix(count).map { String(format: "%.1f", errors[$0]) }
      found.append(
        Result.Found(path: path, errors: order.map { errors[$0] }, z: Array(best.prefix(size))))
    }
    return (
      picture.sheet(sheet, columns: 1 + count, captions: captions),
      Result(checkpoint: networks.checkpoint, seed: seed, images: found)
    )
  }
}
