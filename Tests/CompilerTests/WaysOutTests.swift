import Authoring
import Compiler
import Diagnostics
import Spec
import Testing

/// Where the networks do not fit the image, there is always a way out.
@Suite struct WaysOutTests {
  private func compilation(_ size: String, of spec: String) throws -> Compilation {
    try Compilation(
      SpecLocator().spec(for: spec),
      settings: CommandLineSettings([.set("image.size=\(size)")]))
  }

  @Test(
    arguments: ["lsun64", "mnist", "imagenet32", "example64"],
    ["17", "48", "50", "96", "100", "128", "200", "256", "[50, 150]", "[33, 65]", "[64, 96]"])
  func everySizeThatDoesNotFitHasAWayOut(_ spec: String, _ size: String) throws {
    let problems = try compilation(size, of: spec).problems.filter { $0.severity == .error }
    for problem in problems {
      #expect(!problem.help.isEmpty, "\(spec) \(size): \(problem.code) \(problem.message)")
    }
  }

  /// What `new` is said to write for a size, it writes, and it passes its own check.
  @Test(arguments: [17, 31, 50, 100, 101, 126, 200, 255])
  func newMakesTheSizesThatMessagesSendThere(_ side: Int) throws {
    let text = try NewSpec(size: .init(side, side), channels: 1, width: 4).text
    let compilation = Compilation(SourceFile(path: "new.yaml", text: text))
    #expect(!compilation.diagnostics.hasErrors, "\(compilation.diagnostics.map(\.message))")
  }
}
