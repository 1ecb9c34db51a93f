import Program

/// Networks on their way into a program.
public struct Lowering {
  public var program: ProgramBuilder
  /// Batch statistics and dropout, running statistics and none, or batch statistics and none.
  public let mode: Mode
  /// Equal parts that the batch is cut into, of which the program computes one.
  public var shards = 1
  /// One-hot labels [N, classes] of a conditional network; each use may have its own.
  public var labels: Value?
  /// The real images [N, H, W, C] of the batch, in training.
  public var realImages: Value?
  /// What the output of a node is multiplied by, channel by channel, by the node's path.
  public var factors: [String: Value] = [:]
  /// New values of running statistics by their full name; later uses of a network see them.
  public private(set) var updates: [String: Value] = [:]

  /// What the layers of the network so far have given, by the names of their entries, and `input`.
  public private(set) var earlier: [String: Value] = [:]

  /// Values that count as constants in gradients, though they are computed from parameters.
  public private(set) var held: [Value] = []

  /// What the network says about the classes of its input.
  public private(set) var classifications: [Classification] = []

  /// Logits [N, classes], and how much their cross-entropy counts in a loss.
  public struct Classification: Sendable {
    public let logits: Value
    public let share: Double
  }

  /// Rows of a reference batch at the beginning of everything that the network computes.
  public private(set) var referenceSize = 0

  /// Keeps the random numbers of several layers and several passes apart.
  public private(set) var nextStream: Int
  /// What the layer being lowered must know besides its input.
  public private(set) var context = LayerContext(classes: nil)

  /// The tensors of the networks by full name, such as `generator.conv1.weight`.
  private let tensors: [String: Value]
  /// The path of the layer being lowered, such as `generator.conv1`.
  private var path = ""

  public enum Mode: Hashable, Sendable {
    case train
    case evaluate
    /// As evaluation, but with the batch's statistics, which come out whole as updates.
    case calibrate
  }

  public init(
    program: ProgramBuilder, mode: Mode, labels: Value? = nil, tensors: [String: Value],
    firstStream: Int = 0
  ) {
    self.program = program
    self.mode = mode
    self.labels = labels
    self.tensors = tensors
    self.nextStream = firstStream
  }

  /// A tensor of the current layer by its name within the layer.
  public func tensor(_ name: String) -> Value {
    let fullName = "\(path).\(name)"
    guard let value = updates[fullName] ?? tensors[fullName] else {
      preconditionFailure("no tensor \(fullName): parameters(for:) must list what lower reads")
    }
    return value
  }

  /// Sets what a running statistic of the current layer is from now on.
  public mutating func update(_ name: String, to value: Value) {
    updates["\(path).\(name)"] = value
  }

  /// Lets a value count as a constant in gradients.
  public mutating func hold(_ value: Value) { held.append(value) }

  /// A second output of the network.
  public mutating func classify(_ logits: Value, share: Double) {
    classifications.append(Classification(logits: logits, share: share))
  }

  /// A stream of random numbers that nothing else uses.
  public mutating func makeStream() -> Int {
    defer { nextStream += 1 }
    return nextStream
  }

  /// A network begins, with what it reads.
  public mutating func begin(with input: Value, referenceSize: Int = 0) {
    earlier = [EarlierLayer.input: input]
    self.referenceSize = referenceSize
  }

  /// From here on `count` rows of a reference batch go ahead, with labels in turn.
  mutating func precede(with count: Int) {
    referenceSize = count
    guard let labels else { return }
    let classes = program.shape(of: labels)[1]
    let wanted = program.oneHotInTurn(count: count, classes: classes)
    self.labels = program.concatenate([wanted, labels], axis: 0)
  }

  /// What an entry gives; called again where its norm and activation follow.
  public mutating func keep(_ value: Value, of entry: String) { earlier[entry] = value }

  /// The layer's output, its instructions marked with `path`.
  public mutating func lower(
    _ layer: any Layer, path: String, _ context: LayerContext, _ input: Value
  ) -> Value {
    self.path = path
    self.context = context
    let outer = program.setOrigin(Origin(path: path))
    defer { _ = program.setOrigin(outer) }
    return layer.lower(input, into: &self)
  }
}

extension ProgramBuilder {
  /// Rows of the unit matrix in turn, [count, classes].
  fileprivate mutating func oneHotInTurn(count: Int, classes: Int) -> Value {
    // A one and as many zeros as classes, again and again, is the unit matrix row by row.
    let row = pad(constant(1, [classes, 1]), low: [0, 0], high: [0, classes])
    let flat = slice(
      reshape(row, [classes * (classes + 1)]), start: [0], limit: [classes * classes])
    let turns = (count + classes - 1) / classes
    let repeated = broadcast(
      reshape(flat, [classes, classes]), to: [turns, classes, classes], axes: [1, 2])
    return slice(
      reshape(repeated, [turns * classes, classes]), start: [0, 0], limit: [count, classes])
  }
}
