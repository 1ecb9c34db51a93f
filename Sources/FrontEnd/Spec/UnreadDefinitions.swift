import Diagnostics
import Document

/// Names in `let` that nothing reads: a misspelled one changes nothing, without a word.
enum UnreadDefinitions {
  /// Looks at the names that `file` defines, in the spec that it and its parents make.
  static func check(_ spec: Node.Mapping, of file: SourceFile) -> [Diagnostic] {
    guard case .mapping(let definitions) = spec["let"] else { return [] }
    let names = definitions.entries.map(\.key.text)
    var read: Set<Substring> = []
    for entry in spec.entries where entry.key.text != "let" { collect(entry.value, into: &read) }
    for entry in definitions.entries {
      var own: Set<Substring> = []
      collect(entry.value, into: &own)
      read.formUnion(own.subtracting([entry.key.text[...]]))
    }
    return definitions.entries.compactMap { entry -> Diagnostic? in
      guard entry.key.span.file === file, !read.contains(entry.key.text[...]) else { return nil }
      let near = names.filter { $0 != entry.key.text && read.contains($0[...]) }
        .nearest(to: entry.key.text)
      let repairs = near.map { [Repair("did you mean `\($0)`?", .unsafe, entry.key.span, $0)] }
      return Diagnostic(
        SpecCode.unreadDefinition,
        "nothing reads \(entry.key.text.quotedExcerpt), so this value has no effect",
        at: entry.key.span, repairs: repairs ?? [])
    }
  }

  /// All words of all values: names among them are read, or are perhaps read.
  private static func collect(_ node: Node, into words: inout Set<Substring>) {
    switch node {
    case .scalar(let scalar):
      words.formUnion(
        scalar.text.split { !($0 == "_" || $0.isASCII && ($0.isLetter || $0.isNumber)) })
    case .sequence(let list): for item in list.items { collect(item, into: &words) }
    case .mapping(let map):
      for entry in map.entries {
        collect(.scalar(entry.key), into: &words)
        collect(entry.value, into: &words)
      }
    }
  }
}
