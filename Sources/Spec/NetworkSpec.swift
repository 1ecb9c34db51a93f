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
    case .generator: "makes images from z"
    case .discriminator: "tells real images from made ones"
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
  /// For each enclosing `repeat`, from outside in, such as `i = 2`.
  public let iterations: [String]

  /// A layer, or the norm or activation that a layer carries.
  ///
  /// It is one reference: guidelines copy the layers of long networks many times.
  public struct Component: Sendable {
    public var kind: LayerKind { parts.kind }
    public var layer: any Layer { parts.layer }
    /// The key that names the kind; for a norm or activation the value that names it.
    public var span: SourceSpan { parts.span }
    /// Where the values of the written options came from; of a layer, also those of its name, norm
    /// and activation.
    public var origins: ValueOrigins { parts.origins }
    /// Every option that the layer asked for, with its value or default.
    public var options: [ReadOption] { parts.options }
    /// Whether a norm or activation comes from the network's `defaults`.
    public var isInherited: Bool { parts.isInherited }
    /// The map of its options, where it is written as one.
    public var written: Node.Mapping? { parts.written }
    /// Of a norm or activation, the whole value that names it: `{leaky_relu: 0.2}`.
    public var valueSpan: SourceSpan { parts.valueSpan }

    private let parts: Parts

    private final class Parts: Sendable {
      let kind: LayerKind
      let layer: any Layer
      let span: SourceSpan
      let origins: ValueOrigins
      let options: [ReadOption]
      let isInherited: Bool
      let written: Node.Mapping?
      let valueSpan: SourceSpan

      init(
        _ kind: LayerKind, _ layer: any Layer, _ span: SourceSpan, _ origins: ValueOrigins,
        _ options: [ReadOption], _ isInherited: Bool, _ written: Node.Mapping?,
        _ valueSpan: SourceSpan
      ) {
        self.kind = kind
        self.layer = layer
        self.span = span
        self.origins = origins
        self.options = options
        self.isInherited = isInherited
        self.written = written
        self.valueSpan = valueSpan
      }
    }

    public init(
      kind: LayerKind, layer: any Layer, span: SourceSpan,
      origins: ValueOrigins = ValueOrigins(), options: [ReadOption] = [],
      isInherited: Bool = false, written: Node.Mapping? = nil, valueSpan: SourceSpan? = nil
    ) {
      parts = Parts(
        kind, layer, span, origins, options, isInherited, written, valueSpan ?? span)
    }

    /// Where the value of an option stands; nil for a default.
    public func writtenSpan(of option: String) -> SourceSpan? { origins[option]?.span }

    /// The value of an option as it would be written, such as `5` or `same`.
    public subscript(option: String) -> String? {
      options.first { $0.key == option }?.text
    }
  }

  public init(
    name: String, main: Component, norm: Component?, activation: Component?,
    iterations: [String] = []
  ) {
    self.name = name
    self.main = main
    self.norm = norm
    self.activation = activation
    self.iterations = iterations
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
