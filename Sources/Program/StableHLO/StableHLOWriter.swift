/// A value of a module, and its type.
struct StableHLOTensor: Hashable, CustomStringConvertible {
  let name: String
  let shape: [Int]
  let element: Element

  enum Element: String {
    case f32
    case f64
    case ui32
    case ui64
    case i1
    /// Signed, as StableHLO spells it.
    case si32 = "i32"
  }

  /// `tensor<32x100xf32>`.
  var type: String { "tensor<\(shape.map { "\($0)x" }.joined())\(element.rawValue)>" }

  var description: String { name }
}

/// Writes lines of a module, one operation each, and infers the types of their results.
struct StableHLOWriter {
  struct Line {
    var name: String
    let call: String
    var comment = ""

    var text: String { "\(name) = \(call)" + (comment.isEmpty ? "" : "   // \(comment)") }
  }

  private(set) var lines: [Line] = []
  private var temporaries = 0

  /// Adds a line whose result has a name that nothing else has.
  mutating func emit(
    _ call: String, _ shape: [Int], _ element: StableHLOTensor.Element = .f32
  ) -> StableHLOTensor {
    temporaries += 1
    let tensor = StableHLOTensor(name: "%t\(temporaries)", shape: shape, element: element)
    lines.append(Line(name: tensor.name, call: call))
    return tensor
  }

  /// Adds a line with two results, which are the name given followed by `#0` and `#1`.
  mutating func emitPair(_ call: String) -> String {
    temporaries += 1
    let name = "%t\(temporaries)"
    lines.append(Line(name: "\(name):2", call: call))
    return name
  }

  /// Gives the last line's result another name, and the line a comment.
  mutating func nameLast(_ name: String, comment: String) {
    lines[lines.count - 1].name = name
    lines[lines.count - 1].comment = comment
  }

  // MARK: Operations

  /// `number` in every element.
  mutating func constant(_ number: Double, _ shape: [Int] = []) -> StableHLOTensor {
    filled(floatLiteral(number), shape, .f32)
  }

  mutating func constant64(_ number: Double, _ shape: [Int]) -> StableHLOTensor {
    filled(doubleLiteral(number), shape, .f64)
  }

  mutating func integers(
    _ number: UInt64, _ shape: [Int], _ element: StableHLOTensor.Element
  ) -> StableHLOTensor {
    filled("\(number)", shape, element)
  }

  private mutating func filled(
    _ literal: String, _ shape: [Int], _ element: StableHLOTensor.Element
  ) -> StableHLOTensor {
    let type = StableHLOTensor(name: "", shape: shape, element: element).type
    return emit("stablehlo.constant dense<\(literal)> : \(type)", shape, element)
  }

  /// An operation of one or two operands of the same type, which the result has, too.
  mutating func elementwise(_ operation: String, _ operands: StableHLOTensor...) -> StableHLOTensor
  {
    let (first, names) = (operands[0], operands.map(\.name).joined(separator: ", "))
    return emit("stablehlo.\(operation) \(names) : \(first.type)", first.shape, first.element)
  }

  mutating func compare(
    _ direction: String, _ x: StableHLOTensor, _ y: StableHLOTensor
  ) -> StableHLOTensor {
    let mask = StableHLOTensor(name: "", shape: x.shape, element: .i1)
    return emit(
      "stablehlo.compare \(direction), \(x), \(y) : (\(x.type), \(y.type)) -> \(mask.type)",
      x.shape, .i1)
  }

  mutating func select(
    _ mask: StableHLOTensor, _ x: StableHLOTensor, _ y: StableHLOTensor
  ) -> StableHLOTensor {
    emit("stablehlo.select \(mask), \(x), \(y) : \(mask.type), \(x.type)", x.shape, x.element)
  }

  mutating func converted(
    _ x: StableHLOTensor, to element: StableHLOTensor.Element, by operation: String = "convert"
  ) -> StableHLOTensor {
    mapped(operation, x, to: x.shape, element)
  }

  mutating func reshaped(_ x: StableHLOTensor, to shape: [Int]) -> StableHLOTensor {
    mapped("reshape", x, to: shape, x.element)
  }

  /// `x` of all devices that run the module together, along the first axis in their order.
  mutating func gathered(_ x: StableHLOTensor, from devices: Int) -> StableHLOTensor {
    let shape = [x.shape[0] * devices] + x.shape.dropFirst()
    let type = StableHLOTensor(name: "", shape: shape, element: x.element).type
    let group = (0..<devices).map { "\($0)" }.joined(separator: ", ")
    return emit(
      """
      "stablehlo.all_gather"(\(x)) {all_gather_dim = 0 : i64, \
      replica_groups = dense<[[\(group)]]> : tensor<1x\(devices)xi64>} : (\(x.type)) -> \(type)
      """, shape, x.element)
  }

