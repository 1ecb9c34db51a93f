import Foundation
import LayerGraph
import Layers
import Spec
import Testing

@Suite struct LayerGraphTests {
  @Test func paperNetworkHasThePapersShapes() throws {
    let graph = try graph(shippedSpec("lsun64"))
    let generator = graph.generator.nodes.filter { $0.kind.role == .weighted }
    #expect(
      generator.map(\.output.description) == [
        "1024 × 4 × 4", "512 × 8 × 8", "256 × 16 × 16", "128 × 32 × 32", "3 × 64 × 64",
      ])
    let discriminator = graph.discriminator.nodes.filter { $0.kind.role == .weighted }
    #expect(
      discriminator.map(\.output.description) == [
        "128 × 32 × 32", "256 × 16 × 16", "512 × 8 × 8", "1024 × 4 × 4", "1",
      ])
  }

  /// Generator: 100·16384 + 3·(25·1024·512·16) + 1024·25·128·3. Discriminator: 1024·25·3·128
  /// + 3·(256·25·128·256) + 16384.
  @Test func paperNetworkHasTheKnownTotals() throws {
    let graph = try graph(shippedSpec("lsun64"))
    #expect(graph.generator.multiplyAdds == 640_614_400)
    #expect(graph.discriminator.multiplyAdds == 638_992_384)
    // Weights, scales and shifts of four batchnorms, and the bias of the layer without one.
    let weights = 100 * 16384 + 25 * (1024 * 512 + 512 * 256 + 256 * 128 + 128 * 3)
    #expect(graph.generator.parameterCount == weights + 2 * (1024 + 512 + 256 + 128) + 3)
  }

  @Test func parametersAreNamedByNetworkAndLayer() throws {
    let graph = try graph(shippedSpec("lsun64"))
    let names = graph.parameters.map(\.name)
    #expect(Set(names).count == names.count)
    #expect(
      graph.generator.parameters.suffix(7).map(\.name) == [
        "generator.conv_transpose3.weight", "generator.conv_transpose3.norm.weight",
        "generator.conv_transpose3.norm.bias", "generator.conv_transpose3.norm.running_mean",
        "generator.conv_transpose3.norm.running_var", "generator.image.weight",
        "generator.image.bias",
      ])
  }

  @Test func shippedSpecsAllFit() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: specFolder.path())
    let names = files.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }
    #expect(!names.isEmpty)
    for name in names { _ = try graph(shippedSpec(name)) }
  }

  /// The norm may be its own entry; an activation in between brings the bias back.
  @Test func normThatFollowsTakesTheBiasAway() throws {
    func names(_ layers: String) throws -> [String] {
      let spec = try spec(
        generator: "project: {to: [1, 4, 4]}", discriminator: "\(layers), linear: 1")
      return try graph(spec).discriminator.nodes[0].parameters.map(\.parameter.name)
    }
    #expect(try names("conv: {filters: 2, kernel: 3}") == ["weight", "bias"])
    #expect(try names("conv: {filters: 2, kernel: 3, norm: batch}") == ["weight"])
    #expect(try names("conv: {filters: 2, kernel: 3}, batch_norm") == ["weight"])
    #expect(
      try names("conv: {filters: 2, kernel: 3, activation: relu}, batch_norm")
        == ["weight", "bias"])
  }
}
