import Testing
import Program
import Reference
import CPU

/// The two executors, seen alike: numbers in `Double` go in and come out.
enum Engine: Hashable, CaseIterable, CustomTestStringConvertible, Sendable {
  /// The reference interpreter in `Double`.
  case reference
  /// The runtime in `Float`.
  case runtime(KernelChoice)

  /// All algorithms, with all instructions that this processor has.
  static let allCases: [Engine] =
    [.reference]
    + Plan.ISA.allCases.filter(\.isAvailable).flatMap { isa in
      Plan.Algorithm.allCases.map { .runtime(KernelChoice(algorithm: $0, isa: isa)) }
    }

  var testDescription: String {
    switch self {
    case .reference: "reference"
    case .runtime(let kernels): "runtime, \(kernels.algorithm.rawValue), \(kernels.isa.rawValue)"
    }
  }

  /// Nil for the reference interpreter.
  var algorithm: Plan.Algorithm? {
    switch self {
    case .reference: nil
    case .runtime(let kernels): kernels.algorithm
    }
  }

  /// Whether convolutions round at 5e-6.
  var roundsMore: Bool { algorithm == .winograd4 }

  func run(_ program: Program, _ inputs: [String: Values]) throws -> [String: Values] {
    #expect(program.violations().isEmpty)
    let needed = program.inputs.map(\.name)
    switch self {
    case .reference:
      let tensors = inputs.filter { needed.contains($0.key) }.mapValues {
        Tensor<Double>(shape: Shape($0.shape), elements: $0.elements)
      }
      return try ReferenceInterpreter<Double>().run(
        program, inputs: tensors, key: RandomKey(seed: 0, step: 0)
      ).mapValues { Values(shape: $0.shape.dimensions, elements: $0.elements) }
    case .runtime(let kernels):
      let store = TensorStore()
      try store.allocate(for: program)
      for name in needed {
        try store.write(inputs[name]!.elements.map(Float.init), to: name)
      }
      let executor = try Executor(
        plan: Plan(for: program, kernels: kernels), store: store,
        pool: WorkerPool(threads: 2))
      executor.run(key: RandomKey(seed: 0, step: 0))
      var outputs: [String: Values] = [:]
      for output in program.outputs {
        let elements =
          try needed.contains(output.name)
          ? store.read(output.name) : executor.output(output.name)
        outputs[output.name] = Values(
          shape: program[output.value].shape.dimensions, elements: elements.map(Double.init))
      }
      return outputs
    }
  }
}

/// A tensor outside of any executor.
struct Values: Equatable, Sendable {
  let shape: [Int]
  let elements: [Double]

  /// Axis i of the result is axis `axes[i]` of this.
  func transposed(_ axes: [Int]) -> Values {
    let strides = Shape(shape).strides
    let sizes = axes.map { shape[$0] }
    var offsets = [0]
    for (size, axis) in zip(sizes, axes) {
      offsets = offsets.flatMap { offset in (0..<size).map { offset + $0 * strides[axis] } }
    }
    return Values(shape: sizes, elements: offsets.map { elements[$0] })
  }

  /// Files hold maps as [N, C, H, W], programs as [N, H, W, C]; all else is the same.
  var channelsLast: Values { shape.count == 4 ? transposed([0, 2, 3, 1]) : self }
  var channelsFirst: Values { shape.count == 4 ? transposed([0, 3, 1, 2]) : self }

  func reshaped(_ shape: [Int]) -> Values { Values(shape: shape, elements: elements) }

  /// Largest |a − b| over the largest |b|.
  func error(from expected: Values) -> Double {
    guard elements.count == expected.elements.count else { return .infinity }
    let scale = expected.elements.map(abs).max() ?? 0
    let difference = zip(elements, expected.elements).map { abs($0 - $1) }
    guard difference.allSatisfy({ $0.isFinite }) else { return .infinity }
    let largest = difference.max() ?? 0
    return largest == 0 ? 0 : largest / max(scale, .leastNormalMagnitude)
  }
}
