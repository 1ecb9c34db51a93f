import ArgumentParser
import Diagnostics
import Files
import Foundation
import Spec

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
    StandardStream.prepare()
    if arguments.count == 2, arguments[0] == "--generate-completion-script",
      let shell = CompletionShell(rawValue: arguments[1])
    {
      finish(specFirst.completions(of: root, for: shell))
    }
    checkSettings(arguments)
    do {
      var command = try root.parseAsRoot(arguments)
      try command.run()
    } catch let error {
      end(root, arguments, with: error)
    }
  }

  /// `--set train.batch 8`: the value would be taken for another argument.
  private static func checkSettings(_ arguments: [String]) {
    for (option, value) in zip(arguments, arguments.dropFirst())
    where option == "--set" && !value.contains("=") && !value.hasPrefix("-") {
      end(withUsage: "Error: --set \(value): expected path=value, such as \(value)=1")
    }
  }

  /// Where the spec has what an unknown option names.
  private static func settingHint(for arguments: [String], message: String) -> String? {
    for argument in arguments where argument.hasPrefix("--") {
      let name = argument.dropFirst(2).prefix { $0 != "=" }
      guard message.contains("Unknown option '--\(name)'") else { continue }
      if let path = CommandLineSettings.path(of: String(name)) {
        return "\n  A value of the spec is set with '--set \(path)=…'."
      }
    }
    return nil
  }

  private static func end(
    _ root: (some ParsableCommand).Type, _ arguments: [String], with error: any Error
  ) -> Never {
    if let code = error as? ExitCode { exit(code.rawValue) }
    switch root.exitCode(for: error) {
    case .success:  // help and version
      finish(root.fullMessage(for: error))
    case .validationFailure:
      let message = root.fullMessage(for: error)
      end(withUsage: message + (settingHint(for: arguments, message: message) ?? ""))
    default:
      fail(error)
    }
  }

  /// Ends with what was wrong with the arguments.
  package static func end(withUsage text: String) -> Never {
    line(text.visibleLines)
    exit(Status.usage)
  }

  // MARK: Results

  /// Text on standard output; where it cannot be written, the command has failed.
  package static func output(_ text: String, terminator: String = "\n") throws(FileProblem) {
    try StandardStream.output.write(text + terminator)
  }

  /// Prints all that was asked for, and ends.
  private static func finish(_ text: String) -> Never {
    do { try output(text) } catch { fail(error) }
    exit(0)
  }

  private static func fail(_ error: any Error) -> Never {
    // Whoever closed the pipe (`| head`) has seen enough: a message would be noise.
    if case FileProblem.readerGone? = error as? FileProblem { exit(Status.errors) }
    failure("\(error)")
    exit(Status.errors)
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

  /// One diagnostic on standard error, without a count below it.
  package static func print(_ diagnostic: Diagnostic) {
    line(TextRenderer(colour: isColourWanted(.automatic), width: width).render(diagnostic))
  }

  package static func failure(_ text: String) { say("error", style: "1;31", text) }
  package static func warning(_ text: String) { say("warning", style: "1;33", text) }
  package static func note(_ text: String) { say("note", style: "1;36", text) }

  /// `text` may contain names from files and arguments: what could steer a terminal is shown.
  private static func say(_ word: String, style: String, _ text: String) {
    line("\(styled(word, style)): \(text.visibleLines)")
  }

  /// A line on standard error.
  package static func line(_ text: String, terminator: String = "\n") { message(text + terminator) }

  /// Text on standard error.
  ///
  /// Only results have to be written.
  package static func message(_ text: String) {
    // Where nobody can read it, work goes on: the error does not matter.
    try? StandardStream.error.write(text)
  }

  private static func styled(_ text: String, _ style: String) -> String {
    colours ? "\u{1B}[\(style)m\(text)\u{1B}[0m" : text
  }

  // MARK: The terminal

  /// Whether lines can be written over, which takes a terminal that knows escape sequences.
  package static let canRewriteLines = StandardStream.error.isTerminal && knowsEscapes

  package static let knowsEscapes = ProcessInfo.processInfo.environment["TERM"] != "dumb"

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
      isTerminal: StandardStream.error.isTerminal)
  }

  private static let colours = isColourWanted(.automatic)
}