  mutating func broadcast(
    _ x: StableHLOTensor, to shape: [Int], axes: [Int]
  ) -> StableHLOTensor {
    mapped("broadcast_in_dim", x, to: shape, x.element, ", dims = \(axes)")
  }

  mutating func transposed(_ x: StableHLOTensor, _ permutation: [Int]) -> StableHLOTensor {
    mapped(
      "transpose", x, to: permutation.map { x.shape[$0] }, x.element, ", dims = \(permutation)")
  }

  mutating func reversed(_ x: StableHLOTensor, axes: [Int]) -> StableHLOTensor {
    emit("stablehlo.reverse \(x), dims = \(axes) : \(x.type)", x.shape, x.element)
  }

  private mutating func mapped(
    _ operation: String, _ x: StableHLOTensor, to shape: [Int],
    _ element: StableHLOTensor.Element, _ attributes: String = ""
  ) -> StableHLOTensor {
    let type = StableHLOTensor(name: "", shape: shape, element: element).type
    return emit(
      "stablehlo.\(operation) \(x)\(attributes) : (\(x.type)) -> \(type)", shape, element)
  }

  /// `filling` around and between the elements of `x`.
  mutating func padded(
    _ x: StableHLOTensor, low: [Int], high: [Int], interior: [Int], filling: Double = 0
  ) -> StableHLOTensor {
    let filling = constant(filling)
    let shape = x.shape.indices.map { axis in
      low[axis] + x.shape[axis] + max(x.shape[axis] - 1, 0) * interior[axis] + high[axis]
    }
    let type = StableHLOTensor(name: "", shape: shape, element: x.element).type
    return emit(
      "stablehlo.pad \(x), \(filling), low = \(low), high = \(high), interior = \(interior) : "
        + "(\(x.type), \(filling.type)) -> \(type)", shape, x.element)
  }

  mutating func sliced(
    _ x: StableHLOTensor, start: [Int], limit: [Int], stride: [Int]
  ) -> StableHLOTensor {
    let shape = x.shape.indices.map { (limit[$0] - start[$0] + stride[$0] - 1) / stride[$0] }
    let ranges = x.shape.indices.map { "\(start[$0]):\(limit[$0]):\(stride[$0])" }
    let type = StableHLOTensor(name: "", shape: shape, element: x.element).type
    return emit(
      "stablehlo.slice \(x) [\(ranges.joined(separator: ", "))] : (\(x.type)) -> \(type)", shape,
      x.element)
  }

  mutating func concatenated(_ parts: [StableHLOTensor], axis: Int) -> StableHLOTensor {
    var shape = parts[0].shape
    shape[axis] = parts.reduce(0) { $0 + $1.shape[axis] }
    let type = StableHLOTensor(name: "", shape: shape, element: parts[0].element).type
    let (names, types) = (parts.map(\.name), parts.map(\.type))
    return emit(
      "stablehlo.concatenate \(names.joined(separator: ", ")), dim = \(axis) : "
        + "(\(types.joined(separator: ", "))) -> \(type)", shape, parts[0].element)
  }

  /// `operation` (add, maximum) from `start` on over `axes`, which vanish.
  mutating func reduced(
    _ x: StableHLOTensor, by operation: String, from start: Double, axes: [Int]
  ) -> StableHLOTensor {
    let start = constant(start)
    let shape = x.shape.indices.filter { !axes.contains($0) }.map { x.shape[$0] }
    let type = StableHLOTensor(name: "", shape: shape, element: x.element).type
    return emit(
      "stablehlo.reduce(\(x) init: \(start)) applies stablehlo.\(operation) across dimensions = "
        + "\(axes) : (\(x.type), \(start.type)) -> \(type)", shape, x.element)
  }
}

/// As MLIR reads it: with a point, and as bits where decimal digits would not come back as the
/// same number.
private func floatLiteral(_ number: Double) -> String {
  let float = Float(number)
  if let text = decimal("\(float)"), let back = Double(text), Float(back) == float { return text }
  return bits(float.bitPattern, digits: 8)
}

private func doubleLiteral(_ number: Double) -> String {
  decimal("\(number)") ?? bits(number.bitPattern, digits: 16)
}

private func decimal(_ text: String) -> String? {
  guard text.allSatisfy({ $0.isNumber || "+-.e".contains($0) }) else { return nil }
  if text.contains(".") { return text }
  let parts = text.split(separator: "e", maxSplits: 1)
  return parts.count == 2 ? "\(parts[0]).0e\(parts[1])" : nil
}

private func bits(_ pattern: some BinaryInteger, digits: Int) -> String {
  let hex = String(pattern, radix: 16, uppercase: true)
  return "0x" + String(repeating: "0", count: digits - hex.count) + hex
}
