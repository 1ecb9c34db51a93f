import Decoding
import Diagnostics
import Layers
import Spec

/// Labels on the values that made a shape what it is: numbers of `let`, of `repeat`, of parents and
/// of the command line.
///
/// Collected from the most telling on; at most a handful.
struct ShapeCauses {
  private(set) var labels: [Diagnostic.Label] = []
  /// Where the message points without them.
  private let shown: [SourceSpan]

  private static let most = 5

  init(beside shown: [SourceSpan]) {
    self.shown = shown
  }

  /// The loops around a layer.
  mutating func add(loopsAround entry: LayerSpec) {
    for (name, variable) in entry.main.origins.scope.loops { add(name, variable) }
  }

  /// Options of a layer: those that stand in other lines, and what they were computed from.
  mutating func add(_ options: [String], of component: LayerSpec.Component) {
    for option in options {
      guard let origin = component.origins[option] else { continue }
      if let value = component[option], !isOnShownLine(origin.span) {
        let source = origin.isInherited ? " from `defaults`" : ""
        add(Diagnostic.Label(span: origin.span, text: "`\(option)` is \(value)\(source)"))
      }
      add(namesIn: origin, component.origins.scope)
    }
  }

  /// A value of one of the sections next to the networks: where it comes from another file, or the
  /// command line, and what it was computed from.
  mutating func add(_ key: String, in section: String, of spec: Spec) {
    guard let origins = spec.origins.below(section), let origin = origins[key] else { return }
    if let first = shown.first, first.file !== origin.span.file {
      let text = origin.node.evaluatedText(in: origins.scope) ?? ""
      add(Diagnostic.Label(span: origin.span, text: "`\(key)` is \(text)"))
    }
    add(namesIn: origin, origins.scope)
  }

  /// Options of the layer that a node is part of.
  mutating func add(_ options: [String], of node: LayerNode, in spec: Spec) {
    guard let entry = spec.entry(of: node) else { return }
    add(loopsAround: entry)
    add(options, of: entry.main)
  }

  /// Options that change sizes, of all layers up to here, where the command line or a child of the
  /// file that the message is about sets them.
  mutating func add(changesIn network: NetworkGraph, of spec: Spec) {
    let options = ["to", "kernel", "stride", "padding", "output_padding", "factor"]
    for node in network.nodes.reversed() where labels.count < Self.most {
      guard let main = spec.entry(of: node)?.main else { continue }
      add(
        options.filter { main.origins[$0].map { isChange($0.span, of: spec) } ?? false }, of: main)
    }
  }

  private func isChange(_ span: SourceSpan, of spec: Spec) -> Bool {
    guard let file = shown.first?.file, span.file !== file else { return false }
    return span.file === spec.file || span.file.path == CommandLineSettings.path
  }

  /// What the height and width of a network's first maps were computed from.
  mutating func add(firstMapsOf network: NetworkGraph, in spec: Spec) {
    let first = network.nodes.first { node in
      if case .maps = node.output { true } else { false }
    }
    guard let main = first.flatMap({ spec.entry(of: $0) })?.main else { return }
    for option in ["to", "kernel"] {
      guard let origin = main.origins[option] else { continue }
      if case .sequence(let list) = origin.node {
        for side in list.items.suffix(2) {
          add(namesIn: ValueOrigin(node: side), main.origins.scope)
        }
      } else {
        add(namesIn: origin, main.origins.scope)
      }
    }
  }

  /// The loops of a network that end where an expression says.
  mutating func add(loopsOf network: NetworkSpec) {
    var last: [SourceSpan: (name: String, variable: Scope.Variable)] = [:]
    var order: [SourceSpan] = []
    for layer in network.layers {
      for loop in layer.main.origins.scope.loops {
        if last.updateValue(loop, forKey: loop.variable.span) == nil {
          order.append(loop.variable.span)
        }
      }
    }
    for (name, variable) in order.compactMap({ last[$0] }) {
      guard let scope = network.layers.first?.main.origins.scope, let end = variable.written,
        !Expression.variables(usedBy: end, in: scope).isEmpty
      else { continue }
      add(
        Diagnostic.Label(span: end.span, text: "`\(name)` ends at \(variable.value)"))
      add(namesIn: ValueOrigin(node: .scalar(end)), scope)
    }
  }

  // MARK: Parts

  /// Everything that an expression uses, and what that was computed from in turn.
  private mutating func add(namesIn origin: ValueOrigin, _ scope: Scope) {
    var open = origin.node.variables(in: scope)
    var seen: Set<String> = []
    while !open.isEmpty {
      let (name, variable) = open.removeFirst()
      guard seen.insert(name).inserted else { continue }
      add(name, variable)
      if let written = variable.written {
        open += Expression.variables(usedBy: written, in: scope)
      }
    }
  }

  private mutating func add(_ name: String, _ variable: Scope.Variable) {
    let place = variable.isLoop ? " in this repeat" : ""
    add(Diagnostic.Label(span: variable.span, text: "`\(name)` is \(variable.value)\(place)"))
  }

  private mutating func add(_ label: Diagnostic.Label) {
    guard labels.count < Self.most, !shown.contains(label.span),
      !labels.contains(where: { $0.span == label.span })
    else { return }
    labels.append(label)
  }

  private func isOnShownLine(_ span: SourceSpan) -> Bool {
    shown.contains { $0.file === span.file && $0.start.line == span.start.line }
  }
}
