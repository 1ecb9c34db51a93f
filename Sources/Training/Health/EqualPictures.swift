import Spec

extension PreviewCheck {
  /// The first pictures of the data differ by less than a level of 8 bits.
  static let equalPictures = PreviewCheck(code: .equalPictures) { sight in
    guard sight.real.spread < 1 / 255 else { return nil }
    return Draft(
      message: "the first pictures of the data are all the same",
      span: sight.spec.data.sourceSpan,
      help: [
        "look at them with `dcgan-run SPEC data`; a wrong folder or a crop of an empty place is the "
          + "usual cause"
      ])
  }
}
