import LayerGraph
import Layers
import Program
import Spec

/// The generator alone: `sample.z` [N, Z], and one-hot `sample.labels` [N, classes] of a conditional
/// network, to `images` [N, H, W, C]; with the moving averages of its tensors, where it has them.
package struct SamplingProgram: Sendable {
  package let batch: Int
  package let program: Program

  /// `mode` decides between running statistics (as a rule) and those of the batch.
  package init(
    of spec: Spec, graph: LayerGraph, batch: Int, mode: Lowering.Mode = .evaluate
  ) {
    var program = ProgramBuilder()
    let averages = spec.train.generator.average > 0
    let tensors = graph.generator.declaredTensors(in: &program) { name in
      averages ? TensorName.average(of: name) : name
    }
    let z = program.input(TensorName.sampleNoise, [batch, spec.latent.size])
    let labels = spec.condition.map { program.input(TensorName.sampleLabels, [batch, $0.classes]) }
    let pass = graph.generator.lower(
      z, mode: mode, labels: labels, tensors: tensors, into: &program)
    self.batch = batch
    self.program = program.program(outputs: [(TensorName.images, pass.output)])
  }
}
