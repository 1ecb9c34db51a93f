import Program
import Spec

/// Noise z [N, Z] as the spec wants it: drawn inside a program, or beforehand.
extension LatentSpec {
  /// In a program, from its own stream.
  func noise(_ shape: Shape, stream: Int, in program: inout ProgramBuilder) -> Value {
    let drawn = program.random(drawn, shape, stream: stream)
    switch distribution {
    case .normal: return drawn
    // [0, 1) → [−1, 1)
    case .uniform: return program.offset(program.scale(drawn, by: 2), by: -1)
    }
  }

  /// The noise [count, Z] that `seed` stands for, from vector `first` on: the same vectors however
  /// they are divided into calls.
  package func noise(first: Int = 0, count: Int, seed: UInt64) -> [Float] {
    // Training counts its steps from 0 and starts its tensors from `.max`.
    let stream = RandomStream(key: RandomKey(seed: seed, step: .max - 1), stream: 0)
    let numbers = count * size
    return [Float](unsafeUninitializedCapacity: numbers) { buffer, initialized in
      // The stream writes every element of the buffer, whose capacity is at least `numbers`.
      let elements = UnsafeMutableBufferPointer(rebasing: buffer[..<numbers])
      fillWithNoise(elements, stream, from: first * size)
      initialized = numbers
    }
  }

  /// Sets the elements to the stream's numbers from `first` on.
  func fillWithNoise(
    _ elements: UnsafeMutableBufferPointer<Float>, _ stream: RandomStream, from first: Int
  ) {
    stream.fill(elements, drawn, from: first)
    switch distribution {
    case .normal: break
    case .uniform: for i in elements.indices { elements[i] = 2 * elements[i] - 1 }
    }
  }

  private var drawn: Op.Distribution {
    switch distribution {
    case .normal: .normal
    case .uniform: .uniform
    }
  }
}
