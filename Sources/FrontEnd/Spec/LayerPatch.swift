import Decoding
import Diagnostics
import Document

/// Changes of single layers by their names: the value of a network's `patch`.
///
///     patch:
///       - set: {conv1: {filters: 64}}
///       - insert_after: {conv1: [{conv: {filters: 64}}, relu]}
///       - insert_before: {image: [dropout]}
///       - remove: conv2
///
/// All names mean the layers as they are before the patch: after `repeat`, and after the parent's
/// patches. What is set of one layer twice is laid over each other; a layer that is removed cannot
/// be set too.
struct LayerPatch {
  enum Operation: String, CaseIterable {
    case set
    case insertAfter = "insert_after"
    case insertBefore = "insert_before"
    case remove
  }

  private let entries: [LayerEntry]
  private let role: NetworkRole
  private let names: [String]
  private let indices: [String: Int]
  private var changed: [Int: LayerEntry] = [:]
  private var before: [Int: [LayerEntry]] = [:]
  private var after: [Int: [LayerEntry]] = [:]
  /// Where each layer is first set, or removed.
  private var settings: [Int: Node.Scalar] = [:]
  private var removals: [Int: Node.Scalar] = [:]
  private var removedTwice: [Diagnostic] = []
  /// The names that patches before this one removed.
  private let gone: [String: SourceSpan]

  init(of entries: [LayerEntry], in role: NetworkRole, after gone: [String: SourceSpan] = [:]) {
    (self.entries, self.role, self.gone) = (entries, role, gone)
    (names, indices) = LayerNames.indices(of: entries)
  }

  /// The entries after all changes.
  var result: [LayerEntry] {
    entries.indices.flatMap { index in
      (before[index] ?? []) + (removals[index] == nil ? [changed[index] ?? entries[index]] : [])
        + (after[index] ?? [])
    }
  }

  /// The names that this patch and those before it removed, and where.
  var removedNames: [String: SourceSpan] {
    gone.merging(removals.values.map { ($0.text, $0.span) }) { $1 }
  }

  /// Changes without effect, because the layer is removed.
  var lostChanges: [Diagnostic] {
    removedTwice
      + settings.sorted { $0.key < $1.key }.compactMap { index, change in
        removals[index].map { .changedAndRemoved(change, removal: $0) }
      }
  }

  /// The items of `patch`, those of each file by themselves.
  static func groups(of patch: Node, problems: inout [Diagnostic]) -> [[Node]] {
    guard case .sequence(let list) = patch else {
      if patch.kindName != "nothing" {
        problems.append(.noPatch("`patch` is a list of changes, found \(patch.words)", patch.span))
      }
      return []
    }
    return list.items.reduce(into: []) { groups, item in
      if let last = groups.last?.last, last.span.file === item.span.file {
        groups[groups.count - 1].append(item)
      } else {
        groups.append([item])
      }
    }
  }

  /// Takes one item; `layers` makes entries of an inserted list.
  mutating func read(
    _ item: Node, problems: inout [Diagnostic], layers: (Node) -> [LayerEntry]
  ) {
    guard case .mapping(let mapping) = item, mapping.entries.count == 1 else {
      let problem = Diagnostic.noPatch(
        "a change is one of \(Self.operations.choiceList), found \(item.words)", item.span)
      return problems.append(problem)
    }
    let (key, value) = (mapping.entries[0].key, mapping.entries[0].value)
    guard let operation = Operation(rawValue: key.text) else {
      return problems.append(
        .unknownChoice(key: "patch", found: key, known: Self.operations))
    }
    switch operation {
    case .remove:
      for name in value.names {
        guard let name else {
          problems.append(.noPatch("`remove` takes the name of a layer", value.span))
          continue
        }
        if let index = index(of: name, &problems) { remove(name, at: index) }
      }
    case .set, .insertAfter, .insertBefore:
      guard case .mapping(let targets) = value, !targets.entries.isEmpty else {
        let problem = Diagnostic.noPatch(
          "`\(key.text)` takes a map of layers, found \(value.words)", value.span)
        return problems.append(problem)
      }
      for target in targets.entries {
        guard let index = index(of: target.key, &problems) else { continue }
        apply(operation, target, at: index, layers)
      }
    }
  }

