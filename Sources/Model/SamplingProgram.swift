import LayerGraph
import Layers
import Program
import Spec

/// The generator alone: `sample.z` [N, Z], and one-hot `sample.labels` [N, classes] of a conditional
/// network, to `images` [N, H, W, C]; with the moving averages of its tensors, where it has them, and
/// the calibrated statistics where these are asked for.
package struct SamplingProgram: Sendable {
  package let batch: Int
  package let program: Program

  /// `mode` decides between running statistics (as a rule) and those of the batch.
  package init(
    of spec: Spec, graph: LayerGraph, batch: Int, mode: Lowering.Mode = .evaluate
  ) {
    var program = ProgramBuilder()
    let tensors = spec.sampledTensors(of: graph.generator, in: &program)
    let z = program.input(TensorName.sampleNoise, [batch, spec.latent.size])
    let labels = spec.condition.map { program.input(TensorName.sampleLabels, [batch, $0.classes]) }
    let pass = graph.generator.lower(
      z, mode: mode, labels: labels, tensors: tensors, into: &program)
    self.batch = batch
    self.program = program.program(outputs: [(TensorName.images, pass.output)])
  }
}

/// Measures the statistics of a generator that are `calibrated`: those of one batch of images from
/// fresh noise, under the names that a sampling program reads.
package struct CalibrationProgram: Sendable {
  package let program: Program
  /// What it gives.
  package let names: [String]

  /// Batches over which the statistics are averaged.
  package static let batches = 16

  /// Nil where nothing is to be calibrated.
  package init?(of spec: Spec, graph: LayerGraph) {
    let statistics = graph.generator.calibratedStatistics
    if statistics.isEmpty { return nil }
    var program = ProgramBuilder()
    let tensors = graph.generator.declaredTensors(
      in: &program, calling: spec.sampledNames(of: graph.generator))
    let batch = spec.train.batch
    let z = spec.latent.noise([batch, spec.latent.size], stream: 0, in: &program)
    let labels = spec.condition.map {
      program.input(TensorName.calibrationLabels, [batch, $0.classes])
    }
    let pass = graph.generator.lower(
      z, mode: .calibrate, labels: labels, tensors: tensors, firstStream: 1, into: &program)
    let outputs = statistics.compactMap { statistic in
      pass.updates[statistic.name].map { (TensorName.calibrated(of: statistic.name), $0) }
    }
    names = outputs.map(\.0)
    self.program = program.program(outputs: outputs)
  }
}

extension Spec {
  /// What samples are made with: averages, and calibrated statistics, in place of a generator's
  /// tensors.
  func sampledTensors(
    of network: NetworkGraph, in program: inout ProgramBuilder
  ) -> [String: Value] {
    let calibrated = Set(network.calibratedStatistics.map(\.name))
    let sampled = sampledNames(of: network)
    return network.declaredTensors(in: &program) { name in
      calibrated.contains(name) ? TensorName.calibrated(of: name) : sampled(name)
    }
  }

  /// The name of what samples are made with in place of a tensor of the generator.
  fileprivate func sampledNames(of network: NetworkGraph) -> (String) -> String {
    let averaged =
      train.generator.average > 0
      ? Set(network.parameters.filter(\.role.isAveraged).map(\.name)) : []
    return { averaged.contains($0) ? TensorName.average(of: $0) : $0 }
  }
}
