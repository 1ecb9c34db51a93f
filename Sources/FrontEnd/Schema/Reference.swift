import Decoding
import Diagnostics
import Layers
import Spec

/// All that the language can say, told by what its decoder asks for: `docs/reference.md`, and what
/// `--explain conv` prints.
public enum Reference {
  /// A map of options, or a name with options of its own.
  struct Section {
    /// Keys from the outside, such as `train.optimizer`; the name of a layer.
    let path: String
    /// Where the path is that of a choice: one of its names, such as `adam`.
    let name: String?
    let help: String
    let options: [OptionForm]
    /// An entry of a list of layers that shows it, or empty.
    var example = ""
    var source = ""

    var title: String { name.map { "\(path): \($0)" } ?? path }
  }

  // MARK: What there is

  /// Of the file itself, from the outside; what stands at several places is there once.
  static let file: [Section] = {
    var seen: Set<[OptionForm]> = []
    return sections(of: Spec.forms, below: []).filter { section in
      section.name == nil || seen.insert(section.options).inserted
    }
  }()

  static let layers: [Section] = Spec.layerForms.map { form in
    let type = LayerKind(rawValue: form.name)?.type
    return Section(
      path: form.name, name: nil, help: form.help,
      options: form.options.filter { !sharedKeys.contains($0.key) },
      example: type.map { "- \($0.sample.yaml)" } ?? "", source: type?.source ?? "")
  }

  /// What many layers carry: norm and activation, by name.
  static let carried: [Section] = SpecSchema.shared.flatMap { form in
    sections(of: [form], below: ["layer"])
  }

  private static let sharedKeys = Set(SpecSchema.shared.map(\.key))

  private static func sections(of forms: [OptionForm], below path: [String]) -> [Section] {
    forms.flatMap { form in sections(of: form.value, at: path + [form.key], form.help) }
  }

  private static func sections(
    of value: ValueForm, at path: [String], _ help: String
  ) -> [Section] {
    let name = path.joined(separator: ".")
    switch value {
    case .options(let options) where !options.isEmpty:
      return [Section(path: name, name: nil, help: help, options: options)]
        + sections(of: options, below: path)
    case .named(let names):
      return names.flatMap { named -> [Section] in
        guard case .options(let options) = named.value, !options.isEmpty else { return [] }
        return [Section(path: name, name: named.name, help: named.help, options: options)]
          + sections(of: options, below: path + [named.name])
      }
    case .anyOf(let values): return values.flatMap { sections(of: $0, at: path, help) }
    case .options, .integer, .number, .boolean, .choice, .text, .list, .tuple, .map, .layers,
      .anything:
      return []
    }
  }

  // MARK: For a terminal

  /// What `--explain` says of a layer, a section, a name or an option; nil where there is none.
  public static func explanation(of word: String) -> String? {
    let word = word.lowercased()
    let found = (layers + file + carried).filter { section in
      section.path == word || section.title == word || section.name == word
        || section.path.split(separator: ".").last.map(String.init) == word
    }
    if !found.isEmpty { return found.map(text).joined(separator: "\n") }
    let options = (layers + file + carried).flatMap { section in
      section.options.filter { $0.key == word }.map { (section, $0) }
    }
    guard !options.isEmpty else { return otherName(word) }
    return options.map { section, option in "\(section.title): \(line(of: option))\n" }.joined()
  }

  /// How this language says a word of other programs and papers; nil for what is none.
  private static func otherName(_ word: String) -> String? {
    if let phrase = OtherNames.phrase(for: word) { return "`\(word)` is written \(phrase)\n" }
    if let place = OtherNames.place(of: word, with: nil) {
      return "`\(word)` is written `\(place)`\n"
    }
    guard let guess = OtherNames.guess(of: word, among: words), guess.relation == .sameMeaning,
      let explanation = explanation(of: guess.name)
    else { return nil }
    return "`\(word)` is `\(guess.name)` here\n\(explanation)"
  }

  /// The layer, section, name or option that a word was perhaps meant to be.
  public static func nearest(to word: String) -> String? {
    words.nearest(to: word.lowercased())
  }

  private static let words = Set(
    (layers + file + carried).flatMap {
      [$0.path] + ($0.name.map { [$0] } ?? []) + $0.options.map(\.key)
    }
  ).sorted()

