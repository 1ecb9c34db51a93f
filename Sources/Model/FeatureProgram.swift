import LayerGraph
import Layers
import Program
import Spec

/// The discriminator as a maker of features: `look.images` [N, H, W, C], and one-hot `look.labels`
/// [N, classes] of a conditional one, to what comes out of layers.
package struct FeatureProgram: Sendable {
  package let batch: Int
  package let program: Program
  /// Where the features come out, in the order of the layers.
  package let nodes: [LayerNode]

  /// - Parameter nodes: layers of the discriminator, by their place in it.
  package init(of spec: Spec, graph: LayerGraph, batch: Int, nodes places: [Int]) {
    let network = graph.discriminator
    var program = ProgramBuilder()
    let tensors = network.declaredTensors(in: &program)
    let images = program.input(
      TensorName.lookedAt, [batch, spec.image.height, spec.image.width, spec.image.channels])
    let labels =
      network.usesLabels
      ? spec.condition.map { program.input(TensorName.lookedAtLabels, [batch, $0.classes]) } : nil
    let pass = network.lower(
      images, mode: .evaluate, labels: labels, tensors: tensors, into: &program)
    nodes = places.map { network.nodes[$0] }
    self.batch = batch
    self.program = program.program(
      outputs: places.map { (TensorName.features(network.nodes[$0].path), pass.values[$0]) })
  }
}
