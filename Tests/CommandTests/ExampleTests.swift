import Foundation
import Testing

/// The blocks marked `console` in the documentation say what the commands print.
///
/// `DCGAN_REWRITE_EXAMPLES=1 swift test --filter ExampleTests` writes them anew.
@Suite struct ExampleTests {
  @Test(arguments: ["README.md", "Examples/README.md"])
  func documentationShowsRealOutput(_ name: String) throws {
    let url = Command.package.appendingPathComponent(name)
    let written = try String(contentsOf: url, encoding: .utf8)
    let real = try withRealOutput(written)
    if ProcessInfo.processInfo.environment["DCGAN_REWRITE_EXAMPLES"] == "1" {
      try Data(real.utf8).write(to: url)
    } else {
      #expect(written == real)
    }
    #expect(real.contains("```console"))
  }

  /// The spec in the README is the shipped one.
  @Test func readmeShowsTheShippedSpec() throws {
    let readme = try String(
      contentsOf: Command.package.appendingPathComponent("README.md"), encoding: .utf8)
    let spec = try String(
      contentsOf: Command.package.appendingPathComponent("Specs/mnist.yaml"), encoding: .utf8)
    #expect(readme.contains("```yaml\n\(spec)```"))
  }

  private func withRealOutput(_ text: String) throws -> String {
    var lines: [Substring] = []
    var isConsole = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("```") { isConsole = line == "```console" }
      if !isConsole || line.hasPrefix("```") {
        lines.append(line)
      } else if line.hasPrefix("$ ") {
        lines.append(line)
        let output = try self.output(of: line.dropFirst(2).split(separator: " ").map(String.init))
        lines += output.split(separator: "\n", omittingEmptySubsequences: false).map {
          Substring($0)
        }
      }
    }
    return lines.joined(separator: "\n")
  }

  /// What a terminal shows: diagnostics, then results.
  private func output(of words: [String]) throws -> String {
    let outcome = try Command(name: words[0]).run(Array(words.dropFirst()), in: Command.package)
    return (outcome.errors + outcome.output).trimmingCharacters(in: .newlines)
  }
}
