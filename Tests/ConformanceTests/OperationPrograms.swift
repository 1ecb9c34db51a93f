import Autodiff
import Decoding
import Diagnostics
import Document
import Foundation
import Layers
import Model
import Objectives
import Optimizers
import Program
import Testing

@testable import Spec

/// How an operation of the files is computed here: the product's own layers, losses and optimisers.
struct OperationProgram {
  var builder = ProgramBuilder()
  /// Values by the names of the files, with the file's layout of each.
  var inputs: [String: Bound] = [:]
  var outputs: [String: Bound] = [:]

  /// Values to differentiate with respect to, instead of the inputs of their names.
  var differentiated: [String: Bound] = [:]

  /// A value of the program and how it lies in files.
  struct Bound {
    let value: Value
    let layout: Layout
  }

  enum Layout {
    /// Maps [N, H, W, C] that files hold as [N, C, H, W]; all else as it is.
    case features
    /// A parameter of a layer.
    case parameter(Parameter)
    /// Other shapes of the same order.
    case shape([Int])
    /// [rest, out]: the axes of a weight in an `order` that begins with its outputs.
    case transposedMatrix(order: [Int], sizes: [Int])

    func toProgram(_ values: Values) -> Values {
      switch self {
      case .features: return values.channelsLast
      case .shape(let shape): return values.reshaped(shape)
      case .transposedMatrix(let order, let sizes):
        return values.transposed(order).reshaped([sizes[0], values.elements.count / sizes[0]])
          .transposed([1, 0])
      case .parameter(let parameter):
        let axes = parameter.fileAxes
        let stored = values.reshaped(axes.map { parameter.shape[$0] })
        return stored.transposed(axes.indices.map { axes.firstIndex(of: $0)! })
      }
    }

    func toFile(_ values: Values, shape: [Int]) -> Values {
      switch self {
      case .features: values.channelsFirst.reshaped(shape)
      case .shape: values.reshaped(shape)
      case .transposedMatrix(let order, let sizes):
        values.transposed([1, 0]).reshaped(sizes)
          .transposed(order.indices.map { order.firstIndex(of: $0)! })
      case .parameter(let parameter): values.transposed(parameter.fileAxes).reshaped(shape)
      }
    }
  }

  init(_ test: OperationCase) throws {
    switch test.operation {
    case "conv2d", "conv_transpose2d", "linear", "batch_norm", "instance_norm", "layer_norm",
      "group_norm", "relu", "leaky_relu", "tanh", "sigmoid", "softplus", "max_pool2d", "avg_pool2d",
      "upsample_nearest":
      try addLayer(test)
    case "spectral_norm":
      try addSpectralNormalization(test)
    case "bce_with_logits", "bce_of_sigmoid":
      addCrossEntropy(test)
    case "discriminator_loss", "generator_loss":
      try addLoss(test)
    case "l2_penalty":
      let parameters = test.inputs.keys.sorted().map { addInput($0, test) }
      // coefficient / 2 · Σ x²: what coupled weight decay adds to the loss.
      let squares = parameters.map { builder.sum(builder.square($0)) }
      let total = squares.dropFirst().reduce(squares[0]) { builder.add($0, $1) }
      add("loss", builder.scale(total, by: try test.number("coefficient") / 2))
    case "gradient_penalty":
      try addGradientPenalty(test)
    case "optimiser":
      try addOptimizer(test)
    default:
      Issue.record("no way to compute the operation \(test.operation)")
    }
  }

  /// What a gradient is taken for.
  func variable(_ name: String) throws -> Bound {
    try #require(differentiated[name] ?? inputs[name])
  }

  // MARK: Layers

