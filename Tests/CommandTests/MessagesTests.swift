import Foundation
import Testing
import TestSupport

@Suite struct MessagesTests {
  private let compile = Command(name: "dcgan-compile")
  private let misspelled = tinySpec.replacingOccurrences(
    of: "filters: 4, norm", with: "num_filters: 4, norm")

  /// A clean check looks clean: notes are counted, and shown where they are asked for.
  @Test func notesAreShownWhereTheyAreAskedFor() throws {
    let folder = try TemporaryFolder()
    let odd = tinySpec.replacingOccurrences(
      of: "conv_transpose: {filters: 4}", with: "conv_transpose: {filters: 4, kernel: 5}"
    ).replacingOccurrences(of: "train: {batch: 8", with: "train: {batch: 128")
    try folder.write(odd, to: "odd.yaml")
    let quiet = try compile.run(["odd.yaml", "--check"], in: folder.url)
    #expect(quiet.errors == "1 note; `-v` shows the note\n")
    #expect((quiet.output, quiet.status) == ("odd.yaml: ok\n", 0))

    let verbose = try compile.run(["odd.yaml", "--check", "-v"], in: folder.url)
    #expect(verbose.errors.contains("note[G515]"))
    #expect(verbose.status == 0)

    let denied = try compile.run(["odd.yaml", "--check", "--deny", "note"], in: folder.url)
    #expect(denied.errors.contains("note[G515]"))
    #expect((denied.output, denied.status) == ("", 1))

    let json = try compile.run(["odd.yaml", "--check", "--format", "json"], in: folder.url)
    #expect(json.output.contains("G515"))

    // Beside an error nothing is left out.
    try folder.write(
      odd.replacingOccurrences(of: "data:", with: "dada: {}\ndata:"), to: "faulty.yaml")
    let faulty = try compile.run(["faulty.yaml", "--check"], in: folder.url)
    #expect(faulty.errors.contains("error[S202]") && !faulty.errors.contains("shows the note"))
  }

  /// A child that takes the parent's fallback as its source is right.
  @Test func anInheritedFallbackIsNoMistake() throws {
    let folder = try TemporaryFolder()
    try folder.write("extends: residual32\ndata: {source: portraits}\n", to: "child.yaml")
    let found = try compile.run(["child.yaml", "--check"], in: folder.url)
    #expect((found.errors, found.output, found.status) == ("", "child.yaml: ok\n", 0))
  }

