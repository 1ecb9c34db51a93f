import Program

/// Writes a program's instructions in the operations of StableHLO: most are one line.
struct ProgramLowering {
  let style: StableHLOStyle
  /// Those that share the program, if it is shared.
  let devices: Int?
  var writer = StableHLOWriter()
  private var results: [StableHLOTensor] = []

  init(style: StableHLOStyle, devices: Int? = nil) {
    self.style = style
    self.devices = devices
  }

  /// What a device gives for an input.
  func argument(for input: StableHLOTensor) -> StableHLOTensor {
    if devices == nil { return input }
    return StableHLOTensor(
      name: "%part\(input.name.dropFirst())", shape: Array(input.shape.dropFirst()),
      element: input.element)
  }

  /// The result has the name that the program's own text form gives it.
  mutating func lower(_ instruction: Instruction, as value: Value) -> StableHLOTensor {
    let result = StableHLOTensor(
      name: "\(value)", shape: instruction.shape.dimensions, element: .f32)
    if case .input(let name) = instruction.op {
      if let devices {
        precondition(result.shape.first == devices, "\(name) is not cut for \(devices) devices")
        let part = writer.reshaped(argument(for: result), to: [1] + result.shape.dropFirst())
        if devices > 1 { _ = writer.gathered(part, from: devices) }
        writer.nameLast(result.name, comment: "\(name) of all devices")
      }
      results.append(result)
      return result
    }
    let operands = instruction.operands.map { results[$0.index] }
    let made = lower(instruction.op, operands, instruction.shape.dimensions)
    precondition(
      made.shape == result.shape && made.element == .f32,
      "\(instruction.op.name) became \(made.type) instead of \(result.type)")
    writer.nameLast(result.name, comment: "\(instruction.origin)")
    results.append(result)
    return result
  }

  private mutating func lower(
    _ op: Op, _ operands: [StableHLOTensor], _ shape: [Int]
  ) -> StableHLOTensor {
    switch op {
    case .input(let name):
      preconditionFailure("the input \(name) is an argument, not an operation")
    case .constant(let number):
      return writer.constant(number, shape)
    case .random(let distribution, let stream):
      return RandomLowering.numbers(distribution, shape, stream: stream, in: &writer)
    case .unary(let unary):
      return writer.elementwise(unary.name, operands[0])
    case .binary(.greater):
      let mask = writer.compare("GT", operands[0], operands[1])
      return writer.converted(mask, to: .f32)
    case .binary(.maximum):
      // Of two equal operands the second, as the definition has it: 0 and -0 are such.
      let mask = writer.compare("GT", operands[0], operands[1])
      return writer.select(mask, operands[0], operands[1])
    case .binary(let binary):
      return writer.elementwise(binary.rawValue, operands[0], operands[1])
    case .select:
      let zero = writer.constant(0, shape)
      let mask = writer.compare("NE", operands[0], zero)
      return writer.select(mask, operands[1], operands[2])
    case .broadcast(let axes):
      return writer.broadcast(operands[0], to: shape, axes: axes)
    case .reshape, .meanOverShards:
      return writer.reshaped(operands[0], to: shape)
    case .transpose(let permutation):
      return writer.transposed(operands[0], permutation)
    case .pad(let low, let high, let interior, let filling):
      return writer.padded(operands[0], low: low, high: high, interior: interior, filling: filling)
    case .slice(let start, let limit, let stride):
      return writer.sliced(operands[0], start: start, limit: limit, stride: stride)
    case .concatenate(let axis):
      return writer.concatenated(operands, axis: axis)
    case .reduceSum(let axes):
      return writer.reduced(operands[0], by: "add", from: 0, axes: axes)
    case .reduceMaximum(let axes):
      return writer.reduced(operands[0], by: "maximum", from: -.infinity, axes: axes)
    case .matmul(let leftTransposed, let rightTransposed):
      return product(operands, leftTransposed, rightTransposed, shape)
    case .convolve(let geometry):
      return convolutions.convolve(operands[0], operands[1], geometry, shape, in: &writer)
    case .convolutionInputGradient(let geometry, _, _):
      return convolutions.inputGradient(operands[0], operands[1], geometry, shape, in: &writer)
    case .convolutionKernelGradient(let geometry, _, _):
      return convolutions.kernelGradient(operands[0], operands[1], geometry, shape, in: &writer)
    }
  }

  private var convolutions: ConvolutionLowering { ConvolutionLowering(style: style) }

  /// left [(B,) M, K] × right [(B,) K, N] → [(B,) M, N].
  private mutating func product(
    _ operands: [StableHLOTensor], _ leftTransposed: Bool, _ rightTransposed: Bool, _ shape: [Int]
  ) -> StableHLOTensor {
    let (left, right) = (operands[0], operands[1])
    let batch = left.shape.count - 2
    let inner = (batch + (leftTransposed ? 0 : 1), batch + (rightTransposed ? 1 : 0))
    let batching = batch == 0 ? "" : "batching_dims = [0] x [0], "
    let type = StableHLOTensor(name: "", shape: shape, element: .f32).type
    return writer.emit(
      "stablehlo.dot_general \(left), \(right), \(batching)contracting_dims = [\(inner.0)] x "
        + "[\(inner.1)]\(style.precision.attribute) : (\(left.type), \(right.type)) -> \(type)",
      shape)
  }
}

extension StableHLOStyle.Precision {
  /// Of a product of two arrays; what is usual is not said.
  var attribute: String {
    switch self {
    case .full: ", precision = [HIGHEST, HIGHEST]"
    case .fast: ""
    }
  }

  /// The same among the attributes of a convolution.
  var convolutionAttribute: String {
    let setting = "#stablehlo<precision HIGHEST>"
    switch self {
    case .full: return ", precision_config = [\(setting), \(setting)]"
    case .fast: return ""
    }
  }
}

extension Op.Unary {
  fileprivate var name: String {
    switch self {
    case .exp: "exponential"
    case .negate, .log, .logPlusOne, .tanh, .logistic, .squareRoot, .reciprocalSquareRoot: rawValue
    }
  }
}