  /// The layer as a spec would write it.
  private func yaml(_ test: OperationCase) throws -> String {
    let hasBias = test.inputs["bias"] != nil
    let weight = test.inputs["weight"]?.shape ?? []
    var window: String {
      get throws {
        "kernel: \(try test.integer("kernel")), stride: \(try test.integer("stride")), "
          + "padding: \(try test.integer("padding"))"
      }
    }
    switch test.operation {
    case "conv2d":
      return "conv: {filters: \(weight[0]), \(try window), bias: \(hasBias)}"
    case "conv_transpose2d":
      let extra = try test.integer("output_padding")
      return "conv_transpose: {filters: \(weight[1]), \(try window), output_padding: \(extra), "
        + "bias: \(hasBias)}"
    case "linear": return "linear: {units: \(weight[0]), bias: \(hasBias)}"
    case "batch_norm":
      return "batch_norm: {epsilon: \(try test.number("epsilon")), "
        + "momentum: \(try test.number("momentum")), scale_and_shift: \(!weight.isEmpty)}"
    case "instance_norm", "layer_norm":
      return "\(test.operation): {epsilon: \(try test.number("epsilon")), "
        + "scale_and_shift: \(!weight.isEmpty)}"
    case "group_norm":
      return "group_norm: {epsilon: \(try test.number("epsilon")), "
        + "groups: \(try test.integer("groups")), scale_and_shift: \(!weight.isEmpty)}"
    case "leaky_relu": return "leaky_relu: {slope: \(try test.number("slope"))}"
    case "max_pool2d": return "max_pool: {\(try window)}"
    case "avg_pool2d":
      let counts = try #require(test.attributes["count_padding"] as? Bool)
      return "average_pool: {\(try window), count_padding: \(counts)}"
    case "upsample_nearest": return "upsample: {scale: \(try test.integer("scale"))}"
    default: return "\(test.operation): {}"
    }
  }

  private mutating func addLayer(_ test: OperationCase) throws {
    let (_, layer) = try makeLayer(try yaml(test))
    let x = try #require(test.inputs["x"])
    let mode: Lowering.Mode = test.attributes["training"] as? Bool == false ? .evaluate : .train
    let input: Value
    if x.shape.count == 1 {  // a layer works on batches
      inputs["x"] = Bound(
        value: builder.input("x", Shape([x.shape[0], 1])), layout: .shape([x.shape[0], 1]))
      input = inputs["x"]!.value
    } else {
      input = addInput("x", test)
    }
    let (y, updates) = lower(layer, path: "layer", input, prefix: "", mode: mode)
    outputs["y"] = Bound(value: y, layout: x.shape.count == 1 ? .shape(x.shape) : .features)
    for (name, value) in updates {
      add(name.replacingOccurrences(of: "layer.", with: ""), value)
    }
  }

  /// Lowers a layer whose parameters are inputs named `prefix` + their own names.
  private mutating func lower(
    _ layer: any Layer, path: String, _ input: Value, prefix: String, mode: Lowering.Mode,
    hasNorm: Bool = false
  ) -> (output: Value, updates: [String: Value]) {
    let context = LayerContext(classes: nil, hasNorm: hasNorm)
    var tensors: [String: Value] = [:]
    for parameter in layer.parameters(for: featureShape(of: input), context) {
      let name = prefix + parameter.name
      let value = builder.input(name, parameter.shape)
      inputs[name] = Bound(value: value, layout: .parameter(parameter))
      tensors["\(path).\(parameter.name)"] = value
    }
    var lowering = Lowering(program: builder, mode: mode, tensors: tensors)
    let output = lowering.lower(layer, path: path, context, input)
    builder = lowering.program
    return (output, lowering.updates)
  }

  private func featureShape(of value: Value) -> FeatureShape {
    let shape = builder.shape(of: value)
    return shape.rank == 2
      ? .vector(shape[1]) : .maps(channels: shape[3], height: shape[1], width: shape[2])
  }

  private func makeLayer(_ yaml: String) throws -> (LayerKind, any Layer) {
    let (node, problems) = YAMLDocument.parse(SourceFile(path: "case.yaml", text: yaml))
    #expect(problems.isEmpty)
    guard case .mapping(let mapping)? = node, let entry = mapping.entries.first else {
      throw ConformanceError(description: "\(yaml) is not a map")
    }
    let kind = try #require(LayerKind(rawValue: entry.key.text))
    var reader = OptionReader(entry.value, subject: kind.rawValue, span: entry.key.span)
    let layer = kind.type.init(reading: &reader)
    reader.finish()
    #expect(reader.diagnostics.map(\.message) == [])
    return (kind, layer)
  }

