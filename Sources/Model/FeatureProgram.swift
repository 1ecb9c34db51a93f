import LayerGraph
import Layers
import Program
import Spec

/// The discriminator as a maker of features: `look.images` [N, H, W, C], and one-hot `look.labels`
/// [N, classes] of one that reads labels, to `features` [N, F].
package struct FeatureProgram: Sendable {
  package let batch: Int
  package let program: Program
  /// Numbers for each image.
  package let size: Int

  package enum Reading: Hashable, Sendable {
    /// What the last layer with weights reads, before it judges.
    case last
    /// The same, and after it what comes out at the end.
    case lastAndOutput
    /// What comes out of every convolution: each channel's largest number in each of edge × edge parts
    /// of its maps. Maps that are no larger are taken as they are.
    ///
    /// Source: Radford et al. 2015, section 5.1, where the edge is 4.
    case convolutions(edge: Int)
    /// The largest number of each channel that comes out of one convolution, which is one of
    /// `NetworkGraph.convolutions`.
    case strongest(layer: ConvolutionEnd)
  }

  package init(of spec: Spec, graph: LayerGraph, batch: Int, reading: Reading) {
    let network = graph.discriminator
    var program = ProgramBuilder()
    let (images, pass) = network.look(as: spec, batch: batch, in: &program)
    var parts: [Value]
    let last = network.nodes.lastIndex { $0.kind.role == .weighted } ?? 0
    let read = last == 0 ? images : pass.values[last - 1]
    switch reading {
    case .last: parts = [read]
    case .lastAndOutput: parts = [read, pass.output]
    case .convolutions(let edge):
      parts = network.convolutions.map { program.pooled(pass.values[$0.end], edge: edge) }
      if parts.isEmpty { parts = [images] }
    case .strongest(let layer):
      parts = [program.pooled(pass.values[layer.end], edge: 1)]
    }
    let flat = parts.map { part in
      program.reshape(part, [batch, program.shape(of: part).count / batch])
    }
    let features = program.concatenate(flat, axis: 1)
    self.batch = batch
    size = program.shape(of: features)[1]
    self.program = program.program(outputs: [(TensorName.features, features)])
  }
}

/// The generator as a maker of features: `search.z` [N, Z], one-hot
/// `search.labels` [N, classes] of a conditional network, to
/// `features` [N, F]: those of every convolution but the last, which makes the image, as
/// `FeatureProgram.Reading.convolutions` takes them.
package struct GeneratorFeatureProgram: Sendable {
  package let program: Program
  /// Numbers for each image; 0 where there is one convolution alone.
  package let size: Int

  package init(of spec: Spec, graph: LayerGraph, batch: Int, edge: Int) {
    var program = ProgramBuilder()
    let tensors = spec.sampledTensors(of: graph.generator, in: &program)
    let z = program.input(TensorName.searchedNoise, [batch, spec.latent.size])
    let labels = spec.condition.map {
      program.input(TensorName.searchedLabels, [batch, $0.classes])
    }
    let pass = graph.generator.lower(
      z, mode: .evaluate, labels: labels, tensors: tensors, into: &program)
    let flat = graph.generator.convolutions.dropLast().map { layer in
      let part = program.pooled(pass.values[layer.end], edge: edge)
      return program.reshape(part, [batch, program.shape(of: part).count / batch])
    }
    guard !flat.isEmpty else {
      (size, self.program) = (0, program.program(outputs: []))
      return
    }
    let features = program.concatenate(flat, axis: 1)
    size = program.shape(of: features)[1]
    self.program = program.program(outputs: [(TensorName.features, features)])
  }
}

extension NetworkGraph {
  /// The convolutions, transposed ones among them, in their order.
  package var convolutions: [ConvolutionEnd] {
    nodes.indices.filter { [.conv, .convTranspose].contains(nodes[$0].kind) }.map { start in
      var end = start
      while end + 1 < nodes.count, [.norm, .activation].contains(nodes[end + 1].kind.role) {
        end += 1
      }
      return ConvolutionEnd(
        name: nodes[start].entryName, channels: nodes[end].output.channels, end: end)
    }
  }

  /// A look of the discriminator at `look.images` [N, H, W, C], with one-hot `look.labels`
  /// [N, classes] where it reads labels.
  func look(
    as spec: Spec, batch: Int, in program: inout ProgramBuilder
  ) -> (images: Value, pass: NetworkPass) {
    let tensors = declaredTensors(in: &program)
    let images = program.input(
      TensorName.lookedAt, [batch, spec.image.height, spec.image.width, spec.image.channels])
    let labels =
      usesLabels
      ? spec.condition.map { program.input(TensorName.lookedAtLabels, [batch, $0.classes]) } : nil
    let pass = lower(images, mode: .evaluate, labels: labels, tensors: tensors, into: &program)
    return (images, pass)
  }
}

/// A convolution of a network, where its features come out: after its norm and activation, whether
/// they belong to its entry or follow as entries of their own.
package struct ConvolutionEnd: Hashable, Sendable {
  /// The name of its entry, such as `conv1`.
  package let name: String
  /// Its features.
  package let channels: Int
  /// The place of the last of these nodes.
  let end: Int
}

extension ProgramBuilder {
  /// The largest number of each channel in each of edge × edge parts of maps [N, H, W, C].
  ///
  /// Where the edge does not divide a side, the parts are as equal as can be, and do not overlap.
  fileprivate mutating func pooled(_ x: Value, edge: Int) -> Value {
    [1, 2].reduce(x) { maps, axis in
      let sizes = shape(of: maps).dimensions
      guard sizes[axis] > edge else { return maps }
      let parts = (0..<edge).map { part -> Value in
        var (start, limit, kept) = (sizes.map { _ in 0 }, sizes, sizes)
        (start[axis], limit[axis]) = (part * sizes[axis] / edge, (part + 1) * sizes[axis] / edge)
        kept[axis] = 1
        let largest = reduceMaximum(slice(maps, start: start, limit: limit), axes: [axis])
        return reshape(largest, Shape(kept))
      }
      return concatenate(parts, axis: axis)
    }
  }
}
