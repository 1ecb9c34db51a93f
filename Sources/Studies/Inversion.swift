import Device
import Foundation
import Images
import Model
import Program
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

  private static let rate = 0.05
  /// Results in the picture.
  private static let shown = 4

  /// - Parameter paths: pictures of any size, which are fitted as those of a folder are.
  package func run(
    on networks: TrainedNetworks, images paths: [String], report: () -> Void = {}
  ) throws(StudyProblem) -> (picture: ImageBuffer, result: Result) {
    let spec = networks.spec
    let latents = try Latents(of: networks, label: label)
    let program = InversionProgram(of: spec, graph: networks.graph, starts: starts)
    let loaded = try training { () throws(TrainingProblem) in
      try networks.load(program.program)
    }
    let picture = StudyPicture(of: spec.image)
    let pixels = RealPixels(as: spec.image)
    let (count, size) = (min(Self.shown, starts), spec.latent.size)
    var (sheet, captions): ([Float], [String]) = ([], [])
    var found: [Result.Found] = []
    for path in paths {
      let target = try pixels.picture(at: path)
      let (z, errors) = try training { () throws(TrainingProblem) in
        try descend(to: target, networks, loaded, latents, report)
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

  /// The vectors [S, Z] after all steps, and the error of each.
  private func descend(
    to target: [Float], _ networks: TrainedNetworks, _ loaded: any LoadedProgram,
    _ latents: Latents, _ report: () -> Void
  ) throws(TrainingProblem) -> (z: [Float], errors: [Double]) {
    let spec = networks.spec
    var z = latents.noise(Array(0..<starts), seed: seed)
    var descent = LatentDescent(count: z.count, rate: Self.rate)
    func measure() throws(TrainingProblem) -> (errors: [Float], gradient: [Float]) {
      try onDevice { () throws(DeviceProblem) in
        try networks.state.write(z, to: TensorName.searchedNoise)
        try networks.state.write(target, to: TensorName.searchedImage)
        if let condition = spec.condition, let labels = latents.labels(starts),
          networks.state.contains(TensorName.searchedLabels)
        {
          try networks.state.write(
            oneHot(labels, classes: condition.classes), to: TensorName.searchedLabels)
        }
        try loaded.run(key: RandomKey(seed: 0, step: 0))
        return (
          try loaded.output(TensorName.searchErrors), try loaded.output(TensorName.searchGradient)
        )
      }
    }
    for _ in 0..<steps {
      descent.move(&z, against: try measure().gradient)
      spec.latent.keepInside(&z)
      report()
    }
    let range = spec.image.pixelRange
    let unit = 255 / Double(range.upperBound - range.lowerBound)
    return (z, try measure().errors.map { Double($0).squareRoot() * unit })
  }
}
