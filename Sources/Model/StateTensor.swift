import LayerGraph
import Layers
import Program
import Spec

/// A tensor that training carries from step to step, and how it lies in files.
package struct StateTensor: Hashable, Sendable {
  /// As in programs and files: `generator.conv1.weight`, `adam.m.generator.conv1.weight`.
  package let name: String
  package let parameter: Parameter
  /// Whether it is a moment or velocity of an optimiser, which starts at 0.
  package let isOptimizerState: Bool
  /// The place, among all, of the tensor whose moving average it is; nil for all but averages.
  package let averaged: Int?

  package init(
    name: String, parameter: Parameter, isOptimizerState: Bool, averaged: Int? = nil
  ) {
    self.name = name
    self.parameter = parameter
    self.isOptimizerState = isOptimizerState
    self.averaged = averaged
  }

  /// All state of a training: first the parameters of both networks, then what the optimisers keep,
  /// then the averages of the generator's tensors.
  package static func all(of spec: Spec, graph: LayerGraph) -> [StateTensor] {
    let parameters = graph.parameters.map {
      StateTensor(name: $0.name, parameter: $0.parameter, isOptimizerState: false)
    }
    // The networks' optimisers may keep different numbers: by prefix, as files have always had them.
    let roles = NetworkRole.allCases.map { role in
      (
        prefixes: spec.train.optimizer(of: role).stateNames,
        trained: graph.network(role).parameters.filter(\.role.isTrained)
      )
    }
    var prefixes: [String] = []
    for prefix in roles.flatMap(\.prefixes) where !prefixes.contains(prefix) {
      prefixes.append(prefix)
    }
    let moments = prefixes.flatMap { prefix in
      roles.filter { $0.prefixes.contains(prefix) }.flatMap { role in
        role.trained.map {
          StateTensor(
            name: TensorName.optimizerState(prefix, of: $0.name), parameter: $0.parameter,
            isOptimizerState: true)
        }
      }
    }
    let averages =
      spec.train.generator.average == 0
      ? []
      : graph.generator.parameters.filter(\.role.isAveraged).map { parameter in
        StateTensor(
          name: TensorName.average(of: parameter.name), parameter: parameter.parameter,
          isOptimizerState: false,
          averaged: parameters.firstIndex { $0.name == parameter.name })
      }
    return parameters + moments + averages
  }

  /// Sets the elements from `first` on to what they are at the start of training.
  ///
  /// They depend on the seed, on `index`, the tensor's place among all, and on their own place, so
  /// that the pieces of a tensor can be filled in any order.
  package func initialize(
    _ elements: UnsafeMutableBufferPointer<Float>, from first: Int,
    for spec: Spec, seed: UInt64, index: Int
  ) {
    let initialization = spec.initialization
    func fill(mean: Double, deviation: Double) {
      // Steps count from 0, so that their keys never meet this one.
      let key = RandomKey(seed: seed, step: .max)
      RandomStream(key: key, stream: index).fill(elements, .normal, from: first)
      let (mean, deviation) = (Float(mean), Float(deviation))
      for i in elements.indices { elements[i] = mean + deviation * elements[i] }
    }
    if startsAtZero {
      elements.update(repeating: 0)
      return
    }
    switch parameter.role {
    case .weight:
      fill(mean: initialization.weight.mean, deviation: initialization.weight.deviation)
    case .scale:
      fill(mean: initialization.normScale.mean, deviation: initialization.normScale.deviation)
    case .statistic:
      fill(mean: 0, deviation: 1)
    case .noise:
      spec.latent.fillWithNoise(
        elements, RandomStream(key: RandomKey(seed: seed, step: .max), stream: index), from: first)
    case .runningVariance:
      elements.update(repeating: 1)
    case .slope:
      elements.update(repeating: 0.25)
    case .bias, .shift, .runningMean, .images:
      elements.update(repeating: 0)
    }
  }

  /// Whether all elements are 0 at the start.
  package var startsAtZero: Bool {
    if isOptimizerState { return true }
    switch parameter.role {
    case .bias, .shift, .runningMean, .images: return true
    case .weight, .scale, .runningVariance, .statistic, .noise, .slope: return false
    }
  }

  /// From the program's order of axes to that of files.
  package func fileElements(_ elements: UnsafeBufferPointer<Float>) -> [Float] {
    permuted(elements, shape: parameter.shape, axes: parameter.fileAxes)
  }

  /// From the files' order of axes to that of the program.
  package func elements(fromFile elements: UnsafeBufferPointer<Float>) -> [Float] {
    let permutedShape = Shape(parameter.fileAxes.map { parameter.shape[$0] })
    let inverse = parameter.fileAxes.indices.map { parameter.fileAxes.firstIndex(of: $0)! }
    return permuted(elements, shape: permutedShape, axes: inverse)
  }
}

/// The elements of a tensor with axis i of the result being axis `axes[i]` of the operand.
package func permuted<Element>(
  _ elements: UnsafeBufferPointer<Element>, shape: Shape, axes: [Int]
) -> [Element] {
  precondition(elements.count == shape.count, "\(elements.count) elements for \(shape)")
  guard axes != Array(axes.indices) else { return Array(elements) }
  let sizes = axes.map { shape[$0] }
  let strides = axes.map { shape.strides[$0] }
  var result: [Element] = []
  result.reserveCapacity(shape.count)
  func append(axis: Int, offset: Int) {
    guard axis < sizes.count else {
      result.append(elements[offset])
      return
    }
    for i in 0..<sizes[axis] { append(axis: axis + 1, offset: offset + i * strides[axis]) }
  }
  append(axis: 0, offset: 0)
  return result
}
