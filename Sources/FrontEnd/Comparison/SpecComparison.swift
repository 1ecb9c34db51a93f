import Files
import LayerGraph
import Spec

/// A spec that compiled, as one side of a comparison.
public struct ComparedSpec: Sendable {
  public let path: String
  public let spec: Spec
  public let graph: LayerGraph
  /// The names of the tensors that its optimisers keep in a checkpoint.
  public let optimizerState: [String]

  public init(path: String, spec: Spec, graph: LayerGraph, optimizerState: [String]) {
    self.path = path
    self.spec = spec
    self.graph = graph
    self.optimizerState = optimizerState
  }
}

/// Two specs side by side, by what they mean: names, comments and declared deviations do not count.
public struct SpecComparison: Sendable {
  public let paths: (before: String, after: String)
  /// What is said outside of the networks, such as `image.size` and `train.batch`.
  public let settings: [ValueChange]
  /// The generator, then the discriminator.
  public let networks: [NetworkComparison]
  public let checkpoint: CheckpointComparison

  public init(from before: ComparedSpec, to after: ComparedSpec) {
    paths = (before.path, after.path)
    settings = changes(from: before.spec.settings, to: after.spec.settings)
    networks = NetworkRole.allCases.map { role in
      NetworkComparison(
        role: role, from: ComparedLayer.all(of: before, role),
        to: ComparedLayer.all(of: after, role),
        totals: changes(
          from: before.graph.network(role).totals, to: after.graph.network(role).totals))
    }
    checkpoint = CheckpointComparison(from: before, to: after)
  }

  /// Whether both describe the same networks with the same names, trained in the same way.
  public var isEqual: Bool {
    settings.isEmpty && networks.allSatisfy(\.isEqual) && checkpoint.isEqual
  }
}

extension NetworkGraph {
  fileprivate var totals: NamedValues {
    [
      ("input", "\(input)"), ("output", "\(output)"), ("parameters", parameterCount.grouped),
      ("multiply-adds", multiplyAdds.grouped),
    ]
  }
}
