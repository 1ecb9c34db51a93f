/// How an image is reached from small maps by doubling: 96 × 160 is 3 × 5, doubled five times.
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
  /// Larger maps would leave too much to the projection of z, which shares nothing between
  /// positions.
  static let bases = 2...8

  /// The pyramid whose base is nearest to 4 on its shorter side; throws where none is at most 8.
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
    var candidates: [Pyramid] = []
    var (base, steps) = (size, 0)
    while base.height % 2 == 0, base.width % 2 == 0, min(base.height, base.width) > 1 {
      base = Size(base.height / 2, base.width / 2)
      steps += 1
      if bases.contains(min(base.height, base.width)) {
        candidates.append(Pyramid(base: base, steps: steps))
      }
    }
    return candidates.min { $0.distance < $1.distance }
  }

  /// From the usual base, as a factor.
  private var distance: Double {
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

extension Pyramid.Size {
  fileprivate func distance(to other: Self) -> Int {
    abs(height - other.height) + abs(width - other.width)
  }
}

/// No small maps become an image of this size by doubling.
public struct UnreachableSize: Error, Hashable, Sendable, CustomStringConvertible {
  public let size: Pyramid.Size
  /// Sizes that would do, the nearest first.
  public let nearest: [Pyramid.Size]

  public var description: String {
    let bases = Pyramid.bases
    return "\(size) cannot be made by doubling maps whose shorter side is "
      + "\(bases.lowerBound) to \(bases.upperBound); the nearest sizes that can: "
      + nearest.map(\.description).joined(separator: ", ")
  }
}
