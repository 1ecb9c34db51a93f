import Decoding
import Diagnostics
import Document
import Layers

extension NetworkSpec {
  /// Layers of one network after `repeat`; more are refused before they are made.
  public static let mostLayers = 4_096

  /// Iterations of all loops of one network.
  static let mostIterations = 16_384

  /// The keys of a network; other names in its place on a command line are layers.
  static let keys = ["defaults", "layers", "patch"]

  /// Reads `generator: {defaults: {…}, layers: [...], patch: [...]}`.
  init(_ role: NetworkRole, reading spec: inout OptionReader, joining labels: LabelJoin? = nil) {
    guard spec.isRecording || spec.holdsMap(role.rawValue),
      // A classifier has no generator, so that the schema cannot ask for one.
      var options = spec.nested(
        role.rawValue, required: !spec.isRecording || role == .discriminator, help: role.help)
    else {
      // Reports that it is missing, or what else it is.
      if let node = spec.node(role.rawValue) {
        spec.report(.noLayers(role.rawValue, at: node.span))
      } else {
        _ = spec.nested(role.rawValue, required: true)
      }
      self.init(role: role, layers: [], span: spec.span)
      return
    }
    let defaults = LayerDefaults(reading: &options)
    var decoder = NetworkDecoder(defaults: defaults)
    let list = options.node(
      "layers", takes: .layers, isRequired: true, help: "what the network computes, in order")
    let patch = options.node(
      "patch", takes: LayerPatch.form, help: "changes of single layers, by their names")
    if let list {
      decoder.collect(list, of: role.rawValue, scope: options.scope)
    } else {
      options.report(.noLayers(role.rawValue, at: options.span), insteadOf: "layers")
    }
    if let patch, list != nil { decoder.apply(patch, to: role, scope: options.scope) }
    decoder.decodeLayers(of: role, joining: labels)
    let layers = LayerNames.named(decoder.drafts, problems: &options.diagnostics)
    options.diagnostics += decoder.diagnostics
    self.init(role: role, layers: layers, span: options.span)
    spec.absorb(options)
  }
}

/// A layer that has no name yet.
struct LayerDraft {
  let main: LayerSpec.Component
  let norm: LayerSpec.Component?
  let activation: LayerSpec.Component?
  let givenName: Node.Scalar?
}

/// Turns a `layers:` list into layers, following the loops in it.
struct NetworkDecoder {
  private(set) var drafts: [LayerDraft] = []

  /// What is to be decoded, in order.
  private var entries: [LayerEntry] = []
  private let defaults: LayerDefaults
  private var log = IterationLog()
  /// Loop variables with a stand-in value, because their range is wrong.
  private var brokenNames: Set<String> = []
  /// Iterations so far: they cost time even where they hold no layer.
  private var iterationCount = 0
  private var layerCount = 0
  private var isOverLimit = false

  init(defaults: LayerDefaults) { self.defaults = defaults }

  var diagnostics: [Diagnostic] { log.diagnostics.withoutConsequences(of: brokenNames) }

  /// Takes the entries of a `layers` key, following its loops.
  mutating func collect(
    _ node: Node, of subject: String, scope: Scope, iterations: [String] = []
  ) {
    guard case .sequence(let list) = node, !list.items.isEmpty else {
      let problem = Diagnostic.noLayers(subject, at: node.span)
      log.record([problem], in: iterations.joined(separator: ", "), of: node.span)
      return
    }
    for item in list.items where !isOverLimit && !log.isFull {
      if case .mapping(let mapping) = item, mapping.entries.count == 1,
        mapping.entries[0].key.text == "repeat"
      {
        expand(mapping.entries[0], scope: scope, iterations: iterations)
      } else if hasRoom(layers: 1, iterations: 0, at: item.span) {
        layerCount += 1
        entries.append(LayerEntry(item: item, scope: scope, iterations: iterations))
      }
    }
  }

  /// Changes the entries as `patch` says.
  mutating func apply(_ patch: Node, to role: NetworkRole, scope: Scope) {
    // Where loops are wrong, it is not known which layers there are.
    let isKnown = log.diagnostics.isEmpty
    var (problems, removed): ([Diagnostic], [String: SourceSpan]) = ([], [:])
    for changes in LayerPatch.groups(of: patch, problems: &problems) {
      let before = entries
      entries = []
      // The inserted lists are collected one by one, each into an empty list.
      var edits = LayerPatch(of: before, in: role, after: removed)
      for change in changes {
        edits.read(change, problems: &problems) { list in
          collect(list, of: "patch", scope: scope)
          defer { entries = [] }
          return entries
        }
      }
      problems += edits.lostChanges
      (entries, removed) = (edits.result, edits.removedNames)
    }
    if !isKnown { problems.removeAll { $0.code == SpecCode.unknownLayerName.code } }
    log.record(problems, in: "", of: patch.span)
  }

  /// Decodes all entries; `labels` joins the labels to them.
  mutating func decodeLayers(of role: NetworkRole, joining labels: LabelJoin?) {
    for entry in labels?.joined(to: entries, log: &log) ?? entries where !log.isFull {
      var problems: [Diagnostic] = []
      let draft = LayerDecoder(defaults: defaults, scope: entry.scope)
        .draft(entry.item, problems: &problems)
      log.record(problems, in: entry.iterations.joined(separator: ", "), of: entry.item.span)
      if let draft { drafts.append(draft) }
    }
  }

