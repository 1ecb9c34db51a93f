import Foundation
import Testing
import TestSupport

@Suite struct NewTests {
  private let compile = Command(name: "dcgan-compile")

  @Test func writtenSpecPassesTheCheck() throws {
    let folder = try TemporaryFolder()
    let new = try compile.run(
      ["new", "--size", "96x160", "--channels", "1", "--conditional", "10", "--out", "faces.yaml"],
      in: folder.url)
    #expect(
      new.output
        == "faces.yaml: 1 × 96 × 160; `dcgan-compile faces.yaml` shows the networks\n")
    #expect(new.errors == "")
    #expect(new.status == 0)
    let check = try compile.run(["faces.yaml", "--check", "--deny", "note"], in: folder.url)
    #expect(check.output == "faces.yaml: ok\n")
    #expect(check.errors == "")
    #expect(check.status == 0)
  }

  @Test func standardOutputHasTheSameText() throws {
    let folder = try TemporaryFolder()
    let arguments = ["new", "--size", "28", "--channels", "1", "--name", "digits"]
    let printed = try compile.run(arguments, in: folder.url)
    _ = try compile.run(arguments + ["--out", "digits.yaml"], in: folder.url)
    let written = try String(
      contentsOf: folder.url.appendingPathComponent("digits.yaml"), encoding: .utf8)
    #expect(printed.output == written)
    #expect(written.contains("\nname: digits\n"))
  }

  @Test func oldFilesAreKept() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("mine", to: "a.yaml")
    let outcome = try compile.run(
      ["new", "--size", "64", "--channels", "3", "--out", "a.yaml"], in: folder.url)
    #expect(
      outcome.errors
        == "error: a.yaml already exists; choose another name for the new spec\n")
    #expect(outcome.status == 1)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "mine")
  }

  @Test(arguments: ["100", "50x150", "1080X1920", "64×96", "17"])
  func anySizeIsWrittenAndPasses(_ size: String) throws {
    let folder = try TemporaryFolder()
    let written = try compile.run(["new", "--size", size, "--out", "a.yaml"], in: folder.url)
    #expect((written.errors, written.status) == ("", 0))
    let checked = try compile.run(["a.yaml", "--check"], in: folder.url)
    #expect((checked.output, checked.status) == ("a.yaml: ok\n", 0), "\(checked.errors)")
  }

  @Test func sizesThatNoLayerMakesNameTheNearest() throws {
    let folder = try TemporaryFolder()
    let outcome = try compile.run(
      ["new", "--size", "13x28", "--out", "a.yaml"], in: folder.url)
    #expect(
      outcome.errors == """
        error: no stride-2 layer makes 13 × 28: one side is even, the other is odd; \
        the nearest sizes that can be made: 12 × 28, 14 × 28, 12 × 30

        """)
    #expect(outcome.status == 1)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
  }

  @Test(arguments: [
    ([], "of what size? Write --size 64, or --data FOLDER for a folder of pictures"),
    (["--size", "big", "--channels", "3"], "The value 'big' is invalid for '--size <size>'"),
    (["--size", "1x2x3", "--channels", "3"], "The value '1x2x3' is invalid for '--size <size>'"),
    (["--size", "0", "--channels", "3"], "--size 0: expected a number from 1 to 4096"),
    (["--size", "64x9999", "--channels", "3"], "--size 9999: expected a number from 1 to 4096"),
    (["--size", "64", "--channels", "0"], "--channels 0: expected a number from 1 to 4096"),
    (
      ["--size", "64", "--channels", "3", "--width", "9999"],
      "--width 9999: expected a number from 1 to 1024"
    ),
    (
      ["--size", "64", "--channels", "3", "--kernel", "1"],
      "--kernel 1: expected a number from 2 to 32"
    ),
    (
      ["--size", "64", "--channels", "3", "--conditional", "1"],
      "--conditional 1: expected a number from 2 to 65536"
    ),
    (
      ["--size", "64", "--channels", "3", "--name", "a b"],
      "--name a b: expected letters, digits, `-`, `_` and `.`, beginning with a letter or digit"
    ),
  ])
  func wrongUsageIsNamed(_ arguments: [String], _ message: String) throws {
    let outcome = try compile.run(["new"] + arguments, in: Command.package)
    #expect(outcome.errors.contains("Error: \(message)\n"), "\(outcome.errors)")
    #expect(outcome.output == "")
    #expect(outcome.status == 2)
  }

  @Test func impossibleCombinationsAreTheCompilersWord() throws {
    let outcome = try compile.run(
      ["new", "--size", "64", "--channels", "3", "--width", "1024", "--kernel", "32"],
      in: Command.package)
    #expect(outcome.errors.contains("new.yaml:"))
    #expect(outcome.errors.contains("more than 2^31"))
    #expect(outcome.output == "")
    #expect(outcome.status == 1)
  }
}
