import Diagnostics
import Foundation
import Guidelines
import LayerGraph
import Spec
import Testing

/// Where the package lies.
private let packageFolder = URL(fileURLWithPath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

private func specPaths(in folder: String) -> [String] {
  let files =
    (try? FileManager.default.contentsOfDirectory(atPath: "\(packageFolder)/\(folder)")) ?? []
  return files.filter { $0.hasSuffix(".yaml") }.sorted().map { "\(packageFolder)/\(folder)/\($0)" }
}

@Suite struct ShippedSpecsTests {
  @Test(arguments: specPaths(in: "Specs"))
  func keepToTheGuidelinesAndFit(path: String) throws {
    let (loaded, diagnostics) = try Spec.load(path)
    #expect(diagnostics == [])
    let spec = try #require(loaded)
    #expect(spec.name + ".yaml" == URL(fileURLWithPath: path).lastPathComponent)
    #expect(LayerGraph.build(spec).diagnostics == [])
    // The paper's kernels of 5 and 3 with stride 2 are what they are.
    #expect(
      Guidelines.check(spec).filter { $0.code != GuidelineCode.checkerboardKernels.code } == [])
  }

  @Test(arguments: specPaths(in: "Specs") + specPaths(in: "Tests/Fixtures/Conformance/networks"))
  func expandedSpecsLowerToTheSameGraph(path: String) throws {
    let spec = try #require(try Spec.load(path).spec)
    let expanded = try #require(Spec.decode(spec.expandedYAML, path: "expanded.yaml").spec)
    let graph = try #require(LayerGraph.build(spec).graph)
    let again = try #require(LayerGraph.build(expanded).graph)
    #expect(again.parameters == graph.parameters)
    for role in NetworkRole.allCases {
      let nodes = graph.network(role).nodes
      #expect(again.network(role).nodes.map(\.path) == nodes.map(\.path))
      #expect(again.network(role).nodes.map(\.output) == nodes.map(\.output))
      #expect(again.network(role).nodes.map { "\($0.layer)" } == nodes.map { "\($0.layer)" })
    }
  }

  /// Products of kernel, input and output counts, plus norms and biases, summed by hand; those of
  /// example64 are also PyTorch's.
  @Test(arguments: [
    ("lsun64", 18_855_043, 17_232_897), ("example64", 3_576_704, 2_765_568),
    ("mnist", 833_985, 212_993),
  ])
  func parameterCounts(name: String, generator: Int, discriminator: Int) throws {
    let spec = try #require(try Spec.load("\(packageFolder)/Specs/\(name).yaml").spec)
    let graph = try #require(LayerGraph.build(spec).graph)
    #expect(graph.generator.parameterCount == generator)
    #expect(graph.discriminator.parameterCount == discriminator)
  }
}

@Suite struct ConformanceSpecsTests {
  @Test(arguments: specPaths(in: "Tests/Fixtures/Conformance/networks"))
  func parametersAreThoseOfTheReferenceNumbers(path: String) throws {
    let (loaded, diagnostics) = try Spec.load(path)
    #expect(diagnostics == [])
    let spec = try #require(loaded)
    #expect(!Guidelines.check(spec).contains { $0.severity == .error || $0.severity == .warning })
    let graph = try #require(LayerGraph.build(spec).graph)
    let parameters = graph.parameters.map { "\($0.name) \($0.parameter.fileShape.dimensions)" }
    let tensors = try startTensors(path.replacing(".yaml", with: ".safetensors"))
    #expect(parameters.sorted() == tensors)
  }

  /// Names and shapes of the tensors `init.*`, sorted.
  private func startTensors(_ path: String) throws -> [String] {
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    let length = data.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    let object = try JSONSerialization.jsonObject(with: data.dropFirst(8).prefix(length))
    let header = try #require(object as? [String: [String: Any]])
    return header.compactMap { name, tensor in
      guard name.hasPrefix("init."), let shape = tensor["shape"] as? [Int] else { return nil }
      return "\(name.dropFirst("init.".count)) \(shape)"
    }.sorted()
  }
}