  private static func text(of section: Section) -> String {
    var text = section.title + (section.help.isEmpty ? "" : ": \(section.help)") + "\n"
    for option in section.options { text += "  \(line(of: option))\n" }
    if !section.example.isEmpty { text += "Example:\n  \(section.example)\n" }
    if !section.source.isEmpty { text += "Source: \(section.source)\n" }
    return text
  }

  private static func line(of option: OptionForm) -> String {
    let fallback =
      option.isRequired ? "; required" : option.fallback.map { "; default \($0)" } ?? ""
    return "\(option.key)  \(option.value.words(marked: ""))\(fallback)"
      + (option.help.isEmpty ? "" : ": \(option.help)")
  }

  // MARK: For the page

  /// `docs/reference.md`.
  public static var page: String {
    let top = Section(path: "the file", name: nil, help: "", options: Spec.forms)
    return """
      # Reference of the spec language

      Every key, with what it takes, its default, and what it says. `dcgan-compile --explain conv` (or `train`, `adam`, `learning_rate`) prints the same. [spec-language.md](spec-language.md) explains how specs are put together; numbers may be expressions everywhere. This page is made by `make docs`.

      ## The file

      \(table(top.options))
      \(file.filter { !$0.path.contains(".defaults.") }.map(markdown).joined())
      ## Layers

      An entry of `layers` is one of these, with its options below it. Those with weights also take `norm` and `activation`, and every layer a `name`.

      \(layers.map(markdown).joined())
      ## Norms and activations of layers

      \(carried.map(markdown).joined())
      """
  }

  private static func markdown(of section: Section) -> String {
    var text = "### `\(section.title)`\n\n"
    if !section.help.isEmpty {
      text += section.help.prefix(1).uppercased() + section.help.dropFirst() + ".\n\n"
    }
    if section.path.hasSuffix(".defaults") {
      // A table would say of each what the layers say, all at once.
      return text + "Each layer takes those that it knows, as [below](#layers): "
        + section.options.map { "`\($0.key)`" }.joined(separator: ", ") + ".\n\n"
    }
    if !section.options.isEmpty { text += table(section.options) + "\n" }
    if !section.example.isEmpty { text += "```yaml\n\(section.example)\n```\n\n" }
    if !section.source.isEmpty { text += "Source: \(section.source).\n\n" }
    return text
  }

  private static func table(_ options: [OptionForm]) -> String {
    let rows = options.map { option in
      let fallback = option.isRequired ? "required" : option.fallback.map { "`\($0)`" } ?? ""
      return
        "| `\(option.key)` | \(option.value.words(marked: "`")) | \(fallback) | \(option.help) |\n"
    }
    return "| key | takes | default | what it says |\n| --- | --- | --- | --- |\n" + rows.joined()
  }
}

extension ValueForm {
  /// In words; names stand between `mark`.
  fileprivate func words(marked mark: String) -> String {
    func list(_ names: [String]) -> String {
      names.map { mark + $0 + mark }.joined(separator: ", ")
    }
    switch self {
    case .integer(let range): return "a whole number, \(range.words)"
    case .number(let range): return "a number, \(range.words)"
    case .boolean: return "true or false"
    case .choice(let names): return list(names)
    case .text: return "text"
    case .list(let item, let counts):
      return "a list" + (counts.isEmpty ? "" : " of \(counts.list)")
        + ": \(item.words(marked: mark))"
    case .tuple(let items):
      return "[" + items.map { $0.words(marked: mark) }.joined(separator: ", ") + "]"
    case .options(let options):
      return "a map"
        + (options.first(where: \.isBare).map { ", or \(mark)\($0.key)\(mark) alone" } ?? "")
    case .named(let names):
      let hasOptions = names.contains {
        if case .options(let o) = $0.value { !o.isEmpty } else { false }
      }
      return list(names.map(\.name))
        + (hasOptions ? ", alone or with options: \(mark){NAME: {…}}\(mark)" : "")
    case .map(let value): return "a map of your own keys: \(value.words(marked: mark))"
    case .layers: return "a list of layers"
    case .anyOf(let values):
      return values.map { $0.words(marked: mark) }.joined(separator: ", or ")
    case .anything: return "a value"
    }
  }
}
