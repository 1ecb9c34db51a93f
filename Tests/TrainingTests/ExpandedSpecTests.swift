import Compiler
import Diagnostics
import Document
import Model
import Foundation
import LayerGraph
import Spec
import TestSupport
import Testing

/// The expanded spec, as checkpoints keep it and as `--emit spec` prints it, means what the spec
/// means: the same findings, the same graph, the same program, byte for byte.
@Suite struct ExpandedSpecTests {
  @Test(arguments: shippedSpecs)
  func shippedSpecStaysTheSame(path: String) throws {
    try expectNoChange(of: try Compilation(path: path))
  }

  @Test(arguments: ["child.yaml", "grandchild.yaml", "labels.yaml"], [[], settings])
  func mergedSpecStaysTheSame(name: String, set: [String]) throws {
    let folder = try TemporaryFolder()
    for (name, text) in Self.family { try folder.write(text, to: name) }
    let compilation = try Compilation(
      path: folder.url.appendingPathComponent(name).path,
      settings: CommandLineSettings(set.map { .set($0) }))
    try expectNoChange(of: compilation)
  }

  private func expectNoChange(of compilation: Compilation) throws {
    let spec = try #require(compilation.spec)
    let step = try #require(compilation.stepText)
    for text in [spec.expandedYAML, spec.annotatedYAML] {
      let again = Compilation(SourceFile(path: "expanded.yaml", text: text))
      #expect(again.findings == compilation.findings)
      #expect(again.graphText == compilation.graphText)
      #expect(again.stepText == step)
      #expect(again.spec?.expandedYAML == spec.expandedYAML)
    }
  }

  private static let settings = ["let.width=6", "train.batch=16", "generator.image.bias=false"]

  private static let family = [
    "base.yaml": """
    dcgan: 1
    let: {size: 16, width: 4}
    image: {size: size, channels: 3}
    generator:
      defaults: {kernel: 4, stride: 2, norm: batch, activation: relu}
      layers:
        - project: {to: [2 * width, 4, 4]}
        - repeat: {for: i in 1..1, layers: [conv_transpose: {filters: "max(width, i)"}]}
        - conv_transpose: {name: image, filters: 3, norm: none, activation: tanh}
    discriminator:
      defaults: {kernel: 4, stride: 2, norm: batch, activation: {leaky_relu: 0.2}}
      layers:
        - conv: {filters: width, norm: none}
        - conv: {filters: width * 2}
        - linear: {units: 1, norm: none, activation: sigmoid}
    """,
    "child.yaml": """
    dcgan: 1
    extends: base.yaml
    let: {width: 5}
    generator:
      patch:
        - set: {conv_transpose1: {kernel: 6, activation: {leaky_relu: 0.1}}}
        - insert_after: {conv_transpose1: [repeat: {for: j in 1..2, layers: [dropout: 0.1 * j]}]}
    train: {optimizer: {rmsprop: {momentum: 0.5}}}
    """,
    "grandchild.yaml": """
    dcgan: 1
    extends: child.yaml
    generator: {patch: [remove: dropout1]}
    discriminator: {patch: [insert_before: {conv2: [conv: {filters: width, stride: 1, kernel: 3}]}]}
    objective: {loss: wasserstein, gradient_penalty: {coefficient: 2 * width}}
    """,
    "labels.yaml": """
    dcgan: 1
    extends: child.yaml
    condition: {classes: 3, join: everywhere}
    deviations: {G505: "leaky on purpose"}
    """,
  ]
}

private let package = URL(fileURLWithPath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

/// Those in `Specs` and `Specs/Peers`.
private let shippedSpecs = ["Specs", "Specs/Peers"].flatMap { folder -> [String] in
  let path = package.appendingPathComponent(folder).path
  let files = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
  return files.filter { $0.hasSuffix(".yaml") }.sorted().map { "\(path)/\($0)" }
}

extension Compilation {
  /// What is said of it, without places and without what depends on them.
  fileprivate var findings: [String] {
    (diagnostics + suppressed).map { "\($0.severity) \($0.code) \($0.message)" }.sorted()
  }

  /// As `--emit graph` prints it, without places.
  fileprivate var graphText: [String]? {
    graph?.text.split(separator: "\n").map { line in
      String(line.prefix { $0 != "#" }).trimmingCharacters(in: .whitespaces)
    }
  }

  /// As `--emit step` prints it.
  fileprivate var stepText: String? {
    guard let spec, let graph else { return nil }
    return TrainingStep.sequence(of: spec).map {
      TrainingStep($0, of: spec, graph: graph, batch: spec.train.batch).program.text
    }.joined(separator: "\n")
  }
}
