/// How a picture of any size becomes one of the spec's.
public enum PictureFit: String, CaseIterable, Sendable {
  /// The largest part of the wanted proportions, from the middle.
  case crop
  /// A part of the wanted proportions, 7/8 of the largest one, from another place in each epoch.
  ///
  /// Source of the fraction: Krizhevsky, Sutskever, Hinton 2012, section 4.1: 224 of 256 pixels.
  case randomCrop = "random_crop"
  /// The whole picture, stretched or squeezed.
  case resize
  /// The whole picture with its proportions, black around it.
  case pad
}

/// What is done with transparency.
public enum AlphaRule: String, CaseIterable, Sendable {
  /// The picture is laid over white.
  case white
  /// The picture is laid over black.
  case black
  /// The colours stay as they are stored, whatever lies under transparent pixels.
  case drop
}

/// How pixels are weighted when a picture gets another size.
public enum ResizeFilter: String, CaseIterable, Sendable {
  /// Falls off linearly: smooth, without ringing.
  case triangle
  /// The mean of the area that a new pixel covers, as in the small ImageNet sets.
  ///
  /// Source: Chrabaszcz, Loshchilov, Hutter 2017, section 3.
  case box
}

/// Whether decoded images are kept in memory.
public enum CacheRule: String, CaseIterable, Sendable {
  /// Where they fit into a quarter of the memory.
  case auto
  case off
}
