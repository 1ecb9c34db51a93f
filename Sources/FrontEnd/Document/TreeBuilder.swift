import Diagnostics

/// Makes a tree of a stream of events, and refuses what specs have no use for.
struct TreeBuilder {
  private(set) var diagnostics: [Diagnostic] = []

  private let file: SourceFile
  private let stream: EventStream
  private var eventCount = 0
  /// Where the text of the events so far ends.
  private var readEnd = SourcePosition(line: 1, column: 1)
  private var looseCharacters: LooseCharacters
  private var depth = 0
  /// Set where the tree lacks something, so that continuing with it would mislead.
  private var isIncomplete = false
  /// Lines whose indentation has a tab, until it has been reported.
  private var tabs: [Int: TabIndentation]

  /// Ends the reading; everything has been reported.
  private struct Stop: Error {}

  init(_ file: SourceFile) {
    self.file = file
    self.stream = EventStream(file.bytes)
    self.tabs = TabIndentation.byLine(of: file)
    self.looseCharacters = LooseCharacters(file)
  }

  /// The root of the only document; nil where there is none that is usable.
  mutating func document() -> Node? {
    do throws(Stop) {
      var root: Node?
      while true {
        let event = try next()
        switch event.kind {
        case .streamStart: continue
        case .streamEnd:
          guard root != nil else { throw stop(.empty(file)) }
          return isIncomplete ? nil : root
        case .documentStart(let hasDirectives):
          if root != nil { throw stop(.severalDocuments(at: file.span(event.start, width: 3))) }
          if hasDirectives { try report(.directive(at: file.lineSpan(from: event.start))) }
          root = try node(try next())
          _ = try next()  // the end of the document
          if case .scalar(let scalar)? = root, scalar.text.isEmpty, !scalar.isQuoted {
            throw stop(.empty(file))
          }
        case .documentEnd, .alias, .scalar, .sequenceStart, .sequenceEnd, .mappingStart,
          .mappingEnd:
          preconditionFailure("\(event.kind) outside of a document")
        }
      }
    } catch {
      return nil
    }
  }

  // MARK: Nodes

  /// The node that starts with `event`.
  private mutating func node(_ event: Event) throws(Stop) -> Node {
    try checkIndentation(of: event)
    switch event.kind {
    case .alias:
      isIncomplete = true
      let span = SourceSpan(file: file, start: event.start, end: event.end)
      try report(.alias(at: span))
      return .scalar(Node.Scalar(text: "", isQuoted: false, span: span))
    case .scalar(let text, let style, let properties):
      try check(properties, at: event.start)
      let end = style == .block ? file.endOfBlock(text, from: event.start) : event.end
      let span = SourceSpan(file: file, start: event.start, end: end)
      guard text.utf8.count <= YAMLDocument.longestText else { throw stop(.tooLong(at: span)) }
      if style == .plain, text == "-" {
        isIncomplete = true
        try report(.looseDash(at: span))
      }
      if style == .quoted { try checkIndentation(within: span) }
      // A sign alone was meant as text, which is lost.
      if text.isEmpty, style == .plain, properties.hasAnchor || properties.hasTag {
        isIncomplete = true
      }
      return .scalar(Node.Scalar(text: text, isQuoted: style != .plain, span: span))
    case .sequenceStart(let properties, let isFlow):
      try enter(properties, at: event.start)
      return try sequence(from: event.start, isFlow: isFlow)
    case .mappingStart(let properties, let isFlow):
      try enter(properties, at: event.start)
      return try mapping(from: event.start, isFlow: isFlow)
    case .streamStart, .streamEnd, .documentStart, .documentEnd, .sequenceEnd, .mappingEnd:
      preconditionFailure("\(event.kind) in place of a node")
    }
  }

  private mutating func sequence(
    from start: SourcePosition, isFlow: Bool
  ) throws(Stop) -> Node {
    var items: [Node] = []
    var split: SplitExpression?
    while true {
      let event = try next()
      if case .sequenceEnd = event.kind {
        let span = span(from: start, lastPart: items.last?.span, end: event)
        return .sequence(Node.Sequence(items: items, span: span))
      }
      let item = try node(event)
      if isFlow, let first = items.last, case .scalar(let piece) = item,
        let joined = SplitExpression(first, piece, after: split)
      {
        items[items.count - 1] = .scalar(joined.whole)
        split = try reported(joined)
      } else {
        items.append(item)
        split = nil
      }
    }
  }

