import Compiler
import Diagnostics
import Foundation
import LayerGraph
import Spec
import Testing

@Suite struct LabelJoinTests {
  /// The shipped conditional spec, and the same with its label layers written out.
  @Test func joinedIsWhatHandPlacedLayersAre() throws {
    let url = packageFolder.appendingPathComponent("Specs/mnist-conditional.yaml")
    let joined = try String(contentsOf: url, encoding: .utf8)
    try #require(joined.contains("condition: {classes: 10, join: everywhere}"))
    let weighted = ["    - linear:", "    - project:", "    - conv:", "    - conv_transpose:"]
    let lines = joined.replacing(", join: everywhere", with: "")
      .split(separator: "\n", omittingEmptySubsequences: false)
      .flatMap { line in
        weighted.contains { line.hasPrefix($0) }
          ? ["    - concatenate_labels", String(line)] : [String(line)]
      }
    let placed = lines.joined(separator: "\n")
    #expect(lines.count { $0 == "    - concatenate_labels" } == 8)

    let one = try #require(Compilation(SourceFile(path: "a.yaml", text: joined)).graph)
    let other = try #require(Compilation(SourceFile(path: "b.yaml", text: placed)).graph)
    #expect(one.parameters == other.parameters)
    for role in NetworkRole.allCases {
      #expect(one.network(role).nodes.map(\.path) == other.network(role).nodes.map(\.path))
    }
    #expect(one.programText(batch: 2) == other.programText(batch: 2))
    let specs = [joined, placed].map { Spec.decode($0, path: "a.yaml").spec?.expandedYAML }
    #expect(specs[0] == specs[1])
  }
}
