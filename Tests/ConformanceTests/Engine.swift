import CPU
import Device
import DeviceSupport
import Program
import Reference
import Testing

/// A device that conformance is tested on: numbers in `Double` go in and come out.
enum Engine: Hashable, CaseIterable, CustomTestStringConvertible, Sendable {
  /// The reference interpreter in `Double`.
  case reference
  /// The CPU, in `Float`.
  case cpu(KernelChoice)
  /// The plugin of `DCGAN_TEST_PLUGIN`.
  case plugin

  /// All algorithms, with all instructions that this processor has.
  static let allCases: [Engine] =
    [.reference]
    + Plan.ISA.allCases.filter(\.isAvailable).flatMap { isa in
      Plan.Algorithm.allCases.map { .cpu(KernelChoice(algorithm: $0, isa: isa)) }
    } + TestedPlugin.devices.map { _ in .plugin }

  var device: any Device {
    switch self {
    case .reference: ReferenceDevice<Double>()
    case .cpu(let kernels): CPUDevice(threads: 2, kernels: kernels)
    case .plugin: TestedPlugin.devices[0]
    }
  }

  var testDescription: String { "\(device.name), \(device.settings)" }

  /// Nil where there is only one.
  var algorithm: Plan.Algorithm? {
    switch self {
    case .reference, .plugin: nil
    case .cpu(let kernels): kernels.algorithm
    }
  }

  /// Whether convolutions round at 5e-6.
  var roundsMore: Bool { algorithm == .winograd4 }

  func run(_ program: Program, _ inputs: [String: Values]) throws -> [String: Values] {
    #expect(program.violations().isEmpty)
    var runner = try DeviceRunner(device)
    return try runner.run(
      program,
      inputs.filter { name, _ in
        program.inputs.contains { $0.name == name }
      })
  }
}

/// Runs programs one after the other over one state.
struct DeviceRunner {
  private let state: any DeviceState
  /// Loaded programs by their text.
  private var programs: [String: any LoadedProgram] = [:]
  /// What later programs read, and which no program has yet had as an input.
  private var waiting: [String: Values] = [:]

  init(_ device: any Device) throws { state = try device.makeState() }

  /// `given` adds to the state, and replaces what has its names.
  mutating func run(
    _ program: Program, _ given: [String: Values]
  ) throws -> [String: Values] {
    let loaded = try programs[program.text] ?? state.load(program)
    programs[program.text] = loaded
    for (name, values) in waiting.merging(given, uniquingKeysWith: { $1 }) {
      waiting[name] = state.contains(name) ? nil : values
      if state.contains(name) { try state.write(values.elements, to: name) }
    }
    try loaded.run(key: RandomKey(seed: 0, step: 0))
    var outputs: [String: Values] = [:]
    for output in program.outputs {
      outputs[output.name] = Values(
        shape: program[output.value].shape.dimensions,
        elements: try loaded.outputNumbers(output.name))
    }
    return outputs
  }

  func value(of name: String) throws -> Values {
    if let values = waiting[name] { return values }
    return Values(
      shape: try #require(state.shape(of: name)).dimensions, elements: try state.numbers(of: name))
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
