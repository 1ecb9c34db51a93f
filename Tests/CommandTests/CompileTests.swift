import Foundation
import Testing
import TestSupport

@Suite struct CompileTests {
  private let compile = Command(name: "dcgan-compile")

  @Test(arguments: [
    "lsun64", "mnist", "fashion-mnist", "mnist-conditional", "faces64", "imagenet32", "svhn32",
    "example64", "mnist-classifier",
  ])
  func shippedSpecsPassTheCheck(_ name: String) throws {
    let outcome = try compile.run(
      ["specs/\(name).yaml", "--check"], in: Command.package)
    #expect(outcome.output == "Specs/\(name).yaml: ok\n")
    #expect(outcome.status == 0)
  }

  @Test func bareNamesWorkFromAnyFolder() throws {
    let folder = try TemporaryFolder()
    let outcome = try compile.run(["lsun64", "--check"], in: folder.url)
    #expect(outcome.output == "<shipped>/lsun64.yaml: ok\n")
    #expect(outcome.status == 0)
  }

  /// The program carries its specs: a copy of it alone is enough.
  @Test(arguments: ["dcgan-compile", "dcgan-run"])
  func bareNamesWorkWhereverTheProgramIsCopied(_ name: String) throws {
    let folder = try TemporaryFolder()
    let copy = folder.url.appendingPathComponent("copied")
    try FileManager.default.copyItem(at: Command(name: name).url, to: copy)
    let arguments =
      name == "dcgan-run"
      ? ["mnist", "bench", "--steps", "1", "--warmup", "0", "--batch", "2"] : ["mnist", "--check"]
    let outcome = try Command(url: copy).run(arguments, in: folder.url)
    #expect(outcome.status == 0, "\(outcome.errors)")
  }

  @Test func aShippedSpecIsCopiedToBeChanged() throws {
    let folder = try TemporaryFolder()
    let source = try compile.run(["mnist", "--emit", "source"], in: folder.url)
    let shipped = try String(
      contentsOf: Command.package.appendingPathComponent("Specs/mnist.yaml"), encoding: .utf8)
    #expect(source.output == shipped)
  }

  @Test func schemaNeedsNoSpec() throws {
    let folder = try TemporaryFolder()
    let outcome = try compile.run(["--emit", "schema"], in: folder.url)
    let shipped = try String(
      contentsOf: Command.package.appendingPathComponent("Specs/dcgan.schema.json"),
      encoding: .utf8)
    #expect(outcome.output == shipped)
    #expect(outcome.errors == "")
    #expect(outcome.status == 0)
  }

  @Test(arguments: ["dcgan-compile", "dcgan-run"], ["bash", "zsh", "fish"])
  func completionsNameTheOptions(_ command: String, _ shell: String) throws {
    let folder = try TemporaryFolder()
    let script = try Command(name: command).run(
      ["--generate-completion-script", shell], in: folder.url)
    #expect(script.output.contains(command == "dcgan-run" ? "epochs" : "emit"))
    #expect(script.status == 0)
  }

  @Test func tableHasThePapersNumbers() throws {
    let outcome = try compile.run(["lsun64"], in: Command.package)
    #expect(outcome.output.contains("640,614,400"))
    #expect(outcome.output.contains("638,992,384"))
    #expect(outcome.status == 0)
  }

  @Test(arguments: ["spec", "graph", "program", "step", "svg", "dot", "mermaid"])
  func emitsEveryStage(_ stage: String) throws {
    let folder = try TemporaryFolder()
    try folder.write(tinySpec, to: "tiny.yaml")
    let outcome = try compile.run(["tiny.yaml", "--emit", stage], in: folder.url)
    #expect(outcome.output.contains(stage == "step" ? "%" : "conv_transpose"))
    #expect(outcome.status == 0)
  }

  @Test func emittedSpecCompilesToTheSameStep() throws {
    let folder = try TemporaryFolder()
    try folder.write(tinySpec, to: "tiny.yaml")
    let expanded = try compile.run(["tiny.yaml", "--emit", "spec"], in: folder.url)
    try folder.write(expanded.output, to: "expanded.yaml")
    let first = try compile.run(["tiny.yaml", "--emit", "step"], in: folder.url)
    let second = try compile.run(["expanded.yaml", "--emit", "step"], in: folder.url)
    #expect(first.output == second.output)
  }

  @Test func fiveMistakesAreFiveReports() throws {
    let folder = try TemporaryFolder()
    let faulty =
      tinySpec
      .replacingOccurrences(of: "size: 28", with: "size: twenty")
      .replacingOccurrences(of: "latent: {size", with: "latent: {sise")
      .replacingOccurrences(of: "filters: 4, norm: none", with: "filters: 4, norm: nune")
      .replacingOccurrences(of: "linear: {units: 1", with: "lineal: {units: 1")
      .replacingOccurrences(of: "batch: 8", with: "batch: -8")
    try folder.write(faulty, to: "faulty.yaml")
    let outcome = try compile.run(["faulty.yaml", "--check"], in: folder.url)
    #expect(outcome.status == 1)
    for position in ["2:15", "3:10", "13:32", "15:7", "17:16"] {
      #expect(outcome.errors.contains("faulty.yaml:\(position): error["), "\(position)")
    }
  }

  @Test(arguments: [
    (["missing.yaml"], Int32(1), "missing.yaml"),
    (["."], 1, "."),
    (["empty.yaml"], 1, "empty.yaml"),
    (["random.yaml"], 1, "random.yaml"),
    ([], 2, "<spec>"),
    (["tiny.yaml", "--emit", "nothing"], 2, "nothing"),
    (["tiny.yaml", "--unknown"], 2, "--unknown"),
  ])
  func badInputIsNamed(_ arguments: [String], _ status: Int32, _ named: String) throws {
    let folder = try TemporaryFolder()
    try folder.write(tinySpec, to: "tiny.yaml")
    try folder.write("", to: "empty.yaml")
    let bytes = (0..<4096).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }
    try Data(bytes).write(to: folder.url.appendingPathComponent("random.yaml"))
    let outcome = try compile.run(arguments, in: folder.url)
    #expect(outcome.status == status)
    #expect(outcome.errors.contains(named))
    #expect(outcome.output == "")
  }

  @Test func helpGoesToStandardOutput() throws {
    let outcome = try compile.run(["--help"], in: Command.package)
    #expect(outcome.output.contains("EXIT STATUS"))
    #expect(outcome.status == 0)
  }
}
