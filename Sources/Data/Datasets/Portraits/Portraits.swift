import Spec

/// Faces that the program draws itself, of any size, with yes/no attributes.
///
/// They vary in pose, skin, hair, light and background. An image follows from (seed, index) alone,
/// with the same bytes on every machine: only sums, products, quotients and square roots of floats
/// are used.
package struct Portraits: Dataset {
  package let name = "portraits"
  package let count: Int
  package let imageShape: ImageShape
  /// 2 where an attribute is the label, else nil.
  package let labelCount: Int?
  private let labelled: PortraitAttribute?
  private let first: Int
  private let seed: UInt64

  /// 60,000 to learn from, and 10,000 others.
  ///
  /// - Parameter label: the name of the attribute whose no and yes are the labels 0 and 1.
  package init(
    _ split: DatasetSplit = .train, shape: ImageShape, label: String? = nil, seed: UInt64 = 0
  ) throws(DatasetProblem) {
    if let label, PortraitAttribute(rawValue: label) == nil {
      throw .noSuchAttribute(
        path: "portraits", name: label, found: PortraitAttribute.allCases.map(\.rawValue))
    }
    imageShape = shape
    labelled = label.flatMap(PortraitAttribute.init)
    labelCount = labelled == nil ? nil : 2
    (first, count) = split == .train ? (0, 60_000) : (60_000, 10_000)
    self.seed = seed
  }

  package var isCostly: Bool { true }
  package var labelNames: [String]? { labelled.map { ["no \($0.rawValue)", $0.rawValue] } }

  package func label(at index: Int) -> Int? {
    labelled.map { attributes(of: index).contains($0) ? 1 : 0 }
  }

  /// What portrait `index` shows.
  package func attributes(of index: Int) -> Set<PortraitAttribute> { portrait(index).attributes }

  package func decode(_ index: Int, into pixels: inout MutableSpan<UInt8>) {
    let portrait = portrait(index)
    let painter = PortraitPainter(portrait, height: imageShape.height, width: imageShape.width)
    let values = painter.paint()
    let warm = Colour(1 + 0.05 * portrait.warmth, 1, 1 - 0.06 * portrait.warmth)
    let (height, width) = (imageShape.height, imageShape.width)
    for row in 0..<height {
      for column in 0..<width {
        let x = (2 * Float(column) + 1) / Float(width) - 1
        let y = (2 * Float(row) + 1) / Float(height) - 1
        // The corners are darker, as a lens makes them, and so is the side away from the lamp.
        let light = portrait.exposure * (1 - 0.07 * (x * x + y * y) - 0.1 * portrait.light * x)
        let place = row * width + column
        let red = values[place * 3] * light * warm.red
        let green = values[place * 3 + 1] * light * warm.green
        let blue = values[place * 3 + 2] * light * warm.blue
        if imageShape.channels == 1 {
          pixels[place] = byte(0.299 * red + 0.587 * green + 0.114 * blue)
        } else {
          pixels[place * 3] = byte(red)
          pixels[place * 3 + 1] = byte(green)
          pixels[place * 3 + 2] = byte(blue)
        }
      }
    }
  }

  private func portrait(_ index: Int) -> Portrait {
    var random = CounterRandom(seed: seed, purpose: .portraits, index: UInt64(first + index))
    return Portrait(from: &random)
  }

  private func byte(_ value: Float) -> UInt8 { UInt8(max(0, min(value * 255 + 0.5, 255))) }
}
