import Compiler
import Diagnostics
import Foundation
import Spec
import Testing

/// The examples of `docs/spec-language.md` are specs that compile.
@Suite struct SpecLanguagePageTests {
  private let blocks: [String]

  init() throws {
    let url = packageFolder.appendingPathComponent("docs/spec-language.md")
    let page = try String(contentsOf: url, encoding: .utf8)
    // Every second piece is in a fence.
    blocks = page.components(separatedBy: "```").enumerated().filter { $0.offset % 2 == 1 }
      .map(\.element).filter { $0.hasPrefix("yaml\n") }.map { String($0.dropFirst("yaml\n".count)) }
  }

  /// A block that begins with a file's name is a whole file; files may extend each other.
  @Test func examplesCompileWithoutAWord() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("dcgan-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let files = blocks.compactMap { block -> (name: String, text: String)? in
      let first = block.prefix { $0 != "\n" }
      return first.hasPrefix("# ") && first.hasSuffix(".yaml")
        ? (String(first.dropFirst(2)), block) : nil
    }
    #expect(files.map(\.name) == ["faces.yaml", "faces128.yaml", "faces-tall.yaml"])
    for file in files {
      try Data(file.text.utf8).write(to: folder.appendingPathComponent(file.name))
    }
    for file in files {
      let compilation = try Compilation(path: folder.appendingPathComponent(file.name).path)
      #expect(compilation.graph != nil, "\(file.name)")
      #expect(compilation.diagnostics.map { TextRenderer().render($0) } == [], "\(file.name)")
    }
  }

  /// The others are parts, laid over the first whole one as a child's are.
  @Test func partsCompileOnTopOfTheFirstExample() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("dcgan-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let whole = try #require(blocks.first)
    try Data(whole.utf8).write(to: folder.appendingPathComponent("faces.yaml"))
    let parts = blocks.filter { !$0.hasPrefix("# ") }
    #expect(!parts.isEmpty)
    for part in parts {
      let file = folder.appendingPathComponent("part.yaml")
      try Data("extends: faces.yaml\n\(part)".utf8).write(to: file)
      let compilation = try Compilation(path: file.path)
      #expect(compilation.graph != nil, "\(part)")
      #expect(compilation.problems.map { TextRenderer().render($0) } == [], "\(part)")
    }
  }
}
