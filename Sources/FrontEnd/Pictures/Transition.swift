import LayerGraph
import Layers

/// What leads from one box of a figure to the next: a layer, and the small ones around it.
struct Transition {
  let kind: LayerKind
  let window: Window?
  /// What is written below, line by line.
  let words: [String]
  /// The number of labels that join before it.
  let labels: Int?
  /// What comes out.
  let output: FeatureShape
}

extension NetworkGraph {
  /// Layers that change no shape are named next to the one that they follow, or before the first.
  var transitions: [Transition] {
    var drafts: [(stage: Stage, words: [String], labels: Int?, output: FeatureShape)] = []
    var (waiting, labels): ([String], Int?) = ([], nil)
    for stage in stages {
      switch stage.kind.role {
      case .weighted, .pooling, .upsampling:
        let own = [stage.kind.rawValue] + (stage.windowWords.map { [$0] } ?? [])
        let words = waiting + own + stage.extras.map(\.rawValue)
        drafts.append((stage, words, labels, stage.output))
        (waiting, labels) = ([], nil)
      case .labels:
        labels = classes
      case .form where stage.output.maps == nil:
        waiting.append(stage.kind.rawValue)
      case .attention, .norm, .activation, .noise, .form, .batch, .classifier, .join:
        guard let last = drafts.indices.last, waiting.isEmpty, labels == nil else {
          waiting.append(stage.kind.rawValue)
          continue
        }
        drafts[last].words.append(stage.kind.rawValue)
        drafts[last].output = stage.output
      }
    }
    if let last = drafts.indices.last { drafts[last].words += waiting }
    return drafts.map {
      Transition(
        kind: $0.stage.kind, window: $0.stage.window, words: $0.words, labels: $0.labels,
        output: $0.output)
    }
  }
}
