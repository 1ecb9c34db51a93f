import Diagnostics
import Document
import Foundation
import Guidelines
import LayerGraph
import Spec
import Testing

/// Known DCGAN code bases as specs: each has the findings that its header names, and the whole
/// output stands next to it.
@Suite struct PeersTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Specs/Peers")

  private static let names =
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path))
    ?? []).filter { $0.hasSuffix(".yaml") }.sorted().map { String($0.dropLast(".yaml".count)) }

  private func diagnostics(of name: String) throws -> [Diagnostic] {
    let yaml = try text(name + ".yaml")
    let file = SourceFile(path: "Specs/Peers/\(name).yaml", text: yaml)
    let (spec, problems) = Spec.decode(file)
    #expect(problems == [])
    let graph = LayerGraph.build(try #require(spec))
    #expect(graph.diagnostics == [])
    return Guidelines.check(try #require(spec)).sortedByPosition
  }

  private func text(_ name: String) throws -> String {
    try String(contentsOf: Self.folder.appendingPathComponent(name), encoding: .utf8)
  }

  @Test func thereAreSix() { #expect(Self.names.count == 6) }

  @Test(arguments: names)
  func findingsAreThoseOfTheHeader(_ name: String) throws {
    let codes = try diagnostics(of: name).map(\.code.rawValue)
    let found = Set(codes.filter { $0.hasPrefix("G") }).sorted()
    let mark = "# finds: "
    let header = try text(name + ".yaml").split(separator: "\n").first { $0.hasPrefix(mark) }
    #expect(found.joined(separator: " ") == header.map { String($0.dropFirst(mark.count)) })
  }

  @Test(arguments: names)
  func outputIsTheOneBesideIt(_ name: String) throws {
    let rendered = TextRenderer(width: 80).render(try diagnostics(of: name))
    let expected = try text(name + ".out").trimmingCharacters(in: .newlines)
    #expect(rendered == expected, "`make generated` writes it again")
  }
}
