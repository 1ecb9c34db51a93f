import Decoding
import Program

/// Lets each position of the maps gather from all others, and adds what it gathers to the maps.
///
/// y = x + γ·(softmax(Q·Kᵀ)·V)·O. Four 1 × 1 convolutions make the queries Q, keys K and values V,
/// with C̄ = max(1, ⌊C / reduction⌋) channels, and bring the result back to C channels. Keys and
/// values may be max-pooled first. γ begins at 0: at first the layer changes nothing.
///
/// Input  [N, H, W, C]; query, key and value weights [C̄, C]; out weight [C, C̄]; gain [1]
/// Output [N, H, W, C]; the attention map is [N, H·W, H·W / pool²]
///
/// Reports maps whose sides `pool` does not divide. Source: Zhang et al. 2019, section 3; pooled
/// keys and values as in the authors' code.
package struct SelfAttention: WeightedLayer {
  package let reduction: Int
  package let pool: Int
  package let weights: WeightOption

  package static let summary = "adds to each position what it gathers from all others"
  package static let source = "Zhang et al. 2019"

  package init(reading options: inout OptionReader) {
    reduction = options.integer(
      "reduction", default: 8, in: 1...4096, bare: true,
      help: "the maps' channels for one channel of queries, keys and values")
    pool = options.integer(
      "pool", default: 1, in: 1...SizeLimit.kernel,
      help: "side of the max pooling of keys and values, which makes attention cheaper")
    weights = WeightOption(reading: &options)
  }

  package func outputShape(
    for input: FeatureShape, _ context: LayerContext
  ) throws(ShapeProblem) -> FeatureShape {
    let (_, height, width) = try input.requiredMaps()
    guard height % pool == 0, width % pool == 0 else {
      throw ShapeProblem(
        "`pool: \(pool)` does not divide \(height) × \(width) maps", options: ["pool"])
    }
    do {
      _ = try SizeLimit.product(
        [height * width, height / pool * (width / pool)], of: "the attention map")
    } catch {
      throw ShapeProblem(
        error.message, help: ["attention is for small maps: 32 × 32, or more with a `pool`"],
        options: ["pool"])
    }
    return input
  }

  package func parameters(for input: FeatureShape, _ context: LayerContext) -> [Parameter] {
    let (channels, inner) = sizes(of: input)
    return Self.projections.flatMap { name in
      let shape: Shape = name == Self.out ? [channels, inner] : [inner, channels]
      return weights.parameters(Parameter(name, shape, .weight), outputAxis: 0)
    } + [Parameter("gain", [1], .shift)]  // of the kind that begins at 0
  }

  package func multiplyAdds(for input: FeatureShape, _ context: LayerContext) -> Int {
    guard case .maps(_, let height, let width) = input else { return 0 }
    let (channels, inner) = sizes(of: input)
    let positions = height * width
    let projections = 4 * positions * channels * inner
    let gathering = 2 * positions * (positions / (pool * pool)) * inner
    return projections + gathering
  }

  package func lower(_ x: Value, into lowering: inout Lowering) -> Value {
    let shape = lowering.program.shape(of: x)
    let (batch, height, width, channels) = (shape[0], shape[1], shape[2], shape[3])
    let rows = lowering.program.reshape(x, [batch * height * width, channels])
    let positions = height * width

    // [N, H·W, C̄], and of keys and values [N, H·W / pool², C̄]
    let queries = projection(Self.query, of: rows, [batch, positions], &lowering)
    let keys = pooled(Self.key, of: rows, shape, &lowering)
    let values = pooled(Self.value, of: rows, shape, &lowering)

    let scores = lowering.program.matmul(queries, keys, rightTransposed: true)
    let gathered = lowering.program.matmul(lowering.softmax(scores), values)  // [N, H·W, C̄]
    let inner = lowering.program.shape(of: gathered)[2]
    let flat = lowering.program.reshape(gathered, [batch * positions, inner])
    let brought = projection(Self.out, of: flat, [batch, height, width], &lowering)
    let gain = lowering.program.broadcast(
      lowering.program.reshape(lowering.tensor("gain"), .scalar), to: shape, axes: [])
    return lowering.program.add(x, lowering.program.multiply(gain, brought))
  }

  package static let sample = LayerSample(
    yaml: "self_attention: {reduction: 2, pool: 2}", input: .maps(channels: 4, height: 2, width: 4))

  // MARK: Private

  private static let (query, key, value, out) = ("query", "key", "value", "out")
  private static let projections = [query, key, value, out]

  private func sizes(of input: FeatureShape) -> (channels: Int, inner: Int) {
    guard case .maps(let channels, _, _) = input else { return (0, 0) }
    return (channels, max(1, channels / reduction))
  }

  /// rows [N·H·W, C] · weightᵀ, as a tensor that begins with `leading`.
  private func projection(
    _ name: String, of rows: Value, _ leading: [Int], _ lowering: inout Lowering
  ) -> Value {
    let weight = lowering.weight(weights, named: name, outputAxis: 0)
    let columns = lowering.program.shape(of: weight)[0]
    let product = lowering.program.matmul(rows, weight, rightTransposed: true)
    return lowering.program.reshape(product, Shape(leading + [columns]))
  }

  /// The projection of maps [N, H, W, C], max-pooled: [N, H·W / pool², C̄].
  private func pooled(
    _ name: String, of rows: Value, _ maps: Shape, _ lowering: inout Lowering
  ) -> Value {
    let whole = projection(name, of: rows, [maps[0], maps[1], maps[2]], &lowering)
    let largest = lowering.program.foldedWindows(
      whole, kernel: pool, ConvolutionGeometry(stride: pool, padding: 0), outside: 0
    ) { program, next, best in
      program.maximum(next, best)
    }
    let shape = lowering.program.shape(of: largest)
    return lowering.program.reshape(largest, [shape[0], shape[1] * shape[2], shape[3]])
  }
}
