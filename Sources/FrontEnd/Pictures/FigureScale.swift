import Layers

/// How sizes of maps become pixels: by square roots, so that 1024 × 4 × 4 and 3 × 64 × 64 can both
/// be seen.
struct FigureScale {
  /// Pixels per square root of a map's side.
  let side: Double
  /// Pixels per square root of a number of channels.
  let channel: Double

  private static let largestSide = 160.0
  private static let largestThickness = 105.0
  /// What a map of one pixel and a single channel still have.
  private static let smallest = 9.0
  private static let thinnest = 6.0
  /// The width of a map runs back to the right, foreshortened.
  private static let back = Point(x: 0.44, y: -0.3)

  /// The same for all shapes of a figure.
  init(fitting shapes: [FeatureShape]) {
    let maps = shapes.compactMap(\.maps)
    let largest = maps.map { max($0.height, $0.width) }.max() ?? 1
    let most = maps.map(\.channels).max() ?? 1
    side = min(20, Self.largestSide / Double(largest).squareRoot())
    channel = min(3.3, Self.largestThickness / Double(most).squareRoot())
  }

  /// A vector is a bar without depth.
  func sides(of shape: FeatureShape) -> (thickness: Double, height: Double, back: Point) {
    switch shape {
    case .vector(let size):
      let height = min(11 * Double(size).squareRoot(), Self.largestSide * 0.8)
      return (11, max(height, 11), Point(x: 0, y: 0))
    case .maps(let channels, let height, let width):
      return (
        max(channel * Double(channels).squareRoot(), Self.thinnest),
        max(side * Double(height).squareRoot(), Self.smallest),
        Self.back * max(side * Double(width).squareRoot(), Self.smallest)
      )
    }
  }
}

extension FeatureShape {
  /// Nil for vectors.
  var maps: (channels: Int, height: Int, width: Int)? {
    switch self {
    case .vector: nil
    case .maps(let channels, let height, let width): (channels, height, width)
    }
  }
}
