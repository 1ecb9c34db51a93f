import Compiler
import Diagnostics
import Model
import Program
import CPU
import Testing

@testable import Training

/// What nothing needs is never computed: it falls away with dead code, without rules of its own.
@Suite struct DeadGradientsTests {
  /// Planned steps of an operation in the gradient of one layer.
  private func gradients(_ kind: TrainingStep.Kind, _ op: String) throws -> [String: Int] {
    let compilation = Compilation(SourceFile(path: "fixture.yaml", text: Fixture.small))
    let step = try TrainingStep(
      kind, of: #require(compilation.spec), graph: #require(compilation.graph), batch: 6)
    let found = try Plan(for: step.program).passDescriptions.filter {
      $0.op == op && $0.origin.part == .gradient
    }
    return Dictionary(found.map { ($0.origin.path, 1) }, uniquingKeysWith: +)
  }

  /// The discriminator learns from real and from generated images in its own half alone.
  @Test(arguments: [(TrainingStep.Kind.both, 2), (.discriminator, 2), (.generator, 0)])
  func discriminatorsWeightsLearnInItsOwnHalf(_ kind: TrainingStep.Kind, _ count: Int) throws {
    let found = try gradients(kind, "convolution_kernel_gradient")
    for layer in ["discriminator.conv1", "discriminator.conv2"] {
      #expect(found[layer, default: 0] == count, "\(layer)")
    }
  }

  /// The generator's weights, a transposed convolution's kernel gradient each.
  @Test(arguments: [(TrainingStep.Kind.both, 1), (.discriminator, 0), (.generator, 1)])
  func generatorsWeightsLearnInItsOwnHalf(_ kind: TrainingStep.Kind, _ count: Int) throws {
    let found = try gradients(kind, "convolution_kernel_gradient")
    #expect(found["generator.conv_transpose1", default: 0] == count)
  }

  /// Images have a gradient only where the generator learns.
  ///
  /// Not real ones, nor generated ones in the discriminator's half, whose hidden maps have one in
  /// every pass.
  @Test(arguments: [(TrainingStep.Kind.both, 1, 3), (.discriminator, 0, 2), (.generator, 1, 1)])
  func imagesHaveAGradientForTheGeneratorOnly(
    _ kind: TrainingStep.Kind, _ images: Int, _ maps: Int
  ) throws {
    let found = try gradients(kind, "convolution_input_gradient")
    #expect(found["discriminator.conv1", default: 0] == images)
    #expect(found["discriminator.conv2", default: 0] == maps)
  }
}
