import Compiler
import Diagnostics
import Foundation
import LayerGraph
import Testing

func graph(ofSpec text: String) throws -> LayerGraph {
  let compilation = Compilation(SourceFile(path: "test.yaml", text: text))
  return try #require(compilation.graph, "\(compilation.diagnostics.map(\.message))")
}

func graph(ofShipped name: String) throws -> LayerGraph {
  try graph(
    ofSpec: String(contentsOf: package.appending(path: "Specs/\(name).yaml"), encoding: .utf8))
}

/// The package's folder.
let package = URL(filePath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent()

/// Labels, a matrix, both kinds of convolution, and a pool.
let small = """
  dcgan: 1
  name: small
  image: {size: [8, 12], channels: 1}
  latent: {size: 3}
  condition: {classes: 5}
  generator:
    defaults: {kernel: 4, stride: 2, norm: batch, activation: relu}
    layers:
      - concatenate_labels
      - project: {to: [16, 4, 6]}
      - conv_transpose: {name: image, filters: 1, norm: none, activation: tanh}
  discriminator:
    defaults: {kernel: 4, stride: 2, activation: {leaky_relu: 0.2}}
    layers:
      - concatenate_labels
      - conv: {filters: 4}
      - dropout: 0.3
      - max_pool: 2
      - flatten
      - linear: {units: 1, norm: none, activation: sigmoid}
  data: {source: digits}
  train: {batch: 8}
  """
