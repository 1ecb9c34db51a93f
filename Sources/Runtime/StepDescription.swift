import CKernels
import Program

/// What a planned step does, for a profile.
public struct StepDescription: Hashable, Sendable {
  /// As in the program's text form, or `map`, `reduce` and `map-reduce` for fused passes.
  public let op: String
  /// Where it comes from.
  public let origin: Origin
  /// Multiplications and additions, counted separately.
  public let flops: Int
  /// Bytes that are read and written if each array passes once.
  public let bytes: Int
}

extension Plan {
  public var stepDescriptions: [StepDescription] { steps.map(description) }

  private func description(of step: StepDraft) -> StepDescription {
    let origin = program.instructions[step.instruction].origin
    let nodes = Array(step.reads) + step.writes
    let bytes = nodes.reduce(0) { $0 + graph.nodes[$1].count } * MemoryLayout<Float>.size
    switch step.work {
    case .fused(let group, let code):
      let op =
        code.reductions.isEmpty ? "map" : code.stores.isEmpty ? "reduce" : "map-reduce"
      return StepDescription(
        op: op, origin: origin, flops: code.instructions.count * group.count, bytes: bytes)
    case .contraction(let plan, _, _):
      return StepDescription(op: plan.name, origin: origin, flops: plan.flops, bytes: bytes)
    case .movement: return StepDescription(op: "copy", origin: origin, flops: 0, bytes: bytes)
    case .random: return StepDescription(op: "random", origin: origin, flops: 0, bytes: bytes)
    case .carry: return StepDescription(op: "carry", origin: origin, flops: 0, bytes: 2 * bytes)
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

  fileprivate var flops: Int {
    if operation == .matmul {
      return 2 * Int(matmul.rows) * Int(matmul.depth) * Int(matmul.columns)
    }
    let pixels = Int(shape.batch) * Int(output_height) * Int(output_width)
    let taps = Int(shape.kernel_height) * Int(shape.kernel_width)
    return 2 * pixels * taps * Int(shape.channels) * Int(shape.filters)
  }
}