  private mutating func mapping(
    from start: SourcePosition, isFlow: Bool
  ) throws(Stop) -> Node {
    var entries: [Node.Mapping.Entry] = []
    var spans: [String: SourceSpan] = [:]
    var last: SourceSpan?
    var split: SplitExpression?
    while true {
      let event = try next()
      if case .mappingEnd = event.kind {
        let span = span(from: start, lastPart: last, end: event)
        return .mapping(Node.Mapping(entries: entries, span: span))
      }
      let key = try self.key(event)
      let found = diagnostics.count
      let value = try node(try next())
      last = value.span
      guard let key else { continue }
      if isFlow, let entry = entries.last, value.kindName == "nothing",
        let joined = SplitExpression(entry.value, key, after: split)
      {
        entries[entries.count - 1] = .init(key: entry.key, value: .scalar(joined.whole))
        split = try reported(joined)
        continue
      }
      split = nil
      if key.text == "<<", !key.isQuoted {
        isIncomplete = true
        // What it merges is an alias, as a rule: one report is enough.
        diagnostics.removeSubrange(found...)
        try report(.mergeKey(at: key.span))
      } else if let first = spans[key.text] {
        try report(.duplicateKey(key, first: first))
      } else {
        spans[key.text] = key.span
        entries.append(Node.Mapping.Entry(key: key, value: value))
      }
    }
  }

  /// The key that starts with `event`; nil, after a report, where it is not a name.
  private mutating func key(_ event: Event) throws(Stop) -> Node.Scalar? {
    let reported = diagnostics.count
    let node = try node(event)
    if case .scalar(let scalar) = node, !scalar.text.isEmpty { return scalar }
    isIncomplete = true
    if diagnostics.count == reported { try report(.keyIsNoName(node)) }
    return nil
  }

  /// Reports an expression that is complete; else returns it, for the pieces that follow.
  private mutating func reported(
    _ split: SplitExpression
  ) throws(Stop) -> SplitExpression? {
    guard split.isComplete else { return split }
    try report(split.diagnostic)
    return nil
  }

  /// Block maps and lists have no end of their own: libyaml ends them where the next thing starts.
  private mutating func span(
    from start: SourcePosition, lastPart: SourceSpan?, end event: Event
  ) -> SourceSpan {
    depth -= 1
    let end = event.start == event.end ? lastPart?.end ?? start : event.end
    return SourceSpan(file: file, start: start, end: Swift.max(start, end))
  }

  // MARK: Limits and refusals

  private mutating func next() throws(Stop) -> Event {
    eventCount += 1
    let event: Event
    do throws(SyntaxError) {
      event = try stream.next()
    } catch {
      throw stop(.syntax(error, in: file))
    }
    if eventCount > YAMLDocument.mostEvents {
      throw stop(.tooManyValues(at: file.span(event.start)))
    }
    let (start, end) = (file.clamped(event.start), file.clamped(event.end))
    let signsEnd = event.kind.isText ? start : end
    for problem in looseCharacters.problems(from: readEnd, to: signsEnd) { try report(problem) }
    readEnd = max(readEnd, end)
    return Event(kind: event.kind, start: start, end: end)
  }

  private mutating func enter(
    _ properties: Event.Properties, at start: SourcePosition
  ) throws(Stop) {
    try check(properties, at: start)
    depth += 1
    if depth > YAMLDocument.deepestNesting { throw stop(.tooDeep(at: file.span(start))) }
  }

  private mutating func check(
    _ properties: Event.Properties, at start: SourcePosition
  ) throws(Stop) {
    if properties.hasAnchor { try report(.anchor(at: file.word("&", from: start))) }
    if properties.hasTag {
      let tag = file.word("!", from: start)
      // What is meant by a tag of one's own is not known here.
      if !tag.text.hasPrefix("!!") { isIncomplete = true }
      try report(.tag(at: tag))
    }
  }

  private mutating func checkIndentation(of event: Event) throws(Stop) {
    guard let tab = tabs[event.start.line], tab.contentColumn == event.start.column else { return }
    try report(tab, in: event.start.line)
  }

  /// The further lines of a quoted text, which are indented like all else in a map or list.
  private mutating func checkIndentation(within span: SourceSpan) throws(Stop) {
    guard span.start.line < span.end.line else { return }
    for line in span.start.line + 1...span.end.line {
      if let tab = tabs[line], tab.column == 1 { try report(tab, in: line, repairs: false) }
    }
  }

  private mutating func report(
    _ tab: TabIndentation, in line: Int, repairs: Bool = true
  ) throws(Stop) {
    tabs[line] = nil
    let position = SourcePosition(line: line, column: tab.column)
    let isFirst = !diagnostics.contains { $0.code == YAMLCode.tab.code }
    try report(.tab(at: file.span(position, width: 1), repairs: isFirst && repairs))
  }

  private mutating func report(_ diagnostic: Diagnostic) throws(Stop) {
    diagnostics.append(diagnostic)
    if diagnostics.count >= YAMLDocument.mostProblems { throw Stop() }
  }

  private mutating func stop(_ diagnostic: Diagnostic) -> Stop {
    diagnostics.append(diagnostic)
    return Stop()
  }
}
