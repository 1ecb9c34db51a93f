import CPU
import Device
import DeviceSupport
import Program
import Reference
import Testing

/// Every device keeps to the interface: one suite for all of them.
@Suite struct DeviceTests {
  static let devices: [any Device] =
    [CPUDevice(threads: 1), CPUDevice(threads: 3)] + TestedPlugin.devices
    + [ReferenceDevice<Float>(), ReferenceDevice<Double>()]

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

  /// What a program has given becomes a tensor that the next run leaves alone.
  @Test(arguments: devices)
  func outputsAreKept(_ device: any Device) throws {
    let state = try device.makeState()
    let loaded = try state.load(Self.adding())
    try state.write([1, 2, 3, 4, 5, 6] as [Float], to: "x")
    try loaded.run(key: Self.key)
    #expect(throws: DeviceProblem.missingTensor(name: "first")) {
      try state.keep("sum", of: loaded, as: "first")
    }
    var reader = ProgramBuilder()
    let first = reader.input("first", [2, 3])
    _ = try state.load(reader.program(outputs: [("same", first)]))
    try state.keep("sum", of: loaded, as: "first")
    try state.write([9, 9, 9, 9, 9, 9] as [Float], to: "sum")
    try loaded.run(key: Self.key)
    #expect(try state.read("first") == [1, 2, 3, 4, 5, 6])
    #expect(try state.read("sum") == [10, 11, 12, 13, 14, 15])
    #expect(throws: DeviceProblem.missingTensor(name: "other")) {
      try state.keep("other", of: loaded, as: "first")
    }
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

  /// Uniform numbers are the same bits; normal ones at most a digit apart, since a compiler may join
  /// a product and a sum of their series.
  @Test(arguments: devices)
  func randomNumbersAreThoseOfTheDefinition(_ device: any Device) throws {
    for shape in [[4, 8], [7], [3, 5, 1]] as [Shape] {
      for stream in [0, 3, 70_000] {
        var builder = ProgramBuilder()
        let uniform = builder.random(.uniform, shape, stream: stream)
        let normal = builder.random(.normal, shape, stream: stream)
        let loaded = try device.makeState().load(
          builder.program(outputs: [("uniform", uniform), ("normal", normal)]))
        let key = RandomKey(seed: 0xFEDC_BA98_7654_3210, step: 0x1_0000_0007)
        try loaded.run(key: key)
        let numbers = RandomStream(key: key, stream: stream)
        let exact = (0..<shape.count).map { numbers.normal(at: $0) }
        #expect(
          try loaded.output("uniform") == (0..<shape.count).map { numbers.uniform(at: $0) })
        for (found, exact) in zip(try loaded.output("normal"), exact) {
          #expect(abs(found - exact) <= exact.ulp)
        }
      }
    }
  }

  /// Every operation in one program, with the shapes and attributes that lowerings tell apart.
  @Test(arguments: devices)
  func everyOperationAgreesWithTheReference(_ device: any Device) throws {
    let program = EveryOperation.program
    func outputs(_ device: any Device) throws -> [[Double]] {
      let state = try device.makeState()
      let loaded = try state.load(program)
      for (index, input) in program.inputs.enumerated() {
        let numbers = (0..<input.shape.count).map { place in
          Double((place * 7 + index * 3) % 19) / 19 - 0.45
        }
        try state.write(numbers, to: input.name)
      }
      try loaded.run(key: Self.key)
      return try program.outputs.map { try loaded.outputNumbers($0.name) }
    }
    let (found, exact) = (try outputs(device), try outputs(ReferenceDevice<Double>()))
    for (index, output) in program.outputs.enumerated() {
      let largest = exact[index].map(abs).max() ?? 0
      for (found, exact) in zip(found[index], exact[index]) {
        #expect(abs(found - exact) <= 1e-5 * max(largest, 1), "\(output.name)")
      }
    }
  }
}

