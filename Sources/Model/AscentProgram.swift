import Autodiff
import LayerGraph
import Layers
import Program
import Spec

/// How strongly one feature of the discriminator responds to images, and where these should move:
/// `search.feature` [K], which is 1 for the feature and 0 for all others, to `search.errors` [S], the
/// responses below 0, and `search.gradient`, in the shape of what moves.
///
/// What moves is `search.z` [S, Z], whose images the generator makes, with one-hot `search.labels`
/// [S, classes] of a conditional network; or `search.pixels` [S, H, W, C]. The images come out, too.
package struct AscentProgram: Sendable {
  package let starts: Int
  package let program: Program

  /// What is searched for.
  package enum Through: String, CaseIterable, Sendable {
    /// A latent vector: images that the generator can make.
    case latent
    /// The pixels themselves.
    case pixels
  }

  /// `layer` is one of the discriminator's convolutions.
  package init(
    of spec: Spec, graph: LayerGraph, starts: Int, layer: ConvolutionEnd, through: Through
  ) {
    var program = ProgramBuilder()
    let searched: Value
    let images: Value
    var held: [Value] = []
    switch through {
    case .latent:
      let tensors = spec.sampledTensors(of: graph.generator, in: &program)
      searched = program.input(TensorName.searchedNoise, [starts, spec.latent.size])
      let labels = spec.condition.map {
        program.input(TensorName.searchedLabels, [starts, $0.classes])
      }
      let pass = graph.generator.lower(
        searched, mode: .evaluate, labels: labels, tensors: tensors, into: &program)
      (images, held) = (pass.output, pass.held)
    case .pixels:
      searched = program.input(
        TensorName.searchedPixels,
        [starts, spec.image.height, spec.image.width, spec.image.channels])
      images = searched
    }
    let tensors = graph.discriminator.declaredTensors(in: &program)
    let look = graph.discriminator.lower(
      images, mode: .evaluate, tensors: tensors, into: &program)
    let strongest = program.strongestResponse(
      in: look.values[layer.end], of: TensorName.searchedFeature)
    let errors = program.negate(strongest)
    // No start has a part in another's response: the gradient of the sum is that of each.
    let gradient = program.gradients(
      of: program.sum(errors), withRespectTo: [searched], holding: held + look.held)[0]
    self.starts = starts
    self.program = program.program(
      outputs: [
        (TensorName.searchErrors, errors), (TensorName.searchGradient, gradient),
        (TensorName.images, images),
      ])
  }
}

extension ProgramBuilder {
  /// The largest number [N] in the maps [N, H, W, C] of the feature that an input [C] of ones and zeros
  /// chooses.
  mutating func strongestResponse(in maps: Value, of feature: String) -> Value {
    let shape = shape(of: maps)
    let choice = input(feature, [shape[3]])
    let chosen = reduceSum(multiply(maps, broadcast(choice, to: shape, axes: [3])), axes: [3])
    return reduceMaximum(chosen, axes: [1, 2])
  }
}
