import LayerGraph
import Spec

extension LayerGraph {
  /// Both networks for Graphviz: `dcgan-compile SPEC --emit dot | dot -Tsvg`.
  ///
  /// A node is an entry of a `layers:` list, an edge the shape that flows.
  public func dot(title: String) -> String {
    var lines = [
      "digraph \(title.dotString) {",
      "  rankdir=LR",
      "  fontname=\"Helvetica\"",
      "  node [fontname=\"Helvetica\", shape=box, style=\"rounded,filled\", fillcolor=\"#eef2f8\"]",
      "  edge [fontname=\"Helvetica\", fontsize=10]",
    ]
    // Graphviz puts the first of two clusters below.
    for network in networks.reversed() {
      lines += network.dotLines.map { "  \($0)" }
    }
    return (lines + ["}"]).joined(separator: "\n")
  }
}

extension NetworkGraph {
  fileprivate var dotLines: [String] {
    let name = role.rawValue
    var lines = [
      "subgraph cluster_\(name) {", "  label=\"\(name): \(input) → \(output)\"",
      "  \(name)_input [label=\"\(ends.input)\", shape=plaintext, style=solid]",
    ]
    for (index, stage) in stages.enumerated() {
      let label = stage.nodeLines.joined(separator: "\n")
      lines.append("  \(name)_\(index) [label=\(label.dotString)]")
    }
    lines.append("  \(name)_output [label=\"\(ends.output)\", shape=plaintext, style=solid]")
    if usesLabels {
      lines.append(
        "  \(name)_labels [label=\"\(classes ?? 0) labels\", shape=plaintext, style=solid]")
    }
    var source = "\(name)_input"
    for (index, stage) in stages.enumerated() {
      lines.append("  \(source) -> \(name)_\(index) [label=\"\(stage.input)\"]")
      if stage.joinsLabels { lines.append("  \(name)_labels -> \(name)_\(index) [style=dashed]") }
      source = "\(name)_\(index)"
    }
    lines.append("  \(source) -> \(name)_output [label=\"\(output)\"]")
    return lines + ["}"]
  }
}

extension Stage {
  /// Name, window, and the kinds that the name does not say.
  var nodeLines: [String] {
    let kinds = (name.hasPrefix(kind.rawValue) ? [] : [kind]) + extras
    let words = kinds.map(\.rawValue).joined(separator: ", ")
    return [name] + (windowWords.map { [$0] } ?? []) + (words.isEmpty ? [] : [words])
  }
}

extension String {
  /// In double quotes, as Graphviz reads them.
  fileprivate var dotString: String {
    var text = "\""
    for character in self {
      switch character {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      default: text.append(character)
      }
    }
    return text + "\""
  }
}
