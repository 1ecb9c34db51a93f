import Layers
import Program
import Spec

extension LayerGraph {
  /// The text of `--emit graph`: every node with its shapes, tensors and line in the spec.
  ///
  ///     generator: 100 → 3 × 64 × 64
  ///       project1       project     100 → 1024 × 4 × 4           # lsun64.yaml:13
  ///         weight [16384, 100]
  ///       project1.norm  batch_norm  1024 × 4 × 4 → 1024 × 4 × 4  # lsun64.yaml:13
  ///         weight [1024], scale
  public var text: String {
    networks.map(\.text).joined(separator: "\n")
  }

  /// The text of `--emit program`: both networks' forward programs for `batch` images.
  public func programText(batch: Int, mode: Lowering.Mode = .train) -> String {
    networks.map { network in
      let program = network.forwardProgram(batch: batch, mode: mode)
      return "# \(network.role.rawValue), \(batch) images\n\(program.text)"
    }.joined(separator: "\n")
  }
}

extension NetworkGraph {
  fileprivate var text: String {
    var steps = TextTable([.left, .left, .left, .left])
    for node in nodes {
      let place = "# \(node.span.file.path):\(node.span.start.line)"
      let inputs = "\(node.input)" + (node.joinsLabels ? " and labels" : "")
      steps.add([
        String(node.path.dropFirst(role.rawValue.count + 1)), node.kind.rawValue,
        "\(inputs) → \(node.output)", place,
      ])
    }
    var text = "\(role.rawValue): \(input) → \(output)\n"
    for (node, line) in zip(nodes, steps.lines(widths: steps.widths)) {
      text += "  \(line)\n"
      for tensor in node.parameters {
        text += "    \(tensor.parameter.line)\n"
      }
    }
    return text
  }
}

extension Parameter {
  /// Name and shape, and what they do not say by themselves.
  fileprivate var line: String {
    var parts = ["\(name) \(shape)"]
    if name == "weight" && role == .scale || name == "bias" && role == .shift {
      parts.append(role.rawValue)
    }
    if fileShape != shape { parts.append("in files \(fileShape)") }
    return parts.joined(separator: ", ")
  }
}