  @Test func aRunThatIsTakenForASpecIsFound() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      at: folder.url.appendingPathComponent("runs/mine"), withIntermediateDirectories: true)
    let run = Command(name: "dcgan-run")
    let near = try run.run(["sample", "mine"], in: folder.url)
    #expect(
      near.errors.hasPrefix(
        "Error: there is no spec `mine`, but a run of this name: write runs/mine\n"))
    let far = try run.run(["sample", "runs/else"], in: folder.url)
    #expect(
      far.errors.hasPrefix("Error: there is no run's folder, checkpoint or spec at runs/else\n"))
  }

  @Test func diffShowsAndWritesNothing() throws {
    let folder = try TemporaryFolder()
    try folder.write(misspelled, to: "tiny.yaml")
    let outcome = try compile.run(["tiny.yaml", "--diff"], in: folder.url)
    #expect(
      outcome.output == """
        --- tiny.yaml
        +++ tiny.yaml
        @@ -10,7 +10,7 @@
         discriminator:
           defaults: {kernel: 4, stride: 2, norm: batch, activation: {leaky_relu: 0.2}}
           layers:
        -    - conv: {num_filters: 4, norm: none}
        +    - conv: {filters: 4, norm: none}
             - conv: {filters: 4}
             - linear: {units: 1, norm: none, activation: sigmoid}
         data: {source: digits}

        """)
    #expect(outcome.errors == "")
    #expect(outcome.status == 1)
    #expect(try text("tiny.yaml", in: folder) == misspelled)
  }

  @Test func diffOfWhatNeedsNoneIsEmpty() throws {
    let folder = try TemporaryFolder()
    try folder.write(tinySpec, to: "tiny.yaml")
    let outcome = try compile.run(["tiny.yaml", "--diff"], in: folder.url)
    #expect((outcome.output, outcome.status) == ("", 0))
  }

  @Test func fixWritesAndSaysWhatItDid() throws {
    let folder = try TemporaryFolder()
    try folder.write(misspelled, to: "tiny.yaml")
    let outcome = try compile.run(["tiny.yaml", "--fix", "--check"], in: folder.url)
    #expect(outcome.errors.hasPrefix("tiny.yaml:13: repaired S202: write `filters`\n"))
    #expect((outcome.output, outcome.status) == ("tiny.yaml: ok\n", 0))
    #expect(try text("tiny.yaml", in: folder) == tinySpec)
  }

  @Test func unsafeRepairsAreMadeOnlyWhenAskedFor() throws {
    let folder = try TemporaryFolder()
    let unlike = tinySpec.replacingOccurrences(of: "filters: 4, norm: none", with: "filters: 4")
    try folder.write(unlike, to: "tiny.yaml")
    let safe = try compile.run(["tiny.yaml", "--fix", "--check"], in: folder.url)
    #expect(safe.status == 1)
    #expect(safe.errors.contains("error[G503]: `conv1` of the discriminator has batchnorm"))
    #expect(try text("tiny.yaml", in: folder) == unlike)

    let unsafe = try compile.run(["tiny.yaml", "--fix", "--unsafe", "--check"], in: folder.url)
    #expect(unsafe.status == 0)
    let fixed = try text("tiny.yaml", in: folder)
    // The batch of 8 is advice, with a repair too.
    #expect(fixed == tinySpec.replacingOccurrences(of: "batch: 8", with: "batch: 128"))
  }

  @Test func standardInputIsCheckedAndRepaired() throws {
    let folder = try TemporaryFolder()
    let checked = try compile.run(["-", "--check"], in: folder.url, input: misspelled)
    #expect(checked.status == 1)
    #expect(
      checked.errors.hasPrefix(
        """
        <stdin>:13:14: error[S202]: `conv` has no option `num_filters`
           13 |     - conv: {num_filters: 4, norm: none}
              |              ^^^^^^^^^^^
           help: write `filters`

        """))
    let fixed = try compile.run(["-", "--fix"], in: folder.url, input: misspelled)
    #expect((fixed.output, fixed.status) == (tinySpec, 0))
  }

  @Test func machinesReadStandardOutput() throws {
    let folder = try TemporaryFolder()
    try folder.write(misspelled, to: "tiny.yaml")
    let json = try compile.run(["tiny.yaml", "--format", "json"], in: folder.url)
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    #expect((object["diagnostics"] as? [[String: Any]])?.map { $0["code"] as? String } == ["S202"])
    #expect((json.errors, json.status) == ("", 1))

    let sarif = try compile.run(["tiny.yaml", "--format", "sarif"], in: folder.url)
    let log = try #require(
      try JSONSerialization.jsonObject(with: Data(sarif.output.utf8)) as? [String: Any])
    #expect(log["version"] as? String == "2.1.0")

    let github = try compile.run(["tiny.yaml", "--format", "github"], in: folder.url)
    #expect(
      github.output == """
        ::error file=tiny.yaml,line=13,endLine=13,col=14,endColumn=25,title=error[S202]::\
        `conv` has no option `num_filters`%0Ahelp: write `filters`

        """)
  }

  @Test func declaredDeviationsAreSuppressedResults() throws {
    let folder = try TemporaryFolder()
    try folder.write(tinySpec + "\ndeviations: {G513: \"a test\"}\n", to: "tiny.yaml")
    let outcome = try compile.run(["tiny.yaml", "--format", "sarif"], in: folder.url)
    #expect(outcome.output.contains("\"ruleId\": \"G513\""))
    #expect(outcome.output.contains("{\"kind\": \"inSource\", \"justification\": \"a test\"}"))
    #expect(outcome.status == 0)
  }

  @Test func explainsCodesAndListsThem() throws {
    let one = try compile.run(["--explain", "y110"], in: Command.package)
    #expect(
      one.output == """
        error[Y110]: a tab in the indentation

        YAML allows only spaces in indentation.

        Example:

            image:
            ␉size: 64

        """)
    #expect(one.status == 0)
    let all = try compile.run(["--explain"], in: Command.package)
    #expect(all.output.contains("\nG505  ReLU in the generator's hidden layers\n"))
    let none = try compile.run(["--explain", "G5033"], in: Command.package)
    #expect(
      none.errors
        == "error: there is no code `G5033`; did you mean G503? (`--explain` alone lists all)\n")
    #expect((none.output, none.status) == ("", 1))
  }

  @Test(
    arguments: [
      (["tiny.yaml", "--unsafe"], "'--unsafe' needs"),
      (["tiny.yaml", "--watch", "--fix"], "'--watch' only looks"),
      (["tiny.yaml", "--format", "xml"], "'xml'"),
    ])
  func wrongUsageIsNamed(arguments: [String], named: String) throws {
    let outcome = try compile.run(arguments, in: Command.package)
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains(named))
  }

  @Test func colourIsTheUsersChoice() throws {
    let folder = try TemporaryFolder()
    try folder.write(misspelled, to: "tiny.yaml")
    let always = try compile.run(["tiny.yaml", "--color", "always"], in: folder.url)
    #expect(always.errors.hasPrefix("\u{1B}[1mtiny.yaml:13:14:\u{1B}[0m \u{1B}[1;31merror[S202]:"))
    let never = try compile.run(
      ["tiny.yaml", "--color", "never"], in: folder.url, environment: ["FORCE_COLOR": "1"])
    #expect(never.errors.hasPrefix("tiny.yaml:13:14: error[S202]:"))
  }

  @Test func watchingChecksAgainAndEndsCleanly() throws {
    let folder = try TemporaryFolder()
    try folder.write(misspelled, to: "tiny.yaml")
    let process = Process()
    process.executableURL = compile.url
    process.arguments = ["tiny.yaml", "--check", "--watch"]
    process.currentDirectoryURL = folder.url
    let (output, errors) = (Pipe(), Pipe())
    (process.standardOutput, process.standardError) = (output, errors)
    try process.run()
    // Each report ends with the line that says what is watched.
    let first = errors.fileHandleForReading.read(until: "Ctrl-C ends\n")
    #expect(first.contains("tiny.yaml:13:14: error[S202]"))
    try folder.write(tinySpec, to: "tiny.yaml")
    let second = errors.fileHandleForReading.read(until: "Ctrl-C ends\n")
    #expect(!second.contains("error"))
    process.interrupt()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(process.terminationReason == .exit)
    let printed = output.fileHandleForReading.readDataToEndOfFile()
    #expect(String(decoding: printed, as: UTF8.self) == "tiny.yaml: ok\n")
  }

  private func text(_ name: String, in folder: TemporaryFolder) throws -> String {
    try String(contentsOf: folder.url.appendingPathComponent(name), encoding: .utf8)
  }
}

extension FileHandle {
  /// All that comes up to and including `mark`, or the end.
  fileprivate func read(until mark: String) -> String {
    var text = ""
    while !text.hasSuffix(mark) {
      let data = availableData
      if data.isEmpty { break }
      text += String(decoding: data, as: UTF8.self)
    }
    return text
  }
}
