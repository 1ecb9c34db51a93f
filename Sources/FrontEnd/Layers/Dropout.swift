import Decoding
import Program

/// Makes a random part `rate` of the numbers 0 in training, and scales the others by
/// 1 / (1 − rate), so that the mean stays; evaluation passes everything.
///
/// Shape: unchanged. Source: Srivastava et al. 2014.
package struct Dropout: Layer {
  package let rate: Double

  package static let summary = "makes a random part of the numbers 0 in training"
  package static let source = "Srivastava et al. 2014"

  package init(reading options: inout OptionReader) {
    rate = options.number(
      "rate", default: 0.5, in: NumberRange(0..<1), bare: true,
      help: "share of the numbers that become 0 in training")
  }

  package func lower(_ x: Value, into lowering: inout Lowering) -> Value {
    guard lowering.mode == .train, rate > 0 else { return x }
    let shape = lowering.program.shape(of: x)
    let noise = lowering.program.random(.uniform, shape, stream: lowering.makeStream())
    let kept = lowering.program.constant(1 - rate, shape)
    let mask = lowering.program.greater(kept, noise)  // 1 where noise < 1 − rate
    return lowering.program.scale(lowering.program.multiply(x, mask), by: 1 / (1 - rate))
  }

  package static let sample = LayerSample(
    yaml: "dropout: {rate: 0.3}", input: .maps(channels: 2, height: 2, width: 2))
}
