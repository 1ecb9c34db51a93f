import Autodiff
import LayerGraph
import Program
import Spec

/// How far the images of some latent vectors are from one image, and where the vectors should move:
/// `invert.z` [S, Z], `invert.target` [H, W, C], and one-hot `invert.labels` [S, classes] of a
/// conditional network, to `invert.errors` [S] and `invert.gradient` [S, Z].
package struct InversionProgram: Sendable {
  package let starts: Int
  package let program: Program

  package static let z = "invert.z"
  package static let target = "invert.target"
  package static let labels = "invert.labels"
  /// The mean square difference of each image from the target.
  package static let errors = "invert.errors"
  package static let gradient = "invert.gradient"

  package init(of spec: Spec, graph: LayerGraph, starts: Int) {
    var program = ProgramBuilder()
    let tensors = spec.sampledTensors(of: graph.generator, in: &program)
    let z = program.input(Self.z, [starts, spec.latent.size])
    let labels = spec.condition.map { program.input(Self.labels, [starts, $0.classes]) }
    let image: Shape = [spec.image.height, spec.image.width, spec.image.channels]
    let target = program.input(Self.target, image)
    let pass = graph.generator.lower(
      z, mode: .evaluate, labels: labels, tensors: tensors, into: &program)
    let shape = program.shape(of: pass.output)
    let difference = program.subtract(
      pass.output, program.broadcast(target, to: shape, axes: [1, 2, 3]))
    let errors = program.divide(
      program.reduceSum(program.square(difference), axes: [1, 2, 3]), by: Double(image.count))
    // No vector has a part in another's error: the gradient of the sum is that of each.
    let gradient = program.gradients(
      of: program.sum(errors), withRespectTo: [z], holding: pass.held)[0]
    self.starts = starts
    self.program = program.program(
      outputs: [(Self.errors, errors), (Self.gradient, gradient)])
  }
}
