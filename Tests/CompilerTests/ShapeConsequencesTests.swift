import Compiler
import Diagnostics
import Testing

/// A layer in the wrong place is one mistake, whatever guidelines its neighbours now deviate from.
@Suite struct ShapeConsequencesTests {
  /// Findings before the place where shapes go wrong, and in the other network, are told.
  @Test func otherDeparturesAreTold() {
    let compilation = Compilation(SourceFile(path: "spec.yaml", text: spec(last: "filters: 4")))
    #expect(
      compilation.diagnostics.map { "\($0.code) \($0.message)" } == [
        "G505 `conv_transpose1` of the generator has `tanh` in place of ReLU",
        "T402 the generator makes 4 × 32 × 32, the image is 3 × 32 × 32",
        "G503 `conv1` of the discriminator has batchnorm at the input",
      ])
  }

  /// Where the shapes fit, the same layers are compared with the guidelines.
  @Test func withoutShapeProblemsAllAreTold() {
    let compilation = Compilation(SourceFile(path: "spec.yaml", text: spec(last: "filters: 3")))
    #expect(
      compilation.diagnostics.map { "\($0.code) \($0.message)" } == [
        "G505 `conv_transpose1` of the generator has `tanh` in place of ReLU",
        "G503 `conv_transpose3` of the generator has batchnorm at the output",
        "G506 `conv_transpose3` of the generator ends in `relu`, not in tanh",
        "G503 `conv1` of the discriminator has batchnorm at the input",
      ])
  }

  private func spec(last: String) -> String {
    """
    dcgan: 1
    image: {size: 32, channels: 3}
    generator:
      defaults: {kernel: 4, stride: 2, norm: batch, activation: relu}
      layers:
        - project: {to: [64, 4, 4]}
        - conv_transpose: {filters: 32, activation: tanh}
        - conv_transpose: {filters: 16}
        - conv_transpose: {\(last)}
    discriminator:
      defaults: {kernel: 4, stride: 2, norm: batch, activation: {leaky_relu: 0.2}}
      layers:
        - conv: {filters: 16}
        - conv: {filters: 32}
        - linear: {units: 1, norm: none, activation: sigmoid}
    """
  }
}
