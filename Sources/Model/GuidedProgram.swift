import Autodiff
import LayerGraph
import Layers
import Program
import Spec

/// What in images makes the strongest response of one feature of the discriminator: `look.images`
/// [N, H, W, C], one-hot `look.labels` [N, classes] of one that reads labels, and `look.feature` [K],
/// which is 1 for the feature and 0 for all others, to `guided` [N, H, W, C].
///
/// Source: guided backpropagation, `MaximumGradient.guided`; Radford et al. 2015, section 6.2.
package struct GuidedProgram: Sendable {
  package let program: Program

  /// `layer` is one of the discriminator's convolutions.
  package init(of spec: Spec, graph: LayerGraph, batch: Int, layer: ConvolutionEnd) {
    let network = graph.discriminator
    var program = ProgramBuilder()
    let (images, pass) = network.look(as: spec, batch: batch, in: &program)
    let strongest = program.strongestResponse(
      in: pass.values[layer.end], of: TensorName.lookedAtFeature)
    // No image has a part in another's response: the gradient of the sum is that of each.
    let guided = program.gradients(
      of: program.sum(strongest), withRespectTo: [images], holding: pass.held, through: .guided)[0]
    self.program = program.program(outputs: [(TensorName.guided, guided)])
  }
}
