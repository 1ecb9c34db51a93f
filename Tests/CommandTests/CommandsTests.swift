import Diagnostics
import Foundation
import Testing
import TestSupport

@Suite struct CommandsTests {
  private let compile = Command(name: "dcgan-compile")

  @Test(arguments: ["--help", "-h", "help"])
  func helpHasTheOptionsOfASpecAloneAndNamesTheOthers(_ argument: String) throws {
    let outcome = try compile.run([argument], in: Command.package)
    #expect(
      outcome.output.contains(
        """
        USAGE: dcgan-compile <spec> [<options>]
               dcgan-compile new --size <size> [<options>]
               dcgan-compile diff <a> <b>

        """))
    #expect(outcome.output.contains("  --check  "))
    #expect(outcome.errors == "")
    #expect(outcome.status == 0)
  }

  /// A terminal of 80 columns shows each example on one line, with its explanation.
  @Test(arguments: [
    ("dcgan-compile", ["--help"]), ("dcgan-compile", ["new", "--help"]),
    ("dcgan-compile", ["diff", "--help"]), ("dcgan-run", ["--help"]),
  ])
  func examplesInTheHelpFitALine(_ command: String, _ arguments: [String]) throws {
    let help = try Command(name: command).run(arguments, in: Command.package).output
    let paragraphs = help.split(separator: "\n\n").filter { $0.hasPrefix("EXAMPLES") }
    #expect(paragraphs.count == 1)
    for line in paragraphs.joined().split(separator: "\n").dropFirst() {
      #expect(line.hasPrefix("  \(command) "))
    }
  }

  @Test func aSpecAloneIsShown() throws {
    let alone = try compile.run(["mnist"], in: Command.package)
    let named = try compile.run(["show", "mnist"], in: Command.package)
    #expect(alone.output == named.output)
    #expect(alone.output.hasPrefix("generator: 100 → 1 × 28 × 28\n"))
  }

  @Test func optionsMayStandInFrontOfTheSpec() throws {
    let outcome = try compile.run(["--check", "mnist"], in: Command.package)
    #expect(outcome.output == "<shipped>/mnist.yaml: ok\n")
    #expect(outcome.status == 0)
  }

  @Test func fileCalledLikeACommandIsReachedByItsPath() throws {
    let folder = try TemporaryFolder()
    try folder.write(tinySpec, to: "new")
    let outcome = try compile.run(["./new", "--check"], in: folder.url)
    #expect(outcome.output == "./new: ok\n")
    #expect(outcome.status == 0)
  }

  @Test func versionIsPrinted() throws {
    let outcome = try compile.run(["--version"], in: Command.package)
    #expect(outcome.output == "\(ToolVersion.text)\n")
    #expect(outcome.status == 0)
  }

  /// Options of other programs are values of a spec here.
  @Test(arguments: [
    ("--lr", "train.optimizer.adam.learning_rate"),
    ("--learning-rate", "train.optimizer.adam.learning_rate"), ("--batch-size", "train.batch"),
    ("--num-classes", "condition.classes"),
  ])
  func optionsThatAreValuesOfASpecNameTheirPlace(_ option: String, _ path: String) throws {
    let outcome = try Command(name: "dcgan-run").run(
      ["mnist", "train", option, "3"], in: Command.package)
    #expect(
      outcome.errors.hasSuffix("  A value of the spec is set with '--set \(path)=…'.\n"),
      "\(outcome.errors)")
    #expect(outcome.status == 2)
  }

  @Test func aSettingWithoutItsValueIsNamed() throws {
    let outcome = try Command(name: "dcgan-run").run(
      ["mnist", "train", "--set", "train.batch", "8"], in: Command.package)
    #expect(
      outcome.errors
        == "Error: --set train.batch: expected path=value, such as train.batch=1\n")
    #expect(outcome.status == 2)
  }
}
