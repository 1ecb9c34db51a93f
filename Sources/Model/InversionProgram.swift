import Autodiff
import LayerGraph
import Program
import Spec

/// How far the image of each of some latent vectors is from a given one, and where the vectors should
/// move: `search.z` [S, Z], `search.images` [S, H, W, C], and one-hot `search.labels` [S, classes] of a
/// conditional network, to `search.errors` [S] and `search.gradient` [S, Z].
package struct InversionProgram: Sendable {
  package let starts: Int
  package let program: Program

  package init(of spec: Spec, graph: LayerGraph, starts: Int) {
    var program = ProgramBuilder()
    let tensors = spec.sampledTensors(of: graph.generator, in: &program)
    let z = program.input(TensorName.searchedNoise, [starts, spec.latent.size])
    let labels = spec.condition.map {
      program.input(TensorName.searchedLabels, [starts, $0.classes])
    }
    let image: Shape = [spec.image.height, spec.image.width, spec.image.channels]
    let targets = program.input(TensorName.searchedImages, Shape([starts] + image.dimensions))
    let pass = graph.generator.lower(
      z, mode: .evaluate, labels: labels, tensors: tensors, into: &program)
    let difference = program.subtract(pass.output, targets)
    let errors = program.divide(
      program.reduceSum(program.square(difference), axes: [1, 2, 3]), by: Double(image.count))
    // No vector has a part in another's error: the gradient of the sum is that of each.
    let gradient = program.gradients(
      of: program.sum(errors), withRespectTo: [z], holding: pass.held)[0]
    self.starts = starts
    self.program = program.program(
      outputs: [(TensorName.searchErrors, errors), (TensorName.searchGradient, gradient)])
  }
}
