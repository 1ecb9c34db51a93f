import CKernels
import Program

/// A pass before it has a place in the order and in memory.
struct PassDraft: Sendable {
  let work: Work
  /// Nodes whose memory it reads.
  let reads: Set<Int>
  /// Nodes whose memory it writes.
  let writes: [Int]
  /// The instruction it stands for in descriptions, and which orders it among equals.
  let instruction: Int

  enum Work: Sendable {
    case fused(FusionGroups.Group, FusedCode)
    case contraction(ck_plan, left: Int, right: Int)
    case movement(Movement, operands: [Int])
    case random(Op.Distribution, stream: Int)
    /// The new value of an input, made elsewhere, is brought to its place at the end.
    case carry(ce_copy_plan, from: Int, to: Int)
  }

  /// Shared scratch while it runs, in bytes.
  var scratchBytes: Int {
    switch work {
    case .fused(_, let code): code.partialFloats * MemoryLayout<Float>.size
    case .contraction(let plan, _, _): plan.scratch_bytes
    case .movement, .random, .carry: 0
    }
  }

  /// Scratch of each worker while it runs, in bytes.
  var workerScratchBytes: Int {
    switch work {
    case .fused(_, let code): code.workerFloats * MemoryLayout<Float>.size
    case .contraction(let plan, _, _): plan.worker_scratch_bytes
    case .movement, .random, .carry: 0
    }
  }

  /// The drafts of all passes of a grouped program.
  static func drafts(
    _ program: Program, _ graph: FusionGraph, _ groups: FusionGroups, isa: ck_isa,
    algorithm: Plan.Algorithm
  ) throws(PlanError) -> [PassDraft] {
    var drafts: [PassDraft] = []
    for pass in groups.passes {
      switch pass {
      case .fused(let group):
        let code = FusedCode(group, graph, groups.materialised)
        drafts.append(
          PassDraft(
            work: .fused(group, code), reads: group.leaves.subtracting(group.roots),
            writes: group.roots,
            instruction: group.roots.map { graph.nodes[$0].instruction }.min() ?? 0))
      case .heavy(let node):
        drafts.append(try heavy(node, program, graph, isa, algorithm))
      }
    }
    return drafts
  }

  private static func heavy(
    _ index: Int, _ program: Program, _ graph: FusionGraph, _ isa: ck_isa,
    _ algorithm: Plan.Algorithm
  ) throws(PlanError) -> PassDraft {
    let node = graph.nodes[index]
    let instruction = program.instructions[node.instruction]
    let shapes = instruction.operands.map { program[$0].shape }
    let work: Work
    switch instruction.op {
    case .random(let distribution, let stream): work = .random(distribution, stream: stream)
    case .transpose, .slice, .pad, .concatenate:
      work = .movement(try Movement(instruction, operands: shapes), operands: node.operands)
    case .matmul, .convolve, .convolutionInputGradient, .convolutionKernelGradient:
      if (shapes + [instruction.shape]).contains(where: { $0.count == 0 }) {
        work = .movement(.zeros, operands: [])  // a sum of nothing
      } else if let plan = try ConvolutionChoice.plan(
        instruction, operands: shapes, isa: isa, algorithm: algorithm)
      {
        work = .contraction(plan, left: node.operands[0], right: node.operands[1])
      } else {
        preconditionFailure("\(instruction.op) is no contraction")
      }
    case .input, .constant, .unary, .binary, .select, .broadcast, .reshape, .meanOverShards,
      .reduceSum, .reduceMaximum:
      preconditionFailure("\(instruction.op) is not a pass by itself")
    }
    return PassDraft(
      work: work, reads: Set(node.operands), writes: [index], instruction: node.instruction)
  }
}

extension Movement {
  /// Only zeros.
  static let zeros = Movement(fill: 0, copies: [])

  private init(fill: Float?, copies: [ce_copy_plan]) {
    self.fill = fill
    self.copies = copies
  }
}
