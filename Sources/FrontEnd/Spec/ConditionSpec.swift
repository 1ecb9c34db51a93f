import Decoding
import Diagnostics

/// What a conditional network is told besides z: the class of each image.
///
/// The layer `concatenate_labels` joins the labels to what flows; where none does, nothing hears
/// of them. `join` places such layers by itself.
public struct ConditionSpec: Hashable, Sendable {
  /// From 2 to 65,536.
  public let classes: Int
  /// Where `concatenate_labels` has been placed; nil for the layers that are written.
  public let join: Join?
  public let span: SourceSpan
  public let joinSpan: SourceSpan
  /// The place for `join` next to `classes`, by the value to write; empty where none is known.
  private let joinInsertions: [Join: Repair.Edit]

  public enum Join: String, Hashable, Sendable, CaseIterable {
    /// Before every layer with weights, as in the paper's authors' code.
    case everywhere
    /// Before the first layer of both networks.
    case input
  }

  /// What the networks need to know of it.
  var labelJoin: LabelJoin? { join.map { LabelJoin(place: $0, span: joinSpan) } }

  /// Writes `join` into the map; nil where that would touch something else.
  public func joinInsertion(_ join: Join) -> Repair.Edit? { joinInsertions[join] }
}

extension ConditionSpec {
  /// Reads `condition: {classes: 10, join: everywhere}`; nil where it is absent.
  init?(reading spec: inout OptionReader) {
    guard
      var options = spec.nested("condition", help: "the labels of a conditional network")
    else { return nil }
    let classes = options.integer("classes", in: 2...65_536, help: "number of labels")
    let join = options.optionalChoice(
      "join", of: Join.self,
      help: "joins the labels before every layer with weights, or at the input of both networks")
    let insertions = Join.allCases.compactMap { place in
      options.insertion(of: "join", place.rawValue).map { (place, $0) }
    }
    self.init(
      classes: classes, join: join, span: options.span(of: "classes"),
      joinSpan: options.span(of: "join"),
      joinInsertions: Dictionary(uniqueKeysWithValues: insertions))
    spec.absorb(options)
  }
}
