import Layers
import Program

/// One use of a network in a program.
public struct NetworkPass: Sendable {
  public let output: Value
  /// New values of running statistics by full name; empty in evaluation.
  public let updates: [String: Value]
  /// The first stream of random numbers that this pass has not used.
  public let nextStream: Int
  /// What comes out of each node, in the order of `nodes`.
  public let values: [Value]
  /// Values that count as constants in gradients.
  public let held: [Value]
  /// What the network says about the classes of its input.
  public let classifications: [Lowering.Classification]
}

extension NetworkGraph {
  /// Where to stop.
  public enum Ending: Hashable, Sendable {
    /// After the last layer, in its own form: [N, F] or [N, H, W, C].
    case output
    /// One number per image, [N], before a last sigmoid: losses are computed from logits.
    case logits
  }

  /// Computes the network for `input`: [N, Z] for the generator, [N, H, W, C] for the
  /// discriminator.
  ///
  /// `tensors` holds the network's tensors by full name. Where a network is used several times in
  /// one program, merge each pass's updates into the next one's tensors, and begin its streams
  /// where the last one ended.
  ///
  /// What comes out of a node whose path is in `factors` goes on multiplied by a number for each
  /// channel; the `values` of the pass are those before. The input is one of `shards` equal parts of a
  /// batch.
  public func lower(
    _ input: Value, mode: Lowering.Mode, labels: Value? = nil, real: Value? = nil,
    tensors: [String: Value], factors: [String: Value] = [:],
    firstStream: Int = 0, shards: Int = 1, upTo ending: Ending = .output,
    into program: inout ProgramBuilder
  ) -> NetworkPass {
    var lowering = Lowering(
      program: program, mode: mode, labels: labels, tensors: tensors, firstStream: firstStream)
    lowering.realImages = real
    lowering.shards = shards
    lowering.factors = factors
    program = ProgramBuilder()  // so that the builder has one owner and is not copied
    let values = lower(input, upTo: ending, into: &lowering)
    program = lowering.program
    return NetworkPass(
      output: values.output, updates: lowering.updates, nextStream: lowering.nextStream,
      values: values.nodes, held: lowering.held, classifications: lowering.classifications)
  }

  /// Computes the network in a lowering that may hold other uses of it, whose updates it sees.
  public func lower(
    _ input: Value, upTo ending: Ending = .output, into lowering: inout Lowering
  ) -> (output: Value, nodes: [Value]) {
    var value = input
    var values: [Value] = []
    let labels = lowering.labels
    defer { lowering.labels = labels }
    lowering.begin(with: input)
    for node in ending == .logits ? nodesBeforeSigmoid : nodes[...] {
      value = lowering.lower(node.layer, path: node.path, node.context, value)
      values.append(value)
      if let factor = lowering.factors[node.path] {
        let shape = lowering.program.shape(of: value)
        value = lowering.program.multiply(
          value, lowering.program.broadcastAlongLast(factor, to: shape))
      }
      lowering.keep(value, of: node.entryName)
    }
    if lowering.referenceSize > 0 {
      let shape = lowering.program.shape(of: value)
      var start = shape.dimensions.map { _ in 0 }
      start[0] = lowering.referenceSize
      value = lowering.program.slice(value, start: start, limit: shape.dimensions)
    }
    if ending == .logits {
      let batch = lowering.program.shape(of: value)[0]
      value = lowering.program.reshape(value, [batch])
    }
    return (value, values)
  }

  /// The tensors as inputs of a program, by full name; `input` says what the input of each is called.
  public func declaredTensors(
    in program: inout ProgramBuilder, calling input: (String) -> String = { $0 }
  ) -> [String: Value] {
    var tensors: [String: Value] = [:]
    for parameter in parameters {
      tensors[parameter.name] = program.input(input(parameter.name), parameter.shape)
    }
    return tensors
  }

  private var nodesBeforeSigmoid: ArraySlice<LayerNode> {
    nodes.last?.kind == .sigmoid ? nodes.dropLast() : nodes[...]
  }
}

extension NetworkGraph {
  /// The network by itself: inputs `input`, `labels` where they are used, and the tensors; outputs
  /// `output`, and in training the running statistics.
  public func forwardProgram(batch: Int, mode: Lowering.Mode) -> Program {
    var program = ProgramBuilder()
    let x = program.input("input", input.batchShape(batch))
    let labels = usesLabels ? program.input("labels", [batch, classes ?? 0]) : nil
    let tensors = declaredTensors(in: &program)
    let pass = lower(x, mode: mode, labels: labels, tensors: tensors, into: &program)
    let updates = parameters.compactMap { parameter in
      pass.updates[parameter.name].map { (name: parameter.name, value: $0) }
    }
    return program.program(outputs: [(name: "output", value: pass.output)] + updates)
  }
}
