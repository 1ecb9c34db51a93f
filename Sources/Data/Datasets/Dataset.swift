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

  /// The same for an epoch, counted from 0, of data that differ by epoch; others ignore it.
  func decode(
    _ index: Int, epoch: Int, into pixels: inout MutableSpan<UInt8>) throws(DatasetProblem)

  /// Nil exactly when `labelCount` is.
  func label(at index: Int) throws(DatasetProblem) -> Int?

  /// The same for an epoch of a stream; others ignore it.
  func label(at index: Int, epoch: Int) throws(DatasetProblem) -> Int?

  /// Whether images come in an order that the source itself decides, so that one that lies far from
  /// the last is slow to reach.
  var isStream: Bool { get }
  /// What tells this data set from others.
  func fingerprint() throws(DatasetProblem) -> DataFingerprint
  /// Where image `index` comes from: the name of its file, or its number.
  func place(of index: Int) -> String
  /// What the labels mean, where somebody has said it.
  var labelNames: [String]? { get }
  /// Whether an image takes so long to make that several threads should share the work.
  var isCostly: Bool { get }
  /// Whether `decode` gives something else in another epoch.
  var dependsOnEpoch: Bool { get }
  /// What is done with the images at random; a run that is resumed must do the same.
  var preparation: String { get }
  /// What there is to say about the data before training.
  var notes: [String] { get }
  /// The pictures that could not be read so far, and in whose place others came.
  var unreadable: [UnreadablePicture] { get }
  /// The sizes of about `sample` pictures before they are fitted; nil where all images have one.
  func pictureSizes(sample: Int) throws(DatasetProblem) -> PictureSizes?
  /// Reads every image once and gives those that cannot be read.
  func check() throws(DatasetProblem) -> [UnreadablePicture]
}

extension Dataset {
  package func decode(
    _ index: Int, epoch: Int, into pixels: inout MutableSpan<UInt8>
  ) throws(DatasetProblem) {
    try decode(index, into: &pixels)
  }

  package func label(at index: Int, epoch: Int) throws(DatasetProblem) -> Int? {
    try label(at: index)
  }

  package func place(of index: Int) -> String { "\(index)" }
  package var isStream: Bool { false }
  package var labelNames: [String]? { nil }
  package var isCostly: Bool { false }
  package var dependsOnEpoch: Bool { false }
  package var preparation: String { "" }
  package var notes: [String] { [] }
  package func pictureSizes(sample: Int) throws(DatasetProblem) -> PictureSizes? { nil }
  package func check() throws(DatasetProblem) -> [UnreadablePicture] {
    for index in 0..<count { _ = try image(at: index) }
    return []
  }
  package var unreadable: [UnreadablePicture] { [] }

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
  ///   - reading: how the images are chosen and prepared.
  ///   - seed: of what is done with the images at random.
  ///   - parts: at so many places at once a stream is read: see `Batches`.
  package func open(
    _ split: DatasetSplit = .train, from locator: DatasetLocator,
    shape: ImageShape = Digits.usualShape, classes: Int? = 10, reading: DataReading = .init(),
    seed: UInt64 = 0, parts: Int = 1
  ) throws(DatasetProblem) -> any Dataset {
    let base = try opened(split, from: locator, shape, classes, reading, seed, parts)
    return try reading.prepared(base, split, isSplit: isSplit, seed: seed)
  }

  /// Whether the source has a part of its own for tests.
  private var isSplit: Bool {
    switch self {
    case .mnist, .fashionMNIST, .cifar10, .cifar100, .svhn, .digits, .portraits, .imagenet: true
    case .lsun, .folder, .shards: false
    }
  }

  private func opened(
    _ split: DatasetSplit, from locator: DatasetLocator, _ shape: ImageShape, _ classes: Int?,
    _ reading: DataReading, _ seed: UInt64, _ parts: Int
  ) throws(DatasetProblem) -> any Dataset {
    func prepared(_ pictures: some PictureCollection) -> PictureDataset {
      PictureDataset(pictures, shape: shape, reading: reading, seed: seed)
    }
    switch self {
    case .mnist, .fashionMNIST:
      return try IDX(self, split, from: locator, shape: shape, withLabels: classes != nil)
    case .digits: return Digits(split, shape: shape, labels: classes ?? 10)
    case .portraits:
      guard classes == nil || reading.label != nil else {
        throw .noLabelNamed(
          path: rawValue, names: PortraitAttribute.allCases.map(\.rawValue))
      }
      return try Portraits(split, shape: shape, label: reading.label)
    case .cifar10: return try CIFAR(self, isFine: false, split, from: locator, shape: shape)
    case .cifar100: return try CIFAR(self, isFine: true, split, from: locator, shape: shape)
    case .folder, .imagenet:
      let root = try locator.place(of: self, path: reading.path)
      return prepared(
        try PictureFolder(
          self, self == .imagenet ? try Self.part(split, of: root) : root, reading: reading,
          classes: classes
        ) { (list) throws(DatasetProblem) in try locator.list(list, beside: root) })
    case .lsun:
      return prepared(try LSUN(at: locator.place(of: self, path: reading.path)))
    case .svhn: return try SVHN(split, from: locator, shape: shape)
    case .shards:
      guard let pattern = reading.path ?? (locator.origin == .option ? locator.folder : nil) else {
        throw .noPath(source: self, path: nil, tried: [locator.folder], origin: locator.origin)
      }
      return try ShardStream(
        pattern, at: locator, shape: shape, classes: classes, reading: reading, seed: seed,
        walks: parts)
    }
  }

  /// The folder of ImageNet's `split`: one of its usual names, where `root` has it.
  private static func part(
    _ split: DatasetSplit, of root: String
  ) throws(DatasetProblem) -> String {
    let names = try PictureFolder.names(in: root)
    let usual = split == .train ? ["train"] : ["val", "validation", "test"]
    return usual.first { names.contains($0) }.map { "\(root)/\($0)" } ?? root
  }
}
