import CYAML
import Diagnostics

/// One step of a YAML text: a scalar, or the start or end of something.
struct Event {
  let kind: Kind
  let start: SourcePosition
  let end: SourcePosition

  enum Kind {
    case streamStart
    case streamEnd
    case documentStart(hasDirectives: Bool)
    case documentEnd
    case alias
    case scalar(text: String, style: ScalarStyle, Properties)
    case sequenceStart(Properties, isFlow: Bool)
    case sequenceEnd
    case mappingStart(Properties, isFlow: Bool)
    case mappingEnd

    /// Whether what stands there is text, not signs.
    var isText: Bool {
      switch self {
      case .scalar, .alias: true
      case .streamStart, .streamEnd, .documentStart, .documentEnd, .sequenceStart, .sequenceEnd,
        .mappingStart, .mappingEnd:
        false
      }
    }
  }

  /// What stands before a node: `&anchor`, `!tag`.
  struct Properties {
    let hasAnchor: Bool
    let hasTag: Bool
  }

  enum ScalarStyle {
    case plain
    case quoted
    /// After `|` or `>`.
    case block
  }
}

/// Why libyaml stopped, in its own words.
struct SyntaxError: Error {
  /// Such as "did not find expected ',' or ']'".
  let problem: String
  let position: SourcePosition
  /// Such as "while parsing a flow sequence"; empty where there is none.
  let context: String
  /// Where the context starts; nil where there is none.
  let contextPosition: SourcePosition?
}

/// The events of a text, one by one, by libyaml's event API.
///
/// Owns the parser and a copy of the text until it is released; each event is copied and deleted
/// before it is returned.
final class EventStream {
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let text: UnsafeMutableBufferPointer<UInt8>

  init(_ bytes: [UInt8]) {
    parser = .allocate(capacity: 1)
    text = .allocate(capacity: bytes.count)
    _ = text.initialize(from: bytes)
    // Fails only without memory, as every allocation of Swift's own.
    precondition(yaml_parser_initialize(parser) == 1, "no memory for a YAML parser")
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    // `text` outlives the parser: both are released in `deinit`, and neither is shared.
    yaml_parser_set_input_string(parser, text.baseAddress, text.count)
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deallocate()
    text.deallocate()
  }

  /// The next event; after `streamEnd` or an error, there are no more.
  func next() throws(SyntaxError) -> Event {
    var event = yaml_event_t()
    guard yaml_parser_parse(parser, &event) == 1 else { throw error }
    // Deleting frees the texts that the event points to; `kind(of:)` has copied them.
    defer { yaml_event_delete(&event) }
    return Event(
      kind: kind(of: event), start: SourcePosition(event.start_mark),
      end: SourcePosition(event.end_mark))
  }

  private func kind(of event: yaml_event_t) -> Event.Kind {
    switch event.type {
    case YAML_STREAM_START_EVENT: return .streamStart
    case YAML_DOCUMENT_START_EVENT:
      let start = event.data.document_start
      return .documentStart(
        hasDirectives: start.version_directive != nil
          || start.tag_directives.start != start.tag_directives.end)
    case YAML_DOCUMENT_END_EVENT: return .documentEnd
    case YAML_ALIAS_EVENT: return .alias
    case YAML_SCALAR_EVENT:
      let scalar = event.data.scalar
      // `value` holds `length` bytes of UTF-8, owned by the event.
      let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
      return .scalar(
        text: String(decoding: bytes, as: UTF8.self), style: style(of: scalar.style),
        Event.Properties(hasAnchor: scalar.anchor != nil, hasTag: scalar.tag != nil))
    case YAML_SEQUENCE_START_EVENT:
      let sequence = event.data.sequence_start
      return .sequenceStart(
        Event.Properties(hasAnchor: sequence.anchor != nil, hasTag: sequence.tag != nil),
        isFlow: sequence.style == YAML_FLOW_SEQUENCE_STYLE)
    case YAML_SEQUENCE_END_EVENT: return .sequenceEnd
    case YAML_MAPPING_START_EVENT:
      let mapping = event.data.mapping_start
      return .mappingStart(
        Event.Properties(hasAnchor: mapping.anchor != nil, hasTag: mapping.tag != nil),
        isFlow: mapping.style == YAML_FLOW_MAPPING_STYLE)
    case YAML_MAPPING_END_EVENT: return .mappingEnd
    default: return .streamEnd  // YAML_STREAM_END_EVENT, and YAML_NO_EVENT after it.
    }
  }

  private func style(of style: yaml_scalar_style_t) -> Event.ScalarStyle {
    switch style {
    case YAML_LITERAL_SCALAR_STYLE, YAML_FOLDED_SCALAR_STYLE: .block
    case YAML_SINGLE_QUOTED_SCALAR_STYLE, YAML_DOUBLE_QUOTED_SCALAR_STYLE: .quoted
    default: .plain
    }
  }

  private var error: SyntaxError {
    // Both texts are literals of libyaml, or nil.
    let problem = parser.pointee.problem.map { String(cString: $0) } ?? "no memory left"
    let context = parser.pointee.context.map { String(cString: $0) } ?? ""
    return SyntaxError(
      problem: problem, position: SourcePosition(parser.pointee.problem_mark), context: context,
      contextPosition: context.isEmpty ? nil : SourcePosition(parser.pointee.context_mark))
  }
}

extension SourcePosition {
  /// libyaml counts from 0, in code points.
  fileprivate init(_ mark: yaml_mark_t) {
    self.init(line: Int(mark.line) + 1, column: Int(mark.column) + 1)
  }
}
