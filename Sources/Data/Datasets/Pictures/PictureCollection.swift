/// Encoded pictures of any size, perhaps with labels, that can be read in any order and from any
/// thread.
protocol PictureCollection: Sendable {
  /// For messages: `folder`.
  var name: String { get }
  var count: Int { get }
  /// What the labels 0, 1, 2… mean; nil when there are none.
  var labelNames: [String]? { get }

  /// What there is to say about the pictures before training.
  var notes: [String] { get }

  /// The file of picture `index`.
  func bytes(at index: Int) throws(DatasetProblem) -> [UInt8]

  /// Where picture `index` comes from, for messages and lists.
  func place(of index: Int) -> String

  /// Nil exactly when `labelNames` is.
  func label(at index: Int) -> Int?
}

extension PictureCollection {
  var notes: [String] { [] }
}
