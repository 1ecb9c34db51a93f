import Foundation
import Testing

@Suite struct ManualTests {
  static let commands: [(name: String, subcommands: [String])] = [
    ("dcgan-compile", ["new", "diff"]), ("dcgan-run", ["train", "sample", "bench"]),
  ]

  @Test(arguments: commands)
  func aPageTellsAllThatTheHelpTells(_ name: String, _ subcommands: [String]) throws {
    let command = Command(name: name)
    let script = Command.package.appendingPathComponent("scripts/manual")
    let outcome = try Command(url: script).run([command.url.path], in: Command.package)
    #expect(outcome.errors == "")
    #expect(outcome.status == 0)
    let lines = outcome.output.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[0].hasPrefix(".TH \"\(name.uppercased())\" 1 "))
    #expect(lines.contains(".SH NAME"))
    for subcommand in subcommands {
      let title = "\(name) \(subcommand)".uppercased().replacing("-", with: "\\-")
      #expect(lines.contains(".SH \"\(title)\""))
    }
    // Every option has an entry of its own, with its description after it.
    for arguments in [[]] + subcommands.map({ [$0] }) {
      let help = try command.run(arguments + ["--help"], in: Command.package).output
      for line in help.split(separator: "\n") where line.hasPrefix("  --") {
        let option = line.dropFirst(4).prefix { $0 != " " }.replacing("-", with: "\\-")
        let place = lines.firstIndex { $0.hasPrefix("\\fB\\-\\-\(option)\\fR") }
        let entry = try #require(place, "\(option) is missing")
        #expect(lines[entry - 1] == ".TP")
        #expect(!lines[entry + 1].isEmpty && !lines[entry + 1].hasPrefix("."))
      }
    }
    // Only the macros that are meant; a line of text that begins with a dot would be lost.
    let macros = Set(lines.filter { $0.hasPrefix(".") }.map { $0.prefix { $0 != " " } })
    let known: Set<Substring> = [
      ".TH", ".SH", ".SS", ".PP", ".TP", ".HP", ".EX", ".EE", ".ad", ".nh",
    ]
    #expect(macros.subtracting(known).isEmpty)
  }
}
