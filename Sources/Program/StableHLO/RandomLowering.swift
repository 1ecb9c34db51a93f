import Program

/// Writes random numbers that are those of `RandomStream`, to the bit where only integers are used.
enum RandomLowering {
  /// The last argument of every module: {seed, step}.
  static let key = StableHLOTensor(name: "%key", shape: [2], element: .ui64)

  static func numbers(
    _ distribution: Op.Distribution, _ shape: [Int], stream: Int, in writer: inout StableHLOWriter
  ) -> StableHLOTensor {
    let count = shape.reduce(1, *)
    let blocks = (count + 3) / 4
    let words = words(blocks: blocks, stream: stream, in: &writer)
    let four =
      switch distribution {
      case .uniform: uniform(words, in: &writer)
      case .normal: normal(words, in: &writer)
      }
    var numbers = writer.reshaped(four, to: [4 * blocks])
    if 4 * blocks != count {
      numbers = writer.sliced(numbers, start: [0], limit: [count], stride: [1])
    }
    return writer.reshaped(numbers, to: shape)
  }

  /// ui32 [blocks, 4]: Philox of the counters (block, stream, step) under the key seed.
  private static func words(
    blocks: Int, stream: Int, in writer: inout StableHLOWriter
  ) -> StableHLOTensor {
    let seed = writer.sliced(key, start: [0], limit: [1], stride: [1])
    let step = writer.sliced(key, start: [1], limit: [2], stride: [1])
    // The generator counts blocks in the lower half of this word.
    let lane = writer.integers(UInt64(stream) << 32, [1], .ui64)
    let state = writer.concatenated([seed, lane, step], axis: 0)
    let words = StableHLOTensor(name: "", shape: [blocks, 4], element: .ui32)
    let drawn = writer.emitPair(
      "stablehlo.rng_bit_generator \(state), algorithm = PHILOX : (\(state.type)) -> "
        + "(\(state.type), \(words.type))")
    return StableHLOTensor(name: "\(drawn)#1", shape: words.shape, element: .ui32)
  }

  /// The upper 24 bits as a fraction.
  private static func uniform(
    _ words: StableHLOTensor, in writer: inout StableHLOWriter
  ) -> StableHLOTensor {
    let eight = writer.integers(8, words.shape, .ui32)
    let upper = writer.elementwise("shift_right_logical", words, eight)
    let unit = writer.constant(0x1p-24, words.shape)
    return writer.elementwise("multiply", writer.converted(upper, to: .f32), unit)
  }

  // MARK: Normal numbers

  /// Box and Muller's r·cos φ and r·sin φ of the first and second, and third and fourth words, in
  /// double precision by the polynomials of `RandomStream`.
  private static func normal(
    _ words: StableHLOTensor, in writer: inout StableHLOWriter
  ) -> StableHLOTensor {
    let blocks = words.shape[0]
    let pairs = writer.reshaped(words, to: [blocks, 2, 2])
    let (radiusWords, turnWords) = (
      writer.sliced(pairs, start: [0, 0, 0], limit: [blocks, 2, 1], stride: [1, 1, 1]),
      writer.sliced(pairs, start: [0, 0, 1], limit: [blocks, 2, 2], stride: [1, 1, 1])
    )
    let logarithm = writer.logarithm(ofFraction: radiusWords)
    let radius = writer.elementwise("sqrt", writer.scaled(logarithm, by: -2))
    let (cosine, sine) = writer.cosineAndSine(turn: turnWords)
    let both = writer.concatenated(
      [
        writer.elementwise("multiply", radius, cosine),
        writer.elementwise("multiply", radius, sine),
      ], axis: 2)
    return writer.reshaped(writer.converted(both, to: .f32), to: [blocks, 4])
  }
}