  private mutating func apply(
    _ operation: Operation, _ target: Node.Mapping.Entry, at index: Int,
    _ layers: (Node) -> [LayerEntry]
  ) {
    switch operation {
    case .set:
      settings[index] = settings[index] ?? target.key
      changed[index] = (changed[index] ?? entries[index]).setting(target.value)
    case .insertBefore: before[index, default: []] += layers(target.value)
    case .insertAfter: after[index, default: []] += layers(target.value)
    case .remove: remove(target.key, at: index)
    }
  }

  private mutating func remove(_ name: Node.Scalar, at index: Int) {
    if let first = removals[index] {
      removedTwice.append(.removedTwice(name, first: first))
    } else {
      removals[index] = name
    }
  }

  private func index(of name: Node.Scalar, _ problems: inout [Diagnostic]) -> Int? {
    if let index = indices[name.text] { return index }
    problems.append(
      .unknownLayerName(name, in: role, known: names, removal: gone[name.text]))
    return nil
  }

  static let operations = Operation.allCases.map(\.rawValue)

  /// What a `patch` takes.
  static var form: ValueForm {
    let options = ValueForm.options(LayerDefaults.forms + [nameForm])
    let bare: [ValueForm] = [.number(.any), .list(of: .number(.any), counts: [])]
    let forms = Operation.allCases.map { operation -> NamedForm in
      switch operation {
      case .set:
        NamedForm(
          name: operation.rawValue, value: .map(of: .anyOf([options] + bare)),
          help: "options that override those of the named layers")
      case .insertAfter:
        NamedForm(
          name: operation.rawValue, value: .map(of: .layers), help: "layers after the named ones")
      case .insertBefore:
        NamedForm(
          name: operation.rawValue, value: .map(of: .layers),
          help: "layers before the named ones")
      case .remove:
        NamedForm(
          name: operation.rawValue, value: .anyOf([.text, .list(of: .text, counts: [])]),
          help: "the name of a layer to leave out, or a list of names")
      }
    }
    return .list(of: .named(forms), counts: [])
  }

  private static let nameForm = OptionForm(
    key: "name", value: .text, help: "names the layer's parameters in files")
}

extension Node {
  /// A name, or a list of names; nil for what is none.
  fileprivate var names: [Scalar?] {
    switch self {
    case .scalar(let name): [name.text.isEmpty ? nil : name]
    case .sequence(let list):
      list.items.map { item in
        guard case .scalar(let name) = item, !name.text.isEmpty else { return nil }
        return name
      }
    case .mapping: [nil]
    }
  }
}

extension Diagnostic {
  fileprivate static func noPatch(_ message: String, _ span: SourceSpan) -> Diagnostic {
    wrongForm(
      message, at: span,
      help: ["write `patch: [set: {conv1: {filters: 64}}]` or `patch: [remove: conv1]`"])
  }

  fileprivate static func changedAndRemoved(
    _ change: Node.Scalar, removal: Node.Scalar
  ) -> Diagnostic {
    Diagnostic(
      SpecCode.lostChange, "\(change.text.quotedExcerpt) is set and removed by one patch",
      at: change.span, label: "this has no effect",
      secondary: [Label(span: removal.span, text: "removed here")],
      help: [
        "leave one of them out; to put another layer in its place, write "
          + "`insert_after: {\(change.text): [...]}`"
      ])
  }

  fileprivate static func removedTwice(_ name: Node.Scalar, first: Node.Scalar) -> Diagnostic {
    Diagnostic(
      SpecCode.lostChange, "\(name.text.quotedExcerpt) is removed twice", at: name.span,
      label: "again", secondary: [Label(span: first.span, text: "first here")],
      help: ["names mean the layers as they are before the patch: leave one of them out"])
  }

  fileprivate static func unknownLayerName(
    _ name: Node.Scalar, in role: NetworkRole, known: [String], removal: SourceSpan?
  ) -> Diagnostic {
    // A guess is never sure: `conv1` is near to `conv2`, and is another layer.
    let guess = removal == nil ? known.nearest(to: name.text) : nil
    let most = 12
    let list =
      known.count > most
      ? "\(known.prefix(most).map { "`\($0)`" }.joined(separator: ", ")) and \(known.count - most) more"
      : known.nameList
    return Diagnostic(
      SpecCode.unknownLayerName,
      "the \(role.rawValue) has no layer \(name.text.quotedExcerpt)", at: name.span,
      secondary: removal.map { [Label(span: $0, text: "removed here")] } ?? [],
      help: guess == nil ? [known.isEmpty ? "it has no layers" : "its layers are \(list)"] : [],
      repairs: guess.map {
        [Repair("did you mean `\($0)`?", .unsafe, name.span, $0)]
      } ?? [])
  }
}