  /// The weight as a matrix [out, rest], the output's axis first.
  private mutating func addSpectralNormalization(_ test: OperationCase) throws {
    let weight = addInput("weight", test)
    let shape = builder.shape(of: weight)
    let axis = try test.integer("dimension")
    let order = [axis] + (0..<shape.rank).filter { $0 != axis }
    let (out, rest) = (shape[axis], shape.count / shape[axis])
    let matrix = builder.reshape(builder.transpose(weight, order), [out, rest])
    let result = builder.spectrallyNormalized(matrix, u: addInput("u", test))
    // [out, rest] → the file's axes
    let sizes = order.map { shape[$0] }
    let inverse = order.indices.map { order.firstIndex(of: $0)! }
    let y = builder.transpose(builder.reshape(result.weight, Shape(sizes)), inverse)
    add("y", y)
    let sigma = builder.divide(
      builder.sum(builder.multiply(matrix, result.weight)),
      builder.sum(builder.square(result.weight)))
    add("sigma", sigma)  // W = σ·W'
    add("u", result.u)
    add("v", result.v)
    differentiated["weight"] = Bound(
      value: result.variable, layout: .transposedMatrix(order: order, sizes: sizes))
  }

  // MARK: Losses

  /// Mean over all of max(x, 0) − x·t + log(1 + exp(−|x|)), or the same from probabilities.
  private mutating func addCrossEntropy(_ test: OperationCase) {
    let (x, t) = (addInput("logits", test), addInput("targets", test))
    let shape = builder.shape(of: x)
    if test.operation == "bce_with_logits" {
      let product = builder.multiply(x, t)
      add("loss", builder.mean(builder.subtract(builder.softplus(x), product)))
      return
    }
    let p = builder.logistic(x)
    let one = builder.constant(1, shape)
    let hit = builder.multiply(t, builder.log(p))
    let miss = builder.multiply(
      builder.subtract(one, t), builder.log(builder.subtract(one, p)))
    add("loss", builder.negate(builder.mean(builder.add(hit, miss))))
  }

  private mutating func addLoss(_ test: OperationCase) throws {
    let kind = try #require(test.attributes["kind"] as? String)
    let scale = (test.attributes["scale"] as? NSNumber)?.doubleValue ?? 1
    let objective: any Objective =
      switch ObjectiveKind(rawValue: kind) ?? .minimax {
      case .minimax: Minimax(generator: kind == "minimax" ? .saturating : .nonSaturating)
      case .leastSquares: LeastSquares(scale: scale)
      case .wasserstein: Wasserstein()
      case .hinge: Hinge()
      case .relativisticAverage: RelativisticAverage()
      case .reconstruction, .classification:
        throw ConformanceError(description: "\(kind) is no game")
      }
    let fake = addInput("fake", test)
    if test.operation == "discriminator_loss" {
      let real = addInput("real", test)
      add("loss", objective.discriminatorLoss(real: real, fake: fake, in: &builder))
    } else {
      add("loss", objective.generatorLoss(real: nil, fake: fake, in: &builder))
    }
  }

