import Files
import Decoding

extension ValueForm {
  /// The schema's keywords for a value of this form.
  var fields: [(key: String, value: JSONText)] {
    switch self {
    case .integer(let range):
      // A text is an expression.
      [("type", types("integer", "string"))]
        + (range.lowerBound > .min ? [("minimum", .integer(range.lowerBound))] : [])
        + (range.upperBound < .max ? [("maximum", .integer(range.upperBound))] : [])
    case .number(let range): [("type", types("number", "string"))] + range.fields
    case .boolean: [("type", .string("boolean"))]
    case .choice(let names): [("enum", .array(names.map(\.scalar)))]
    // Editors take `7` for a number where the compiler takes it for a name.
    case .text: [("type", types("string", "number", "boolean"))]
    case .list(let item, let counts): list(of: item, counts)
    case .tuple(let items):
      [
        ("type", .string("array")), ("items", .array(items.map { .object($0.fields) })),
        ("minItems", .integer(items.count)), ("maxItems", .integer(items.count)),
      ]
    case .options(let forms): options(forms)
    case .named(let forms): named(forms)
    case .map(let value):
      [("type", types("object", "null")), ("additionalProperties", .object(value.fields))]
    case .layers:
      [
        ("type", .string("array")), ("minItems", .integer(1)),
        ("items", .object([("$ref", .string("#/definitions/layer"))])),
      ]
    case .anyOf(let forms): [("anyOf", .array(forms.map { .object($0.fields) }))]
    case .anything: []
    }
  }

  private func types(_ names: String...) -> JSONText { .array(names.map { .string($0) }) }

  /// Where one item is enough, it need not stand in brackets; no counts are any count.
  private func list(of item: ValueForm, _ counts: Set<Int>) -> [(key: String, value: JSONText)] {
    if counts.isEmpty { return [("type", .string("array")), ("items", .object(item.fields))] }
    let lists = counts.sorted().map { count in
      JSONText.object([
        ("type", .string("array")), ("items", .object(item.fields)),
        ("minItems", .integer(count)), ("maxItems", .integer(count)),
      ])
    }
    let single = counts.contains(1) ? [JSONText.object(item.fields)] : []
    if lists.count + single.count == 1, case .object(let fields) = lists[0] { return fields }
    return [("anyOf", .array(single + lists))]
  }

  /// A map of options; where nothing is required it may be left empty, and where an option is
  /// bare its value may stand instead.
  private func options(_ forms: [OptionForm]) -> [(key: String, value: JSONText)] {
    let required = forms.filter(\.isRequired).map { JSONText.string($0.key) }
    let map: [(key: String, value: JSONText)] =
      [
        ("type", required.isEmpty ? types("object", "null") : .string("object")),
        ("additionalProperties", .boolean(false)),
        ("properties", .object(forms.map { ($0.key, $0.schema) })),
      ] + (required.isEmpty ? [] : [("required", .array(required))])
    let bare = forms.filter(\.isBare).map { JSONText.object($0.value.fields) }
    return bare.isEmpty ? map : [("anyOf", .array([.object(map)] + bare))]
  }

  private func named(_ forms: [NamedForm]) -> [(key: String, value: JSONText)] {
    let map: [(key: String, value: JSONText)] = [
      ("type", .string("object")), ("minProperties", .integer(1)), ("maxProperties", .integer(1)),
      ("additionalProperties", .boolean(false)),
      ("properties", .object(forms.map { ($0.name, $0.schema) })),
    ]
    let names = forms.filter(\.standsAlone).map { JSONText.string($0.name) }
    if names.isEmpty { return map }
    return [("anyOf", .array([.object([("enum", .array(names))]), .object(map)]))]
  }
}

extension OptionForm {
  /// A reference where many layers have the same option.
  var schema: JSONText {
    let isShared = SpecSchema.shared.contains { $0.key == key && $0.value == value }
    return isShared ? .object([("$ref", .string("#/definitions/\(key)"))]) : definition
  }

  var definition: JSONText {
    .object(
      value.fields + (fallback.map { [("default", $0.scalar)] } ?? [])
        + (help.isEmpty ? [] : [("description", .string(help))]))
  }
}

extension NamedForm {
  var schema: JSONText {
    .object(value.fields + (help.isEmpty ? [] : [("description", .string(help))]))
  }
}

extension NumberRange {
  fileprivate var fields: [(key: String, value: JSONText)] {
    let low = includesLower ? "minimum" : "exclusiveMinimum"
    let high = includesUpper ? "maximum" : "exclusiveMaximum"
    return (lower.isFinite ? [(low, .number(lower.yamlText))] : [])
      + (upper.isFinite ? [(high, .number(upper.yamlText))] : [])
  }
}

extension String {
  /// As an editor reads it in a spec: a number, `true` or `false`, or text.
  fileprivate var scalar: JSONText {
    if self == "true" || self == "false" { return .boolean(self == "true") }
    return Double(self)?.isFinite == true ? .number(self) : .string(self)
  }
}
