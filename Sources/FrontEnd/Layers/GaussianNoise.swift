import Decoding
import Program

/// Adds normal noise in training; evaluation passes everything.
///
/// Shape: unchanged. Source: Salimans et al. 2016, section 3 of their code; Sønderby et al. 2017.
package struct GaussianNoise: Layer {
  package let deviation: Double

  package static let summary = "adds normal noise in training"
  package static let source = "Salimans et al. 2016, section 3 of their code"

  package init(reading options: inout OptionReader) {
    deviation = options.number(
      "deviation", default: 0.1, in: NumberRange(0...1_000), bare: true,
      help: "standard deviation of the noise")
  }

  package func lower(_ x: Value, into lowering: inout Lowering) -> Value {
    guard lowering.mode == .train, deviation > 0 else { return x }
    let shape = lowering.program.shape(of: x)
    let noise = lowering.program.random(.normal, shape, stream: lowering.makeStream())
    return lowering.program.add(x, lowering.program.scale(noise, by: deviation))
  }

  package static let sample = LayerSample(
    yaml: "gaussian_noise: {deviation: 0.3}", input: .maps(channels: 2, height: 2, width: 2))
}
