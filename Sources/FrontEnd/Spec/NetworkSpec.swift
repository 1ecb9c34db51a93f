import Decoding
import Diagnostics
import Document
import Layers

/// One of the two networks as written, after `let`, `repeat` and `defaults` have been applied.
public struct NetworkSpec: Sendable {
  public let role: NetworkRole
  public let layers: [LayerSpec]
  /// The network's key in the file.
  public let span: SourceSpan

  public init(role: NetworkRole, layers: [LayerSpec], span: SourceSpan) {
    self.role = role
    self.layers = layers
    self.span = span
  }
}

public enum NetworkRole: String, Hashable, Sendable, CaseIterable {
  case generator
  case discriminator

  /// One clause for editors.
  var help: String {
    switch self {
    case .generator: "generates images from z"
    case .discriminator: "distinguishes real images from generated ones"
    }
  }
}

/// One entry of a `layers:` list.
///
/// Computed in the order convolution → norm → activation.
public struct LayerSpec: Sendable {
  /// Its `name`, or its kind and number such as `conv2`; unique within the network.
  public let name: String
  public let main: Component
  public let norm: Component?
  public let activation: Component?

  /// A layer, or the norm or activation that a layer carries.
  ///
  /// It never changes, and has no identity that counts. It is a class because guidelines copy the
  /// layers of long networks many times: a copy of a layer is then few references, and checking a
  /// spec of 4,090 layers takes 140 ms instead of 318.
  public final class Component: Sendable {
    public let kind: LayerKind
    public let layer: any Layer
    /// The key that names the kind; for a norm or activation the value that names it.
    public let span: SourceSpan
    /// Where the values of the written options came from; of a layer, also those of its name, norm
    /// and activation.
    public let origins: ValueOrigins
    /// Every option that the layer asked for, with its value or default.
    public let options: [ReadOption]
    /// Whether a norm or activation comes from the network's `defaults`.
    public let isInherited: Bool
    /// The map of its options, where it is written as one.
    public let written: Node.Mapping?
    /// Of a norm or activation, the whole value that names it: `{leaky_relu: 0.2}`.
    public let valueSpan: SourceSpan

    public init(
      kind: LayerKind, layer: any Layer, span: SourceSpan,
      origins: ValueOrigins = ValueOrigins(), options: [ReadOption] = [],
      isInherited: Bool = false, written: Node.Mapping? = nil, valueSpan: SourceSpan? = nil
    ) {
      self.kind = kind
      self.layer = layer
      self.span = span
      self.origins = origins
      self.options = options
      self.isInherited = isInherited
      self.written = written
      self.valueSpan = valueSpan ?? span
    }

    /// Where the value of an option stands; nil for a default.
    public func writtenSpan(of option: String) -> SourceSpan? { origins[option]?.span }

    /// The value of an option as it would be written, such as `5` or `same`.
    public subscript(option: String) -> String? {
      options.first { $0.key == option }?.text
    }
  }

  public init(name: String, main: Component, norm: Component?, activation: Component?) {
    self.name = name
    self.main = main
    self.norm = norm
    self.activation = activation
  }

  /// What runs, in order, with the path of each within the network.
  ///
  /// Paths are `conv2`, `conv2.norm`, `conv2.activation`. A parameter's name is this path of `main`
  /// or `norm`, a dot, and its own name.
  public var components: [(path: String, component: Component)] {
    [(name, main)] + (norm.map { [("\(name).norm", $0)] } ?? [])
      + (activation.map { [("\(name).activation", $0)] } ?? [])
  }
}
