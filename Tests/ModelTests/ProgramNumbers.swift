import Program
import Reference

extension Program {
  /// Numbers for all inputs, the same for the same name: uniform ones in 0 ..< 1, as `change` has them.
  func numbers(_ change: (_ name: String, _ number: Double) -> Double) -> [String: Tensor<Double>] {
    var numbers: [String: Tensor<Double>] = [:]
    for (name, shape) in inputs {
      let seed = name.utf8.reduce(UInt64(7)) { $0 &* 31 &+ UInt64($1) }
      var elements = [Float](repeating: 0, count: shape.count)
      elements.withUnsafeMutableBufferPointer {
        RandomStream(key: RandomKey(seed: seed, step: 0), stream: 0).fill($0, .uniform)
      }
      numbers[name] = Tensor(shape: shape, elements: elements.map { change(name, Double($0)) })
    }
    return numbers
  }
}
