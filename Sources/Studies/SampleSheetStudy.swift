import Images
import Model
import Spec
import Training

/// A sheet of samples with their numbers, by which people name those that show something: the
/// exemplars of concepts.
///
/// Number n of a seed is the same image on every sheet. Source: Radford et al. 2015, section 6.3.2.
package struct SampleSheetStudy: Sendable {
  package let count: Int
  package let seed: UInt64
  /// The class that a conditional generator makes.
  package let label: Int

  package init(count: Int, seed: UInt64, label: Int) {
    (self.count, self.seed, self.label) = (count, seed, label)
  }

  package struct Result: Encodable, Sendable {
    package let study = Study.sheet.rawValue
    package let checkpoint: String
    package let count: Int
    package let seed: UInt64

    private enum CodingKeys: String, CodingKey { case study, checkpoint, count, seed }
  }

  package func run(
    on networks: TrainedNetworks
  ) throws(StudyProblem) -> (sheet: ImageBuffer, result: Result) {
    let latent = try Latents(of: networks, label: label)
    let images = try latent.images(for: latent.noise(Array(0..<count), seed: seed))
    let columns = Int(Double(count).squareRoot().rounded(.up))
    let sheet = StudyPicture(of: networks.spec.image).sheet(
      images, columns: columns, captions: (0..<count).map { "\($0)" })
    return (sheet, Result(checkpoint: networks.checkpoint, count: count, seed: seed))
  }
}