  private mutating func addGradientPenalty(_ test: OperationCase) throws {
    let (real, fake) = (addInput("real", test), addInput("fake", test))
    let mix = addInput("mix", test)
    let x = GradientPenalty.points(real: real, fake: fake, mix: mix, in: &builder)
    var features = x
    var counts: [String: Int] = [:]
    let layers = try #require(test.attributes["layers"] as? [[String: Any]])
    for layer in layers {
      let kind = try #require(layer["kind"] as? String)
      counts[kind, default: 0] += 1
      let name = "\(kind)\(counts[kind]!)"
      let bias = try #require(layer["bias"] as? Bool)
      let out = try #require(layer["out"] as? Int)
      let options =
        kind == "linear"
        ? "units: \(out)"
        : "filters: \(out), kernel: \(layer["kernel"]!), stride: \(layer["stride"]!), "
          + "padding: \(layer["padding"]!)"
      var lines = [(name, "\(kind): {\(options), bias: \(bias)}")]
      if let norm = layer["norm"] as? String {
        lines.append(("\(name).norm", "\(norm)_norm: {epsilon: \(try test.number("epsilon"))}"))
      }
      if let activation = layer["activation"] as? String {
        let slope = (layer["slope"] as? NSNumber).map { "slope: \($0)" } ?? ""
        lines.append(("\(name).activation", "\(activation): {\(slope)}"))
      }
      for (path, yaml) in lines {
        features =
          lower(
            try makeLayer(yaml).1, path: path, features, prefix: "\(path).", mode: .train
          ).output
      }
    }
    let batch = builder.shape(of: features)[0]
    let critic = builder.reshape(features, [batch])
    let slope = builder.gradients(of: builder.sum(critic), withRespectTo: [x])[0]
    let penalty = GradientPenalty(
      coefficient: try test.number("coefficient"), centre: try test.number("centre")
    ).loss(slope: slope, in: &builder)
    add("loss", penalty.loss)
    add("norm", penalty.norm)
    add("critic", critic)
    outputs["input_gradient"] = Bound(value: slope, layout: .features)
  }

  // MARK: Optimisers

  private mutating func addOptimizer(_ test: OperationCase) throws {
    let options = try #require(test.attributes["options"] as? [String: Any])
    func number(_ name: String, _ fallback: Double) -> Double {
      (options[name] as? NSNumber)?.doubleValue ?? fallback
    }
    let rule: OptimizerRule
    switch test.attributes["kind"] as? String {
    case "adam":
      let betas = try #require(options["betas"] as? [NSNumber])
      rule = .adam(
        Adam(
          beta1: betas[0].doubleValue, beta2: betas[1].doubleValue, epsilon: number("eps", 1e-8)))
    case "rmsprop":
      rule = .rmsprop(
        RMSProp(
          smoothing: number("alpha", 0.99), epsilon: number("eps", 1e-8),
          momentum: number("momentum", 0)))
    default:
      rule = .sgd(SGD(momentum: number("momentum", 0)))
    }
    let optimizer = OptimizerSpec(
      rule: rule, learningRate: number("lr", 0), weightDecay: number("weight_decay", 0),
      span: .nowhere, optionSpans: [:])
    var parameter = addInput("parameter", test)
    let shape = builder.shape(of: parameter)
    var state = optimizer.stateNames.map { _ in builder.constant(0, shape) }
    for t in 1...(try test.integer("steps")) {
      let numbers = optimizer.scalars(step: t)
      var scalars: [OptimizerScalar: Value] = [:]
      for scalar in OptimizerScalar.allCases { scalars[scalar] = builder.constant(numbers[scalar]) }
      let gradient = addInput("gradient.\(t)", test)
      (parameter, state) = optimizer.update(
        parameter, gradient: gradient, state: state, scalars: scalars, in: &builder)
      add("parameter.\(t)", parameter)
    }
  }

  // MARK: Inputs and outputs

  private mutating func addInput(_ name: String, _ test: OperationCase) -> Value {
    let values = test.inputs[name]?.channelsLast ?? Values(shape: [], elements: [0])
    // Weights of a spectral norm stay as they are in the file.
    let isMatrix = test.operation == "spectral_norm"
    let shape = isMatrix ? test.inputs[name]?.shape ?? [] : values.shape
    let value = builder.input(name, Shape(shape))
    inputs[name] = Bound(value: value, layout: isMatrix ? .shape(shape) : .features)
    return value
  }

  private mutating func add(_ name: String, _ value: Value) {
    outputs[name] = Bound(value: value, layout: .shape(builder.shape(of: value).dimensions))
  }
}

struct ConformanceError: Error, CustomStringConvertible {
  let description: String
}

extension SourceSpan {
  /// For what no file says.
  static let nowhere = SourceSpan(
    file: SourceFile(path: "", text: ""), start: SourcePosition(line: 1, column: 1),
    end: SourcePosition(line: 1, column: 1))
}
