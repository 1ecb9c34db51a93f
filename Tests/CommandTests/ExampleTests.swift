import Foundation
import Testing

/// The documentation shows what the commands print (blocks marked `console`) and what files hold
/// (blocks after a line with nothing but a path).
///
/// `DCGAN_UPDATE=1 swift test --filter ExampleTests` writes them anew.
@Suite struct ExampleTests {
  /// The pages that have such blocks.
  static let pages: [String] = ["", "Examples/", "docs/"].flatMap { folder in
    let names = try? FileManager.default.contentsOfDirectory(
      atPath: Command.package.appendingPathComponent(folder).path)
    return (names ?? []).filter { $0.hasSuffix(".md") }.sorted().map { folder + $0 }
  }.filter { name in
    let page = try? String(
      contentsOf: Command.package.appendingPathComponent(name), encoding: .utf8)
    return page?.contains("```console\n") ?? false
  }

  @Test func pagesAreFound() {
    #expect(
      Self.pages == ["README.md", "Examples/README.md", "docs/ci.md", "docs/spec-language.md"])
  }

  @Test(arguments: pages)
  func documentationShowsWhatIs(_ name: String) throws {
    let url = Command.package.appendingPathComponent(name)
    let written = try String(contentsOf: url, encoding: .utf8)
    let real = try withRealBlocks(written)
    if ProcessInfo.processInfo.environment["DCGAN_UPDATE"] != nil {
      try Data(real.utf8).write(to: url)
    } else {
      #expect(withoutThreadMemory(written) == withoutThreadMemory(real))
    }
  }

  /// What a thread needs depends on the instructions of the processor.
  private func withoutThreadMemory(_ page: String) -> String {
    page.replacing(/[0-9]+ more for each thread/, with: "more for each thread")
  }

  private enum Block {
    case none
    /// Left as it is.
    case other
    case console
    case file
  }

  private func withRealBlocks(_ text: String) throws -> String {
    var lines: [String] = []
    var block = Block.none
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
      if line.hasPrefix("```") {
        let path = lines.last { !$0.isEmpty }.flatMap(pathAlone)
        lines.append(line)
        if block != .none {
          block = .none
        } else if line == "```console" {
          block = .console
        } else if let path {
          block = .file
          let file = try String(
            contentsOf: Command.package.appendingPathComponent(path), encoding: .utf8)
          lines += trimmedLines(file)
        } else {
          block = .other
        }
        continue
      }
      switch block {
      case .none, .other: lines.append(line)
      case .file: break
      case .console:
        guard line.hasPrefix("$ ") else { break }
        lines.append(line)
        lines += try output(of: line.dropFirst(2).split(separator: " ").map(String.init))
      }
    }
    return lines.joined(separator: "\n")
  }

  /// The path in a line that is nothing but "`path`:".
  private func pathAlone(_ line: String) -> String? {
    guard line.hasPrefix("`"), line.hasSuffix("`:") else { return nil }
    let path = line.dropFirst().dropLast(2)
    return path.contains("`") ? nil : String(path)
  }

  /// What a terminal shows: diagnostics, then results.
  private func output(of words: [String]) throws -> [String] {
    let outcome = try Command(name: words[0]).run(Array(words.dropFirst()), in: Command.package)
    return trimmedLines(outcome.errors + outcome.output)
  }

  private func trimmedLines(_ text: String) -> [String] {
    text.trimmingCharacters(in: .newlines).components(separatedBy: "\n")
  }
}
