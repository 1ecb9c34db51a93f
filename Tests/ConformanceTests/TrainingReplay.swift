import Compiler
import Model
import Foundation
import Interchange
import LayerGraph
import Layers
import Program
import Spec
import Testing

/// A whole training of a network of the fixture, replayed from the file's numbers.
struct TrainingReplay {
  let file: SafetensorsFile
  let spec: Spec
  let graph: LayerGraph
  /// State, and what the steps gave, by the names of the file and in its layouts.
  private(set) var results: [String: Values] = [:]
  private var runner: DeviceRunner
  private let state: [StateTensor]

  /// The fixture's spec has the name of its tensors: `paper32.yaml`, `paper32.safetensors`.
  init(_ path: String, _ engine: Engine) throws {
    file = try SafetensorsFile(contentsOf: path)
    let specPath = path.replacingOccurrences(of: ".safetensors", with: ".yaml")
    let compilation = try Compilation(path: specPath)
    #expect(compilation.problems.map(\.message) == [])
    spec = try #require(compilation.spec)
    graph = try #require(compilation.graph)
    state = StateTensor.all(of: spec, graph: graph)
    runner = try DeviceRunner(engine.device)
  }

  /// Runs all iterations and both kinds of sampling.
  mutating func run() throws {
    var given = try initialState()
    let options = TrainingStep.Options(takesNoise: true, givesIntermediates: true)
    let steps = TrainingStep.sequence(of: spec).map {
      TrainingStep($0, of: spec, graph: graph, batch: spec.train.batch, options: options)
    }
    var losses: [NetworkRole: [Double]] = [:]
    var updates: [NetworkRole: Int] = [:]
    for i in 1...(try iterations) {
      let step = steps[(i - 1) % steps.count]
      if step.readsReal { given[TensorName.real] = try tensor("real.\(i)").channelsLast }
      if let condition = spec.condition {
        given[TensorName.labels] = oneHotValues(try tensor("labels.\(i)"), condition.classes)
      }
      for role in step.kind.roles {
        let name = file.contains("z.\(i)") ? "z.\(i)" : "z.\(i).\(role.rawValue)"
        given[TensorName.noise(role)] = try tensor(name)
        updates[role, default: 0] += 1
        for (name, value) in spec.train.optimizer.scalarInputs(
          of: role, step: updates[role]!)
        {
          given[name] = Values(shape: [], elements: [value])
        }
      }
      let outputs = try runner.run(step.program, given)
      given = [:]  // the runner keeps the state
      for role in step.kind.roles {
        losses[role, default: []] += outputs[TensorName.loss(role)]!.elements
        if updates[role] == 1 { keep(outputs, of: role) }
      }
    }
    for (role, values) in losses {
      results["loss.\(role.rawValue)"] = Values(shape: [values.count], elements: values)
    }
    for tensor in state where !tensor.isOptimizerState {
      results["final.\(tensor.name)"] = inFileLayout(
        try runner.value(of: tensor.name), tensor)
    }
    try sample()
  }

  /// What the first step of a network gave.
  private mutating func keep(_ outputs: [String: Values], of role: NetworkRole) {
    for tensor in state {
      let name = TensorName.gradient(tensor.name)
      guard tensor.name.hasPrefix(role.rawValue), let gradient = outputs[name] else { continue }
      results[name] = inFileLayout(gradient, tensor)
    }
    guard role == .discriminator else { return }
    for name in [TensorName.fakeImages, TensorName.logitsOnReal, TensorName.logitsOnFake] {
      results[name] = outputs[name]?.channelsFirst
    }
  }

  private mutating func sample() throws {
    var given = [TensorName.sampleNoise: try tensor("sample.z")]
    if let condition = spec.condition {
      given[TensorName.sampleLabels] = oneHotValues(try tensor("sample.labels"), condition.classes)
    }
    let modes: [(String, Lowering.Mode)] = [("eval", .evaluate), ("train", .train)]
    for (name, mode) in modes {
      let sampling = SamplingProgram(of: spec, graph: graph, batch: spec.train.batch, mode: mode)
      results["sample.\(name)"] =
        try runner.run(sampling.program, given)[TensorName.images]!.channelsFirst
    }
  }

  private func initialState() throws -> [String: Values] {
    var values: [String: Values] = [:]
    for tensor in state {
      let shape = tensor.parameter.shape
      if tensor.isOptimizerState {
        values[tensor.name] = Values(
          shape: shape.dimensions, elements: [Double](repeating: 0, count: shape.count))
      } else {
        let stored = try self.tensor("init.\(tensor.name)")
        #expect(stored.shape == tensor.parameter.fileShape.dimensions, "\(tensor.name)")
        values[tensor.name] = OperationProgram.Layout.parameter(tensor.parameter).toProgram(stored)
      }
    }
    return values
  }

  private func inFileLayout(_ values: Values, _ tensor: StateTensor) -> Values {
    OperationProgram.Layout.parameter(tensor.parameter).toFile(
      values, shape: tensor.parameter.fileShape.dimensions)
  }

  private var iterations: Int {
    get throws {
      let data = Data((file.metadata["network"] ?? "{}").utf8)
      let network = try JSONSerialization.jsonObject(with: data) as? [String: Any]
      return try #require(network?["iterations"] as? Int)
    }
  }

  func tensor(_ name: String) throws -> Values { try Values(file.tensor(named: name)) }
}

private func oneHotValues(_ labels: Values, _ classes: Int) -> Values {
  let vectors = oneHot(labels.elements.map { Int($0) }, classes: classes)
  return Values(shape: [labels.elements.count, classes], elements: vectors.map(Double.init))
}
