import Decoding
import Diagnostics
import Document
import Layers

/// Decodes one entry of a `layers:` list.
struct LayerDecoder {
  let defaults: LayerDefaults
  let scope: Scope

  /// The layer, or nil where its kind is not known.
  func draft(_ item: Node, problems: inout [Diagnostic]) -> LayerDraft? {
    guard let (key, value) = keyAndOptions(item, problems: &problems) else { return nil }
    guard let kind = LayerKind(rawValue: key.text) else {
      problems.append(.unknownLayer(key))
      return nil
    }
    var reader = OptionReader(
      value, subject: key.text, span: key.span, scope: scope, inherited: defaults.mapping)
    let draft = draft(kind, at: key.span, value, reading: &reader)
    reader.finish()
    problems += reader.diagnostics
    return draft
  }

  /// Reads all options of a layer.
  private func draft(
    _ kind: LayerKind, at span: SourceSpan, _ value: Node?, reading reader: inout OptionReader
  ) -> LayerDraft {
    let layer = kind.type.init(reading: &reader)
    let options = reader.readOptions
    let norm = component("norm", .norm, of: kind, value, &reader)
    let activation = component("activation", .activation, of: kind, value, &reader)
    let name = givenName(&reader)
    return LayerDraft(
      main: .init(
        kind: kind, layer: layer, span: span, origins: reader.origins, options: options,
        written: value?.mapping),
      norm: norm, activation: activation, givenName: name)
  }

  /// What a layer of this kind takes.
  static func forms(of kind: LayerKind) -> [OptionForm] {
    var reader = OptionReader(recording: kind.rawValue)
    let decoder = LayerDecoder(defaults: LayerDefaults(mapping: nil), scope: reader.scope)
    _ = decoder.draft(kind, at: reader.span, nil, reading: &reader)
    return reader.forms ?? []
  }

  /// `conv: {…}` or, without options, the bare word `flatten`.
  private func keyAndOptions(
    _ item: Node, problems: inout [Diagnostic]
  ) -> (key: Node.Scalar, value: Node?)? {
    switch item {
    case .scalar(let word) where !word.text.isEmpty: return (word, nil)
    case .mapping(let mapping) where mapping.entries.count == 1:
      return (mapping.entries[0].key, mapping.entries[0].value)
    case .mapping(let mapping)
    where LayerKind(rawValue: mapping.entries.first?.key.text ?? "") != nil:
      let kind = mapping.entries[0].key
      problems.append(
        .wrongForm(
          "a layer is one key with its options below it; `\(mapping.entries[1].key.text)` stands "
            + "beside `\(kind.text)`",
          at: mapping.entries[1].key.span,
          help: ["indent the options further than `\(kind.text)`, or write `\(kind.text): {…}`"]))
      return nil
    case .scalar, .mapping, .sequence:
      problems.append(
        .wrongForm(
          "a layer is one key with its options, found \(item.words)", at: item.span,
          help: ["write `- conv: {filters: 64}`"]))
      return nil
    }
  }

  /// The norm or activation that a layer carries; nil for `none`.
  private func component(
    _ key: String, _ role: LayerKind.Role, of kind: LayerKind, _ value: Node?,
    _ reader: inout OptionReader
  ) -> LayerSpec.Component? {
    let own = value?.mapping?[key]
    guard kind.role == .weighted else {
      if own != nil, let node = reader.node(key) {
        let repair = value?.mapping?.removal(of: key).map {
          Repair("remove `\(key)`", .unsafe, [$0])
        }
        reader.report(.carries(no: key, kind, at: node.span, repair))
      }
      return nil
    }
    let kinds = LayerKind.allCases.filter { $0.role == role }
    let component = reader.named(
      key, known: ["none"] + kinds.map(\.optionName), default: "none",
      help: "the \(key) after the layer, unless `none`",
      helpFor: { name in kinds.first { $0.optionName == name }?.type.summary ?? "" }
    ) { named, options -> LayerSpec.Component? in
      guard let kind = kinds.first(where: { $0.optionName == named.name }) else { return nil }
      let layer = kind.type.init(reading: &options)
      return LayerSpec.Component(
        kind: kind, layer: layer, span: named.span, origins: options.origins,
        options: options.readOptions, isInherited: own == nil, written: named.options?.mapping,
        valueSpan: named.valueSpan)
    }
    return component.flatMap(\.self)
  }

  private func givenName(_ reader: inout OptionReader) -> Node.Scalar? {
    let name = reader.node("name", takes: .text, help: "names the layer's parameters in files")
    guard let node = name else { return nil }
    guard case .scalar(let name) = node, !name.text.isEmpty else {
      reader.report(.wrongType(key: "name", expected: "text", found: node))
      return nil
    }
    guard LayerNames.isUsable(name.text) else {
      reader.report(LayerNames.unusable(name))
      return nil
    }
    return name
  }
}

extension LayerKind {
  /// Its name among the values of `norm` and `activation`: `batch` for `batch_norm`.
  public var optionName: String {
    role == .norm ? String(rawValue.dropLast("_norm".count)) : rawValue
  }
}

extension Diagnostic {
  fileprivate static func unknownLayer(_ name: Node.Scalar) -> Diagnostic {
    let known = LayerKind.allCases.map(\.rawValue) + ["repeat"]
    if let (_, problem) = keyWithoutColon(name, known: known) { return problem }
    let guess = OtherNames.guess(of: name.text, among: known)
    if guess?.relation != .sameMeaning, let phrase = OtherNames.phrase(for: name.text) {
      return Diagnostic(
        SpecCode.unknownLayer, "there is no layer `\(name.text)`", at: name.span,
        help: ["write \(phrase)"])
    }
    return Diagnostic(
      SpecCode.unknownLayer, "there is no layer `\(name.text)`", at: name.span,
      help: guess?.help ?? ["known: \(known.nameList)"],
      repairs: guess?.repair(at: name.span).map { [$0] } ?? [])
  }

  fileprivate static func carries(
    no key: String, _ kind: LayerKind, at span: SourceSpan, _ repair: Repair?
  ) -> Diagnostic {
    let example = key == "norm" ? "batch_norm" : "relu"
    return Diagnostic(
      SpecCode.uselessOption, "`\(kind.rawValue)` carries no `\(key)`", at: span,
      help: ["write it as a layer of its own, such as `- \(example)`"],
      repairs: repair.map { [$0] } ?? [])
  }
}
