import LayerGraph
import Layers
import Program
import Spec

/// The generator without some of the feature maps of one of its layers: `kept.z` [N, Z], one-hot
/// `kept.labels` [N, classes] of a conditional network and `kept.maps` [C] to `images` [N, H, W, C] and
/// the layer's `features` [N, h, w, C], as they are before any is left out.
///
/// Source: Radford et al. 2015, section 6.3.1.
package struct ForgettingProgram: Sendable {
  package let batch: Int
  package let program: Program
  /// Height and width of the layer's maps.
  package let size: (height: Int, width: Int)

  /// `layer` is one of the generator's convolutions.
  package init(of spec: Spec, graph: LayerGraph, batch: Int, layer: ConvolutionEnd) {
    let network = graph.generator
    var program = ProgramBuilder()
    let tensors = spec.sampledTensors(of: network, in: &program)
    let z = program.input(TensorName.keptNoise, [batch, spec.latent.size])
    let labels = spec.condition.map { program.input(TensorName.keptLabels, [batch, $0.classes]) }
    let kept = program.input(TensorName.keptMaps, [layer.channels])
    let pass = network.lower(
      z, mode: .evaluate, labels: labels, tensors: tensors,
      factors: [network.nodes[layer.end].path: kept], into: &program)
    let maps = pass.values[layer.end]
    let shape = program.shape(of: maps)
    self.batch = batch
    size = (shape[1], shape[2])
    self.program = program.program(
      outputs: [(TensorName.images, pass.output), (TensorName.features, maps)])
  }
}
