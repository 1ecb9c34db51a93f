import Decoding
import LayerGraph
import Layers
import Spec

extension PreviewCheck {
  /// The pictures lie where the generator's last activation does not reach, or fill a part of it.
  static let unreachableRange = PreviewCheck(code: .unreachableRange) { sight in
    guard let last = sight.graph.generator.nodes.last, let bounds = last.kind.bounds else {
      return nil
    }
    let range = sight.spec.image.range
    let tolerance = (range.upperBound - range.lowerBound) / 100
    let fits =
      abs(range.lowerBound - bounds.lowerBound) <= tolerance
      && abs(range.upperBound - bounds.upperBound) <= tolerance
    guard !fits else { return nil }
    let found = sight.realBounds
    return Draft(
      message: "the pictures have values from \(Double(found.lowerBound).yamlText) to "
        + "\(Double(found.upperBound).yamlText), and `\(last.kind.rawValue)` makes values from "
        + "\(bounds.lowerBound.yamlText) to \(bounds.upperBound.yamlText)",
      span: sight.spec.image.rangeSpan,
      help: [
        "write `range: [\(bounds.lowerBound.yamlText), \(bounds.upperBound.yamlText)]`"
      ])
  }
}

extension LayerKind {
  /// What comes out of an activation that is bounded on both sides.
  fileprivate var bounds: ClosedRange<Double>? {
    switch self {
    case .tanh: -1...1
    case .sigmoid: 0...1
    default: nil
    }
  }
}
