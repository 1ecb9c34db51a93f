extension Program {
  /// The program as text: one instruction a line, then the outputs.
  ///
  ///     %12 = convolve %3, %7 stride 2 padding 2 : [32, 16, 16, 256]   # discriminator.conv2
  ///
  /// After `#` comes the origin. The text depends on nothing but the program.
  public var text: String {
    let body = instructions.enumerated().map { index, instruction in
      "\(Value(index: index)) = \(instruction)\n"
    }
    let ends = outputs.map { "output \($0.name) = \($0.value)\n" }
    return (body + ends).joined()
  }
}

extension Value: CustomStringConvertible {
  /// As in the text form of a program: `%12`.
  public var description: String { "%\(index)" }
}

extension Origin: CustomStringConvertible {
  /// `discriminator.conv2`, or `discriminator.conv2, gradient`; empty if there is nothing to say.
  public var description: String {
    let parts = [path, part == .forward ? "" : part.rawValue]
    return parts.filter { !$0.isEmpty }.joined(separator: ", ")
  }
}

extension Instruction: CustomStringConvertible {
  /// The line of the text form without the name of the result.
  public var description: String {
    let origin = "\(origin)"
    let call = ([op.name] + operandTexts + op.attributeTexts).joined(separator: " ")
    return "\(call) : \(shape)" + (origin.isEmpty ? "" : "   # \(origin)")
  }

  private var operandTexts: [String] {
    var texts = operands.map(\.description)
    if case .matmul(let leftTransposed, let rightTransposed) = op {
      if leftTransposed { texts[0] = "transposed \(texts[0])" }
      if rightTransposed { texts[1] = "transposed \(texts[1])" }
    }
    return texts.isEmpty ? [] : [texts.joined(separator: ", ")]
  }
}

extension Op {
  /// The operation's name in the text form, which tables and profiles also use.
  public var name: String {
    switch self {
    case .input: "input"
    case .constant: "constant"
    case .random: "random"
    case .unary(let unary): unary.rawValue
    case .binary(let binary): binary.rawValue
    case .select: "select"
    case .broadcast: "broadcast"
    case .reshape: "reshape"
    case .transpose: "transpose"
    case .pad: "pad"
    case .slice: "slice"
    case .concatenate: "concatenate"
    case .meanOverShards: "mean_over_shards"
    case .reduceSum: "reduce_sum"
    case .reduceMaximum: "reduce_maximum"
    case .matmul: "matmul"
    case .convolve: "convolve"
    case .convolutionInputGradient: "convolution_input_gradient"
    case .convolutionKernelGradient: "convolution_kernel_gradient"
    }
  }

  /// What the operation carries besides operands; what is usual (no interior padding, stride 1 of
  /// a slice) is not said.
  fileprivate var attributeTexts: [String] {
    switch self {
    case .input(let name):
      [name]
    case .constant(let number):
      ["\(number)"]
    case .random(let distribution, let stream):
      ["\(distribution.rawValue) stream \(stream)"]
    case .unary, .binary, .select, .reshape, .meanOverShards, .matmul:
      []
    case .broadcast(let axes), .reduceSum(let axes), .reduceMaximum(let axes):
      ["axes \(axes)"]
    case .transpose(let permutation):
      ["permutation \(permutation)"]
    case .pad(let low, let high, let interior, let value):
      ["low \(low) high \(high)"] + (interior.contains { $0 != 0 } ? ["interior \(interior)"] : [])
        + ["value \(value)"]
    case .slice(let start, let limit, let stride):
      ["start \(start) limit \(limit)"] + (stride.contains { $0 != 1 } ? ["stride \(stride)"] : [])
    case .concatenate(let axis):
      ["axis \(axis)"]
    case .convolve(let geometry):
      ["\(geometry)"]
    case .convolutionInputGradient(let geometry, let height, let width):
      ["\(geometry) height \(height) width \(width)"]
    case .convolutionKernelGradient(let geometry, let kernelHeight, let kernelWidth):
      ["\(geometry) kernel height \(kernelHeight) width \(kernelWidth)"]
    }
  }
}

extension ConvolutionGeometry: CustomStringConvertible {
  /// `stride 2 padding 2`.
  public var description: String { "stride \(stride) padding \(padding)" }
}
