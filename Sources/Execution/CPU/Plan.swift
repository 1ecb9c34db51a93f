import CKernels
import Program

/// A program ready to run: passes in order, each array's place in memory, kernels chosen.
///
/// It depends on the program's shapes, the instruction set and the algorithm asked for alone.
public struct Plan: Sendable {
  public let program: Program
  public let isa: ISA
  /// Bytes of the arrays in use together at the worst moment, besides inputs and their replacements.
  public let plannedPeakBytes: Int
  /// Bytes of the arena that holds them.
  public let arenaBytes: Int
  /// Bytes of scratch memory of each worker.
  public let workerScratchBytes: Int

  let graph: FusionGraph
  let passes: [PassDraft]
  /// For each node with memory, where it is.
  let places: [Int: Place]
  /// For each pass the offset of its scratch in the arena, in bytes.
  let scratchOffsets: [Int]
  /// All that lies in the arena and when, for tests.
  let items: [MemoryPlan.Item]
  let itemOffsets: [Int]

  enum Place: Hashable, Sendable {
    /// Offset in bytes.
    case arena(Int)
    case input(String)
  }

  /// The inner loops to use.
  public enum ISA: String, Hashable, Sendable, CaseIterable {
    case portable
    case avx2
    case avx512

    public static var best: ISA { ISA(ck_best_isa()) }

    public var isAvailable: Bool { ck_isa_available(kernels) }

    init(_ isa: ck_isa) {
      switch isa {
      case .portable: self = .portable
      case .avx2: self = .avx2
      case .avx512: self = .avx512
      @unknown default: self = .portable
      }
    }

    var kernels: ck_isa {
      switch self {
      case .portable: .portable
      case .avx2: .avx2
      case .avx512: .avx512
      }
    }
  }

  public init(
    for program: Program, isa: ISA = .best, algorithm: Algorithm = .automatic
  ) throws(PlanError) {
    guard isa.isAvailable else { throw .lacking(isa) }
    let program = program.withoutDeadCode()
    try Self.check(program)
    let graph = FusionGraph(program)
    let groups = FusionGroups(graph)
    let drafts = try PassDraft.drafts(
      program, graph, groups, isa: isa.kernels, algorithm: algorithm)
    let schedule = try Schedule(drafts, program, graph, groups)
    let buffers = BufferPlan(schedule, graph)
    let memory = MemoryPlan(buffers.items)

    self.program = program
    self.isa = isa
    self.graph = graph
    passes = schedule.passes
    plannedPeakBytes = memory.peakBytes
    arenaBytes = memory.arenaBytes
    workerScratchBytes = schedule.passes.map(\.workerScratchBytes).max() ?? 0
    scratchOffsets = buffers.scratchItems.map { memory.offsets[$0] }
    items = buffers.items
    itemOffsets = memory.offsets
    var places: [Int: Place] = [:]
    for (index, node) in graph.nodes.enumerated() {
      if case .input(let name) = node.kind { places[index] = .input(name) }
    }
    for (node, item) in buffers.itemOfNode { places[node] = .arena(memory.offsets[item]) }
    for (node, input) in schedule.replacements { places[node] = places[input] }
    self.places = places
  }

  /// The outputs that are final after each pass, by the pass; those that replace an input, or that no
  /// pass writes, after the last.
  var outputsAfterPasses: [Int: [String]] {
    var lastWriter: [Int: Int] = [:]
    for (index, pass) in passes.enumerated() {
      for node in pass.writes { lastWriter[node] = index }
    }
    var names: [Int: [String]] = [:]
    for output in graph.outputs {
      let isInArena = if case .arena = places[output.node] { true } else { false }
      names[isInArena ? lastWriter[output.node] ?? passes.count : passes.count, default: []]
        .append(output.name)
    }
    return names
  }

  /// Refuses arrays that cannot be addressed, and state that changes its shape.
  private static func check(_ program: Program) throws(PlanError) {
    let largest = Int.max / 64 / MemoryLayout<Float>.size
    for instruction in program.instructions {
      var count = 1
      for size in instruction.shape.dimensions {
        let (product, overflow) = count.multipliedReportingOverflow(by: size)
        if overflow || product > largest { throw .tooLarge }
        count = product
      }
    }
    var inputs: [String: Shape] = [:]
    for input in program.inputs { inputs[input.name] = input.shape }
    for output in program.outputs {
      let shape = program[output.value].shape
      if let input = inputs[output.name], input != shape {
        throw .changedShape(name: output.name, input: input, output: shape)
      }
    }
  }
}
