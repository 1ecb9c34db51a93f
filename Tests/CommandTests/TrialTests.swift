import Foundation
import Testing
import TestSupport

/// What people write who come from other tools, and what they are told.
@Suite struct TrialTests {
  private let folder = try! TemporaryFolder()
  private let compile = Command(name: "dcgan-compile")

  private func check(_ text: String, name: String = "a.yaml") throws -> Command.Outcome {
    try folder.write(text, to: name)
    return try compile.run([name, "--check"], in: folder.url)
  }

  /// One message, not one for each line.
  @Test(arguments: [
    (
      "lr: 0.0002\nbatch_size: 64\nnz: 100\nngf: 64\n",
      "it has `lr`, `batch_size`, `nz`, `ngf` in place"
    ),
    (
      "DATA:\n  name: CIFAR10\nMODEL:\n  backbone: dcgan\nRUN:\n  seed: 1\n",
      "it has `MODEL`, `RUN` in place"
    ),
    (
      "from torch import nn\nclass G(nn.Module):\n  pass\n",
      "this is not a spec: it is Python source"
    ),
    ("model = dict(type='DCGAN')\n", "this is not a spec: it is Python source"),
    ("<!DOCTYPE html>\n<html></html>\n", "this is not a spec: it is an HTML page"),
    ("PK\u{3}\u{4}abc", "this is not a spec: it is a zip archive"),
  ])
  func filesOfOtherProgramsAreNamedOnce(_ text: String, _ words: String) throws {
    let outcome = try check(text)
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains(words), "\(outcome.errors)")
    #expect(outcome.errors.hasSuffix("\n1 error\n"), "\(outcome.errors)")
    #expect(outcome.errors.contains("begin with `dcgan-compile new --size 64"))
  }

  @Test(arguments: ["json", "sarif", "github"])
  func machinesAreToldOfAMissingFile(_ format: String) throws {
    let outcome = try compile.run(["missing.yaml", "--format", format], in: folder.url)
    #expect(outcome.status == 1)
    #expect(outcome.output.contains("there is no spec"), "\(outcome.output)")
    #expect(outcome.errors.contains("error: there is no spec `missing.yaml`"))
  }

  @Test func aNameThatAChildMisspellsIsSaid() throws {
    let outcome = try check("extends: lsun64\nlet: {basse: 8}\n")
    #expect(
      outcome.errors.contains("warning[S239]: nothing reads `basse`"), "\(outcome.errors)")
    #expect(outcome.errors.contains("help: did you mean `base`?"), "\(outcome.errors)")
  }

  /// What a parent declares may be needed there, though no longer in the child.
  @Test func inheritedDeviationsAreNotNaggedAbout() throws {
    let outcome = try check("extends: mnist\ndeviations: {G514: \"not needed here\"}\n")
    #expect(outcome.errors.contains("G514 is already satisfied"), "\(outcome.errors)")
    try folder.write(
      tinySpec + "\ndeviations: {G514: \"needless\"}\n", to: "parent.yaml")
    let child = try check("extends: parent.yaml\n")
    #expect(!child.errors.contains("G514"), "\(child.errors)")
  }

  @Test func tabsInABlockTextAreText() throws {
    let text = tinySpec + "\ndeviations:\n  G505: |\n    words\tand\n    \tmore\n\timage: 1\n"
    try folder.write(text, to: "a.yaml")
    let diff = try compile.run(["a.yaml", "--diff"], in: folder.url)
    #expect(diff.output.contains("-\timage: 1\n+  image: 1"), "\(diff.output)")
    #expect(!diff.output.contains("+      more"), "\(diff.output)")
  }

  @Test func aParentThatIsTooLargeIsNotSuggestedAgain() throws {
    try folder.write(String(repeating: "#", count: 2_000_000), to: "big.yaml")
    let outcome = try check("extends: big.yaml\n")
    #expect(outcome.errors.contains("the file has 2000000 bytes"))
    #expect(!outcome.errors.contains("did you mean"), "\(outcome.errors)")
  }

  /// A misnamed default is one mistake, not one of each layer.
  @Test(arguments: ["kernel_size", "kernal", "ksize"])
  func aMisnamedDefaultIsOneMistake(_ name: String) throws {
    let outcome = try check(
      tinySpec.replacingOccurrences(
        of: "{kernel: 4, stride: 2, norm: batch, activation: relu}",
        with: "{\(name): 4, stride: 2, norm: batch, activation: relu}"))
    #expect(
      outcome.errors.hasSuffix(
        "\n1 error; `dcgan-compile --fix"
          + (name == "kernal" ? " --unsafe" : "") + "` repairs 1\n"), "\(outcome.errors)")
  }

  /// The missing layers stand before the last one: nothing is put behind the sigmoid.
  @Test func missingHalvingsOfTheDiscriminatorAreCounted() throws {
    let outcome = try check(
      """
      dcgan: 1
      image: {size: 128, channels: 1}
      generator:
        defaults: {kernel: 4, stride: 2, norm: batch, activation: relu}
        layers:
          - project: {to: [8, 64, 64]}
          - conv_transpose: {filters: 1, norm: none, activation: tanh}
      discriminator:
        defaults: {kernel: 4, stride: 2, norm: batch, activation: {leaky_relu: 0.2}}
        layers:
          - conv: {filters: 8, norm: none}
          - conv: {filters: 8}
          - conv: {filters: 8}
          - conv: {filters: 1, stride: 1, padding: 0, norm: none, activation: sigmoid}
      """)
    #expect(
      outcome.errors.contains(
        "help: 2 more stride-2 conv layers before the last one halve the maps to 4 × 4, and it "
          + "makes one number of them"), "\(outcome.errors)")
  }
}
