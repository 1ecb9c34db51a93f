import CPJRT
import Device
import Program
import StableHLO

/// Tensors by name in a device's memory, and the programs that run on them.
final class PJRTState: DeviceState {
  let client: PJRTClient
  let hardware: PJRTHardware
  private let style: StableHLOStyle
  /// The devices that it runs programs with, and its place among them.
  private let group: PJRTGroup
  private let place: Int
  private var tensors: [String: PJRTBuffer] = [:]
  /// The outputs of the last run that replace nothing.
  private var outputs: [String: PJRTBuffer] = [:]
  /// Why the tensors are gone, once a run has failed that had taken over their memory.
  private var loss: DeviceProblem?

  init(
    client: PJRTClient, hardware: PJRTHardware, style: StableHLOStyle, group: PJRTGroup, place: Int
  ) {
    self.client = client
    self.hardware = hardware
    self.style = style
    self.group = group
    self.place = place
  }

  var bytes: Int { tensors.values.reduce(0) { $0 + $1.bytes } }

  func shape(of name: String) -> Shape? { tensors[name]?.shape }

  func load(_ programs: [Program]) throws(DeviceProblem) -> [any LoadedProgram] {
    for (name, shape) in try missingInputs(of: programs) {
      tensors[name] = try sent([Float](repeating: 0, count: shape.count), shape)
    }
    return try programs.map { program throws(DeviceProblem) in
      let module = StableHLOModule(program, style: style)
      return PJRTProgram(
        program: program, executable: try client.executable(for: module), state: self)
    }
  }

  var sharers: Int? { group.count }

  func loadShared(_ program: Program) throws(DeviceProblem) -> any SharedProgram {
    for (name, shape) in program.inputs where tensors[name] == nil {
      let part = Shape(Array(shape.dimensions.dropFirst()))
      tensors[name] = try sent([Float](repeating: 0, count: part.count), part)
    }
    let module = StableHLOModule(program, devices: group.count, style: style)
    return PJRTSharedProgram(
      program, try client.executable(for: module), state: self, group: group, place: place,
      key: try PJRTBuffer(RandomKey(seed: 0, step: 0), on: self))
  }

  func keep(
    _ output: String, of loaded: any LoadedProgram, as name: String
  ) throws(DeviceProblem) {
    guard loaded.hasOutput(output) else { throw .missingTensor(name: output) }
    _ = try tensor(name)
    if let buffer = outputs[output] {
      tensors[name] = buffer
    } else {
      tensors[name] = try tensor(output)
    }
  }

  func write(_ elements: UnsafeBufferPointer<Float>, to name: String) throws(DeviceProblem) {
    let shape = try tensor(name).shape
    guard elements.count == shape.count else {
      throw .wrongCount(name: name, expected: shape.count, found: elements.count)
    }
    tensors[name] = try PJRTBuffer(elements, shape, on: self)
  }

  func withElements<Result>(
    of name: String, _ body: (UnsafeBufferPointer<Float>) -> Result
  ) throws(DeviceProblem) -> Result {
    try tensor(name).elements().withUnsafeBufferPointer(body)
  }

  func tensor(_ name: String) throws(DeviceProblem) -> PJRTBuffer {
    if let loss { throw loss }
    guard let tensor = tensors[name] else { throw .missingTensor(name: name) }
    return tensor
  }

  private func sent(_ elements: [Float], _ shape: Shape) throws(DeviceProblem) -> PJRTBuffer {
    try elements.withUnsafeBufferPointer { (buffer) throws(DeviceProblem) -> PJRTBuffer in
      try PJRTBuffer(buffer, shape, on: self)
    }
  }

  // MARK: Runs

  func run(
    _ program: Program, _ executable: PJRTExecutable, key: RandomKey
  ) throws(DeviceProblem) {
    let inputs = program.inputs
    outputs = [:]
    var buffers = try inputs.map { input throws(DeviceProblem) in try tensor(input.name) }
    buffers.append(try PJRTBuffer(key, on: self))
    let results = try execute(executable, buffers.map(\.handle), outputs: program.outputs.count) {
      self.loss = $0
    }
    let names = Set(inputs.map(\.name))
    let given = zip(program.outputs, results).map { output, handle in
      PJRTBuffer(handle, program[output.value].shape, client: client)
    }
    take(given, of: program) { names.contains($0) }
  }

  /// Takes what a program has given that devices share.
  func take(_ results: [PJRTBuffer], of program: Program) {
    outputs = [:]
    take(results, of: program) { tensors[$0] != nil }
  }

