import Compiler
import Diagnostics
import Foundation
import LayerGraph
import Program
import Reference
import Spec
import Testing

@testable import Model

/// `objective: {loss: classification}`: the discriminator alone, as a classifier.
@Suite struct ClassificationTests {
  private static func text(
    _ layers: String = "linear: {units: 3}", condition: String = "condition: {classes: 3}",
    more: String = ""
  ) -> String {
    """
    dcgan: 1
    name: tiny
    image: {size: 4, channels: 1}
    \(condition)
    discriminator: {layers: [\(layers)]}
    objective: {loss: classification}
    data: {source: mnist}
    \(more)
    """
  }

  private static func compiled(_ text: String) throws -> (spec: Spec, graph: LayerGraph) {
    let compilation = Compilation(SourceFile(path: "tiny.yaml", text: text))
    return (try #require(compilation.spec), try #require(compilation.graph))
  }

  /// −log of the right class's share of the powers, and that share itself, reckoned image by image.
  @Test(arguments: [1, 2])
  func lossIsTheCrossEntropyOfTheLabels(accumulate: Int) throws {
    let (spec, graph) = try Self.compiled(
      Self.text(more: "train: {batch: 4, accumulate: \(accumulate)}"))
    let steps = TrainingStep.all(of: spec, graph: graph)
    #expect(steps.map(\.kind) == [.discriminator])
    let step = steps[0]
    #expect(step.program.violations().isEmpty)
    var inputs = step.program.numbers { _, number in number }
    let labels = [2, 0, 1, 1]
    inputs[TensorName.labels] = Tensor(
      shape: [4, 3], elements: labels.flatMap { label in (0..<3).map { $0 == label ? 1.0 : 0 } })
    let outputs = try ReferenceInterpreter<Double>().run(
      step.program, inputs: inputs, key: RandomKey(seed: 3, step: 4))
    let images = try #require(inputs[TensorName.real]).elements
    let weight = try #require(inputs["discriminator.linear1.weight"]).elements
    let bias = try #require(inputs["discriminator.linear1.bias"]).elements
    var (loss, share) = (0.0, 0.0)
    for (item, label) in labels.enumerated() {
      let logits = (0..<3).map { unit in
        bias[unit] + (0..<16).reduce(0) { $0 + images[item * 16 + $1] * weight[unit * 16 + $1] }
      }
      let right = exp(logits[label]) / logits.reduce(0) { $0 + exp($1) }
      loss -= log(right) / 4
      share += right / 4
    }
    #expect(abs(try #require(outputs[TensorName.loss(.discriminator)]).elements[0] - loss) < 1e-12)
    #expect(abs(try #require(outputs[TensorName.meanOnReal]).elements[0] - share) < 1e-12)
  }

  /// What is written out is read again as the same: no generator, no latent vectors.
  @Test func theExpandedSpecIsTheSame() throws {
    let (spec, graph) = try Self.compiled(Self.text())
    #expect(!spec.expandedYAML.contains("generator"))
    #expect(!spec.expandedYAML.contains("latent"))
    #expect(try Self.compiled(spec.expandedYAML).spec.identity == spec.identity)
    #expect(graph.networks.map(\.role) == [.discriminator])
    #expect(graph.parameters.allSatisfy { $0.name.hasPrefix("discriminator.") })
  }

  static let faults: [(text: String, message: String)] = [
    (
      text("linear: {units: 2}"),
      "the classifier makes a vector of 2 numbers, and there are 3 classes"
    ),
    (text(condition: ""), "`classification` has no classes to tell"),
    (
      text(condition: "condition: {classes: 3, join: everywhere}"),
      "the classifier is told the class that it is to tell"
    ),
    (
      text("concatenate_labels, linear: {units: 3}"),
      "the classifier is told the class that it is to tell"
    ),
    (
      text("linear: {units: 3, activation: sigmoid}"),
      "the classifier ends in `sigmoid`, and its loss takes the softmax of numbers of any size"
    ),
    (
      text(more: "latent: {size: 3}"),
      "`classification` has no generator, and needs no `latent`"
    ),
    (
      text(more: "generator: {layers: [linear: 1]}"),
      "`classification` has no generator, and needs no `generator`"
    ),
    (
      text(more: "train: {updates: alternate}"),
      "`classification` trains one network, and needs no `updates`"
    ),
    (
      text(more: "train: {generator: {average: 0.9}}"),
      "`classification` trains one network, and needs no `generator`"
    ),
  ]

  @Test(arguments: faults)
  func whatAClassifierCannotHaveIsSaid(_ fault: (text: String, message: String)) {
    let compilation = Compilation(SourceFile(path: "tiny.yaml", text: fault.text))
    #expect(compilation.diagnostics.map(\.message) == [fault.message])
  }
}