/// A program that has every operation.
enum EveryOperation {
  static let program: Program = {
    var builder = ProgramBuilder()
    var outputs: [(name: String, value: Value)] = []
    let x = builder.input("x", [2, 7, 6, 3])
    let y = builder.input("y", [2, 7, 6, 3])
    for unary in Op.Unary.allCases {
      let needsPositive = [.log, .squareRoot, .reciprocalSquareRoot].contains(unary)
      let operand = needsPositive ? builder.add(.unary(.exp), [x]) : x
      outputs.append((unary.rawValue, builder.add(.unary(unary), [operand])))
    }
    for binary in Op.Binary.allCases {
      let right = binary == .divide ? builder.add(.unary(.exp), [y]) : y
      outputs.append((binary.rawValue, builder.add(.binary(binary), [x, right])))
    }
    let mask = builder.greater(x, y)
    outputs.append(("select", builder.select(mask, x, y)))
    outputs.append(
      ("broadcast", builder.broadcast(builder.input("b", [6]), to: [2, 6, 3], axes: [1])))
    outputs.append(("scalar", builder.broadcast(builder.constant(1.5e-7), to: [2, 3], axes: [])))
    outputs.append(("reshape", builder.reshape(x, [4, 63])))
    outputs.append(
      ("transpose", builder.add(.transpose(permutation: [2, 0, 3, 1]), [x])))
    outputs.append(
      (
        "pad",
        builder.add(
          .pad(low: [0, 1, 0, 2], high: [1, 0, 0, 0], interior: [0, 2, 1, 0], value: -0.5), [x])
      ))
    outputs.append(
      (
        "slice",
        builder.add(
          .slice(start: [0, 1, 0, 1], limit: [2, 7, 6, 3], stride: [1, 2, 3, 1]), [x])
      ))
    outputs.append(("concatenate", builder.concatenate([x, y, x], axis: 2)))
    outputs.append(("reduceSum", builder.reduceSum(x, axes: [1, 2])))
    outputs.append(("reduceMaximum", builder.reduceMaximum(x, axes: [0, 3])))
    for leftTransposed in [false, true] {
      for rightTransposed in [false, true] {
        for batch in [[], [3]] as [[Int]] {
          let left = builder.input(
            "left\(leftTransposed)\(batch)", Shape(batch + (leftTransposed ? [4, 5] : [5, 4])))
          let right = builder.input(
            "right\(rightTransposed)\(batch)", Shape(batch + (rightTransposed ? [6, 4] : [4, 6])))
          outputs.append(
            (
              "matmul\(leftTransposed)\(rightTransposed)\(batch)",
              builder.add(
                .matmul(leftTransposed: leftTransposed, rightTransposed: rightTransposed),
                [left, right])
            ))
        }
      }
    }
    // Kernel edge, stride, padding; among them kernels smaller than the stride, paddings beyond the
    // kernel's edge, and images that the stride does not divide.
    for (edge, stride, padding) in [
      (5, 2, 2), (4, 2, 1), (3, 1, 1), (3, 1, 3), (1, 2, 0), (2, 3, 1), (5, 3, 2), (3, 2, 0),
    ] {
      let name = "\(edge)/\(stride)/\(padding)"
      let geometry = ConvolutionGeometry(stride: stride, padding: padding)
      // 18 channels: enough for a form that few channels do not get.
      let image = builder.input("image", [2, 9, 8, 18])
      let kernel = builder.input("kernel\(edge)", [edge, edge, 18, 4])
      let convolved = builder.convolve(image, kernel, geometry)
      outputs.append(("convolve \(name)", convolved))
      outputs.append(
        (
          "input gradient \(name)",
          builder.add(
            .convolutionInputGradient(geometry, height: 9, width: 8), [convolved, kernel])
        ))
      outputs.append(
        (
          "kernel gradient \(name)",
          builder.add(
            .convolutionKernelGradient(geometry, kernelHeight: edge, kernelWidth: edge),
            [image, convolved])
        ))
    }
    return builder.program(outputs: outputs)
  }()
}
