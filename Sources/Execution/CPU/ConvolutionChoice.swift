import CKernels
import Program

/// Plans the contractions: the one place where an algorithm is chosen for a convolution.
enum ConvolutionChoice {
  /// The kernels' plan for an instruction; nil where it is no contraction, or has nothing to add up.
  static func plan(
    _ instruction: Instruction, operands: [Shape], isa: ck_isa, algorithm: Plan.Algorithm
  ) throws(PlanError) -> ck_plan? {
    let (left, right) = (operands[0], operands[1])
    switch instruction.op {
    case .convolve(let geometry):
      return try plan(.convolve, geometry, x: left, kernel: right, isa, algorithm)
    case .convolutionInputGradient(let geometry, _, _):
      return try plan(
        .input_gradient, geometry, x: instruction.shape, kernel: right, isa, algorithm)
    case .convolutionKernelGradient(let geometry, _, _):
      return try plan(
        .kernel_gradient, geometry, x: left, kernel: instruction.shape, isa, algorithm)
    case .matmul(let leftTransposed, let rightTransposed):
      var shape = ck_matmul_shape()
      let sizes = MatrixSizes(
        left: left, right: right, leftTransposed: leftTransposed, rightTransposed: rightTransposed)
      guard let sizes else { preconditionFailure("\(left) × \(right) in a verified program") }
      shape.batch = try size(sizes.batch)
      shape.rows = try size(sizes.rows)
      shape.columns = try size(sizes.columns)
      shape.depth = try size(sizes.depth)
      shape.left_transposed = leftTransposed
      shape.right_transposed = rightTransposed
      var plan = ck_plan()
      try check(ck_plan_matmul(&plan, &shape, isa))
      return plan
    case .input, .constant, .random, .unary, .binary, .select, .broadcast, .reshape, .transpose,
      .pad, .slice, .concatenate, .meanOverShards, .reduceSum, .reduceMaximum:
      return nil
    }
  }

  /// Where an algorithm is chosen: x [N, H, W, C], kernel [K, K, C, F].
  private static func plan(
    _ operation: ck_operation, _ geometry: ConvolutionGeometry, x: Shape, kernel: Shape,
    _ isa: ck_isa, _ algorithm: Plan.Algorithm
  ) throws(PlanError) -> ck_plan {
    var shape = ck_convolution_shape()
    shape.batch = try size(x[0])
    shape.height = try size(x[1])
    shape.width = try size(x[2])
    shape.channels = try size(x[3])
    shape.filters = try size(kernel[3])
    shape.kernel_height = try size(kernel[0])
    shape.kernel_width = try size(kernel[1])
    shape.stride = try size(geometry.stride)
    shape.padding = try size(geometry.padding)
    var direct = ck_plan()
    try check(ck_plan_convolution(&direct, operation, &shape, isa))
    if algorithm == .direct { return direct }
    var winograd = ck_plan()
    let edge: Int32 = algorithm == .winograd2 ? 2 : 4
    let status = ck_plan_winograd(&winograd, operation, &shape, edge, isa)
    if status == .unsuitable { return direct }
    try check(status)
    switch algorithm {
    case .direct: return direct
    case .winograd2, .winograd4:
      let saves = ConvolutionCost(of: winograd).products < ConvolutionCost(of: direct).products
      return saves ? winograd : direct
    case .automatic:
      let work = ConvolutionCost(of: direct).total
      let saves =
        work >= ConvolutionCost.leastWork
        && ConvolutionCost(of: winograd).total <= (1 - ConvolutionCost.leastSaving) * work
      return saves ? winograd : direct
    }
  }

  private static func size(_ size: Int) throws(PlanError) -> Int32 {
    guard let size = Int32(exactly: size) else { throw .tooLarge }
    return size
  }

  private static func check(_ status: ck_status) throws(PlanError) {
    switch status {
    case .ok: return
    case .bad_shape, .empty_output: throw .unsupported("the kernels refuse the shape of an op")
    case .too_large: throw .tooLarge
    case .unsuitable: throw .unsupported("the algorithm is not for the shape of an op")
    case .isa_unavailable: throw .unsupported("this processor lacks the instruction set asked for")
    @unknown default: throw .unsupported("unknown status \(status)")
    }
  }
}
