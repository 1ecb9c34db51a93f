import Decoding
import Diagnostics
import Document
import Foundation
import Spec
import Testing

@testable import Schema

@Suite struct SpecSchemaTests {
  private let validator: SchemaValidator

  init() throws {
    validator = SchemaValidator(schema: try tree(SpecSchema.text))
  }

  @Test func committedFileIsWhatTheProgramPrints() throws {
    let committed = try String(contentsOfFile: specs + "/dcgan.schema.json", encoding: .utf8)
    #expect(committed == SpecSchema.text, "`make generated` writes it again")
  }

  @Test(arguments: specPaths)
  func shippedSpecsPassAndNameTheSchema(_ path: String) throws {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    #expect(validator.problems(of: try tree(text)) == [])
    let name = text.split(separator: "\n").first.map(String.init) ?? ""
    let mark = "# yaml-language-server: $schema="
    try #require(name.hasPrefix(mark))
    let schema = URL(fileURLWithPath: path).deletingLastPathComponent()
      .appendingPathComponent(String(name.dropFirst(mark.count))).standardized.path
    #expect(schema == specs + "/dcgan.schema.json")
  }

  /// A spec that is right, and one change with what the schema says of it.
  @Test(arguments: [
    ("dcgan: 1", "dcgan: 2", ["dcgan: maximum"]),
    ("dcgan: 1\n", "", [": required"]),
    (
      "image: {size: 28", "image: {sise: 28",
      ["image.sise: additionalProperties", "image: required"]
    ),
    ("size: 28", "size: [28, 28, 28]", ["image.size: anyOf"]),
    ("channels: 1", "channels: 1.5", ["image.channels: type"]),
    ("channels: 1", "channels: 0", ["image.channels: minimum"]),
    ("channels: 1", "channels: 2 * 3", []),
    ("[-1, 1]", "[-1, 0, 1]", ["image.range: maxItems"]),
    ("uniform", "gaussian", ["latent.distribution: enum"]),
    ("latent: {size", "latents: {size", ["latents: additionalProperties"]),
    ("activation: relu", "activation: rellu", ["generator.defaults.activation: anyOf"]),
    ("kernel: 5", "kernal: 5", ["generator.defaults.kernal: additionalProperties"]),
    ("to: [4, 7, 7]", "to: [4, 7]", ["generator.layers[0]: anyOf"]),
    ("- flatten", "- flaten", ["discriminator.layers[1]: anyOf"]),
    ("- flatten", "- flatten:\n      conv: {filters: 2}", ["discriminator.layers[1]: anyOf"]),
    ("- flatten", "- {flatten: , relu: }", ["discriminator.layers[1]: anyOf"]),
    ("- flatten", "- repeat: {for: i in 1..2, layers: [relu]}", []),
    ("- flatten", "- repeat: {layers: [relu]}", ["discriminator.layers[1]: anyOf"]),
    ("units: 1, norm", "units: 1, bias: maybe, norm", ["discriminator.layers[2]: anyOf"]),
    ("linear: {units: 1, norm: none, activation: sigmoid}", "linear: 1", []),
    ("batch: 8", "batch: no", []),  // text may be an expression over `let`
    ("batch: 8", "batch: -8", ["train.batch: minimum"]),
    ("batch: 8", "batch: {size: 8}", ["train.batch: type"]),
    // A child need not repeat what its parent has.
    (
      "dcgan: 1\nimage: {size: 28, channels: 1, range: [-1, 1]}",
      "extends: a.yaml\nimage: {channels: 1}", []
    ),
    ("dcgan: 1\nimage:", "extends: a.yaml\nimages:", ["images: additionalProperties"]),
    ("dcgan: 1\nimage: {size: 28, channels: 1, range: [-1, 1]}", "dcgan: 1", [": required"]),
    ("dcgan: 1", "dcgan: 1\ncondition: {join: everywhere}", ["condition: required"]),
    ("dcgan: 1", "dcgan: 1\ncondition: {classes: 3, join: here}", ["condition.join: enum"]),
    (
      "train: {", "extends: a.yaml\ntrain: {", []
    ),
    (
      "discriminator:\n", "discriminator:\n  patch: [set: {conv1: {filters: 8}, linear1: 1}]\n", []
    ),
    (
      "discriminator:\n",
      "discriminator:\n  patch:\n    - insert_after: {conv1: [relu]}\n    - remove: [conv1, a]\n",
      []
    ),
    (
      "discriminator:\n", "discriminator:\n  patch: [inset_after: {conv1: [relu]}]\n",
      ["discriminator.patch[0]: anyOf"]
    ),
    (
      "discriminator:\n", "discriminator:\n  patch: [set: {conv1: {fliters: 8}}]\n",
      ["discriminator.patch[0]: anyOf"]
    ),
    ("beta1: 0.5", "beta1: 1", ["train.optimizer: anyOf"]),
    ("adam: {beta1: 0.5}", "adan: {beta1: 0.5}", ["train.optimizer: anyOf"]),
  ])
  func faultsAreFound(_ old: String, _ new: String, _ expected: [String]) throws {
    try #require(spec.contains(old))
    #expect(validator.problems(of: try tree(spec)) == [])
    let changed = spec.replacingOccurrences(of: old, with: new)
    #expect(validator.problems(of: try tree(changed)) == expected)
  }

  /// A gap would be a value of any form, or a key that says nothing to a reader.
  @Test func everythingHasAFormAndHelp() {
    #expect(gaps(.options(Spec.forms), at: "spec") == [])
    #expect(gaps(.named(Spec.layerForms), at: "layers") == [])
  }

  private func gaps(_ form: ValueForm, at path: String) -> [String] {
    switch form {
    case .integer, .number, .boolean, .choice, .text, .layers: []
    case .list(let item, _), .map(let item): gaps(item, at: path)
    case .tuple(let forms), .anyOf(let forms): forms.flatMap { gaps($0, at: path) }
    case .options(let forms):
      forms.flatMap { gaps($0.value, at: "\(path).\($0.key)") }
        + forms.filter(\.help.isEmpty).map { "\(path).\($0.key): no help" }
    case .named(let forms): forms.flatMap { gaps($0.value, at: "\(path).\($0.name)") }
    case .anything: ["\(path): no form"]
    }
  }
}

private let specs = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Specs").path

private let specPaths = ["", "/Peers"].flatMap { folder in
  ((try? FileManager.default.contentsOfDirectory(atPath: specs + folder)) ?? [])
    .filter { $0.hasSuffix(".yaml") }.sorted().map { "\(specs)\(folder)/\($0)" }
}

private func tree(_ text: String) throws -> Node {
  let (node, diagnostics) = YAMLDocument.parse(SourceFile(path: "test.yaml", text: text))
  #expect(diagnostics == [])
  return try #require(node)
}

private let spec = """
  dcgan: 1
  image: {size: 28, channels: 1, range: [-1, 1]}
  latent: {size: 10, distribution: uniform}
  generator:
    defaults: {kernel: 5, stride: 2, norm: batch, activation: relu}
    layers:
      - project: {to: [4, 7, 7]}
      - conv_transpose: {filters: 4}
      - conv_transpose: {filters: 1, norm: none, activation: tanh}
  discriminator:
    layers:
      - conv: {filters: 4, kernel: 3, stride: 2, activation: {leaky_relu: 0.2}}
      - flatten
      - linear: {units: 1, norm: none, activation: sigmoid}
  train: {batch: 8, optimizer: {adam: {beta1: 0.5}}}
  """
