import Decoding
import Diagnostics
import Document
import Objectives

extension Spec {
  /// The version of the language that `dcgan: 1` names.
  public static let languageVersion = 1

  /// Decodes a tree; the spec is nil where a diagnostic is an error.
  ///
  /// All problems are reported, sorted by position.
  public static func decode(
    _ tree: Node, file: SourceFile
  ) -> (spec: Spec?, diagnostics: [Diagnostic]) {
    guard case .mapping(let root) = tree else {
      return (nil, [.specIsNoMap(tree)])
    }
    let definitions = Definitions(root["let"])
    var reader = OptionReader(
      tree, subject: "spec", span: root.entries.first?.key.span ?? root.span,
      scope: definitions.scope)
    let spec = Spec(reading: &reader, file: file)
    reader.finish()
    let causes = reader.diagnostics.withoutConsequences(of: definitions.brokenNames)
      .filter { $0.code != SpecCode.unknownLayerName.code || definitions.brokenNames.isEmpty }
    let diagnostics =
      definitions.diagnostics + FractionalDefinitions(definitions).summarizing(causes)
    return (
      diagnostics.hasErrors ? nil : spec, diagnostics.unique.unknownNamesOnce.sortedByPosition
    )
  }

  init(reading reader: inout OptionReader, file: SourceFile) {
    Self.checkVersion(&reader)
    // Merged already.
    _ = reader.node(
      "extends", takes: .text, help: "the spec that this one changes: a path from its own folder")
    _ = reader.node(
      "let", takes: .map(of: .number(.any)), help: "numbers that expressions use by name")
    let name = SpecName.read(&reader, file: file)
    let image = ImageSpec(reading: &reader)
    let loss = ObjectiveSpec.writtenLoss(in: reader)
    loss?.refuseUnusedKeys(of: &reader)
    let latent = LatentSpec(reading: &reader)
    let condition = ConditionSpec(reading: &reader)
    let labels = condition?.labelJoin
    let generator =
      loss?.hasGenerator ?? true
      ? NetworkSpec(.generator, reading: &reader, joining: labels)
      : NetworkSpec(role: .generator, layers: [], span: reader.span)
    let discriminator = NetworkSpec(.discriminator, reading: &reader, joining: labels)
    let initialization = InitializationSpec(reading: &reader)
    let objective = ObjectiveSpec(reading: &reader)
    self.init(
      file: file, name: name, image: image, latent: latent, condition: condition,
      generator: generator, discriminator: discriminator, initialization: initialization,
      objective: objective, augmentation: Augmentation(reading: &reader, for: objective),
      data: DataSpec(reading: &reader),
      train: TrainSpec(reading: &reader, for: objective.loss),
      deviations: Deviation.all(reading: &reader),
      origins: reader.origins)
  }

  private static func checkVersion(_ reader: inout OptionReader) {
    let problems = reader.diagnostics.count
    reader.note(
      OptionForm(
        key: "dcgan", value: .integer(languageVersion...languageVersion), isRequired: true,
        help: "version of the spec language"))
    // `v1` and the like are no numbers, and no names of numbers either.
    if case .scalar(let written) = reader.written("dcgan"),
      written.text.contains(where: \.isLetter)
    {
      _ = reader.node("dcgan")
      reader.report(
        Diagnostic(
          SpecCode.languageVersion,
          "the version of the spec language is a number, found \(written.text.quotedExcerpt)",
          at: written.span,
          repairs: [
            Repair("write `\(languageVersion)`", .unsafe, written.span, "\(languageVersion)")
          ]))
      return
    }
    let version = reader.integer("dcgan")
    guard reader.diagnostics.count == problems, version != languageVersion else { return }
    reader.report(
      Diagnostic(
        SpecCode.languageVersion,
        "version \(version) of the spec language is unknown; this program knows version 1",
        at: reader.span(of: "dcgan"),
        repairs: [
          Repair(
            "write `dcgan: \(languageVersion)`", .unsafe, reader.span(of: "dcgan"),
            "\(languageVersion)")
        ]))
  }
}

extension Array where Element: Hashable {
  /// Without those that came before.
  var unique: [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
