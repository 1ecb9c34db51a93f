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

  /// All state of a training: first the parameters of both networks, then what the optimiser keeps.
  package static func all(of spec: Spec, graph: LayerGraph) -> [StateTensor] {
    let parameters = graph.parameters.map {
      StateTensor(name: $0.name, parameter: $0.parameter, isOptimizerState: false)
    }
    let prefixes = Optimizer(spec.train.optimizer).stateNames
    let moments = prefixes.flatMap { prefix in
      parameters.filter(\.parameter.role.isTrained).map {
        StateTensor(
          name: "\(prefix).\($0.name)", parameter: $0.parameter, isOptimizerState: true)
      }
    }
    return parameters + moments
  }

  /// The elements at the start of training, in the program's order.
  ///
  /// They depend on the seed and on `index`, the tensor's place among all.
  package func initialElements(
    _ initialization: InitializationSpec, seed: UInt64, index: Int
  ) -> [Float] {
    let count = parameter.shape.count
    if isOptimizerState { return [Float](repeating: 0, count: count) }
    switch parameter.role {
    case .bias, .shift, .runningMean: return [Float](repeating: 0, count: count)
    case .runningVariance: return [Float](repeating: 1, count: count)
    case .weight: return normal(initialization.weight.mean, initialization.weight.deviation)
    case .scale: return normal(initialization.normScale.mean, initialization.normScale.deviation)
    case .statistic: return normal(0, 1)
    }

    func normal(_ mean: Double, _ deviation: Double) -> [Float] {
      // Steps count from 0, so that their keys never meet this one.
      let key = RandomKey(seed: seed, step: .max)
      let (mean, deviation) = (Float(mean), Float(deviation))
      return [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
        // The stream writes every element of the buffer, whose capacity is at least `count`.
        let elements = UnsafeMutableBufferPointer(rebasing: buffer[..<count])
        RandomStream(key: key, stream: index).fill(elements, .normal, from: 0)
        for i in elements.indices { elements[i] = mean + deviation * elements[i] }
        initialized = count
      }
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
func permuted<Element>(
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
