import Foundation

// embed-specs OUTPUT SPEC...: writes a Swift file with the names and texts of the specs.

/// More number signs than any spec has after a quotation mark.
let mark = "####"

let arguments = Array(CommandLine.arguments.dropFirst())
guard let output = arguments.first else { fatalError("usage: embed-specs OUTPUT SPEC...") }
let entries = try arguments.dropFirst().sorted().map { path in
  let text = try String(contentsOfFile: path, encoding: .utf8)
  precondition(!text.contains("\"\"\"\(mark)"), "\(path) ends the literal that holds it")
  return """
      (
        file: "\(URL(fileURLWithPath: path).lastPathComponent)",
        text: \(mark)\"\"\"
    \(text)
    \"\"\"\(mark)
      )
    """
}
let swift = """
  /// The files of `Specs` when the program was built, by name.
  let embeddedSpecs: [(file: String, text: String)] = [
  \(entries.joined(separator: ",\n"))
  ]

  """
try swift.write(toFile: output, atomically: true, encoding: .utf8)
