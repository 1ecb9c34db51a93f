import Datasets
import Images

/// What the search for near-duplicates sees of an image: 32 × 32 colour pixels of its middle, with a
/// mean and spread that brightness and contrast do not change.
struct DuplicateViews: PreparedDataset {
  let base: any Dataset
  let imageShape = ImageShape(height: 32, width: 32, channels: 3)

  /// Windows are moved by up to 4 / 64 of the image's side.
  private static let steps = 4
  private static let fraction = 1.0 / 64

  /// Of each image: 9 × 9 shifts, and four other sizes of the middle.
  static let count = (2 * steps + 1) * (2 * steps + 1) + 4

  /// The middle, as training and the table of hashes see it.
  func decode(_ index: Int, into pixels: inout MutableSpan<UInt8>) throws(DatasetProblem) {
    let bytes = view(of: try picture(index), right: 0, down: 0, inset: 0)
    for position in bytes.indices { pixels[position] = bytes[position] }
  }

  /// All views of an image, [count, H, W, C].
  func all(of index: Int) throws(DatasetProblem) -> [UInt8] {
    let picture = try picture(index)
    var views: [UInt8] = []
    for down in -Self.steps...Self.steps {
      for right in -Self.steps...Self.steps {
        views += view(of: picture, right: right, down: down, inset: 0)
      }
    }
    for inset in [-2, -1, 1, 2] { views += view(of: picture, right: 0, down: 0, inset: inset) }
    return views
  }

  private func picture(_ index: Int) throws(DatasetProblem) -> Picture {
    let shape = base.imageShape
    return Picture(
      height: shape.height, width: shape.width, channels: shape.channels,
      bytes: try base.image(at: index)
    ).converted(channels: 3, alpha: .drop)
  }

  /// - Parameters:
  ///   - right, down: the shift, in steps.
  ///   - inset: steps that the window is smaller by on each side.
  private func view(of picture: Picture, right: Int, down: Int, inset: Int) -> [UInt8] {
    let side = Double(min(picture.height, picture.width))
    let step = side * Self.fraction
    let edge = step * Double(Self.steps + inset)
    let window = Window(
      top: (Double(picture.height) - side) / 2 + edge + step * Double(down),
      left: (Double(picture.width) - side) / 2 + edge + step * Double(right),
      height: side - 2 * edge, width: side - 2 * edge)
    let small = picture.resized(window, height: imageShape.height, width: imageShape.width)
    return Self.standardized(small.bytes)
  }

  /// Mean in the middle of the range, and a deviation of a fifth of it.
  private static func standardized(_ bytes: [UInt8]) -> [UInt8] {
    let count = Float(bytes.count)
    let mean = bytes.reduce(Float(0)) { $0 + Float($1) } / count
    let squares = bytes.reduce(Float(0)) { $0 + (Float($1) - mean) * (Float($1) - mean) }
    // A plain image stays plain: its noise is not made larger than 20 times.
    let factor = 51 / max((squares / count).squareRoot(), 2.5)
    return bytes.map { UInt8(max(0, min(127.5 + (Float($0) - mean) * factor + 0.5, 255))) }
  }
}
