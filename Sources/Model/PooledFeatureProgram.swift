import LayerGraph
import Layers
import Program
import Spec

/// The features of the paper's classifiers: what comes out of every convolution of the discriminator,
/// each channel's largest number in each of 4 × 4 parts of the maps, all in one vector.
///
/// `look.images` [N, H, W, C] to `features.pooled` [N, F], of a discriminator that reads no labels.
/// Maps that are no larger than 4 × 4 are taken as they are.
///
/// Source: Radford et al. 2015, section 5.1.
package struct PooledFeatureProgram: Sendable {
  package let batch: Int
  package let program: Program
  /// Numbers for each image.
  package let size: Int

  package static let output = TensorName.features("pooled")

  /// - Parameter edge: parts along each axis.
  package init(of spec: Spec, graph: LayerGraph, batch: Int, edge: Int) {
    let network = graph.discriminator
    var program = ProgramBuilder()
    let tensors = network.declaredTensors(in: &program)
    let images = program.input(
      TensorName.lookedAt, [batch, spec.image.height, spec.image.width, spec.image.channels])
    let pass = network.lower(images, mode: .evaluate, tensors: tensors, into: &program)
    // What an entry gives is what comes after its norm and activation.
    let ends = network.nodes.indices.filter { place in
      place + 1 == network.nodes.count
        || network.nodes[place + 1].entry != network.nodes[place].entry
    }
    let convolved = Set(network.nodes.filter { $0.kind == .conv }.map(\.entry))
    let pooled = ends.filter { convolved.contains(network.nodes[$0].entry) }.map { place in
      program.pooled(pass.values[place], edge: edge)
    }
    let features = pooled.isEmpty ? images : program.concatenate(pooled, axis: 1)
    let shape = program.shape(of: features)
    let flat = program.reshape(features, [batch, shape.count / batch])
    self.batch = batch
    size = shape.count / batch
    self.program = program.program(outputs: [(Self.output, flat)])
  }
}

extension ProgramBuilder {
  /// The largest number of each channel in each of edge × edge parts: maps [N, H, W, C] to [N, F].
  ///
  /// Where the edge does not divide a side, the parts are as equal as can be, and do not overlap.
  fileprivate mutating func pooled(_ x: Value, edge: Int) -> Value {
    let rows = reduced(x, along: 1, to: edge)
    let both = reduced(rows, along: 2, to: edge)
    let shape = shape(of: both)
    return reshape(both, [shape[0], shape.count / shape[0]])
  }

  private mutating func reduced(_ x: Value, along axis: Int, to edge: Int) -> Value {
    let sizes = shape(of: x).dimensions
    guard sizes[axis] > edge else { return x }
    let parts = (0..<edge).map { part -> Value in
      var (start, limit) = (sizes.map { _ in 0 }, sizes)
      (start[axis], limit[axis]) = (part * sizes[axis] / edge, (part + 1) * sizes[axis] / edge)
      let largest = reduceMaximum(slice(x, start: start, limit: limit), axes: [axis])
      var kept = sizes
      kept[axis] = 1
      return reshape(largest, Shape(kept))
    }
    return concatenate(parts, axis: axis)
  }
}
