import Program
import Files
import Testing

@testable import CPU

@Suite struct TensorStoreTests {
  @Test func addsWhatIsMissingAsZeros() throws {
    let store = TensorStore()
    try store.allocate("a", [2, 3])
    try store.write([1, 2, 3, 4, 5, 6], to: "a")
    try store.allocate("a", [2, 3])
    try store.allocate("b", [])
    #expect(try store.read("a") == [1, 2, 3, 4, 5, 6])
    #expect(try store.read("b") == [0])
    #expect(store.names == ["a", "b"])
  }

  @Test func refusesAnotherShape() throws {
    let store = TensorStore()
    try store.allocate("a", [2, 3])
    #expect(throws: RuntimeError.wrongShape(name: "a", expected: [6], found: [2, 3])) {
      try store.allocate("a", [6])
    }
    #expect(throws: RuntimeError.wrongCount(name: "a", expected: 6, found: 1)) {
      try store.write([1], to: "a")
    }
  }

  @Test func saysWhenThereIsNotEnoughMemory() {
    let store = TensorStore()
    #expect(throws: RuntimeError.self) {
      try store.allocate("large", [1 << 25, 1 << 25])
    }
    #expect(throws: RuntimeError.outOfMemory(bytes: .max, before: 0)) {
      try store.allocate("larger", [1 << 40, 1 << 40])
    }
  }

  /// Blocks that fit one by one do not fit together: their sum counts, before a page is touched.
  @Test func theSumOfAllBlocksIsComparedWithTheMemory() throws {
    let store = TensorStore()
    let count = MachineMemory.limit / 4 / 5 * 3
    try store.allocate("first", [count])
    #expect(throws: RuntimeError.self) { try store.allocate("second", [count]) }
  }

  @Test func alignsToCacheLines() throws {
    let store = TensorStore()
    try store.allocate("a", [3])
    #expect(Int(bitPattern: try store.buffer("a").baseAddress) % 64 == 0)
  }

  /// The training step and sampling work on the same parameters.
  @Test func isSharedByPrograms() throws {
    var training = ProgramBuilder()
    let w = training.input("w", [2])
    let next = training.offset(w, by: 1)
    let pass = training.program(outputs: [("w", next)])
    var sampling = ProgramBuilder()
    let doubled = sampling.scale(sampling.input("w", [2]), by: 2)
    let sample = sampling.program(outputs: [("y", doubled)])
    let store = TensorStore()
    try store.allocate(for: pass)
    try store.allocate(for: sample)
    let pool = try WorkerPool(threads: 1)
    let trainer = try Executor(program: pass, store: store, pool: pool)
    let sampler = try Executor(program: sample, store: store, pool: pool)
    for _ in 0..<3 { trainer.run() }
    sampler.run()
    #expect(try sampler.output("y") == [6, 6])
  }

  @Test func refusesProgramsThatCannotBeAddressed() {
    let huge = Instruction(
      op: .input("x"), operands: [], shape: [1 << 40, 1 << 40], origin: Origin(path: ""))
    let program = Program(
      instructions: [huge], outputs: [Program.Output(name: "y", value: Value(index: 0))])
    #expect(throws: PlanError.tooLarge) { try Plan(for: program) }
  }
}
