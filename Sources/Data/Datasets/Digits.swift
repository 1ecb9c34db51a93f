/// Handwriting-like digits that the program draws itself: 28 × 28 gray, like MNIST at a glance, or
/// of any other size and number of channels.
///
/// A digit is one of the shapes in `DigitShape`, bent, slanted, turned, stretched, and drawn with
/// a pen of random width; as in MNIST, it fits a box of 20 × 20 pixels and its centre of mass is
/// the image's centre. Larger and smaller images show the same, scaled to their shorter side, in
/// grey. An image follows from (seed, index) alone, with the same bytes on every
/// machine: only additions, products, quotients and square roots of floats are used.
package struct Digits: Dataset {
  package let name = "digits"
  package let count: Int
  package let imageShape: ImageShape
  package let labelCount: Int?
  private let first: Int
  private let seed: UInt64

  /// 60,000 to learn from, and 10,000 others.
  package init(
    _ split: DatasetSplit = .train, shape: ImageShape = Self.usualShape, labels: Int = 10,
    seed: UInt64 = 0
  ) {
    switch split {
    case .train: self.init(count: 60_000, shape: shape, labels: labels, seed: seed)
    case .test: self.init(first: 60_000, count: 10_000, shape: shape, labels: labels, seed: seed)
    }
  }

  /// - Parameters:
  ///   - first: the number of the first digit in the endless row of them.
  ///   - labels: the digits from 0 on, at most 10.
  package init(
    first: Int = 0, count: Int, shape: ImageShape = Self.usualShape, labels: Int = 10,
    seed: UInt64 = 0
  ) {
    imageShape = shape
    labelCount = min(max(labels, 1), DigitShape.all.count)
    self.first = first
    self.count = count
    self.seed = seed
  }

  /// MNIST's.
  package static let usualShape = ImageShape(
    height: DigitPen.side, width: DigitPen.side, channels: 1)

  package func label(at index: Int) -> Int? {
    var random = random(for: index)
    return label(from: &random)
  }

  package func decode(_ index: Int, into pixels: inout MutableSpan<UInt8>) {
    var random = random(for: index)
    let shapes = DigitShape.all[label(from: &random)]
    let shape = shapes[Int(random.number(below: UInt32(shapes.count)))]
    var pen = DigitPen()
    pen.write(shape, with: &random)
    pen.draw(into: &pixels, of: imageShape)
  }

  private func random(for index: Int) -> CounterRandom {
    CounterRandom(seed: seed, purpose: .digits, index: UInt64(first + index))
  }

  /// The first number drawn.
  private func label(from random: inout CounterRandom) -> Int {
    Int(random.number(below: UInt32(labelCount ?? 1)))
  }
}
