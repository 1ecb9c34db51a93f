import CPU
import Device
import Program
import Reference
import Testing

/// Every device keeps to the interface: one suite for all of them.
@Suite struct DeviceTests {
  static let devices: [any Device] = [
    CPUDevice(threads: 1), CPUDevice(threads: 3), ReferenceDevice<Float>(),
    ReferenceDevice<Double>(),
  ]

  /// sum ← sum + x, and its total; the names of two tensors and an output that is neither.
  private static func adding(_ shape: Shape = [2, 3]) -> Program {
    var builder = ProgramBuilder()
    let sum = builder.input("sum", shape)
    let x = builder.input("x", shape)
    let next = builder.add(sum, x)
    let total = builder.sum(next)
    return builder.program(outputs: [("sum", next), ("total", total)])
  }

  private static let key = RandomKey(seed: 1, step: 2)

  @Test(arguments: devices)
  func stateIsCarriedFromRunToRun(_ device: any Device) throws {
    let state = try device.makeState()
    let loaded = try state.load(Self.adding())
    #expect(try state.read("sum") == [0, 0, 0, 0, 0, 0])
    try state.write([1, 2, 3, 4, 5, 6] as [Float], to: "x")
    try loaded.run(key: Self.key)
    try loaded.run(key: Self.key)
    #expect(try state.read("sum") == [2, 4, 6, 8, 10, 12])
    #expect(try loaded.output("sum") == [2, 4, 6, 8, 10, 12])
    #expect(try loaded.scalar("total") == 42)
    #expect(try loaded.scalar("other") == nil)
    #expect(loaded.hasOutput("total") && !loaded.hasOutput("x"))
  }

  @Test(arguments: devices)
  func programsShareTensorsByName(_ device: any Device) throws {
    let state = try device.makeState()
    var builder = ProgramBuilder()
    let sum = builder.input("sum", [2, 3])
    let doubled = builder.scale(sum, by: 2)
    let programs = [Self.adding(), builder.program(outputs: [("sum", doubled)])]
    let loaded = try state.load(programs)
    try state.write([1, 1, 1, 1, 1, 1] as [Double], to: "x")
    for program in loaded { try program.run(key: Self.key) }
    #expect(try state.numbers(of: "sum") == [2, 2, 2, 2, 2, 2])
    #expect(state.shape(of: "sum") == [2, 3])
    #expect(state.contains("x") && !state.contains("total"))
    #expect(state.bytes >= 12 * 4)
  }

  @Test(arguments: devices)
  func randomNumbersFollowFromTheKeyAlone(_ device: any Device) throws {
    var builder = ProgramBuilder()
    let drawn = builder.random(.normal, [1000], stream: 3)
    let program = builder.program(outputs: [("drawn", drawn)])
    func draw(_ key: RandomKey) throws -> [Float] {
      let loaded = try device.makeState().load(program)
      try loaded.run(key: key)
      return try loaded.output("drawn")
    }
    #expect(try draw(Self.key) == draw(Self.key))
    #expect(try draw(Self.key) != draw(RandomKey(seed: 1, step: 3)))
  }

  /// Each element gets 1000 · its tensor's place + its own place.
  @Test(arguments: devices)
  func tensorsAreFilledPieceByPiece(_ device: any Device) throws {
    let state = try device.makeState()
    let count = 200_001  // several pieces, the last of one element more than a multiple
    var builder = ProgramBuilder()
    let (a, b) = (builder.input("a", [count]), builder.input("b", [3]))
    let (sumA, sumB) = (builder.sum(a), builder.sum(b))
    _ = try state.load(builder.program(outputs: [("sa", sumA), ("sb", sumB)]))
    try state.fill(["a", "b"]) { tensor, first, elements in
      for i in elements.indices { elements[i] = Float(1000 * tensor + first + i) }
    }
    #expect(try state.read("a") == (0..<count).map(Float.init))
    #expect(try state.read("b") == [1000, 1001, 1002])
  }

  @Test(arguments: devices)
  func mistakesAreNamed(_ device: any Device) throws {
    let state = try device.makeState()
    let loaded = try state.load(Self.adding())
    func problem(_ body: () throws -> Void) -> DeviceProblem? {
      do { try body() } catch { return error as? DeviceProblem }
      return nil
    }
    #expect(
      problem { try state.write([1] as [Float], to: "x") }
        == .wrongCount(name: "x", expected: 6, found: 1))
    #expect(problem { try state.write([1] as [Float], to: "y") } == .missingTensor(name: "y"))
    #expect(problem { _ = try state.read("y") } == .missingTensor(name: "y"))
    #expect(problem { _ = try loaded.output("y") } == .missingTensor(name: "y"))
    #expect(problem { try state.fill(["y"]) { _, _, _ in } } == .missingTensor(name: "y"))
    #expect(
      problem { _ = try state.load(Self.adding([4])) }
        == .wrongShape(name: "sum", expected: [4], found: [2, 3]))
  }

  /// What a device can do besides is asked; the times belong to the passes.
  @Test(arguments: devices)
  func profilesArePaired(_ device: any Device) throws {
    let loaded = try device.makeState().load(Self.adding())
    let times = try loaded.profile(key: Self.key)
    #expect(times?.count == loaded.passes?.count)
    for pass in loaded.passes ?? [] {
      #expect(loaded.program.instructions.indices.contains(pass.instruction))
    }
    if let memory = try device.memory(for: [Self.adding()]) {
      #expect(memory.passing >= 0 && memory.perThread >= 0)
    }
  }

  /// The same step of a small program on every device.
  @Test func devicesAgree() throws {
    var builder = ProgramBuilder()
    let x = builder.random(.normal, [2, 8, 8, 3], stream: 0)
    let kernel = builder.input("kernel", [5, 5, 3, 4])
    let y = builder.tanh(
      builder.convolve(x, kernel, ConvolutionGeometry(stride: 2, padding: 2)))
    let program = builder.program(outputs: [("y", y)])
    let results = try Self.devices.map { device in
      let state = try device.makeState()
      let loaded = try state.load(program)
      try state.write((0..<300).map { Double($0 % 7) / 50 - 0.06 }, to: "kernel")
      try loaded.run(key: Self.key)
      return try loaded.outputNumbers("y")
    }
    for result in results.dropLast() {
      for (found, exact) in zip(result, results[results.count - 1]) {
        #expect(abs(found - exact) < 1e-5)
      }
    }
    #expect(results[0] == results[1], "threads change no bit")
  }
}
