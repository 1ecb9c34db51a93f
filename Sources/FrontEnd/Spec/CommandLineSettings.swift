import Diagnostics
import Document

/// Values that a command line sets instead of the spec's: `--set train.batch=64`.
///
/// They are laid over the spec as a child's values are laid over its parent's, and pass the same
/// checks. Messages point into a file whose lines are the options.
public struct CommandLineSettings: Sendable {
  /// What messages call the command line.
  public static let path = "<command line>"

  /// One option in each line.
  let file: SourceFile
  let items: [Item]

  /// An option of the command line.
  public enum Option: Hashable, Sendable {
    /// `--set path=value`.
    case set(String)
    /// An option of its own for a path: `--batch 64` for `train.batch`.
    case named(String, path: String, value: String)

    /// As it was written; line breaks would end the option's line.
    fileprivate var text: String {
      switch self {
      case .set(let text): "--set " + text.onOneLine
      case .named(let name, _, let value): "\(name) \(value.onOneLine)"
      }
    }
  }

  /// A setting with its places in the file.
  struct Item: Sendable {
    /// The keys on the way to the value; empty where there is no `=`.
    let path: [Node.Scalar]
    let value: SourceSpan
    let whole: SourceSpan
  }

  public init(_ options: [Option] = []) {
    let file = SourceFile(path: Self.path, text: options.map(\.text).joined(separator: "\n"))
    self.file = file
    items = options.enumerated().map { Item($1, line: $0 + 1, of: file) }
  }

  public var isEmpty: Bool { items.isEmpty }
}

extension CommandLineSettings.Item {
  fileprivate init(_ option: CommandLineSettings.Option, line: Int, of file: SourceFile) {
    let text = Array(file.line(line).unicodeScalars)
    func span(_ range: Range<Int>) -> SourceSpan {
      SourceSpan(
        file: file, start: SourcePosition(line: line, column: range.lowerBound + 1),
        end: SourcePosition(line: line, column: range.upperBound + 1))
    }
    // `--set ` or `--batch `
    let start = (text.firstIndex(of: " ") ?? text.count - 1) + 1
    whole = span(start..<text.count)
    switch option {
    case .named(_, let name, _):
      value = span(start..<text.count)
      path = name.split(separator: ".").map {
        Node.Scalar(text: String($0), isQuoted: false, span: span(0..<max(start - 1, 0)))
      }
    case .set:
      guard let sign = text.firstIndex(of: "=") else {
        (path, value) = ([], span(start..<text.count))
        return
      }
      value = span(sign + 1..<text.count)
      path = text[start..<sign].split(separator: ".", omittingEmptySubsequences: false).map {
        Node.Scalar(
          text: String(String.UnicodeScalarView($0)), isQuoted: false,
          span: span($0.startIndex..<$0.endIndex))
      }
    }
  }
}

extension String {
  fileprivate var onOneLine: String {
    String(
      String.UnicodeScalarView(unicodeScalars.map { $0 == "\n" || $0 == "\r" ? "\u{2424}" : $0 }))
  }
}
