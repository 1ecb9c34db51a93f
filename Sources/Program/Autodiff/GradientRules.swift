import Program

/// The gradient rule of every operation, written in operations.
extension ProgramBuilder {
  /// The gradients of an instruction's operands, given that of its result z; nil where an operand
  /// has none.
  ///
  /// What turns out not to be needed is dead code, and falls away when the program is made.
  mutating func operandGradients(of instruction: Instruction, z: Value, dz: Value) -> [Value?] {
    let operands = instruction.operands
    switch instruction.op {
    case .input, .constant, .random:
      return []

    case .unary(let op):
      return [gradient(of: op, x: operands[0], z: z, dz: dz)]

    case .binary(let op):
      let (dx, dy) = gradients(of: op, x: operands[0], y: operands[1], z: z, dz: dz)
      return [dx, dy]

    case .select:  // z = a where mask, else b
      let (da, db) = split(dz, by: operands[0])
      return [nil, da, db]

    case .broadcast(let axes):  // z[i, j] = x[j]: x[j] gets Σᵢ dz[i, j]
      let repeated = instruction.shape.dimensions.indices.filter { !axes.contains($0) }
      return [reduceSum(dz, axes: repeated)]

    case .reshape:
      return [reshape(dz, shape(of: operands[0]))]

    case .transpose(let permutation):  // axis i of z is axis permutation[i] of x
      let inverse = permutation.indices.sorted { permutation[$0] < permutation[$1] }
      return [transpose(dz, inverse)]

    case .pad(let low, _, let interior, _):  // z[low + i·(interior + 1)] = x[i]
      let x = shape(of: operands[0])
      let stride = interior.map { $0 + 1 }
      let limit = low.indices.map { x[$0] == 0 ? low[$0] : low[$0] + (x[$0] - 1) * stride[$0] + 1 }
      return [slice(dz, start: low, limit: limit, stride: stride)]

    case .slice(let start, _, let stride):  // z[i] = x[start + i·stride]
      let (x, z) = (shape(of: operands[0]), instruction.shape)
      let high = start.indices.map { axis in
        let reached = z[axis] == 0 ? 0 : (z[axis] - 1) * stride[axis] + 1
        return x[axis] - start[axis] - reached
      }
      return [pad(dz, low: start, high: high, interior: stride.map { $0 - 1 })]

    case .concatenate(let axis):
      var start = [Int](repeating: 0, count: instruction.shape.rank)
      var limit = instruction.shape.dimensions
      return operands.map { operand in
        limit[axis] = start[axis] + shape(of: operand)[axis]
        defer { start[axis] = limit[axis] }
        return slice(dz, start: start, limit: limit)
      }

    case .meanOverShards:  // zᵢ = Σⱼ xⱼ / S: each shard's x is in all shards' z with the share 1/S
      return [meanOverShards(dz)]

    case .reduceSum(let axes):  // z[j] = Σᵢ x[i, j]: every x[i, j] gets dz[j]
      let x = shape(of: operands[0])
      let kept = x.dimensions.indices.filter { !axes.contains($0) }
      return [broadcast(dz, to: x, axes: kept)]

    case .reduceMaximum(let axes):  // of several largest elements, each gets an equal share
      let x = operands[0]
      let shape = shape(of: x)
      let kept = shape.dimensions.indices.filter { !axes.contains($0) }
      let (zeros, ones) = (constant(0, shape), constant(1, shape))
      let isLargest = select(greater(broadcast(z, to: shape, axes: kept), x), zeros, ones)
      let share = divide(dz, reduceSum(isLargest, axes: axes))
      return [multiply(isLargest, broadcast(share, to: shape, axes: kept))]

    case .matmul(let leftTransposed, let rightTransposed):
      let (a, b) = (operands[0], operands[1])
      // z = A·B with A = a or aᵀ, B = b or bᵀ: dA = dz·Bᵀ, dB = Aᵀ·dz, dAᵀ = B·dzᵀ, dBᵀ = dzᵀ·A
      let da =
        leftTransposed
        ? matmul(b, dz, leftTransposed: rightTransposed, rightTransposed: true)
        : matmul(dz, b, rightTransposed: !rightTransposed)
      let db =
        rightTransposed
        ? matmul(dz, a, leftTransposed: true, rightTransposed: leftTransposed)
        : matmul(a, dz, leftTransposed: !leftTransposed)
      return [da, db]

    // The three convolutions are one trilinear form Σ x·k·y, differentiated for y, x and k. Each
    // is linear in the two factors it is given, and the gradient for one is the form without it.
    case .convolve(let geometry):  // z = convolve(x, k)
      let (x, k) = (operands[0], operands[1])
      return [
        imageGradient(dz, k, geometry, like: shape(of: x)),
        kernelGradient(x, dz, geometry, like: shape(of: k)),
      ]

    case .convolutionInputGradient(let geometry, _, _):  // z = inputGradient(y, k)
      let (y, k) = (operands[0], operands[1])
      return [convolve(dz, k, geometry), kernelGradient(dz, y, geometry, like: shape(of: k))]

    case .convolutionKernelGradient(let geometry, _, _):  // z = kernelGradient(x, y)
      let (x, y) = (operands[0], operands[1])
      return [imageGradient(y, dz, geometry, like: shape(of: x)), convolve(x, dz, geometry)]
    }
  }

