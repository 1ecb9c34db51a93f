import Decoding
import Diagnostics
import Document

/// The `for` of a `repeat`: `i in 1..steps - 1`.
struct LoopHead {
  let name: Node.Scalar
  let first: Node.Scalar
  let last: Node.Scalar

  /// The parts of `scalar`, or nil where it has another form.
  init?(_ scalar: Node.Scalar) {
    let text = Array(scalar.text.unicodeScalars)
    // name, `in`
    var end = text.prefix { !$0.isBlank }.count
    let name = scalar.part(0..<end)
    end += text[end...].prefix { $0.isBlank }.count
    guard text[end...].starts(with: "in".unicodeScalars), end + 2 < text.count,
      text[end + 2].isBlank
    else { return nil }
    // first, `..`, last
    let dots = (end + 2..<text.count - 1).filter { text[$0] == "." && text[$0 + 1] == "." }
    guard dots.count == 1 else { return nil }
    let (first, last) = (
      scalar.part(end + 2..<dots[0]), scalar.part(dots[0] + 2..<text.count)
    )
    guard !name.text.isEmpty, !first.text.isEmpty, !last.text.isEmpty else { return nil }
    (self.name, self.first, self.last) = (name, first, last)
  }

  static func wrongForm(at span: SourceSpan) -> Diagnostic {
    Diagnostic(
      SpecCode.loopHead, "`for` takes a name and a range", at: span,
      help: ["write `for: i in 1..3`"])
  }
}

extension Unicode.Scalar {
  fileprivate var isBlank: Bool { self == " " || self == "\t" || self == "\n" }
}
