import CKernels
import Program

/// What a planned pass does, for a profile.
public struct PassDescription: Hashable, Sendable {
  /// As in the program's text form, or `map`, `reduce` and `map-reduce` for fused passes.
  public let op: String
  /// The instruction of the plan's program that it stands for.
  public let instruction: Int
  /// Where it comes from.
  public let origin: Origin
  /// How a convolution is computed; nil for all else.
  public let algorithm: Plan.Algorithm?
  /// Multiplications and additions, counted separately, of the formula as it is written.
  public let flops: Int
  /// Of the products that are really made: less where Winograd's algorithm saves some.
  ///
  /// Its transforms are not counted.
  public let computedFlops: Int
  /// Bytes that are read and written if each array passes once.
  public let bytes: Int
}

extension Plan {
  public var passDescriptions: [PassDescription] { passes.map(description) }

  private func description(of pass: PassDraft) -> PassDescription {
    // A pass may read only the first numbers of an array.
    let most = if case .fused(let group, _) = pass.work { group.count } else { Int.max }
    let nodes = Array(pass.reads) + pass.writes
    let bytes =
      nodes.reduce(0) { $0 + min(graph.nodes[$1].count, most) } * MemoryLayout<Float>.size
    func described(
      _ op: String, algorithm: Algorithm? = nil, flops: Int = 0, computed: Int? = nil,
      bytes: Int = bytes
    ) -> PassDescription {
      PassDescription(
        op: op, instruction: pass.instruction,
        origin: program.instructions[pass.instruction].origin, algorithm: algorithm, flops: flops,
        computedFlops: computed ?? flops, bytes: bytes)
    }
    switch pass.work {
    case .fused(let group, let code):
      let op =
        code.reductions.isEmpty ? "map" : code.stores.isEmpty ? "reduce" : "map-reduce"
      return described(op, flops: code.instructions.count * group.count)
    case .contraction(let plan, _, _):
      return described(
        plan.name, algorithm: plan.convolutionAlgorithm, flops: plan.flops,
        computed: plan.computedFlops)
    case .movement: return described("copy")
    case .random: return described("random")
    case .carry: return described("carry", bytes: 2 * bytes)
    }
  }
}

extension ck_plan {
  fileprivate var name: String {
    switch operation {
    case .convolve: "convolve"
    case .input_gradient: "convolution_input_gradient"
    case .kernel_gradient: "convolution_kernel_gradient"
    case .matmul: "matmul"
    @unknown default: "unknown"
    }
  }

  fileprivate var convolutionAlgorithm: Plan.Algorithm? {
    if operation == .matmul { return nil }
    switch costs.winograd_edge {
    case 0: return .direct
    case 2: return .winograd2
    default: return .winograd4
    }
  }

  fileprivate var flops: Int {
    if operation == .matmul {
      return 2 * Int(matmul.batch) * Int(matmul.rows) * Int(matmul.depth) * Int(matmul.columns)
    }
    return 2 * Int(costs.written_products)
  }

  /// Of a tile, each slot is one product of channels and filters.
  fileprivate var computedFlops: Int {
    operation == .matmul || costs.winograd_edge == 0 ? flops : 2 * Int(costs.needed_products)
  }

  private var costs: ck_costs { withUnsafePointer(to: self) { ck_costs_of($0) } }
}
