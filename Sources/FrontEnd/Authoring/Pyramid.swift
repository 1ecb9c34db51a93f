/// How an image is reached from small maps by stride-2 layers: 96 × 160 is 3 × 5, doubled five times.
///
/// Where both sides are odd, a layer makes one row and one column less than the double: 25 × 25
/// comes from 13 × 13.
public struct Pyramid: Hashable, Sendable {
  /// Height and width of the smallest maps.
  public let base: Size
  /// The number of stride-2 layers, 1 or more.
  public let steps: Int

  /// Pixels.
  public struct Size: Hashable, Sendable, CustomStringConvertible {
    public let height: Int
    public let width: Int

    public init(_ height: Int, _ width: Int) {
      self.height = height
      self.width = width
    }

    public var description: String { "\(height) × \(width)" }
  }

  /// The shorter side of the smallest maps: the paper starts from 4 × 4.
  ///
  /// Source: Radford et al. 2015, figure 1.
  static let usualBase = 4
  /// Larger maps leave much to the projection of z, which shares nothing between positions: they
  /// are taken only where the size leads to no smaller ones.
  static let bases = 2...8

  /// The pyramid whose base is nearest to 4 on its shorter side, by exact doubling where that leads
  /// to one of 2 to 8.
  ///
  /// Throws where not even one layer can make the size: one side is even, the other is odd.
  public init(reaching size: Size) throws(UnreachableSize) {
    guard let pyramid = Self.pyramid(reaching: size) else {
      throw UnreachableSize(size: size, nearest: Self.nearest(to: size))
    }
    self = pyramid
  }

  private init(base: Size, steps: Int) {
    self.base = base
    self.steps = steps
  }

  private static func pyramid(reaching size: Size) -> Pyramid? {
    let doubled = pyramids(reaching: size, parities: [0])
    return doubled.filter { bases.contains(min($0.base.height, $0.base.width)) }.nearest
      ?? pyramids(reaching: size, parities: [0, 1]).nearest
  }

  /// All ways down from the size while both sides have the same of `parities`.
  private static func pyramids(reaching size: Size, parities: Set<Int>) -> [Pyramid] {
    var result: [Pyramid] = []
    var (base, steps) = (size, 0)
    while base.height % 2 == base.width % 2, parities.contains(base.height % 2),
      min(base.height, base.width) > 2
    {
      base = Size((base.height + 1) / 2, (base.width + 1) / 2)
      steps += 1
      result.append(Pyramid(base: base, steps: steps))
    }
    return result
  }

  /// From the usual base, as a factor.
  fileprivate var distance: Double {
    let side = Double(min(base.height, base.width))
    let usual = Double(Self.usualBase)
    return max(side / usual, usual / side)
  }

  /// Sizes that fit around one that does not, the nearest first, at most three; squares for squares.
  static func nearest(to size: Size) -> [Size] {
    let isSquare = size.height == size.width
    var sizes: Set<Size> = []
    var step = 2
    while step <= max(size.height, size.width, 2) * 2 {
      for height in multiples(of: step, around: size.height) {
        for width in isSquare ? [height] : multiples(of: step, around: size.width) {
          let candidate = Size(height, width)
          if pyramid(reaching: candidate) != nil { sizes.insert(candidate) }
        }
      }
      step *= 2
    }
    return sizes.sorted {
      ($0.distance(to: size), $0.height, $0.width) < ($1.distance(to: size), $1.height, $1.width)
    }.prefix(isSquare ? 2 : 3).map { $0 }
  }

  private static func multiples(of step: Int, around side: Int) -> [Int] {
    let below = side / step * step
    return [below, below + step].filter { $0 > 0 }
  }
}

extension [Pyramid] {
  /// The one whose base is nearest to the usual one.
  fileprivate var nearest: Pyramid? { self.min { $0.distance < $1.distance } }
}

extension Pyramid.Size {
  fileprivate func distance(to other: Self) -> Int {
    abs(height - other.height) + abs(width - other.width)
  }
}

/// No stride-2 layer makes an image of this size.
public struct UnreachableSize: Error, Hashable, Sendable, CustomStringConvertible {
  public let size: Pyramid.Size
  /// Sizes that would do, the nearest first.
  public let nearest: [Pyramid.Size]

  public var description: String {
    let reason =
      min(size.height, size.width) <= 2
      ? "it is too small" : "one side is even, the other is odd"
    return "no stride-2 layer makes \(size): \(reason); the nearest sizes that can be made: "
      + nearest.map(\.description).joined(separator: ", ")
  }
}
