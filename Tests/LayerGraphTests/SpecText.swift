import Diagnostics
import Document
import Foundation
import LayerGraph
import Spec
import Testing

/// The spec of a text, which must have no faults of its own.
func spec(_ text: String, path: String = "test.yaml") throws -> Spec {
  let file = SourceFile(path: path, text: text)
  let (node, problems) = YAMLDocument.parse(file)
  try #require(problems.isEmpty, "\(problems.map(\.message))")
  let (spec, diagnostics) = Spec.decode(try #require(node), file: file)
  try #require(diagnostics.isEmpty, "\(diagnostics.map(\.message))")
  return try #require(spec)
}

/// A spec of the two networks' layers, each on one line: `layers: [...]` without the brackets.
func spec(
  generator: String, discriminator: String = "linear: 1", image: String = "{size: 4, channels: 1}",
  condition: String? = nil, batch: Int = 8, train: String = "epochs: 1"
) throws -> Spec {
  try spec(
    """
    dcgan: 1
    name: test
    image: \(image)
    latent: {size: 10}
    \(condition.map { "condition: \($0)" } ?? "# no labels")
    generator: {layers: [\(generator)]}
    discriminator: {layers: [\(discriminator)]}
    data: {source: digits}
    train: {batch: \(batch), \(train)}
    """)
}

func graph(_ spec: Spec) throws -> LayerGraph {
  let (graph, diagnostics) = LayerGraph.build(spec)
  try #require(diagnostics.isEmpty, "\(diagnostics.map(\.message))")
  return try #require(graph)
}

/// A spec that ships with the program.
func shippedSpec(_ name: String) throws -> Spec {
  let (spec, diagnostics) = try Spec.load(specFolder.appending(path: "\(name).yaml").path())
  try #require(!diagnostics.hasErrors, "\(diagnostics.map(\.message))")
  return try #require(spec)
}

let specFolder = URL(filePath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Specs")
