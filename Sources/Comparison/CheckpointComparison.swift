import LayerGraph
import Layers

/// Whether the tensors in a checkpoint of one spec are those that another one wants.
public struct CheckpointComparison: Sendable {
  /// Tensors that both have in different shapes, or that only one has; in the order of files.
  public let differences: [ValueChange]
  /// The number of tensors that the second spec wants.
  public let wanted: Int

  /// Tensors that are left over do no harm.
  public var loads: Bool { differences.allSatisfy { $0.after == nil } }
  public var isEqual: Bool { differences.isEmpty }

  init(from before: LayerGraph, to after: LayerGraph) {
    differences = changes(from: before.tensors, to: after.tensors)
    wanted = after.tensors.count
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
