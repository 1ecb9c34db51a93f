import Layers
import Spec

/// One network as a row of nodes that fit each other.
public struct NetworkGraph: Sendable {
  public let role: NetworkRole
  /// The latent vector or the image.
  public let input: FeatureShape
  /// In the order of computation.
  public let nodes: [LayerNode]
  /// The number of label classes, where the spec has labels.
  public let classes: Int?

  public init(role: NetworkRole, input: FeatureShape, nodes: [LayerNode], classes: Int?) {
    self.role = role
    self.input = input
    self.nodes = nodes
    self.classes = classes
  }

  public var output: FeatureShape { nodes.last?.output ?? input }

  /// All tensors, in the order of computation; names are unique.
  public var parameters: [NamedParameter] { nodes.flatMap(\.parameters) }

  /// Whether lowering needs labels.
  public var usesLabels: Bool { nodes.contains(where: \.joinsLabels) }
  /// Statistics that are measured right before images are made, by full name.
  public var calibratedStatistics: [NamedParameter] {
    nodes.filter { $0.layer.batchNormalization?.statistics == .calibrated }
      .flatMap(\.parameters).filter { !$0.role.isTrained }
  }
  /// Whether it looks at the real images of a batch in training, besides its input.
  public var looksAtReal: Bool { nodes.contains { $0.kind == .blurredImage } }
  /// Whether it tells the classes of its input.
  public var classifies: Bool { nodes.contains { $0.kind.role == .classifier } }

  /// The count of trained numbers.
  public var parameterCount: Int {
    saturatingSum(parameters.filter(\.role.isTrained).map(\.shape.count))
  }

  /// Per image; those of norms, biases and activations are not counted.
  public var multiplyAdds: Int { saturatingSum(nodes.map(\.multiplyAdds)) }
}

/// A sum that stays at the largest number instead of overflowing: hostile specs reach it.
func saturatingSum(_ terms: [Int]) -> Int {
  terms.reduce(0) { sum, term in
    let (next, overflow) = sum.addingReportingOverflow(term)
    return overflow ? .max : next
  }
}
