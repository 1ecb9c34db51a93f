import LayerGraph
import Layers
import Program
import Spec

/// What the health of both networks is read from, without a gradient: `vitals.z` [N, Z], and one-hot
/// `vitals.labels` [N, classes] of a conditional network, to `images` [N, H, W, C], and for each
/// ReLU the sum over the batch of what comes out of each of its channels, [C].
///
/// The discriminator looks at the generated images. A channel whose sum is 0 has given nothing for
/// any of them.
package struct VitalsProgram: Sendable {
  package let batch: Int
  package let program: Program
  /// The nodes that have a sum, in the order in which they run, and whether each follows a norm.
  package let rectifiers: [(node: LayerNode, followsNorm: Bool)]

  package init(of spec: Spec, graph: LayerGraph, batch: Int) {
    var program = ProgramBuilder()
    let z = program.input(TensorName.vitalsNoise, [batch, spec.latent.size])
    let labels = spec.condition.map { program.input(TensorName.vitalsLabels, [batch, $0.classes]) }
    var outputs: [(name: String, value: Value)] = []
    var rectifiers: [(node: LayerNode, followsNorm: Bool)] = []
    func run(_ network: NetworkGraph, _ x: Value) -> Value {
      let tensors = network.declaredTensors(in: &program)
      let pass = network.lower(
        x, mode: .evaluate, labels: labels, tensors: tensors, into: &program)
      for (index, (node, value)) in zip(network.nodes, pass.values).enumerated()
      where node.kind == .relu {
        let axes = Array(0..<program.shape(of: value).rank - 1)
        outputs.append((TensorName.activity(node.path), program.reduceSum(value, axes: axes)))
        rectifiers.append((node, index > 0 && network.nodes[index - 1].kind.role == .norm))
      }
      return pass.output
    }
    let images = run(graph.generator, z)
    outputs.append((TensorName.images, images))
    if spec.objective.objective != nil { _ = run(graph.discriminator, images) }
    self.batch = batch
    self.rectifiers = rectifiers
    self.program = program.program(outputs: outputs)
  }
}
