import Diagnostics

/// What can be wrong with a spec beyond single options.
///
/// The examples replace a part of a spec in the file `spec.yaml`.
public enum SpecCode: String, CodeTable {
  case languageVersion = "S220"
  case unusableName = "S221"
  case wrongForm = "S222"
  case unknownLayer = "S223"
  case repeatedLayerName = "S224"
  case loopHead = "S225"
  case tooManyLayers = "S226"
  case uselessOption = "S227"
  case missingReason = "S228"
  case takenName = "S229"
  case definitionCycle = "S230"
  case unknownDefault = "S231"
  case emptyRange = "S232"
  case unreadableParent = "S233"
  case parentCycle = "S234"
  case unknownLayerName = "S235"
  case unknownSetting = "S236"
  case labelsJoinedTwice = "S237"
  case lostChange = "S238"

  public var entry: CodeEntry {
    switch self {
    case .languageVersion:
      CodeEntry(
        "another version of the spec language",
        "`dcgan: 1` says which rules a spec follows, so that an old spec never changes its meaning.",
        example: "dcgan: 2")
    case .unusableName:
      CodeEntry(
        "a name that cannot be used here",
        "A spec's name becomes a folder, a layer's name a part of its parameters' names, and a "
          + "number's name a part of expressions; each allows only what is safe there.",
        example: "name: ../elsewhere")
    case .wrongForm:
      CodeEntry(
        "a list, a map or a value where something else belongs",
        "A layer is one key with its options below it; sections are maps; `layers` is a list.",
        example: "generator: {layers: {conv: {filters: 3}}}")
    case .unknownLayer:
      CodeEntry(
        "a layer that does not exist",
        "Each entry of `layers` begins with the name of a kind of layer, or with `repeat`.",
        example: "discriminator: {layers: [conv2d: {filters: 3}]}")
    case .repeatedLayerName:
      CodeEntry(
        "two layers of one name",
        "Parameters are found by the names of their layers. Layers without a name are called by "
          + "their kind and number, `conv2`, which a given name may not take from another layer.",
        example: "generator: {layers: [relu: {name: a}, tanh: {name: a}]}")
    case .loopHead:
      CodeEntry(
        "a `for` that is no name and range",
        "`for: i in 1..3` repeats the layers with i = 1, 2, 3; both ends may be expressions.",
        example: "generator: {layers: [repeat: {for: 3, layers: [relu]}]}")
    case .tooManyLayers:
      CodeEntry(
        "more layers than a network may have",
        "Loops can ask for more layers than any computer holds; they are counted before they are "
          + "made.",
        example: "generator: {layers: [repeat: {for: i in 1..5000, layers: [relu]}]}")
    case .uselessOption:
      CodeEntry(
        "an option that has no effect where it stands",
        "It would suggest something that does not happen.",
        example: "generator: {layers: [flatten: {norm: batch}]}")
    case .missingReason:
      CodeEntry(
        "a deviation without a reason",
        "Whoever reads the spec should learn why it departs from the guideline.",
        example: "deviations: {G505: \"\"}")
    case .takenName:
      CodeEntry(
        "a name that is taken",
        "`let` and `repeat` may not redefine a function, nor a loop what is defined around it.",
        example: "let: {max: 3}")
    case .definitionCycle:
      CodeEntry(
        "a definition that needs itself",
        "The names of `let` may stand in any order, but somewhere a number must begin.",
        example: "let: {a: b + 1, b: a - 1}")
    case .unknownDefault:
      CodeEntry(
        "a default for an option that no layer has",
        "`defaults` may hold options of any kinds of layers: each kind takes those that it knows.",
        example: "generator: {defaults: {stirde: 2}, layers: [tanh]}")
    case .emptyRange:
      CodeEntry(
        "a range that ends before it starts",
        "A loop over 1..0 has no iterations and is allowed; 1..-1 is a mistake. Pixels need two "
          + "different values for black and white.",
        example: "image: {size: 64, range: [1, -1]}")
    case .unreadableParent:
      CodeEntry(
        "a parent that cannot be read",
        "`extends` names one file, by its path from the folder of the file that names it. The same "
          + "checks hold for it as for the spec itself; all files together may be as large as one "
          + "may, and at most \(ParentChain.mostParents) may stand above each other.",
        example: "extends: missing.yaml")
    case .parentCycle:
      CodeEntry(
        "a spec that extends itself",
        "Following `extends` must end at a file that has no parent.",
        example: "extends: spec.yaml")
    case .unknownLayerName:
      CodeEntry(
        "a layer's name that the network does not have",
        "`patch` and `--set` name layers as the table of `dcgan-compile` does: by their `name`, or "
          + "by kind and number. A patch sees the layers as they are before it changes any.",
        example: "generator: {layers: [project: [3, 8, 8]], patch: [remove: conv9]}")
    case .unknownSetting:
      CodeEntry(
        "a setting of the command line that leads nowhere",
        "`--set` takes a path of keys and a value, such as `train.batch=64`. Names of `let` and "
          + "layers must exist, so that a slip cannot go unnoticed.",
        example: "")
    case .labelsJoinedTwice:
      CodeEntry(
        "labels that are joined by hand and by `join`",
        "`join` places all of the layers `concatenate_labels` itself. More of them would give some "
          + "layers the labels twice.",
        example: "condition: {classes: 10, join: input}\n"
          + "generator: {layers: [concatenate_labels, project: [3, 8, 8]]}")
    case .lostChange:
      CodeEntry(
        "a layer that one patch changes and removes",
        "All changes of a patch hold at once, so one of these would have no effect. A child may "
          + "remove what its parent's patch has set, and layers may be inserted beside one that is "
          + "removed.",
        example: "generator:\n  layers: [project: [3, 8, 8], tanh]\n"
          + "  patch: [set: {tanh1: {name: image}}, remove: tanh1]")
    }
  }
}

extension Diagnostic {
  static func wrongForm(
    _ message: String, at span: SourceSpan, help: [String] = []
  ) -> Diagnostic {
    Diagnostic(SpecCode.wrongForm, message, at: span, help: help)
  }
}
