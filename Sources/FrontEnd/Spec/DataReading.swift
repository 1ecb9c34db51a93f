import Decoding
import Diagnostics
import Document

/// How the images of a source are chosen and prepared: the options of `data` but its names.
public struct DataReading: Hashable, Sendable {
  /// A file or folder; see `DataSource.takesPath`.
  public var path: String?
  public var fit = PictureFit.crop
  public var alpha = AlphaRule.white
  public var filter = ResizeFilter.triangle
  /// Whether half of the images, others in each epoch, are mirrored.
  public var flip = false
  /// A table of yes/no attributes, as CelebA's `list_attr_celeba.txt`.
  public var attributes: String?
  /// The attribute whose no and yes are the labels 0 and 1.
  public var label: String?
  /// The first-level folders that are read, in the order of their labels.
  public var classes: [String]?
  /// The most images that are used.
  public var limit: Int?
  /// The percentage of the images that is kept back from training, 0 to 90.
  public var holdout = 0
  /// Images of a stream that are shuffled together.
  public var shuffle = DataReading.usualShuffle
  public var cache = CacheRule.auto
  /// A list of pictures that are left out, one name in a line.
  public var skip: String?

  public static let usualShuffle = 16_384

  public init() {}

  /// What holds for another source that takes this one's place.
  public var ofFallback: DataReading {
    var reading = self
    (reading.path, reading.attributes, reading.classes, reading.skip) = (nil, nil, nil, nil)
    return reading
  }

  /// Reads the options and warns of those that `source` has no use for.
  ///
  /// - Parameter source: nil after a misspelled name: then nobody knows what it would read.
  init(reading options: inout OptionReader, for source: DataSource?) {
    path = options.optionalText(
      "path", help: "file or folder: absolute, beside the spec, or below the data folder")
    fit =
      options.choice(
        "fit", default: PictureFit.crop, help: "how a picture of any size gets the spec's size")
      ?? .crop
    alpha =
      options.choice(
        "alpha", default: AlphaRule.white, help: "what transparent pictures are laid over")
      ?? .white
    filter =
      options.choice(
        "filter", default: ResizeFilter.triangle, help: "how pixels are weighted when resizing")
      ?? .triangle
    flip = options.boolean(
      "flip", default: false, help: "mirror half of the images, others in each epoch")
    attributes = options.optionalText(
      "attributes", help: "a table of yes/no attributes in CelebA's form")
    label = options.optionalText(
      "label", help: "the attribute whose no and yes are the labels 0 and 1")
    classes = options.texts(
      "classes", help: "the first-level folders to read, in the order of their labels")
    limit = options.optionalInteger(
      "limit", in: 1...1_000_000_000, help: "the most images that are used")
    holdout = options.percentage(
      "holdout", default: 0, upTo: 90, help: "the part of the images kept back from training")
    shuffle = options.integer(
      "shuffle", default: Self.usualShuffle, in: 1...16_777_216,
      help: "images of a stream that are shuffled together")
    cache =
      options.choice(
        "cache", default: CacheRule.auto,
        help: "`auto` keeps decoded images in memory, in a quarter of it at most") ?? .auto
    skip = options.optionalText("skip", help: "a list of pictures to leave out, one in a line")
    guard let source else { return }
    for (key, reason) in source.useless where options.written(key) != nil {
      options.reportUseless(key, "`\(source.rawValue)` reads no `\(key)`: \(reason)")
    }
  }
}

extension DataSource {
  /// The options that change nothing for this source, and why.
  fileprivate var useless: [(key: String, reason: String)] {
    let files = needsFiles ? "its files have fixed names" : "the program draws its images"
    let size = needsFiles ? "its images have one size" : files
    let ofPictures = ["fit", "alpha", "filter"].map { ($0, size) }
    let ofFolders = [("attributes", files), ("classes", files), ("skip", files)]
    switch self {
    case .folder, .imagenet: return [("shuffle", "its images are shuffled all together")]
    case .lsun:
      return [
        ("attributes", "its pictures have no names"), ("label", "its pictures have no labels"),
        ("classes", "its pictures have no labels"),
        ("shuffle", "its images are shuffled all together"),
      ]
    case .shards:
      return [
        ("attributes", "labels are in the shards"), ("label", "labels are in the shards"),
        ("classes", "labels are in the shards"), ("skip", "`data pack` leaves pictures out"),
        ("cache", "a stream is not kept"), ("holdout", "a stream has no fixed set of images"),
      ]
    case .portraits:
      return [("path", files)] + ofPictures + ofFolders + [("shuffle", size)]
    case .mnist, .fashionMNIST, .cifar10, .cifar100, .svhn, .digits:
      return [("path", files), ("label", "its labels are its own")] + ofPictures + ofFolders
        + [("shuffle", "its images are shuffled all together")]
    }
  }
}

extension OptionReader {
  /// Warns of an option that changes nothing, and removes it.
  mutating func reportUseless(_ key: String, _ message: String) {
    report(
      Diagnostic(
        DataCode.uselessOption, message, at: span(of: key),
        repairs: removal(of: key).map { [Repair("remove `\(key)`", .safe, [$0])] } ?? []))
  }

  /// A list of texts, or nil where it is absent or after a problem.
  fileprivate mutating func texts(_ key: String, help: String) -> [String]? {
    guard let node = node(key, takes: .list(of: .text, counts: []), help: help) else { return nil }
    guard case .sequence(let list) = node, !list.items.isEmpty else {
      report(.wrongType(key: key, expected: "a list of names", found: node))
      return nil
    }
    var texts: [String] = []
    for item in list.items {
      guard case .scalar(let scalar) = item, !scalar.text.isEmpty else {
        report(.wrongType(key: key, expected: "a list of names", found: item))
        return nil
      }
      texts.append(scalar.text)
    }
    return texts
  }

  /// A percentage in whole numbers, as in `10%`.
  fileprivate mutating func percentage(
    _ key: String, default fallback: Int, upTo largest: Int, help: String
  ) -> Int {
    guard let node = node(key, takes: .text, help: help) else { return fallback }
    if case .scalar(let scalar) = node, scalar.text.hasSuffix("%"),
      let value = Int(scalar.text.dropLast()), (0...largest).contains(value)
    {
      return value
    }
    report(
      .wrongType(
        key: key, expected: "a percentage from 0% to \(largest)%, such as 10%", found: node))
    return fallback
  }
}
