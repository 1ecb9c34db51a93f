import Comparison
import Compiler
import Device
import Diagnostics
import Files
import LayerGraph
import Model
import Spec

/// Makes images from a checkpoint alone.
package struct SamplingRun {
  package let checkpoint: String
  package let device: any Device

  package init(checkpoint: String, device: any Device) {
    self.checkpoint = checkpoint
    self.device = device
  }

  /// A checkpoint itself, or the newest one of a run's folder.
  package static func checkpoint(at path: String) throws(TrainingProblem) -> String {
    let kind = try looking { () throws(FileProblem) in try Folder.kind(of: path) }
    if kind == .file || kind == .other { return path }
    let folder = RunFolder(path: path)
    if let newest = try folder.findCheckpoints().paths.first { return newest }
    let inside = try looking { () throws(FileProblem) in try Folder.names(in: path) } ?? []
    // `checkpoints` itself, the folder above it being the run's.
    if inside.contains(where: { $0.hasSuffix(".safetensors") }),
      let newest = try RunFolder(path: path + "/..").findCheckpoints().paths.first
    {
      return newest
    }
    throw .noCheckpoint(folder: folder.path, others: try RunFolder.all(in: "runs"))
  }

  /// What has changed in `spec` since the checkpoint was written; nil where nothing counts.
  package func differences(
    from spec: (spec: Spec, graph: LayerGraph)
  ) throws(TrainingProblem) -> [String]? {
    // How it is trained changes no sample.
    let changes = try Checkpoint(contentsOf: checkpoint).differences(from: spec) {
      !$0.hasPrefix("train.")
    }
    return changes?.isEmpty == true ? nil : changes
  }

  /// Writes `count` images and returns the paths written.
  ///
  /// `labels` are classes to take in turn, by default all; an unconditional network has none.
  package func write(
    count: Int, seed: UInt64, labels: [Int]?, to output: SampleOutput
  ) throws(TrainingProblem) -> [String] {
    let networks = try TrainedNetworks(checkpoint: checkpoint, device: device)
    let spec = networks.spec
    switch (spec.condition?.classes, labels) {
    case (let classes?, let labels?):
      if let label = labels.first(where: { $0 >= classes }) {
        throw .noSuchClass(label: label, classes: classes)
      }
    case (nil, _?): throw .notConditional(name: spec.name)
    case (_, nil): break
    }
    let sampler = try networks.sampler(batch: min(count, spec.train.batch))
    let classes = labels ?? Array(0..<(spec.condition?.classes ?? 1))
    return try output.write(sampler, count: count, seed: seed, classes: classes)
  }
}

extension Checkpoint {
  /// How the meaning of `spec` differs from the checkpoint's; nil where it is the same.
  ///
  /// - Parameter counts: the paths of values that are looked at.
  func differences(
    from spec: (spec: Spec, graph: LayerGraph), counting counts: (String) -> Bool = { _ in true }
  ) throws(TrainingProblem) -> [String]? {
    let stored = try compiled()
    guard stored.spec.identity != spec.spec.identity else { return nil }
    return SpecComparison(
      from: ComparedSpec(path: "", spec: stored.spec, graph: stored.graph, optimizerState: []),
      to: ComparedSpec(path: "", spec: spec.spec, graph: spec.graph, optimizerState: [])
    ).differences { !Spec.isFree($0) && counts($0) }
  }

  /// The spec that the checkpoint carries.
  package func compiled() throws(TrainingProblem) -> (spec: Spec, graph: LayerGraph) {
    let compilation = Compilation(SourceFile(path: path, text: specText), standsAlone: true)
    guard let spec = compilation.spec, let graph = compilation.graph else {
      let first = compilation.problems.first { $0.severity == .error }
      throw .specNotUsable(path: path, reason: first?.message ?? "it is empty")
    }
    return (spec, graph)
  }
}
