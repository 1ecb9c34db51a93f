import Decoding
import Diagnostics
import Document
import Spec

/// Boxes around something in samples, from a file.
///
///     seed: 0
///     3: [[22, 14, 8, 36]]
///     17: [[21, 15, 9, 34], [40, 2, 6, 6]]
///     20: []
///
/// The names are numbers of a `sheet` of that seed. A box is its top, left, height and width in pixels; a
/// sample without boxes does not show the thing.
package struct SampleBoxes: Sendable {
  package let seed: UInt64
  /// By the numbers of their samples, in the order of the file.
  package let samples: [(number: Int, boxes: [Box])]

  package struct Box: Hashable, Sendable {
    package let top: Int
    package let left: Int
    package let height: Int
    package let width: Int

    func contains(y: Double, x: Double) -> Bool {
      (Double(top)..<Double(top + height)).contains(y)
        && (Double(left)..<Double(left + width)).contains(x)
    }
  }

  private static let wanted = "a list of boxes, such as [[22, 14, 8, 36]]: top, left, height, width"

  /// In images of this size.
  package init(contentsOf path: String, in image: ImageSpec) throws(StudyProblem) {
    try self.init(SampleFile.read(path), in: image)
  }

  init(_ source: SourceFile, in image: ImageSpec) throws(StudyProblem) {
    var file = try SampleFile(
      source, of: "boxes", form: "a map of sample numbers to lists of boxes")
    var samples: [(number: Int, boxes: [Box])] = []
    for entry in file.entries {
      let name = entry.key.text
      guard let node = file.reader.node(name) else { continue }
      guard let number = Int(name), SampleFile.numbers.contains(number) else {
        file.reader.report(
          .wrongType(key: name, expected: "named by a sample's number", found: .scalar(entry.key)))
        continue
      }
      guard case .sequence(let list) = node else {
        file.reader.report(.wrongType(key: name, expected: Self.wanted, found: node))
        continue
      }
      samples.append((number, list.items.compactMap { Self.box($0, name, image, &file.reader) }))
    }
    if samples.allSatisfy(\.boxes.isEmpty), !file.reader.diagnostics.hasErrors {
      file.reader.report(
        .wrongType(
          key: "boxes", expected: "boxes of one sample or more", found: .mapping(file.root)))
    }
    try file.finish()
    (seed, self.samples) = (UInt64(file.seed), samples)
  }

  private static func box(
    _ node: Node, _ name: String, _ image: ImageSpec, _ reader: inout OptionReader
  ) -> Box? {
    guard case .sequence(let list) = node, list.items.count == 4 else {
      reader.report(.wrongType(key: name, expected: wanted, found: node))
      return nil
    }
    func number(_ place: Int, _ what: String, _ range: ClosedRange<Int>) -> Int? {
      reader.integer(list.items[place], describedAs: "the \(what) of a box", in: range)
    }
    guard let top = number(0, "top", 0...image.height - 1),
      let left = number(1, "left", 0...image.width - 1),
      let height = number(2, "height", 1...image.height - top),
      let width = number(3, "width", 1...image.width - left)
    else { return nil }
    return Box(top: top, left: left, height: height, width: width)
  }
}
