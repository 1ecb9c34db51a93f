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
  case unreadDefinition = "S239"

  public var severity: Diagnostic.Severity { self == .unreadDefinition ? .warning : .error }

  public var entry: CodeEntry {
    switch self {
    case .languageVersion:
      CodeEntry(
        "another version of the spec language",
        "`dcgan: 1` states which version of the language a spec uses, so its meaning never changes.",
        example: "dcgan: 2")
    case .unusableName:
      CodeEntry(
        "an invalid name",
        "The name of a spec becomes a folder, that of a layer part of parameter names, and that of a "
          + "number part of expressions. Each allows only characters that are safe there.",
        example: "name: ../elsewhere")
    case .wrongForm:
      CodeEntry(
        "a list, a map or a value in the wrong place",
        "A layer is one key with its options below it, a section is a map, and `layers` is a list.",
        example: "generator: {layers: {conv: {filters: 3}}}")
    case .unknownLayer:
      CodeEntry(
        "an unknown layer",
        "Each entry of `layers` starts with the name of a layer or with `repeat`.",
        example: "discriminator: {layers: [conv2d: {filters: 3}]}")
    case .repeatedLayerName:
      CodeEntry(
        "a duplicate layer name",
        "Layer names identify parameters. A layer without a name is called by its kind and number, "
          + "such as `conv2`; no other layer can have that name.",
        example: "generator: {layers: [relu: {name: a}, tanh: {name: a}]}")
    case .loopHead:
      CodeEntry(
        "a malformed `for`",
        "`for: i in 1..3` repeats the layers with i = 1, 2, 3; both ends can be expressions.",
        example: "generator: {layers: [repeat: {for: 3, layers: [relu]}]}")
    case .tooManyLayers:
      CodeEntry(
        "too many layers",
        "A loop can ask for more layers than any computer can hold, so layers are counted before they "
          + "are made.",
        example: "generator: {layers: [repeat: {for: i in 1..5000, layers: [relu]}]}")
    case .uselessOption:
      CodeEntry(
        "an option that has no effect",
        "It suggests something that does not happen.",
        example: "generator: {layers: [flatten: {norm: batch}]}")
    case .missingReason:
      CodeEntry(
        "a deviation without a reason",
        "The reason tells the reader of the spec why it deviates from the guideline.",
        example: "deviations: {G505: \"\"}")
    case .takenName:
      CodeEntry(
        "a name that is already in use",
        "`let` and `repeat` cannot redefine a function, and a loop cannot redefine an outer name.",
        example: "let: {max: 3}")
    case .definitionCycle:
      CodeEntry(
        "a circular definition",
        "The names of `let` can be in any order, but they cannot depend on each other in a circle.",
        example: "let: {a: b + 1, b: a - 1}")
    case .unknownDefault:
      CodeEntry(
        "an unknown option in `defaults`",
        "`defaults` can hold options of any layer; each layer takes the ones it knows.",
        example: "generator: {defaults: {stirde: 2}, layers: [tanh]}")
    case .emptyRange:
      CodeEntry(
        "a range that ends before it starts",
        "A loop over 1..0 has no iterations and is allowed; 1..-1 is an error. Black and white need "
          + "two different values.",
        example: "image: {size: 64, range: [1, -1]}")
    case .unreadableParent:
      CodeEntry(
        "a parent that cannot be read",
        "`extends` takes a path relative to the folder of the spec. The parent passes the same checks "
          + "as the spec itself. All files together can be as large as one spec, and a spec can have at "
          + "most \(ParentChain.mostParents) parents in a chain.",
        example: "extends: missing.yaml")
    case .parentCycle:
      CodeEntry(
        "a spec that extends itself",
        "A chain of `extends` must end at a file without a parent.",
        example: "extends: spec.yaml")
    case .unknownLayerName:
      CodeEntry(
        "an unknown layer name",
        "`patch` and `--set` use the names in the table that `dcgan-compile` prints: `name`, or kind "
          + "and number. A patch uses the layers' names before the patch.",
        example: "generator: {layers: [project: [3, 8, 8]], patch: [remove: conv9]}")
    case .unknownSetting:
      CodeEntry(
        "an unknown setting on the command line",
        "`--set` takes a path of keys and a value, such as `train.batch=64`. Names of `let` and "
          + "layers must exist, so that a misspelling is never ignored.",
        example: "")
    case .labelsJoinedTwice:
      CodeEntry(
        "labels that are joined twice",
        "`join` places all `concatenate_labels` layers. With more of them, some layers would get the "
          + "labels twice.",
        example: "condition: {classes: 10, join: input}\n"
          + "generator: {layers: [concatenate_labels, project: [3, 8, 8]]}")
    case .lostChange:
      CodeEntry(
        "a layer that one patch changes and removes",
        "All changes of a patch apply at once, so one of these would have no effect. A child can "
          + "remove what its parent's patch sets, and layers can be inserted next to a layer that is "
          + "removed.",
        example: "generator:\n  layers: [project: [3, 8, 8], tanh]\n"
          + "  patch: [set: {tanh1: {name: image}}, remove: tanh1]")
    case .unreadDefinition:
      CodeEntry(
        "a name in `let` that nothing reads",
        "Nothing in the spec uses the name, so its value has no effect. Often it is a misspelled "
          + "name of a parent's `let`.",
        example: "let: {widht: 32}", clean: "let: {}")
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
