import Diagnostics
import Layers
import Program

/// One step of a network, with the shapes that flow through it.
public struct LayerNode: Sendable {
  /// `generator.conv1` for a layer, `generator.conv1.norm` for the norm it carries.
  public let path: String
  /// The number of its entry in the network's list; a layer shares it with its norm and activation.
  public let entry: Int
  /// The name of its entry, such as `conv1`.
  public let entryName: String
  public let kind: LayerKind
  public let layer: any Layer
  public let context: LayerContext
  public let input: FeatureShape
  public let output: FeatureShape
  public let parameters: [NamedParameter]
  /// Per image.
  public let multiplyAdds: Int
  /// In the spec.
  public let span: SourceSpan

  /// The count of its trained numbers.
  var parameterCount: Int { saturatingSum(parameters.filter(\.role.isTrained).map(\.shape.count)) }

  /// The name of the earlier entry that it reads, too, or only.
  var joinedEntry: String? { (layer as? any JoiningLayer)?.joined(in: context) }

  /// Where its input comes from; labels can join at any layer.
  public var joinsLabels: Bool { kind.readsLabels }
}

/// A tensor of a network by its full name.
public struct NamedParameter: Hashable, Sendable {
  /// `<network>.<layer>.<parameter>`, as in files: `generator.conv1.norm.running_mean`.
  public let name: String
  public let parameter: Parameter

  public init(name: String, parameter: Parameter) {
    self.name = name
    self.parameter = parameter
  }

  public var shape: Shape { parameter.shape }
  public var role: Parameter.Role { parameter.role }
}
