import ArgumentParser
import Compiler
import Files
import Reports
import Spec
import Terminal
import Training

/// The command `dcgan-run SPEC report`.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write a page about a run: curves, samples, architecture, settings.",
    discussion: """
      One HTML file that needs no network and no other file. It can be written at any time, while a \
      training runs, too.

      EXAMPLE
        dcgan-run mnist report --out mnist.html
      """)

  @Argument(
    help: "A spec file, or the name of a shipped spec; not needed with --run.",
    completion: .file(extensions: ["yaml"]))
  var spec: String?

  @Option(
    name: .customLong("run"), help: "The run's folder. (default: runs/<name of the spec>)",
    completion: .directory)
  var runFolder: String?

  @Option(
    help: "Where to write the page. (default: report.html in the run's folder)", completion: .file()
  )
  var out: String?

  @OptionGroup var compute: ComputeOptions

  func validate() throws {
    if spec == nil, runFolder == nil {
      throw ValidationError("name a spec, or the folder of a run with --run")
    }
  }

  func run() throws {
    let folder = RunFolder(path: try runFolder ?? "runs/\(name(of: spec ?? ""))")
    let page = try RunPage(RunRecord(folder), device: try compute.chosenDevice)
    let path = out ?? "\(folder.path)/report.html"
    try AtomicFile.write(page.html(), to: path)
    Terminal.note("wrote \(path)")
  }

  /// The name that a spec gives itself.
  private func name(of argument: String) throws -> String {
    let compilation = try Compilation(SpecLocator().spec(for: argument))
    guard let spec = compilation.spec else {
      Terminal.print(
        compilation.diagnostics.filter { $0.severity == .error },
        fixable: compilation.paths.first)
      throw ExitCode(1)
    }
    return spec.name
  }
}
