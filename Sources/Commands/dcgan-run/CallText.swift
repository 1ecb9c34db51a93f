import Files

/// The call of this process as a line that can be copied into a shell.
struct CallText {
  /// As the user gave them, without the program's name.
  let arguments: [String]
  /// What has started the program, where it trains with others: `mpirun -n 4`.
  var launcher: String?

  /// The same training again, so that it resumes: without `--fresh`, and with other `epochs`.
  func training(epochs: Int? = nil) -> String {
    var words: [String] = []
    var rest = arguments[...]
    while let word = rest.popFirst() {
      if word == "--fresh" { continue }
      if epochs != nil, word == "--epochs" || word.hasPrefix("--epochs=") {
        if word == "--epochs" { rest = rest.dropFirst() }
        continue
      }
      words.append(word)
    }
    if let epochs { words += ["--epochs", "\(epochs)"] }
    return (launcher.map { "\($0) " } ?? "") + Self.line(words)
  }

  /// The same with another command, and without some options and their values.
  func replacing(
    command: String, by other: String, without options: [String]
  ) -> CallText {
    var words: [String] = []
    var rest = arguments[...]
    while let word = rest.popFirst() {
      if options.contains(word) {
        rest = rest.dropFirst()
      } else if !options.contains(where: { word.hasPrefix($0 + "=") }) {
        words.append(word == command ? other : word)
      }
    }
    return CallText(arguments: words, launcher: launcher)
  }

  func adding(_ words: [String]) -> CallText {
    CallText(arguments: arguments + words, launcher: launcher)
  }

  /// A command of this program.
  static func line(_ words: [String]) -> String {
    (["dcgan-run"] + words.map(\.quotedForShell)).joined(separator: " ")
  }
}
