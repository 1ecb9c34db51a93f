import Document

/// Judges YAML by a JSON Schema as an editor does: the part of draft-07 that our schema uses.
///
/// Both are trees of the same reader, JSON being YAML. A keyword that it does not know is a problem
/// too, so that nothing goes unchecked.
struct SchemaValidator {
  let schema: Node

  /// Where `node` breaks the schema, such as `train.batch: minimum`; empty where it does not.
  func problems(of node: Node) -> [String] { problems(of: node, by: schema, at: "") }

  private func problems(of node: Node, by schema: Node, at path: String) -> [String] {
    guard case .mapping(let keywords) = schema else { return ["\(path): a schema that is no map"] }
    return keywords.entries.flatMap { entry -> [String] in
      let (keyword, argument) = (entry.key.text, entry.value)
      switch keyword {
      case "$schema", "title", "description", "default", "definitions": return []
      case "if":
        // Without `then`, the condition changes nothing.
        let holds = problems(of: node, by: argument, at: path).isEmpty
        return keywords["then"].map { holds ? problems(of: node, by: $0, at: path) : [] } ?? []
      case "then": return []
      case "$ref": return problems(of: node, by: definition(argument.text), at: path)
      case "properties": return problems(of: node, inProperties: argument, at: path)
      case "additionalProperties":
        return problems(of: node, besides: keywords["properties"], by: argument, at: path)
      case "items": return problems(of: node, items: argument, at: path)
      default: return holds(keyword, argument, node) ? [] : ["\(path): \(keyword)"]
      }
    }
  }

  private func holds(_ keyword: String, _ argument: Node, _ node: Node) -> Bool {
    switch keyword {
    case "type": return argument.texts.contains { node.types.contains($0) }
    case "enum": return node.isScalar && argument.texts.contains(node.text)
    case "minimum": return node.number.map { $0 >= argument.number ?? .nan } ?? true
    case "maximum": return node.number.map { $0 <= argument.number ?? .nan } ?? true
    case "exclusiveMinimum": return node.number.map { $0 > argument.number ?? .nan } ?? true
    case "exclusiveMaximum": return node.number.map { $0 < argument.number ?? .nan } ?? true
    case "minItems": return node.items.map { $0.count >= Int(argument.text) ?? -1 } ?? true
    case "maxItems": return node.items.map { $0.count <= Int(argument.text) ?? -1 } ?? true
    case "minProperties": return node.entries.map { $0.count >= Int(argument.text) ?? -1 } ?? true
    case "maxProperties": return node.entries.map { $0.count <= Int(argument.text) ?? -1 } ?? true
    case "required":
      return node.entries.map { entries in
        argument.texts.allSatisfy { key in entries.contains { $0.key.text == key } }
      } ?? true
    case "not": return !problems(of: node, by: argument, at: "").isEmpty
    case "anyOf":
      return argument.items?.contains { problems(of: node, by: $0, at: "").isEmpty } ?? false
    default: return false
    }
  }

  private func definition(_ reference: String) -> Node {
    reference.split(separator: "/").dropFirst().reduce(schema) { node, name in
      guard case .mapping(let mapping) = node, let next = mapping[String(name)] else { return node }
      return next
    }
  }

  private func problems(of node: Node, inProperties schemas: Node, at path: String) -> [String] {
    guard case .mapping(let schemas) = schemas else { return ["\(path): properties"] }
    return (node.entries ?? []).flatMap { entry in
      schemas[entry.key.text].map {
        problems(of: entry.value, by: $0, at: join(path, entry.key.text))
      } ?? []
    }
  }

  private func problems(
    of node: Node, besides known: Node?, by schema: Node, at path: String
  ) -> [String] {
    let names = known?.entries?.map(\.key.text) ?? []
    return (node.entries ?? []).filter { !names.contains($0.key.text) }.flatMap { entry in
      let place = join(path, entry.key.text)
      return schema.text == "false"
        ? ["\(place): additionalProperties"] : problems(of: entry.value, by: schema, at: place)
    }
  }

  private func problems(of node: Node, items schema: Node, at path: String) -> [String] {
    (node.items ?? []).enumerated().flatMap { index, item in
      let own = schema.items.map { index < $0.count ? $0[index] : nil } ?? schema
      return own.map { problems(of: item, by: $0, at: "\(path)[\(index)]") } ?? []
    }
  }

  private func join(_ path: String, _ key: String) -> String {
    path.isEmpty ? key : "\(path).\(key)"
  }
}

extension Node {
  fileprivate var text: String { if case .scalar(let scalar) = self { scalar.text } else { "" } }

  fileprivate var isScalar: Bool { if case .scalar = self { true } else { false } }

  fileprivate var items: [Node]? {
    if case .sequence(let sequence) = self { sequence.items } else { nil }
  }

  fileprivate var entries: [Node.Mapping.Entry]? {
    if case .mapping(let mapping) = self { mapping.entries } else { nil }
  }

  /// The items of a list, or the one text.
  fileprivate var texts: [String] { items?.map(\.text) ?? [text] }

  fileprivate var number: Double? {
    guard case .scalar(let scalar) = self, !scalar.isQuoted else { return nil }
    return Double(scalar.text)
  }

  /// By the core schema of YAML 1.2.
  fileprivate var types: [String] {
    switch self {
    case .sequence: return ["array"]
    case .mapping: return ["object"]
    case .scalar(let scalar):
      if scalar.isQuoted { return ["string"] }
      if ["", "null", "~"].contains(scalar.text) { return ["null"] }
      if ["true", "false"].contains(scalar.text) { return ["boolean"] }
      guard let number else { return ["string"] }
      return number == number.rounded() ? ["integer", "number"] : ["number"]
    }
  }
}
