import Files
import ArgumentParser
import Compiler
import Diagnostics
import Spec
import Terminal
import Training

/// The command `dcgan-run SPEC sample`.
struct Sample: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make images with a trained generator.",
    discussion: """
      A checkpoint is all that is needed: `dcgan-run sample --checkpoint FILE` works without the \
      spec. With a spec, the newest checkpoint of its run is taken.

      The extension of --out selects the format:
        NAME.png           one sheet
        NAME.safetensors   tensors images [N, C, H, W], z, labels
        NAME.idx           8-bit IDX like MNIST's files, labels in NAME-labels.idx
        NAME               a folder with one PNG per image
      """)

  @Argument(
    help: "A spec file, or the name of a shipped spec; not needed with --checkpoint.",
    completion: .file(extensions: ["yaml"]))
  var spec: String?

  @OptionGroup var set: SetOptions

  @Option(
    help: "The checkpoint. (default: the newest of the spec's run)",
    completion: .file(extensions: ["safetensors"]))
  var checkpoint: String?

  @Option(help: "How many images.")
  var count = 64

  @Option(help: "Seed of the noise.")
  var seed: UInt64 = 0

  @Option(help: "Classes of a conditional network, such as 3 or 0-9 or 1,4,7; used in turn.")
  var labels: String?

  @Option(help: "Where to write the images; the extension selects the format.", completion: .file())
  var out = "samples.png"

  @OptionGroup var compute: ComputeOptions

  func validate() throws {
    if spec == nil, checkpoint == nil {
      throw ValidationError("name a spec, or a checkpoint with --checkpoint")
    }
    if !(1...10_000_000).contains(count) {
      throw ValidationError("--count \(count): expected a number from 1 to 10000000")
    }
  }

  func run() throws {
    let run = SamplingRun(
      checkpoint: try checkpoint ?? newestCheckpoint(), device: compute.chosenDevice)
    let written = try run.write(
      count: count, seed: seed, labels: try labels.map(LabelList.init)?.labels,
      to: SampleOutput(path: out))
    Terminal.line("wrote \(count.grouped) images to \(written.joined(separator: " and "))")
  }

  private func newestCheckpoint() throws -> String {
    let compilation = try Compilation(
      SpecLocator().spec(for: spec ?? ""), settings: set.settings())
    guard let spec = compilation.spec else {
      Terminal.print(
        compilation.diagnostics.filter { $0.severity == .error },
        fixable: compilation.paths.first)
      throw ExitCode(1)
    }
    let folder = RunFolder(path: "runs/\(spec.name)")
    guard let newest = try folder.findCheckpoints().paths.first else {
      throw TrainingProblem.noCheckpoint(folder: folder.path)
    }
    return newest
  }
}

/// Classes as written on a command line: `3`, `0-9`, `1,4,7`.
struct LabelList {
  let labels: [Int]

  init(_ text: String) throws {
    labels = try text.split(separator: ",", omittingEmptySubsequences: false).flatMap { part in
      let bounds = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
      switch bounds.count {
      case 1: if let label = bounds[0], label >= 0 { return [label] }
      case 2:
        if let first = bounds[0], let last = bounds[1], first <= last, last < 65_536 {
          return Array(first...last)
        }
      default: break
      }
      throw ValidationError("--labels \(text): expected classes such as 3 or 0-9 or 1,4,7")
    }
  }
}
