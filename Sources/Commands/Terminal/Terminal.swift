import ArgumentParser
import Diagnostics
import Foundation

/// How both commands speak: results on standard output, everything else on standard error, and an
/// exit status that says whose fault it was.
package enum Terminal {
  /// 0 clean, 1 errors, 2 wrong usage, 3 our own fault.
  package enum Status {
    package static let errors: Int32 = 1
    package static let usage: Int32 = 2
  }

  /// Parses the arguments and runs what they say.
  package static func run(
    _ root: (some ParsableCommand).Type, arguments: [String], specFirst: SpecFirst
  ) {
    if arguments.count == 2, arguments[0] == "--generate-completion-script",
      let shell = CompletionShell(rawValue: arguments[1])
    {
      return Swift.print(specFirst.completions(of: root, for: shell))
    }
    do {
      var command = try root.parseAsRoot(arguments)
      try command.run()
    } catch let error {
      end(root, with: error)
    }
  }

  private static func end(_ root: (some ParsableCommand).Type, with error: any Error) -> Never {
    if let code = error as? ExitCode { exit(code.rawValue) }
    switch root.exitCode(for: error) {
    case .success:  // help and version
      Swift.print(root.fullMessage(for: error))
      exit(0)
    case .validationFailure:
      line(root.fullMessage(for: error))
      exit(Status.usage)
    default:
      failure("\(error)")
      exit(Status.errors)
    }
  }

  // MARK: Messages

  /// Diagnostics on standard error; `fixable` is the file that `--fix` would change.
  package static func print(
    _ diagnostics: [Diagnostic], fixable: String?, colour: ColourChoice = .automatic,
    hidesNotes: Bool = false
  ) {
    guard !diagnostics.isEmpty else { return }
    let renderer = TextRenderer(
      colour: isColourWanted(colour), width: width, fixable: fixable, hidesNotes: hidesNotes)
    line(renderer.render(diagnostics))
  }

  package static func failure(_ text: String) { line("\(styled("error", "1;31")): \(text)") }
  package static func warning(_ text: String) { line("\(styled("warning", "1;33")): \(text)") }
  package static func note(_ text: String) { line("\(styled("note", "1;36")): \(text)") }

  /// A line on standard error.
  package static func line(_ text: String, terminator: String = "\n") {
    FileHandle.standardError.write(Data((text + terminator).utf8))
  }

  private static func styled(_ text: String, _ style: String) -> String {
    colours ? "\u{1B}[\(style)m\(text)\u{1B}[0m" : text
  }

  // MARK: The terminal

  package static let standardErrorIsTerminal = isatty(STDERR_FILENO) == 1

  /// Columns of the terminal; 80 where there is none.
  package static var width: Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// Whether messages on standard error are coloured.
  package static func isColourWanted(_ choice: ColourChoice) -> Bool {
    Diagnostics.isColourWanted(
      choice, environment: ProcessInfo.processInfo.environment,
      isTerminal: standardErrorIsTerminal)
  }

  private static let colours = isColourWanted(.automatic)
}
