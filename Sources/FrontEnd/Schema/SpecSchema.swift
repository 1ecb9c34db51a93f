import Files
import Decoding
import Spec

/// The JSON Schema (draft-07) of the spec language, for editors.
///
/// It is made from what the decoder itself asks for, and knows nothing of its own: keys, types,
/// ranges, names, defaults and help all come from there. What needs several places of a spec at
/// once, such as shapes, is left to the compiler.
public enum SpecSchema {
  /// The whole schema with a line break at its end.
  public static var text: String {
    let forms = ValueForm.options(Spec.forms)
    var root = forms.optional.fields
    // What a spec leaves out may come from its parent.
    root += [
      ("if", .object([("not", .object([("required", .array([.string("extends")]))]))])),
      ("then", .object(forms.requirements)),
    ]
    root += [("definitions", .object([("layer", layer)] + shared.map { ($0.key, $0.definition) }))]
    let head: [(key: String, value: JSONText)] = [
      ("$schema", .string("http://json-schema.org/draft-07/schema#")),
      ("title", .string("A DCGAN spec, version \(Spec.languageVersion) of the language")),
    ]
    return JSONText.object(head + root).text + "\n"
  }

  /// The options that many layers carry, norm and activation: written once.
  static let shared: [OptionForm] = {
    let named = Spec.layerForms.flatMap(\.options).filter { $0.value.isNamed }
    let keys = named.map(\.key)
    return named.enumerated().filter { keys.firstIndex(of: $1.key) == $0 }.map(\.element)
  }()

  /// One key with its options below it; or the bare name, since `defaults` may hold the options.
  private static var layer: JSONText {
    let forms = Spec.layerForms
    let properties = forms.map { form in (key: form.name, value: form.layerSchema) }
    let names = forms.filter { !$0.isLoop }.map { JSONText.string($0.name) }
    return .object([
      (
        "anyOf",
        .array([
          .object([
            ("type", .string("object")), ("minProperties", .integer(1)),
            ("maxProperties", .integer(1)), ("additionalProperties", .boolean(false)),
            ("properties", .object(properties)),
          ]),
          .object([("enum", .array(names))]),
        ])
      )
    ])
  }
}

extension ValueForm {
  fileprivate var isNamed: Bool { if case .named = self { true } else { false } }
}

extension OptionForm {
  fileprivate func taking(_ value: ValueForm, isRequired: Bool) -> OptionForm {
    OptionForm(
      key: key, value: value, fallback: fallback, isRequired: isRequired, isBare: isBare,
      help: help)
  }
}

extension ValueForm {
  /// The maps of a spec that its parent's values may complete.
  private var sections: [OptionForm]? {
    guard case .options(let forms) = self, !forms.contains(where: \.isBare) else { return nil }
    return forms
  }

  /// The same where nothing is required.
  fileprivate var optional: ValueForm {
    guard let sections else { return self }
    return .options(sections.map { $0.taking($0.value.optional, isRequired: false) })
  }

  /// What is required after all.
  fileprivate var requirements: [(key: String, value: JSONText)] {
    guard let sections else { return [] }
    let required = sections.filter(\.isRequired).map { JSONText.string($0.key) }
    let below = sections.compactMap { form -> (key: String, value: JSONText)? in
      let type: [(key: String, value: JSONText)] =
        form.isRequired && form.value.sections != nil ? [("type", .string("object"))] : []
      let fields = type + form.value.requirements
      return fields.isEmpty ? nil : (form.key, .object(fields))
    }
    return (required.isEmpty ? [] : [("required", .array(required))])
      + (below.isEmpty ? [] : [("properties", .object(below))])
  }
}

extension NamedForm {
  var options: [OptionForm] {
    if case .options(let forms) = value { forms } else { [] }
  }

  /// `repeat` is no layer of its own: nothing comes from `defaults`.
  fileprivate var isLoop: Bool {
    options.contains { $0.value == .layers }
  }

  /// What a layer needs may stand in `defaults`, so nothing is required here.
  fileprivate var layerSchema: JSONText {
    if isLoop { return schema }
    let optional = options.map { form in
      OptionForm(
        key: form.key, value: form.value, fallback: form.fallback, isBare: form.isBare,
        help: form.help)
    }
    return NamedForm(name: name, value: .options(optional), help: help).schema
  }
}
