import Decoding
import Program

/// One step of a network: its options, its shape rule, its parameters, and what it computes.
///
/// There is no gradient to write: it follows from the primitives. A new kind is one file with a
/// type of this protocol, one case of `LayerKind`, and one arm of `LayerKind.type`.
public protocol Layer: Sendable {
  /// One clause that says what it does, for editors and lists of layers.
  static var summary: String { get }
  /// Who proposed it, as in a list of references; empty for what has no single source.
  static var source: String { get }
  /// Reads the options under the layer's key; problems are recorded by the reader.
  init(reading options: inout OptionReader)

  /// What comes out for `input`, or why nothing can.
  func outputShape(for input: FeatureShape, _ context: LayerContext) throws(ShapeProblem)
    -> FeatureShape

  /// The trained tensors and running statistics that it needs for `input`, in the order of files.
  func parameters(for input: FeatureShape, _ context: LayerContext) -> [Parameter]

  /// Multiplications that are followed by an addition, per image.
  func multiplyAdds(for input: FeatureShape, _ context: LayerContext) -> Int

  /// The window that one output position sees of the input; nil where it sees one position only.
  var window: Window? { get }

  /// Computes the output: vectors are [N, F], maps [N, H, W, C].
  func lower(_ input: Value, into lowering: inout Lowering) -> Value

  /// A spec line and an input that the tests of all layers run.
  static var sample: LayerSample { get }
}

extension Layer {
  public static var source: String { "" }
  public func outputShape(for input: FeatureShape, _ context: LayerContext) throws(ShapeProblem)
    -> FeatureShape
  { input }
  public func parameters(for input: FeatureShape, _ context: LayerContext) -> [Parameter] { [] }
  public func multiplyAdds(for input: FeatureShape, _ context: LayerContext) -> Int { 0 }
  public var window: Window? { nil }
}

/// What flows between layers, per image.
public enum FeatureShape: Hashable, Sendable {
  case vector(Int)
  case maps(channels: Int, height: Int, width: Int)

  public var count: Int {
    switch self {
    case .vector(let size): size
    case .maps(let channels, let height, let width): channels * height * width
    }
  }
}

extension FeatureShape: CustomStringConvertible {
  /// As messages and tables write it: `100`, or `1024 × 4 × 4` (channels, height, width).
  public var description: String {
    switch self {
    case .vector(let size): "\(size)"
    case .maps(let channels, let height, let width): "\(channels) × \(height) × \(width)"
    }
  }
}

/// What a layer must know besides its input.
public struct LayerContext: Hashable, Sendable {
  /// The number of label classes of a conditional network; nil without labels.
  public let classes: Int?
  /// Whether a norm comes next, which makes a bias pointless.
  public let hasNorm: Bool
  /// Whether it belongs to the generator.
  public let isGenerator: Bool
  /// The form of the images that the spec is about.
  public let image: FeatureShape
  /// Whether images are changed before the discriminator sees them.
  public let isAugmented: Bool
  /// Whether a reference batch goes ahead of each batch.
  public let hasReference: Bool
  /// What the layers before it give, by the names of their entries, and `input`.
  public let earlier: [String: FeatureShape]
  /// The names of these entries, in their order.
  public let entries: [String]

  public init(
    classes: Int?, hasNorm: Bool = false, isGenerator: Bool = false,
    hasReference: Bool = false, image: FeatureShape = .vector(0), isAugmented: Bool = false,
    earlier: [String: FeatureShape] = [:],
    entries: [String] = []
  ) {
    self.classes = classes
    self.hasNorm = hasNorm
    self.isGenerator = isGenerator
    self.hasReference = hasReference
    self.image = image
    self.isAugmented = isAugmented
    self.earlier = earlier
    self.entries = entries
  }
}

/// Why a layer cannot take its input.
public struct ShapeProblem: Error, Hashable, Sendable {
  /// A clause without a full stop: "a 5 × 5 kernel does not fit into 3 × 3 maps".
  public let message: String
  public let help: [String]
  /// The options of the layer that are to blame, besides its input.
  public let options: [String]

  public init(_ message: String, help: [String] = [], options: [String] = []) {
    self.message = message
    self.help = help
    self.options = options
  }
}

/// A window that slides over maps, or (`isTransposed`) spreads each position.
public struct Window: Hashable, Sendable {
  public let kernel: Sides
  public let stride: Int
  public let isTransposed: Bool

  public init(kernel: Sides, stride: Int, isTransposed: Bool = false) {
    self.kernel = kernel
    self.stride = stride
    self.isTransposed = isTransposed
  }
}

/// An example of a layer: one entry of a `layers:` list, and the shape that flows in.
public struct LayerSample: Sendable {
  public let yaml: String
  public let input: FeatureShape
  public let classes: Int?
  public let isInGenerator: Bool
  /// Images of a batch that are reference images.
  public let referenceSize: Int

  public init(
    yaml: String, input: FeatureShape, classes: Int? = nil, isInGenerator: Bool = false,
    referenceSize: Int = 0
  ) {
    self.yaml = yaml
    self.input = input
    self.classes = classes
    self.isInGenerator = isInGenerator
    self.referenceSize = referenceSize
  }
}
