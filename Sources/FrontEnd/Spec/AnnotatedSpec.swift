import Files
import Decoding
import Diagnostics

extension Spec {
  /// The expanded spec with a comment next to each value that is written: its place, and of an
  /// expression what it is made of.
  ///
  /// It decodes to an equal spec. Values without a comment are defaults.
  public var annotatedYAML: String {
    let sections = expandedSections
    let spans = sections.flatMap(\.entries).flatMap(\.spans) + definitions.map(\.written.span)
    let comments = ValueComments(of: self, PlaceNames(spans, of: file))
    let lines = sections.flatMap { section -> [AnnotatedLine] in
      [AnnotatedLine()] + section.head.map { AnnotatedLine(text: $0) }
        + section.entries.flatMap { entry in
          comments.lines(of: entry, after: section.indentation, mark: section.mark)
        }
    }
    return comments.places.header + comments.definitionLines(definitions)
      + AnnotatedLine.text(of: lines)
  }
}

extension ExpandedEntry {
  /// All places that comments name.
  fileprivate var spans: [SourceSpan] {
    let own = origin.map { [$0.span] + $0.scope.loops.map(\.variable.span) } ?? []
    return own + value.entries.flatMap(\.spans)
  }

  fileprivate var descendants: [ExpandedEntry] {
    value.entries.flatMap { [$0] + $0.descendants }
  }
}

extension PlaceNames {
  fileprivate var header: String {
    let parents = self.parents.map(\.path.visible)
    let origin = parents.isEmpty ? "" : " and \(parents.joined(separator: ", "))"
    return "# From \(spec.path.visible)\(origin), with everything written out.\n"
      + "# Each value has a comment that says where it comes from; a value without one is a default.\n"
  }
}

extension ValueComments {
  /// The numbers of `let`, as comments.
  fileprivate func definitionLines(_ definitions: [Definition]) -> String {
    let names = definitions.map(\.name.unicodeScalars.count).max() ?? 0
    let texts = definitions.map { definition in
      let value = definition.value.yamlText
      let written = definition.written.text.visible
      return "#   " + definition.name.padded(to: names) + " = "
        + (written == value ? value : "\(written) = \(value)")
    }
    let width = texts.map(\.unicodeScalars.count).max() ?? 0
    let lines = zip(texts, definitions).map { text, definition in
      "\(text.padded(to: width))  \(places.name(of: definition.written.span))\n"
    }
    return lines.isEmpty ? "" : "#\n# let\n" + lines.joined()
  }

  /// A value in one line where one comment can speak for all of it, else each part in its own.
  fileprivate func lines(
    of entry: ExpandedEntry, after indentation: String, mark: String = ""
  ) -> [AnnotatedLine] {
    let isSection = indentation.isEmpty
    let own = isSection && !entry.value.entries.isEmpty ? nil : comment(on: entry)
    let line = AnnotatedLine(text: indentation + mark + entry.flow, comment: own)
    let inner = indentation + String(repeating: " ", count: mark.count + 2)
    switch entry.value {
    case .text: return [line]
    case .options, .named:
      let isLayer = !mark.isEmpty
      let parts = entry.descendants.filter { !isLayer || $0.origin != nil || $0.key != "name" }
        .map { comment(on: $0) }
      let isOneLine = line.text.unicodeScalars.count <= AnnotatedLine.widest
      if isOneLine, parts.allSatisfy({ $0 == nil }) { return [line] }
      if isOneLine, let first = parts.first, let first, first.names.isEmpty,
        own ?? first == first, parts.allSatisfy({ $0 == first })
      {
        return [AnnotatedLine(text: line.text, comment: first)]
      }
    }
    switch entry.value {
    case .text: return [line]
    case .options(let entries):
      return [AnnotatedLine(text: "\(indentation)\(mark)\(entry.key):", comment: own)]
        + entries.flatMap { lines(of: $0, after: inner) }
    case .named(let name, let entries):
      return [
        AnnotatedLine(text: "\(indentation)\(mark)\(entry.key):"),
        AnnotatedLine(text: "\(inner)\(name):", comment: own),
      ] + entries.flatMap { lines(of: $0, after: inner + "  ") }
    }
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - unicodeScalars.count))
  }
}
