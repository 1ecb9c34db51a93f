import Decoding
import Diagnostics
import Document
import Layers

/// Where the labels join by themselves: the value of `condition: {join: …}`.
struct LabelJoin {
  let place: ConditionSpec.Join
  /// Where the value stands; the layers that it makes point here.
  let span: SourceSpan

  /// The entries with a `concatenate_labels` where the labels join.
  func joined(to entries: [LayerEntry], log: inout IterationLog) -> [LayerEntry] {
    for entry in entries where entry.kind?.readsLabels == true {
      log.record([twice(entry)], in: entry.iterations.joined(separator: ", "), of: entry.item.span)
    }
    let name = Node.Scalar(
      text: LayerKind.concatenateLabels.rawValue, isQuoted: false, span: span)
    return entries.enumerated().flatMap { index, entry in
      let joins =
        switch place {
        case .everywhere: entry.kind?.role == .weighted
        case .input: index == 0
        }
      let labels = LayerEntry(item: .scalar(name), scope: entry.scope, iterations: entry.iterations)
      return joins ? [labels, entry] : [entry]
    }
  }

  private func twice(_ entry: LayerEntry) -> Diagnostic {
    Diagnostic(
      SpecCode.labelsJoinedTwice, "`join: \(place.rawValue)` places the label layers itself",
      at: entry.item.span, secondary: [.init(span: span, text: "required here")],
      help: ["remove this layer, or `join`"])
  }
}
