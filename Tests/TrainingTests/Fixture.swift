import CPU
import Compiler
import Datasets
import Diagnostics
import Foundation
import Model
import Program
import Spec
import Testing

@testable import Training

enum Fixture {
  /// Odd sizes, batchnorm in both networks, two stages.
  static let small = """
    dcgan: 1
    name: small
    image: {size: 14, channels: 1}
    latent: {size: 5}
    generator:
      defaults: {kernel: 5, stride: 2, norm: batch, activation: relu}
      layers:
        - project: {to: [2, 7, 7]}
        - conv_transpose: {filters: 3, kernel: 5, stride: 1}
        - conv_transpose: {filters: 1, norm: none, activation: tanh}
    discriminator:
      defaults: {kernel: 5, stride: 2, norm: batch, activation: {leaky_relu: 0.2}}
      layers:
        - conv: {filters: 4, norm: none}
        - conv: {filters: 3, stride: 1}
        - linear: {units: 1, norm: none, activation: sigmoid}
    train: {batch: 6}
    """

  static let data = DataFingerprint(
    source: "digits", images: 60_000, shape: "1 × 14 × 14", hash: "0123456789abcdef")

  /// The package's `Specs`.
  static let specs = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Specs").path

  static let shippedSpecs: [String] =
    (try? FileManager.default.contentsOfDirectory(atPath: specs).sorted()
      .filter { $0.hasSuffix(".yaml") }) ?? []

  static func session(
    _ text: String, threads: Int, batch: Int? = nil
  ) throws -> TrainingSession {
    let compilation = Compilation(SourceFile(path: "fixture.yaml", text: text))
    let spec = try #require(compilation.spec).training(batch: batch)
    return try TrainingSession(
      spec: spec, graph: #require(compilation.graph), device: CPUDevice(threads: threads))
  }

  /// Random images, and labels in turn.
  static func fillImages(of session: TrainingSession) throws {
    var images = [Float](
      repeating: 0, count: try #require(session.state.shape(of: TensorName.real)).count)
    images.withUnsafeMutableBufferPointer {
      RandomStream(key: RandomKey(seed: 1, step: 0), stream: 0).fill($0, .uniform)
    }
    try session.setImages(images)
    if let condition = session.spec.condition {
      let labels = (0..<session.spec.train.batch).map { $0 % condition.classes }
      try session.setLabels(labels, classes: condition.classes)
    }
  }
}
