import Diagnostics
import LayerGraph
import Spec

extension [Diagnostic] {
  /// Without findings at layers that may stand in the wrong place: those where the shapes of a
  /// network go wrong, and all after them.
  ///
  /// A layer that is missing, swapped or one too many gets one report, not one more for each
  /// guideline that its neighbours now deviate from.
  func withoutConsequences(of shapeProblems: [Diagnostic], in spec: Spec) -> [Diagnostic] {
    let doubtful = spec.roles.map { role in
      DoubtfulLayers(of: spec.network(role), shapeProblems: shapeProblems)
    }
    return filter { finding in
      !doubtful.contains { $0.has(finding.primary.span) }
    }
  }
}

/// The layers of a network from the one on where its shapes go wrong.
private struct DoubtfulLayers {
  private let spans: Set<SourceSpan>

  init(of network: NetworkSpec, shapeProblems: [Diagnostic]) {
    let layers = network.layers.map(\.spans)
    let starts = shapeProblems.filter { $0.severity == .error }.compactMap { problem in
      let index = layers.firstIndex { $0.contains(problem.primary.span) }
      // What the layer cannot take is what the one before it makes.
      return index.map { problem.code == ShapeCode.layerRefusesInput.code ? max(0, $0 - 1) : $0 }
    }
    guard let first = starts.min() else {
      spans = []
      return
    }
    let sure = layers[..<first].reduce(into: Set<SourceSpan>()) { $0.formUnion($1) }
    spans = layers[first...].reduce(into: Set<SourceSpan>()) { $0.formUnion($1) }
      .subtracting(sure)
  }

  func has(_ span: SourceSpan) -> Bool { spans.contains(span) }
}

extension LayerSpec {
  /// Where the layer is written, and what it has of its own.
  fileprivate var spans: Set<SourceSpan> {
    let own = components.map(\.component).filter { !$0.isInherited }
    return Set(
      own.flatMap { part in
        [part.span, part.valueSpan] + part.options.compactMap { part.writtenSpan(of: $0.key) }
      })
  }
}
