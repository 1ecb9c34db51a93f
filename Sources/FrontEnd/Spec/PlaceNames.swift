import Files
import Diagnostics

/// Short names of places: `lsun64.yaml:9`, or the option of a command line.
struct PlaceNames {
  let spec: SourceFile
  /// The other files that values come from.
  let parents: [SourceFile]
  private let names: [String]

  /// Files are called by their names alone, unless two have the same.
  init(_ spans: [SourceSpan], of spec: SourceFile) {
    var files = [spec]
    for span in spans where !files.contains(where: { $0 === span.file }) {
      if span.file.path != CommandLineSettings.path { files.append(span.file) }
    }
    let short = files.map { file in file.path.split(separator: "/").last.map(String.init) ?? "" }
    (self.spec, parents) = (spec, Array(files.dropFirst()))
    names = zip(files, short).map { file, name in
      short.count { $0 == name } > 1 ? file.path : name
    }
  }

  func isCommandLine(_ span: SourceSpan) -> Bool { span.file.path == CommandLineSettings.path }

  func name(of span: SourceSpan) -> String {
    if isCommandLine(span) { return span.file.line(span.start.line).visible }
    let index = ([spec] + parents).firstIndex { $0 === span.file }
    return (index.map { names[$0] } ?? span.file.path).visible + ":\(span.start.line)"
  }
}
