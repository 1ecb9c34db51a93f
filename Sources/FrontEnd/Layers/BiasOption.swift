import Decoding
import Program

/// The option `bias` of a layer with weights.
package enum BiasOption: String, Hashable, Sendable, CaseIterable {
  /// A bias, except where a norm follows that would remove it.
  case auto
  case always = "true"
  case never = "false"

  init(reading options: inout OptionReader) {
    self =
      options.choice(
        "bias", default: BiasOption.auto, help: "auto: except where a norm follows") ?? .auto
  }

  package func isPresent(in context: LayerContext) -> Bool {
    switch self {
    case .auto: !context.hasNorm
    case .always: true
    case .never: false
    }
  }

  /// The bias of `size` outputs, if there is one.
  func parameters(_ size: Int, _ context: LayerContext) -> [Parameter] {
    isPresent(in: context) ? [Parameter("bias", [size], .bias)] : []
  }
}

extension Lowering {
  /// x [..., C] plus the current layer's bias [C], where it has one.
  mutating func adding(_ bias: BiasOption, to x: Value) -> Value {
    guard bias.isPresent(in: context) else { return x }
    let shape = program.shape(of: x)
    return program.add(x, program.broadcastAlongLast(tensor("bias"), to: shape))
  }
}
