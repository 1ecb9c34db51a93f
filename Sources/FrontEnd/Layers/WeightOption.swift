import Decoding
import Program

/// The option `weights` of a layer with weights: what becomes of them before they are used.
package enum WeightOption: String, Hashable, Sendable, CaseIterable {
  case plain
  /// W / σ, σ being an estimate of the largest singular value: the layer stretches nothing by more
  /// than 1.
  ///
  /// Each pass in training improves the estimate by one power iteration, whose vectors count as
  /// constants in gradients, as PyTorch's `spectral_norm` has it; the one of the outputs is kept.
  /// Source: Miyato et al. 2018, algorithm 1.
  case spectralNorm = "spectral_norm"
  /// g · W / ‖W‖ for each output: length and direction are learned by themselves.
  ///
  /// Source: Salimans and Kingma 2016, equation 2.
  case weightNorm = "weight_norm"

  init(reading options: inout OptionReader) {
    self =
      options.choice(
        "weights", default: WeightOption.plain,
        help:
          "spectral_norm divides them by their largest singular value, weight_norm learns their "
          + "length by itself")
      ?? .plain
  }

  /// The tensors of a layer whose weight has its outputs along `axis`.
  func parameters(_ weight: Parameter, outputAxis axis: Int) -> [Parameter] {
    let outputs = weight.shape[axis]
    switch self {
    case .plain: return [weight]
    case .spectralNorm:
      return [weight, Parameter("\(weight.name)_u", [outputs], .statistic)]
    case .weightNorm: return [weight, Parameter("\(weight.name)_length", [outputs], .scale)]
    }
  }
}

/// A layer whose weights may be normalised.
package protocol WeightedLayer: Layer {
  var weights: WeightOption { get }
}

extension Lowering {
  /// A weight of the current layer as it is used, with its outputs along `axis`.
  mutating func weight(
    _ option: WeightOption, named name: String = "weight", outputAxis axis: Int
  ) -> Value {
    let weight = tensor(name)
    let shape = program.shape(of: weight)
    switch option {
    case .plain: return weight
    case .spectralNorm:
      let sigma = largestSingularValue(of: rows(of: weight, outputAxis: axis), named: name)
      return program.divide(weight, program.broadcast(sigma, to: shape, axes: []))
    case .weightNorm:
      let others = (0..<shape.rank).filter { $0 != axis }
      let squares = program.reduceSum(program.square(weight), axes: others)
      // Far below the square of any weight that training meets, so that nothing is divided by 0.
      let lengths = program.squareRoot(program.offset(squares, by: 1e-24))
      let factors = program.divide(tensor("\(name)_length"), lengths)
      return program.multiply(weight, program.broadcast(factors, to: shape, axes: [axis]))
    }
  }

  /// [out, rest].
  private mutating func rows(of weight: Value, outputAxis axis: Int) -> Value {
    let shape = program.shape(of: weight)
    let others = (0..<shape.rank).filter { $0 != axis }
    let ordered = axis == 0 ? weight : program.transpose(weight, [axis] + others)
    return program.reshape(ordered, [shape[axis], shape.count / shape[axis]])
  }

  /// σ = uᵀ·W·v of a weight [out, rest], a scalar.
  private mutating func largestSingularValue(of weight: Value, named name: String) -> Value {
    let rows = program.shape(of: weight)[0]
    var u = program.reshape(tensor("\(name)_u"), [rows, 1])
    let v = program.rightSingularVector(of: weight, u: u)
    if mode == .train {
      u = program.leftSingularVector(of: weight, v: v)
      update("\(name)_u", to: program.reshape(u, [rows]))
    }
    hold(u)
    hold(v)
    return program.sum(program.multiply(u, program.matmul(weight, v)))
  }
}
