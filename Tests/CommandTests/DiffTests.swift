import Foundation
import Testing
import TestSupport

@Suite struct DiffTests {
  private let compile = Command(name: "dcgan-compile")

  @Test func statusSaysWhetherSpecsAreEqual() throws {
    let folder = try TemporaryFolder()
    try folder.write(tinySpec, to: "a.yaml")
    try folder.write("# the same\n" + tinySpec + "\nname: other\n", to: "b.yaml")
    try folder.write(tinySpec.replacingOccurrences(of: "batch: 8", with: "batch: 9"), to: "c.yaml")
    let same = try compile.run(["diff", "a.yaml", "b.yaml"], in: folder.url)
    #expect(same.output == "a.yaml and b.yaml mean the same\n")
    #expect(same.errors == "")
    #expect(same.status == 0)
    let different = try compile.run(["diff", "a.yaml", "c.yaml"], in: folder.url)
    #expect(
      different.output == """
        a.yaml → c.yaml

        settings
          ~ train.batch  8 → 9

        a checkpoint of the first loads into the second

        """)
    #expect(different.status == 1)
  }

  @Test func specsWithErrorsAreReported() throws {
    let folder = try TemporaryFolder()
    try folder.write(tinySpec, to: "a.yaml")
    try folder.write(
      tinySpec.replacingOccurrences(of: "[4, 7, 7]", with: "[4, 6, 6]"), to: "b.yaml")
    let outcome = try compile.run(["diff", "a.yaml", "b.yaml"], in: folder.url)
    #expect(outcome.errors.contains("b.yaml:9:7: error[T402]"))
    #expect(outcome.output == "")
    #expect(outcome.status == 1)
  }

  @Test func oneSpecIsWrongUsage() throws {
    let outcome = try compile.run(["diff", "mnist"], in: Command.package)
    #expect(outcome.errors.contains("Missing expected argument '<b>'"))
    #expect(outcome.status == 2)
  }
}
