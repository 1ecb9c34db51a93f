import LayerGraph
import Spec

extension LayerGraph {
  /// Both networks as a mermaid flowchart, which many pages draw from text.
  public var mermaid: String {
    (["flowchart TB"] + networks.flatMap { $0.mermaidLines.map { "  \($0)" } })
      .joined(separator: "\n")
  }
}

extension NetworkGraph {
  /// Names in quotes are safe: layer names have letters, digits, `_` and `-` only.
  fileprivate var mermaidLines: [String] {
    let name = role.rawValue
    var lines = [
      "subgraph \(name)[\"\(name): \(input) → \(output)\"]",
      "  \(name)_input([\"\(ends.input)\"])",
    ]
    for (index, stage) in stages.enumerated() {
      lines.append("  \(name)_\(index)[\"\(stage.nodeLines.joined(separator: "<br>"))\"]")
    }
    lines.append("  \(name)_output([\"\(ends.output)\"])")
    if usesLabels { lines.append("  \(name)_labels([\"\(classes ?? 0) labels\"])") }
    var source = "\(name)_input"
    for (index, stage) in stages.enumerated() {
      lines.append("  \(source) -- \"\(stage.input)\" --> \(name)_\(index)")
      if stage.joinsLabels { lines.append("  \(name)_labels -.-> \(name)_\(index)") }
      source = "\(name)_\(index)"
    }
    lines.append("  \(source) -- \"\(output)\" --> \(name)_output")
    return lines + ["end"]
  }
}
