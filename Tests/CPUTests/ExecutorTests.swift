import Program
import Reference
import Testing

@testable import CPU

/// Float sums of some thousand terms, chained; outputs are of the order of 1.
private let tolerance: Float = 2e-3

@Suite struct ExecutorTests {
  static let pool = try! WorkerPool(threads: 2)

  @Test(arguments: 0..<400) func agreesWithTheReference(seed: Int) throws {
    let random = RandomProgram(seed: seed)
    let executor = try executor(random)
    var state = random.inputs
    for pass in 0..<3 {
      let key = RandomKey(seed: UInt64(seed), step: UInt64(pass))
      let expected = try reference(random.program, state, key)
      executor.run(key: key)
      for output in random.program.outputs {
        try expectEqual(
          executor.output(output.name), expected[output.name]!, "\(output.name), pass \(pass)")
      }
      // From the runtime's own state, so that errors do not add up.
      for input in random.program.inputs { state[input.name] = try executor.store.read(input.name) }
    }
  }

  /// Each output is named once, when its elements are those that it has at the end.
  @Test(arguments: 0..<100) func namesOutputsThatAreFinal(seed: Int) throws {
    let random = RandomProgram(seed: seed)
    let executor = try executor(random)
    var early: [String: [Float]] = [:]
    try executor.run(key: RandomKey(seed: 3, step: 2)) { name in
      #expect(early[name] == nil)
      early[name] = try executor.output(name)
    }
    #expect(early.keys.sorted() == random.program.outputs.map(\.name).sorted())
    for (name, numbers) in early {
      #expect(
        try executor.output(name).map(\.bitPattern) == numbers.map(\.bitPattern), "\(name)")
    }
  }

  /// Gradients of later layers are final before those of earlier ones are computed.
  @Test func namesOutputsBeforeTheEnd() throws {
    var builder = ProgramBuilder()
    let x = builder.input("x", [8, 8])
    let first = builder.matmul(x, x)
    let second = builder.matmul(first, x)
    let program = builder.program(outputs: [("second", second), ("first", first)])
    let store = TensorStore()
    try store.allocate(for: program)
    let executor = try Executor(program: program, store: store, pool: Self.pool)
    var names: [String] = []
    executor.run(key: RandomKey(seed: 0, step: 0)) { names.append($0) }
    #expect(names == ["first", "second"])
  }

  @Test(arguments: Plan.ISA.allCases.filter(\.isAvailable))
  func agreesOnEachInstructionSet(isa: Plan.ISA) throws {
    for seed in 300..<330 {
      let random = RandomProgram(seed: seed)
      let expected = try reference(random.program, random.inputs, RandomKey(seed: 1, step: 1))
      let executor = try executor(random, isa: isa)
      executor.run(key: RandomKey(seed: 1, step: 1))
      for output in random.program.outputs {
        try expectEqual(
          executor.output(output.name), expected[output.name]!, "\(output.name), seed \(seed)")
      }
    }
  }

  @Test func givesTheSameBitsForAnyNumberOfThreads() throws {
    let pools = try [1, 2, 3, 4, 8].map { try WorkerPool(threads: $0) }
    for seed in 400..<440 {
      let random = RandomProgram(seed: seed)
      var first: [[UInt32]]?
      for pool in pools {
        let executor = try executor(random, pool: pool)
        for step in 0..<2 { executor.run(key: RandomKey(seed: 7, step: UInt64(step))) }
        let bits = try random.program.outputs.map { output in
          try executor.output(output.name).map(\.bitPattern)
        }
        #expect(first == nil || first == bits, "seed \(seed), \(pool.threads) threads")
        first = bits
      }
    }
  }

  /// Each output needs the old value of the input that another one replaces.
  @Test func swapsInputs() throws {
    var builder = ProgramBuilder()
    let a = builder.input("a", [5])
    let b = builder.input("b", [5])
    let sum = builder.add(a, b)
    let program = builder.program(outputs: [("a", b), ("b", a), ("sum", sum), ("old", a)])
    let store = TensorStore()
    try store.allocate(for: program)
    try store.write([1, 2, 3, 4, 5], to: "a")
    try store.write([10, 20, 30, 40, 50], to: "b")
    let executor = try Executor(program: program, store: store, pool: Self.pool)
    executor.run()
    #expect(try store.read("a") == [10, 20, 30, 40, 50])
    #expect(try store.read("b") == [1, 2, 3, 4, 5])
    #expect(try executor.output("sum") == [11, 22, 33, 44, 55])
    #expect(try executor.output("old") == [1, 2, 3, 4, 5])
  }

  /// The parameter is read as a row that repeats, and replaced by a sum over those repeats.
  @Test func replacesWhatItStillReads() throws {
    var builder = ProgramBuilder()
    let w = builder.input("w", [3])
    let x = builder.input("x", [4, 3])
    let y = builder.multiply(x, builder.broadcastAlongLast(w, to: [4, 3]))
    let sum = builder.reduceSum(y, axes: [0])
    let twice = builder.scale(w, by: 2)
    let program = builder.program(outputs: [("w", sum), ("x", y), ("twice", twice)])
    let store = TensorStore()
    try store.allocate(for: program)
    try store.write([1, 2, 3], to: "w")
    try store.write([Float](repeating: 1, count: 12), to: "x")
    let executor = try Executor(program: program, store: store, pool: Self.pool)
    executor.run()
    executor.run()
    // x: 1 → w → w · 4w; w: w → 4w → 16w².
    #expect(try store.read("w") == [16, 64, 144])
    #expect(try Array(store.read("x").prefix(3)) == [4, 16, 36])
    #expect(try executor.output("twice") == [8, 16, 24])
  }

  @Test func refusesAStateThatChangesItsShape() throws {
    var builder = ProgramBuilder()
    let x = builder.input("x", [4])
    let sum = builder.sum(x)
    let program = Program(
      instructions: builder.instructions, outputs: [Program.Output(name: "x", value: sum)])
    #expect(throws: PlanError.changedShape(name: "x", input: [4], output: [])) {
      try Plan(for: program)
    }
  }

  @Test func reportsMissingTensors() throws {
    var builder = ProgramBuilder()
    let x = builder.input("x", [4])
    let y = builder.exp(x)
    let program = builder.program(outputs: [("y", y)])
    #expect(throws: RuntimeError.missingTensor(name: "x")) {
      try Executor(program: program, store: TensorStore(), pool: Self.pool)
    }
  }

  // MARK: Details

  private func executor(
    _ random: RandomProgram, isa: Plan.ISA = .best, pool: WorkerPool = ExecutorTests.pool
  ) throws -> Executor {
    let store = TensorStore()
    try store.allocate(for: random.program)
    for input in random.program.inputs {
      try store.write(random.inputs[input.name]!, to: input.name)
    }
    return try Executor(program: random.program, store: store, pool: pool, isa: isa)
  }

  private func reference(
    _ program: Program, _ inputs: [String: [Float]], _ key: RandomKey
  ) throws -> [String: Tensor<Double>] {
    var tensors: [String: Tensor<Double>] = [:]
    for input in program.inputs {
      tensors[input.name] = Tensor(
        shape: input.shape, elements: inputs[input.name]!.map { Double($0) })
    }
    return try ReferenceInterpreter<Double>().run(program, inputs: tensors, key: key)
  }

  private func expectEqual(_ found: [Float], _ expected: Tensor<Double>, _ name: String) {
    guard found.count == expected.elements.count else {
      Issue.record("\(name): \(found.count) elements instead of \(expected.elements.count)")
      return
    }
    var worst: (index: Int, error: Float) = (0, 0)
    for (index, (a, b)) in zip(found, expected.elements).enumerated() {
      let b = Float(b)
      if a == b || a.isNaN && b.isNaN { continue }
      let error = abs(a - b) / max(1, abs(b))
      if !(error <= worst.error) { worst = (index, error) }
    }
    #expect(
      worst.error <= tolerance,
      "\(name)[\(worst.index)]: \(found[worst.index]), not \(expected.elements[worst.index])")
  }
}