  /// Those that replace a tensor become it.
  private func take(
    _ results: [PJRTBuffer], of program: Program, where replaces: (String) -> Bool
  ) {
    for (output, buffer) in zip(program.outputs, results) {
      if replaces(output.name) {
        tensors[output.name] = buffer
      } else {
        outputs[output.name] = buffer
      }
    }
  }

  /// The handles of what comes out.
  ///
  /// A run that fails has taken the donated arguments with it.
  private func execute(
    _ executable: PJRTExecutable, _ arguments: [UnsafeMutableRawPointer], outputs count: Int,
    onFailure: (DeviceProblem) -> Void
  ) throws(DeviceProblem) -> [UnsafeMutableRawPointer] {
    let arguments = arguments.map { Optional($0) }
    var results = [UnsafeMutableRawPointer?](repeating: nil, count: count)
    do throws(DeviceProblem) {
      try attempt(client.plugin.path) { message in
        cpjrt_execute(
          client.plugin.handle, executable.handle, hardware.handle, 1, arguments,
          arguments.count, &results, count, message)
      }
    } catch {
      for result in results { cpjrt_buffer_free(client.plugin.handle, result) }
      onFailure(error)
      throw error
    }
    return try client.complete(results)
  }

  func output(_ name: String, of program: Program) throws(DeviceProblem) -> [Float] {
    if let buffer = outputs[name] { return try buffer.elements() }
    guard program.outputs.contains(where: { $0.name == name }) else {
      throw .missingTensor(name: name)
    }
    return try tensor(name).elements()
  }
}

/// An array in a device's memory, which is freed with it.
///
/// Rule behind `@unchecked Sendable`: nothing changes after it was made, and PJRT allows calls from any
/// thread.
final class PJRTBuffer: @unchecked Sendable {
  let shape: Shape
  let handle: UnsafeMutableRawPointer
  private let client: PJRTClient

  init(_ handle: UnsafeMutableRawPointer, _ shape: Shape, client: PJRTClient) {
    self.handle = handle
    self.shape = shape
    self.client = client
  }

  /// A copy of `elements`, one for each of the shape.
  convenience init(
    _ elements: UnsafeBufferPointer<Float>, _ shape: Shape, on state: PJRTState
  ) throws(DeviceProblem) {
    let handle = try Self.sent(
      UnsafeRawBufferPointer(elements), cpjrt_f32, shape.dimensions, on: state)
    self.init(handle, shape, client: state.client)
  }

  /// {seed, step}.
  convenience init(_ key: RandomKey, on state: PJRTState) throws(DeviceProblem) {
    let handle = try [key.seed, key.step].withUnsafeBufferPointer {
      (words) throws(DeviceProblem) -> UnsafeMutableRawPointer in
      try Self.sent(UnsafeRawBufferPointer(words), cpjrt_u64, [2], on: state)
    }
    self.init(handle, [2], client: state.client)
  }

  deinit { cpjrt_buffer_free(client.plugin.handle, handle) }

  /// Of `f32` elements.
  var bytes: Int { shape.count * MemoryLayout<Float>.size }

  func elements() throws(DeviceProblem) -> [Float] {
    var elements = [Float](repeating: 0, count: shape.count)
    if elements.isEmpty { return elements }
    try attempt(client.plugin.path) { message in
      elements.withUnsafeMutableBytes {
        cpjrt_download(client.plugin.handle, handle, $0.baseAddress, $0.count, message)
      }
    }
    return elements
  }

  private static func sent(
    _ bytes: UnsafeRawBufferPointer, _ type: Int, _ dimensions: [Int], on state: PJRTState
  ) throws(DeviceProblem) -> UnsafeMutableRawPointer {
    let (client, sizes) = (state.client, dimensions.map(Int64.init))
    var handle: UnsafeMutableRawPointer?
    try attempt(client.plugin.path) {
      cpjrt_upload(
        client.plugin.handle, client.handle, state.hardware.handle, bytes.baseAddress, Int32(type),
        sizes, sizes.count, &handle, $0)
    }
    guard let handle else { throw .unable(reason: "\(client.plugin.path): no buffer") }
    return handle
  }
}

/// A program that is compiled for a state's device.
private final class PJRTProgram: LoadedProgram {
  let program: Program
  private let executable: PJRTExecutable
  private let state: PJRTState

  init(program: Program, executable: PJRTExecutable, state: PJRTState) {
    self.program = program
    self.executable = executable
    self.state = state
  }

  func run(key: RandomKey) throws(DeviceProblem) {
    try state.run(program, executable, key: key)
  }

  func output(_ name: String) throws(DeviceProblem) -> [Float] {
    try state.output(name, of: program)
  }
}
