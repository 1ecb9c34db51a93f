import Diagnostics
import Document

extension OptionReader {
  /// Reads from nothing, and notes in `forms` what each option takes.
  public init(recording subject: String) {
    let start = SourcePosition(line: 1, column: 1)
    let span = SourceSpan(file: SourceFile(path: "", text: ""), start: start, end: start)
    self.init(nil, subject: subject, span: span)
    forms = []
  }

  /// Whether options are read from nothing: all of them, whatever others say.
  public var isRecording: Bool { forms != nil }

  /// Notes what an option takes, where that is wanted; of several notes of one key the first
  /// counts.
  public mutating func note(_ form: @autoclosure () -> OptionForm) {
    guard isRecording else { return }
    let form = form()
    if forms?.contains(where: { $0.key == form.key }) == false { forms?.append(form) }
  }

  /// Notes a map whose options `reader` has noted, if it is one of this map.
  mutating func takeForms(of reader: OptionReader) {
    guard let forms = reader.forms, let (isRequired, help) = nestedNotes[reader.subject] else {
      return
    }
    note(
      OptionForm(
        key: reader.subject, value: .options(forms), isRequired: isRequired, help: help))
  }
}