  private mutating func gradient(of op: Op.Unary, x: Value, z: Value, dz: Value) -> Value {
    switch op {
    case .negate:  // z = −x
      return negate(dz)
    case .exp:  // z = exp x, dz/dx = z
      return multiply(dz, z)
    case .log:  // z = ln x, dz/dx = 1/x
      return divide(dz, x)
    case .logPlusOne:  // z = ln(1 + x), dz/dx = 1/(1 + x)
      return divide(dz, offset(x, by: 1))
    case .tanh:  // z = tanh x, dz/dx = 1 − z²; needs only the output
      return multiply(dz, subtract(constant(1, shape(of: z)), square(z)))
    case .logistic:  // z = 1/(1 + exp(−x)), dz/dx = z·(1 − z); needs only the output
      return multiply(dz, multiply(z, subtract(constant(1, shape(of: z)), z)))
    case .squareRoot:  // z = √x, dz/dx = 1/(2·z)
      return scale(divide(dz, z), by: 0.5)
    case .reciprocalSquareRoot:  // z = x^(−½), dz/dx = −½·x^(−3/2) = −½·z³
      return scale(multiply(dz, multiply(square(z), z)), by: -0.5)
    }
  }

  private mutating func gradients(
    of op: Op.Binary, x: Value, y: Value, z: Value, dz: Value
  ) -> (Value?, Value?) {
    switch op {
    case .add:  // z = x + y
      return (dz, dz)
    case .subtract:  // z = x − y
      return (dz, negate(dz))
    case .multiply:  // z = x·y
      return (multiply(dz, y), multiply(dz, x))
    case .divide:  // z = x/y, dz/dy = −x/y² = −z/y
      let dx = divide(dz, y)
      return (dx, negate(multiply(dx, z)))
    case .maximum:  // z = x where x > y, else y
      return split(dz, by: greater(x, y))
    case .greater:  // constant wherever it is differentiable
      return (nil, nil)
    }
  }

  // MARK: What several rules share

  /// `dz` where the mask is not 0 and 0 elsewhere, and the other way round.
  private mutating func split(_ dz: Value, by mask: Value) -> (Value, Value) {
    let zeros = constant(0, shape(of: dz))
    return (select(mask, dz, zeros), select(mask, zeros, dz))
  }

  private mutating func imageGradient(
    _ dy: Value, _ kernel: Value, _ geometry: ConvolutionGeometry, like x: Shape
  ) -> Value {
    convolutionInputGradient(dy, kernel, geometry, height: x[1], width: x[2])
  }

  private mutating func kernelGradient(
    _ x: Value, _ dy: Value, _ geometry: ConvolutionGeometry, like kernel: Shape
  ) -> Value {
    convolutionKernelGradient(
      x, dy, geometry, kernelHeight: kernel[0], kernelWidth: kernel[1])
  }
}
