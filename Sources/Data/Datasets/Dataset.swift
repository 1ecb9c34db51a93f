import Spec

/// The size of an image: what `H × W × C` bytes mean.
package struct ImageShape: Equatable, Sendable, CustomStringConvertible {
  package let height: Int
  package let width: Int
  package let channels: Int

  package init(height: Int, width: Int, channels: Int) {
    self.height = height
    self.width = width
    self.channels = channels
  }

  /// Values of one image.
  package var count: Int { height * width * channels }

  /// Channels first, as the spec and the paper write it.
  package var description: String { "\(channels) × \(height) × \(width)" }
}

/// Images of one size, perhaps with labels, that can be read in any order and from any thread.
package protocol Dataset: Sendable {
  /// For messages: `mnist`.
  var name: String { get }
  /// The number of images.
  var count: Int { get }
  var imageShape: ImageShape { get }
  /// Labels are 0 to `labelCount` − 1; nil when there are none.
  var labelCount: Int? { get }

  /// Writes image `index` as bytes [H, W, C] into `pixels`, which has `imageShape.count` of them.
  func decode(_ index: Int, into pixels: inout MutableSpan<UInt8>) throws(DatasetProblem)

  /// Nil exactly when `labelCount` is.
  func label(at index: Int) throws(DatasetProblem) -> Int?
}

extension Dataset {
  /// Image `index` in memory of its own, bytes [H, W, C].
  package func image(at index: Int) throws(DatasetProblem) -> [UInt8] {
    var pixels = [UInt8](repeating: 0, count: imageShape.count)
    var span = pixels.mutableSpan
    try decode(index, into: &span)
    return pixels
  }
}

/// Which part of a data set: the one to learn from, or the one kept back.
package enum DatasetSplit: String, CaseIterable, Sendable {
  case train, test
}

extension DataSource {
  /// Opens the source.
  ///
  /// - Parameters:
  ///   - shape: what the spec asks for: a source that draws its images draws them like this, of
  ///     another it is compared with what its files state, before memory is taken.
  ///   - classes: how many labels are needed at most; nil where none are read.
  package func open(
    _ split: DatasetSplit = .train, from locator: DatasetLocator,
    shape: ImageShape = Digits.usualShape, classes: Int? = 10
  ) throws(DatasetProblem) -> any Dataset {
    switch self {
    case .mnist, .fashionMNIST:
      try IDX(self, split, from: locator, shape: shape, withLabels: classes != nil)
    case .digits: Digits(split, shape: shape, labels: classes ?? 10)
    case .cifar10: try CIFAR(self, isFine: false, split, from: locator, shape: shape)
    case .cifar100: try CIFAR(self, isFine: true, split, from: locator, shape: shape)
    case .svhn, .lsun, .imagenet, .folder, .shards, .portraits:
      throw .unreadableSource(self)
    }
  }
}