  /// Takes the layers of `repeat: {for: i in a..b, layers: [...]}` once for each i.
  private mutating func expand(
    _ entry: Node.Mapping.Entry, scope: Scope, iterations: [String]
  ) {
    guard case .mapping = entry.value else {
      let problem = Diagnostic.wrongForm(
        "`repeat` takes a range and layers, found \(entry.value.words)", at: entry.value.span,
        help: ["write `{for: i in 1..3, layers: [...]}`"])
      log.record([problem], in: iterations.joined(separator: ", "), of: entry.key.span)
      return
    }
    var options = OptionReader(
      entry.value, subject: "repeat", span: entry.key.span, scope: scope)
    let (loop, body) = Self.parts(reading: &options)
    let head = loopHead(loop, reading: &options)
    let range = head.flatMap { self.range(of: $0, reading: &options) }
    if body == nil {
      options.report(.noLayers("repeat", at: entry.key.span), insteadOf: "layers")
    }
    options.finish()
    log.record(
      options.diagnostics, in: iterations.joined(separator: ", "), of: entry.key.span)
    guard let body, let head else { return }
    if range == nil { brokenNames.insert(head.name.text) }

    let values = range ?? 1..<2
    // The loop itself counts too: it may stand in another one and have no iterations.
    iterationCount += 1
    let layers = values.isEmpty ? 0 : values.count * body.leastLayers
    guard hasRoom(layers: layers, iterations: values.count, at: head.last.span) else { return }
    iterationCount += values.count
    for value in values where !isOverLimit && !log.isFull {
      var inner = scope
      inner.define(
        head.name.text, as: .integer(value), at: head.name.span, by: head.last, isLoop: true)
      let iteration = range == nil ? [] : ["\(head.name.text) = \(value)"]
      collect(body, of: "repeat", scope: inner, iterations: iterations + iteration)
    }
  }

  /// The options of `repeat`.
  static func parts(reading options: inout OptionReader) -> (loop: Node?, body: Node?) {
    let loop = options.node(
      "for", takes: .text, isRequired: true, help: "a name and a range, as in `i in 1..3`")
    let body = options.node(
      "layers", takes: .layers, isRequired: true, help: "the layers of each iteration")
    return (loop, body)
  }

  private func loopHead(_ loop: Node?, reading options: inout OptionReader) -> LoopHead? {
    guard case .scalar(let scalar) = loop, let head = LoopHead(scalar) else {
      options.report(LoopHead.wrongForm(at: options.span(of: "for")))
      return nil
    }
    if let problem = Diagnostic.unusableDefinition(head.name) {
      options.report(problem)
      return nil
    }
    if let outer = options.scope.variables[head.name.text] {
      options.report(
        Diagnostic(
          SpecCode.takenName, "`\(head.name.text)` is defined already", at: head.name.span,
          secondary: [.init(span: outer.span, text: "here")], help: ["choose another name"]))
      return nil
    }
    return head
  }

  /// The values of the loop variable; nil after a problem.
  private func range(of head: LoopHead, reading options: inout OptionReader) -> Range<Int>? {
    let bounds = -1_000_000...1_000_000
    let first = options.integer(.scalar(head.first), describedAs: "the range's start", in: bounds)
    let last = options.integer(.scalar(head.last), describedAs: "the range's end", in: bounds)
    guard let first, let last else { return nil }
    guard last >= first - 1 else {
      options.report(
        Diagnostic(
          SpecCode.emptyRange, "the range \(first)..\(last) runs backwards", at: head.last.span,
          label: "\(last)", secondary: [.init(span: head.first.span, text: "\(first)")],
          help: ["\(first)..\(first - 1) is the empty range"]))
      return nil
    }
    return first..<last + 1
  }

  /// Whether so many more stay within the limits; otherwise reports it, and decoding ends.
  private mutating func hasRoom(layers: Int, iterations: Int, at span: SourceSpan) -> Bool {
    let problem =
      if layerCount + layers > NetworkSpec.mostLayers {
        "more than \(NetworkSpec.mostLayers) layers in one network"
      } else if iterationCount + iterations > NetworkSpec.mostIterations {
        "more than \(NetworkSpec.mostIterations) iterations in one network"
      } else {
        ""
      }
    if problem.isEmpty { return true }
    isOverLimit = true
    log.record([Diagnostic(SpecCode.tooManyLayers, problem, at: span)], in: "", of: span)
    return false
  }
}

extension Node {
  /// At least so many layers come out of one pass over this list.
  fileprivate var leastLayers: Int {
    guard case .sequence(let list) = self else { return 0 }
    return list.items.count { item in
      guard case .mapping(let mapping) = item else { return true }
      return mapping["repeat"] == nil
    }
  }
}

extension Diagnostic {
  fileprivate static func noLayers(_ subject: String, at span: SourceSpan) -> Diagnostic {
    wrongForm(
      "`\(subject)` needs a list of layers", at: span,
      help: ["write `layers:` and below it `- conv: {filters: 64}`"])
  }
}
