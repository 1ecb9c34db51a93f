import Decoding
import Diagnostics

/// What a conditional network is told besides z: the class of each image.
///
/// The layer `concatenate_labels` joins the labels to what flows; where none does, nothing hears
/// of them.
public struct ConditionSpec: Hashable, Sendable {
  /// From 2 to 65,536.
  public let classes: Int
  public let span: SourceSpan
}

extension ConditionSpec {
  /// Reads `condition: {classes: 10}`; nil where it is absent.
  init?(reading spec: inout OptionReader) {
    guard
      var options = spec.nested("condition", help: "what a conditional network is told besides z")
    else { return nil }
    let classes = options.integer("classes", in: 2...65_536, help: "number of labels")
    self.init(classes: classes, span: options.span(of: "classes"))
    spec.absorb(options)
  }
}
