import Decoding
import Diagnostics
import Document
import Layers

/// The options that a network's layers have unless they say otherwise; each kind takes those that
/// it knows.
struct LayerDefaults {
  /// The known ones.
  let mapping: Node.Mapping?

  init(mapping: Node.Mapping?) { self.mapping = mapping }

  /// Reads `defaults: {kernel: 5, stride: 2}` and reports the options that no kind has.
  init(reading network: inout OptionReader) {
    let node = network.node(
      "defaults", takes: .options(Self.forms),
      help: "options of all layers unless a layer overrides them")
    guard case .mapping(let written) = node else {
      mapping = nil
      if let node, node.kindName != "nothing" {
        network.report(
          .wrongForm(
            "`defaults` is a map of options, found \(node.words)", at: node.span,
            help: ["write `defaults: {kernel: 5, stride: 2}`"]))
      }
      return
    }
    let known = Self.forms.map(\.key)
    var entries: [String: Node.Mapping.Entry] = [:]
    for entry in written.entries {
      if known.contains(entry.key.text) {
        entries[entry.key.text] = entries[entry.key.text] ?? entry
      } else {
        let message = "no layer has an option `\(entry.key.text)`"
        if let problem = Diagnostic.weightsAsFlag(
          entry, SpecCode.unknownDefault, message, known: known,
          removal: written.removal(of: entry.key.text))
        {
          network.report(problem)
          continue
        }
        network.report(.unknownDefault(entry.key, message, known: known))
        // What was meant is read, or each layer would lack it, too.
        if let meant = OtherNames.guess(of: entry.key.text, among: known),
          meant.relation != .otherThing
        {
          let key = Node.Scalar(text: meant.name, isQuoted: false, span: entry.key.span)
          entries[meant.name] =
            entries[meant.name] ?? Node.Mapping.Entry(key: key, value: entry.value)
        }
      }
    }
    mapping = Node.Mapping(entries: known.compactMap { entries[$0] }, span: written.span)
  }

  /// The options of all kinds but the name, found by asking each to read none.
  static let forms: [OptionForm] = {
    let all = LayerKind.allCases.flatMap(LayerDecoder.forms).filter { $0.key != "name" }
    let carried = ["norm", "activation"]
    let keys = carried + all.map(\.key).filter { !carried.contains($0) }
    return keys.unique.map { key in
      let forms = all.filter { $0.key == key }
      let values = forms.map(\.value).unique
      return OptionForm(
        key: key, value: values.count == 1 ? values[0] : .anyOf(values), help: forms[0].help)
    }
  }()
}

extension Diagnostic {
  fileprivate static func unknownDefault(
    _ key: Node.Scalar, _ message: String, known: [String]
  ) -> Diagnostic {
    let guess = OtherNames.guess(of: key.text, among: known)
    return Diagnostic(
      SpecCode.unknownDefault, message, at: key.span,
      help: guess?.help ?? ["known: \(known.nameList)"],
      repairs: guess?.repair(at: key.span).map { [$0] } ?? [])
  }
}
