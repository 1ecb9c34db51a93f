import CPU
import Model
import Spec
import Testing

@testable import Training

@Suite struct CalibrationTests {
  private static func spec(_ statistics: String) -> String {
    """
    dcgan: 1
    name: calibrated
    image: {size: 4, channels: 2}
    latent: {size: 5, distribution: normal}
    generator:
      layers:
        - project: {to: [2, 4, 4], bias: false}
        - batch_norm: {statistics: \(statistics), scale_and_shift: false}
    discriminator: {layers: [linear: {units: 1, activation: sigmoid}]}
    train: {batch: 64}
    """
  }

  private static func session(_ statistics: String) throws -> TrainingSession {
    let session = try Fixture.session(spec(statistics), threads: 1)
    try session.initialize()
    return session
  }

  /// Mean and variance of 1,000 images.
  private static func moments(_ session: TrainingSession) throws -> (mean: Double, variance: Double)
  {
    let sampler = try Sampler(
      spec: session.spec, graph: session.graph, batch: 64, state: session.state)
    let samples = try SampleSequence(sampler: sampler, count: 1000, seed: 7, classes: [0])
    let numbers = try samples.pieces.flatMap { try samples.make($0).images.map(Double.init) }
    let mean = numbers.reduce(0, +) / Double(numbers.count)
    let squares = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (mean, squares / Double(numbers.count))
  }

  /// Weights of 0.02 make images of variance 5 · 0.02² = 0.002, which nothing has normalised yet.
  @Test func withoutTrainingRunningStatisticsNormaliseNothing() throws {
    let (_, variance) = try Self.moments(Self.session("running"))
    #expect(variance < 0.01)
  }

  @Test(arguments: ["calibrated", "batch"])
  func othersFitTheWeightsAsTheyAre(_ statistics: String) throws {
    let session = try Self.session(statistics)
    for factor in [1, 10] as [Float] {
      let name = "generator.project1.weight"
      let weights = try session.state.read(name)
      try session.state.write(weights.map { factor * $0 }, to: name)
      let (mean, variance) = try Self.moments(session)
      #expect(abs(mean) < 0.05)
      // epsilon, 1e-5, takes 1 % of a variance of 0.001.
      #expect(abs(variance - 1) < 0.05, "after weights times \(factor)")
    }
  }

  /// The measured statistics have places of their own: training goes on as if none had been measured.
  @Test func trainingDoesNotSeeThem() throws {
    let session = try Self.session("calibrated")
    let before = try session.state.read("generator.batch_norm1.running_var")
    _ = try Self.moments(session)
    #expect(try session.state.read("generator.batch_norm1.running_var") == before)
  }
}
