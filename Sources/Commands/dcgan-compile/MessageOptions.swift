import Files
import ArgumentParser
import Compiler
import Diagnostics
import Document
import Schema
import Spec
import Terminal

/// How messages are shown, explained and repaired.
struct MessageOptions: ParsableArguments {
  @Option(help: "The format of messages; all but text go to standard output.")
  var format = MessageFormat.text

  @Option(help: ArgumentHelp("Colour messages.", valueName: "when"))
  var color = ColourChoice.automatic

  @Flag(name: .shortAndLong, help: "Show notes in full on a spec without errors, too.")
  var verbose = false

  @Flag(help: "Apply safe repairs to the file.")
  var fix = false

  @Flag(help: "With --fix or --diff: also apply repairs that guess or change the networks.")
  var unsafe = false

  @Flag(help: "Show what --fix would change and write nothing; fail if anything would change.")
  var diff = false

  @Flag(help: "Check again whenever the file changes, until Ctrl-C.")
  var watch = false

  @Flag(
    help: """
      Explain the code, layer, key or topic (losses) that is given in place of a spec; without \
      one, list all codes and topics.
      """)
  var explain = false

  @Flag(help: .hidden)
  var diagnosticsPage = false

  @Flag(help: .hidden)
  var referencePage = false

  var needsNoSpec: Bool { explain || diagnosticsPage || referencePage }

  private var safety: Repair.Safety { unsafe ? .unsafe : .safe }

  func validate() throws {
    if unsafe, !fix, !diff {
      throw ValidationError("'--unsafe' needs '--fix' or '--diff'")
    }
    if watch, fix || diff {
      throw ValidationError("'--watch' only looks: leave out '--fix' and '--diff'.")
    }
  }

  private static func explanation(of word: String) throws -> String {
    if let text = Reference.explanation(of: word) { return text }
    do throws(UnknownCode) {
      return try CodeTables.explain(word)
    } catch {
      throw UnknownCode(code: word, otherWord: Reference.nearest(to: word))
    }
  }

  /// Prints what `--explain` asks for; false where a spec is to be compiled.
  func explained(_ code: String?) throws -> Bool {
    if diagnosticsPage {
      try Terminal.output(DiagnosticsPage.text, terminator: "")
    } else if referencePage {
      try Terminal.output(Reference.page, terminator: "")
    } else if explain {
      try Terminal.output(code.map(Self.explanation) ?? CodeTables.list, terminator: "")
    }
    return needsNoSpec
  }

  /// Whether something else than the table is printed there.
  func takesStandardOutput(_ source: SpecSource) -> Bool {
    format != .text || diff || fix && source.path == SourceFile.standardInputPath
  }

  /// - Parameter showsNotes: even where `verbose` is not given.
  func print(_ compilation: Compilation, showsNotes: Bool) throws(FileProblem) {
    switch format {
    case .text:
      Terminal.print(
        compilation.diagnostics, fixable: compilation.paths.first, colour: color,
        hidesNotes: !verbose && !showsNotes)
    case .json, .sarif, .github:
      try Terminal.output(compilation.report(format), terminator: "")
    }
  }

  /// Machines that read standard output are told there, too, why there is nothing to check.
  func reportUnreadable(_ path: String, _ error: any Error) throws {
    guard format != .text else { return }
    try Terminal.output(Compilation(unreadable: path, "\(error)").report(format), terminator: "")
  }

  /// The compiled spec, after the repairs that were asked for.
  func compiled(_ source: SpecSource, settings: CommandLineSettings) throws -> Compilation {
    let file = try source.read()
    guard fix || diff else { return Compilation(file, settings: settings) }
    let repaired = RepairedFile(file, upTo: safety) {
      Compilation($0, settings: settings).diagnostics
    }
    if diff {
      try Terminal.output(repaired.diff, terminator: "")
      if repaired.isChanged { throw ExitCode(1) }
      return Compilation(file, settings: settings)
    }
    switch source {
    case .standardInput:
      try Terminal.output(String(decoding: repaired.file.bytes, as: UTF8.self), terminator: "")
    case .located(.file(let path)):
      if repaired.isChanged { try AtomicFile.rewrite(path, with: repaired.file.bytes) }
    case .located(.shipped(let file)):
      if repaired.isChanged {
        let name = file.path.split(separator: "/").last ?? ""
        throw ValidationError(
          "\(file.path) is inside the program and cannot be changed; copy it first: "
            + "dcgan-compile \(name) --emit source > \(name)")
      }
    }
    for repair in repaired.applied {
      Terminal.line("\(source.path):\(repair.line): repaired \(repair.code): \(repair.title)")
    }
    return Compilation(repaired.file, settings: settings)
  }
}

extension MessageFormat: ExpressibleByArgument {}
extension ColourChoice: ExpressibleByArgument {}
