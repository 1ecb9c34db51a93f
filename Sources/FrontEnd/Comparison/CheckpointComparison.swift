import LayerGraph
import Layers

/// Whether the tensors in a checkpoint of one spec are those that another one wants.
public struct CheckpointComparison: Sendable {
  /// Tensors that both have in different shapes, or that only one has; in the order of files.
  public let differences: [ValueChange]
  /// The number of tensors that the second spec wants.
  public let wanted: Int
  /// What the optimisers of the second spec keep and those of the first do not.
  public let missingState: [String]

  /// Whether the second spec can sample from it; tensors that are left over do no harm.
  public var loads: Bool { differences.allSatisfy { $0.after == nil } }
  /// Whether training can continue from it.
  public var resumes: Bool { loads && missingState.isEmpty }
  public var isEqual: Bool { differences.isEmpty }

  init(from before: ComparedSpec, to after: ComparedSpec) {
    differences = changes(from: before.graph.tensors, to: after.graph.tensors)
    wanted = after.graph.tensors.count
    let kept = Set(before.optimizerState)
    missingState = after.optimizerState.filter { !kept.contains($0) }
  }

  /// Those of the wanted tensors that the checkpoint cannot give.
  public var missing: [ValueChange] { differences.filter { $0.after != nil } }
}

extension LayerGraph {
  /// All tensors as files hold them.
  fileprivate var tensors: NamedValues {
    parameters.map { ($0.name, "\($0.parameter.fileShape)") }
  }
}
