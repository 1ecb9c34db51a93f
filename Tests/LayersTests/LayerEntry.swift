import Decoding
import Diagnostics
import Document
import Layers
import Testing

extension LayerRun {
  /// The layer of one entry of a `layers:` list, and what is wrong with its options.
  static func decoded(_ yaml: String) throws -> (any Layer, [Diagnostic]) {
    let file = SourceFile(path: "layer.yaml", text: yaml)
    let node = FlowParser(file: file).entry(yaml)
    let kind = try #require(LayerKind(rawValue: node.key.text))
    var options = OptionReader(node.value, subject: kind.rawValue, span: node.key.span)
    let layer = kind.type.init(reading: &options)
    options.finish()
    return (layer, options.diagnostics)
  }
}

/// Just enough of YAML for `kind: {option: value, list: [1, 2]}`.
struct FlowParser {
  let file: SourceFile

  func entry(_ text: some StringProtocol) -> Node.Mapping.Entry {
    let colon = text.firstIndex(of: ":")!
    let value = text[text.index(after: colon)...].drop { $0 == " " }
    return Node.Mapping.Entry(key: scalar(text[..<colon]), value: node(value))
  }

  private func node(_ text: some StringProtocol) -> Node {
    switch text.first {
    case "{": .mapping(Node.Mapping(entries: parts(text).map { entry($0) }, span: span))
    case "[": .sequence(Node.Sequence(items: parts(text).map { node($0) }, span: span))
    default: .scalar(scalar(text))
    }
  }

  private func parts(_ text: some StringProtocol) -> [Substring] {
    var (depth, start, parts) = (0, text.index(after: text.startIndex), [Substring]())
    for index in text.indices {
      switch text[index] {
      case "{", "[": depth += 1
      case "}", "]": depth -= 1
      default: break
      }
      if (text[index] == "," && depth == 1) || depth == 0 {
        parts.append(Substring(text[start..<index]).drop { $0 == " " })
        start = text.index(after: index)
      }
    }
    return parts
  }

  private func scalar(_ text: some StringProtocol) -> Node.Scalar {
    Node.Scalar(text: String(text), isQuoted: false, span: span)
  }

  private var span: SourceSpan {
    let start = SourcePosition(line: 1, column: 1)
    return SourceSpan(file: file, start: start, end: start)
  }
}
