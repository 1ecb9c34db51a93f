import Program

/// What normal numbers are made of, in double precision: operation for operation as `RandomStream`
/// computes it.
extension StableHLOWriter {
  /// ln((word + 1) / 2³²) of words ui32.
  mutating func logarithm(ofFraction words: StableHLOTensor) -> StableHLOTensor {
    // word + 1 = significand · 2^exponent with √½ < significand ≤ √2.
    let number = offset(converted(words, to: .f64), by: 1)
    let bits = converted(number, to: .ui64, by: "bitcast_convert")
    let exponentBits = elementwise(
      "shift_right_logical", bits, integers(52, words.shape, .ui64))
    let exponent = offset(converted(exponentBits, to: .f64), by: -1023)
    let fraction = elementwise(
      "and", bits, integers(0x000F_FFFF_FFFF_FFFF, words.shape, .ui64))
    let ones = integers(0x3FF0_0000_0000_0000, words.shape, .ui64)
    let significand = converted(
      elementwise("or", fraction, ones), to: .f64, by: "bitcast_convert")
    let isLarge = compare("GT", significand, constant64(2.0.squareRoot(), words.shape))
    let m = select(isLarge, scaled(significand, by: 0.5), significand)
    let e = select(isLarge, offset(exponent, by: 1), exponent)
    // ln m = 2·artanh s, s = (m − 1)/(m + 1)
    let s = elementwise("divide", offset(m, by: -1), offset(m, by: 1))
    let series = NormalSeries.logarithm
    let sum = polynomial(
      series.indices.map { series[$0] }, at: elementwise("multiply", s, s))
    return elementwise(
      "add", scaled(offset(e, by: -32), by: NormalSeries.naturalLogarithmOf2),
      elementwise("multiply", scaled(s, by: 2), sum))
  }

  /// The cosine and sine of words / 2³² of a full turn.
  mutating func cosineAndSine(
    turn words: StableHLOTensor
  ) -> (cosine: StableHLOTensor, sine: StableHLOTensor) {
    // The nearest quarter turn, and the rest of at most an eighth.
    let shape = words.shape
    let raised = elementwise("add", words, integers(1 << 29, shape, .ui32))
    let thirty = integers(30, shape, .ui32)
    let quarter = elementwise("shift_right_logical", raised, thirty)
    let whole = elementwise("shift_left", quarter, thirty)
    let rest = converted(
      elementwise("subtract", words, whole), to: .si32, by: "bitcast_convert")
    let x = scaled(converted(rest, to: .f64), by: Double.pi * 0x1p-31)
    let q = elementwise("multiply", x, x)
    let (sines, cosines) = (NormalSeries.sine, NormalSeries.cosine)
    let sine = elementwise(
      "multiply", polynomial(sines.indices.map { sines[$0] }, at: q), x)
    let cosine = polynomial(cosines.indices.map { cosines[$0] }, at: q)
    // Quarters 1 and 3 change the two; the cosine is negative in 1 and 2, the sine in 2 and 3.
    let one = integers(1, shape, .ui32)
    let swaps = compare("NE", elementwise("and", quarter, one), integers(0, shape, .ui32))
    let isBehind = compare("GE", quarter, integers(2, shape, .ui32))
    let flips = elementwise("xor", swaps, isBehind)
    let (across, along) = (select(swaps, sine, cosine), select(swaps, cosine, sine))
    return (
      select(flips, elementwise("negate", across), across),
      select(isBehind, elementwise("negate", along), along)
    )
  }

  /// x · factor in `f64`.
  mutating func scaled(_ x: StableHLOTensor, by factor: Double) -> StableHLOTensor {
    elementwise("multiply", x, constant64(factor, x.shape))
  }

  private mutating func offset(_ x: StableHLOTensor, by summand: Double) -> StableHLOTensor {
    elementwise("add", x, constant64(summand, x.shape))
  }

  /// Horner's rule; `series` begins with the highest power.
  private mutating func polynomial(
    _ series: [Double], at q: StableHLOTensor
  ) -> StableHLOTensor {
    var sum = constant64(series[0], q.shape)
    for coefficient in series.dropFirst() {
      sum = offset(elementwise("multiply", sum, q), by: coefficient)
    }
    return sum
  }
}
