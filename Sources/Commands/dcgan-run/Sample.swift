import ArgumentParser
import Compiler
import Diagnostics
import Files
import LayerGraph
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
        NAME.png           one sheet; of a conditional network a class in each column
        NAME.safetensors   tensors images [N, C, H, W], z, labels
        NAME.idx           8-bit IDX like MNIST's files, labels in NAME-labels.idx
        NAME or NAME/      a folder with one PNG per image; it must have no images yet
      Other extensions are refused.
      """)

  @Argument(
    help: "A spec, whose run in runs/ is taken; or a run's folder; or a checkpoint.",
    completion: .file())
  var spec: String?

  @OptionGroup var set: SetOptions

  @Option(
    help: "The checkpoint, or a run's folder. (default: the newest of the spec's run)",
    completion: .file(extensions: ["safetensors"]))
  var checkpoint: String?

  @Option(
    name: .customLong("run"),
    help: "The run's folder, as --out of train named it. (default: runs/<name of the spec>)",
    completion: .directory)
  var runFolder: String?

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
    if spec == nil, checkpoint == nil, runFolder == nil {
      throw ValidationError(
        "name a spec, a run's folder with --run, or a checkpoint with --checkpoint")
    }
    if checkpoint != nil, runFolder != nil {
      throw ValidationError("--checkpoint and --run name two places: remove one of them")
    }
    _ = try labels.map(LabelList.init)
    if !(1...10_000_000).contains(count) {
      throw ValidationError("--count \(count): expected a number from 1 to 10000000")
    }
  }

  func run() throws {
    let output = try SampleOutput(path: out)
    let labels = try labels.map(LabelList.init)?.labels
    var place = checkpoint ?? runFolder
    var spec: (spec: Spec, graph: LayerGraph)?
    switch try self.spec.map(NetworkPlace.init) {
    case .path(let path)?:
      if let place {
        throw ValidationError(
          "\(path.visible) and \(place.visible) name two places: remove one of them")
      }
      place = path
    case .spec(let located)?: spec = try compiled(located)
    case nil: break
    }
    let run = SamplingRun(
      checkpoint: try SamplingRun.checkpoint(at: place ?? "runs/\(spec?.spec.name ?? "")"),
      device: try compute.chosenDevice)
    if let spec, let changes = try run.differences(from: spec) {
      let list = changes.map { "  \($0)" }.joined(separator: "\n")
      guard set.texts.isEmpty else {
        throw ValidationError(
          "\(run.checkpoint) is sampled as it was trained, without this --set; it differs in:\n\(list)"
        )
      }
      Terminal.note(
        "\(run.checkpoint) was trained with another spec, and its own is used; since then:\n\(list)"
      )
    }
    let written = try run.write(count: count, seed: seed, labels: labels, to: output)
    let images = count.counted("image")
    Terminal.line("wrote \(images) to \(written.joined(separator: " and ").visible)")
  }

  private func compiled(_ located: LocatedSpec) throws -> (spec: Spec, graph: LayerGraph) {
    let compilation = try Compilation(located, settings: set.settings())
    guard let spec = compilation.spec, let graph = compilation.graph else {
      Terminal.print(
        compilation.diagnostics.filter { $0.severity == .error },
        fixable: compilation.paths.first)
      throw ExitCode(1)
    }
    return (spec, graph)
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
      throw ValidationError(
        "--labels \(text): \(String(part).quotedExcerpt) is neither a class nor a range from the "
          + "smaller to the larger; expected classes such as 3 or 0-9 or 1,4,7")
    }
  }
}
