import Decoding
import Program

/// The options `epsilon` and `scale_and_shift` of a normalisation.
package struct NormOptions: Hashable, Sendable {
  /// Added to the variance, so that a constant input does not divide by 0.
  package let epsilon: Double
  /// Whether the normalised numbers are scaled and shifted by learned ones.
  package let scaleAndShift: Bool

  init(reading options: inout OptionReader) {
    epsilon = Self.epsilon(reading: &options)
    scaleAndShift = options.boolean(
      "scale_and_shift", default: true, help: "whether a scale and a shift are learned")
  }

  /// The options of a norm without a scale and a shift of its own.
  init(readingUnscaled options: inout OptionReader) {
    epsilon = Self.epsilon(reading: &options)
    scaleAndShift = false
  }

  private static func epsilon(reading options: inout OptionReader) -> Double {
    options.number("epsilon", default: 1e-5, in: .above(0), help: "added to the variance")
  }

  /// Scale and shift for each channel.
  func parameters(perChannelOf input: FeatureShape) -> [Parameter] {
    guard scaleAndShift else { return [] }
    return [
      Parameter("weight", [input.channels], .scale), Parameter("bias", [input.channels], .shift),
    ]
  }

  /// Scale and shift for each feature, in files in C, H, W order.
  func parameters(perFeatureOf input: FeatureShape, isFlatInFiles: Bool) -> [Parameter] {
    guard scaleAndShift else { return [] }
    return [
      .perFeature("weight", .scale, of: input, isFlatInFiles: isFlatInFiles),
      .perFeature("bias", .shift, of: input, isFlatInFiles: isFlatInFiles),
    ]
  }
}

extension Parameter {
  /// One number for each feature: [F], or [H, W, C] in programs and C, H, W order in files.
  static func perFeature(
    _ name: String, _ role: Role, of input: FeatureShape, isFlatInFiles: Bool
  ) -> Parameter {
    switch input {
    case .vector(let size): Parameter(name, [size], role)
    case .maps(let channels, let height, let width):
      Parameter(
        name, [height, width, channels], role, fileAxes: [2, 0, 1], isFlatInFiles: isFlatInFiles)
    }
  }
}

extension Lowering {
  /// x·weight + bias, if the current norm has them; they cover the last axes of x.
  mutating func scaledAndShifted(_ x: Value, _ options: NormOptions) -> Value {
    guard options.scaleAndShift else { return x }
    let (scale, shift) = (tensor("weight"), tensor("bias"))
    let shape = program.shape(of: x)
    let axes = Array((shape.rank - program.shape(of: scale).rank)..<shape.rank)
    let scaled = program.multiply(x, program.broadcast(scale, to: shape, axes: axes))
    return program.add(scaled, program.broadcast(shift, to: shape, axes: axes))
  }
}
