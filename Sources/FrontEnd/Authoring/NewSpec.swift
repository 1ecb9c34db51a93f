/// What a new spec is asked for; the networks follow from it.
public struct NewSpec: Hashable, Sendable {
  /// Fit for a folder's name.
  public let name: String
  public let size: Pyramid.Size
  public let channels: Int
  /// Feature maps of the layers next to the image.
  public let width: Int
  /// The edge of all kernels.
  public let kernel: Int
  /// The number of label classes of conditional networks.
  public let classes: Int?
  /// The folder that the spec trains on; nil for images that the program draws.
  public let pictures: NewSpecPictures?
  public let pyramid: Pyramid

  /// Throws where no pyramid reaches the size.
  public init(
    name: String? = nil, size: Pyramid.Size, channels: Int = 3, width: Int = 64, kernel: Int = 4,
    classes: Int? = nil, pictures: NewSpecPictures? = nil
  ) throws(UnreachableSize) {
    self.name = name ?? Self.name(for: size)
    self.size = size
    self.channels = channels
    self.width = width
    self.kernel = kernel
    self.classes = classes
    self.pictures = pictures
    pyramid = try Pyramid(reaching: size)
  }

  private static func name(for size: Pyramid.Size) -> String {
    size.height == size.width ? "dcgan\(size.height)" : "dcgan\(size.height)x\(size.width)"
  }

  /// As in `faces` for `specs/faces.yaml`; what cannot be in a name becomes `-`.
  public static func name(ofFile path: String) -> String {
    let file = path.split(separator: "/").last.map(String.init) ?? path
    let ending = [".yaml", ".yml"].first { file.hasSuffix($0) && file.count > $0.count } ?? ""
    let name = file.dropLast(ending.count).prefix(longestName).map {
      isNameCharacter($0) ? $0 : "-"
    }
    return isUsable(name: String(name)) ? String(name) : "dcgan" + String(name)
  }

  /// Whether a spec, and the folder of its runs, can be called so.
  public static func isUsable(name: String) -> Bool {
    guard let first = name.first, isNameCharacter(first), !"-_.".contains(first) else {
      return false
    }
    return name.count <= longestName && name.allSatisfy(isNameCharacter)
  }

  /// What `isUsable` wants, for messages.
  public static let nameRule =
    "letters, digits, `-`, `_` and `.`, beginning with a letter or digit"

  private static let longestName = 90

  private static func isNameCharacter(_ character: Character) -> Bool {
    character.isASCII && (character.isLetter || character.isNumber || "-_.".contains(character))
  }

  /// What can be chosen, and within which bounds.
  public enum Limit: CaseIterable, Sendable {
    case side
    case channels
    case width
    case kernel
    case classes

    /// As specs have them; wider networks and larger kernels would be of no use.
    public var range: ClosedRange<Int> {
      switch self {
      case .side, .channels: 1...4096
      case .width: 1...1024
      case .kernel: 2...32
      case .classes: 2...65_536
      }
    }
  }
}

extension NewSpec {
  /// The widest layers have this many times `width` feature maps.
  ///
  /// Doubling on in deep pyramids would make them too heavy: 16 leads from 64 to the paper's 1024.
  static let largestFactor = 16

  /// How many times `width` feature maps are `halvings` away from those next to the image.
  func factor(_ halvings: Int) -> Int { min(1 << min(halvings, 16), Self.largestFactor) }

  /// The maps that are `halvings` away from the image.
  func maps(_ halvings: Int) -> Pyramid.Size {
    let rest = 1 << halvings - 1
    return Pyramid.Size((size.height + rest) >> halvings, (size.width + rest) >> halvings)
  }

  /// The number of maps that z is projected to: fewer where they are large.
  var projectedMaps: Int {
    let usual = width * factor(pyramid.steps - 1)
    return min(usual, max(1, Self.mostProjected / (pyramid.base.height * pyramid.base.width)))
  }

  /// Numbers that z is projected to; the paper's are 1024 · 4 · 4.
  private static let mostProjected = 1 << 18

  /// The paper's 128, halved until the largest maps of a batch fit into 1 GiB.
  var batch: Int {
    let largest = max(width * maps(1).height * maps(1).width, channels * size.height * size.width)
    var batch = 128
    while batch > 2, batch * largest > 1 << 28 { batch /= 2 }
    return batch
  }
}
