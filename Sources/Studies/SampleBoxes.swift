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

  private static let seedKey = "seed"
  private static let wanted = "a list of boxes, such as [[22, 14, 8, 36]]: top, left, height, width"

  /// In images of this size.
  package init(contentsOf path: String, in image: ImageSpec) throws(StudyProblem) {
    let file: SourceFile
    do { file = try SourceFile.read(path: path) } catch { throw .source(error) }
    try self.init(file, in: image)
  }

  init(_ file: SourceFile, in image: ImageSpec) throws(StudyProblem) {
    let (tree, problems) = YAMLDocument.parse(file)
    if problems.hasErrors { throw .concepts(problems) }
    guard case .mapping(let root)? = tree else {
      let start = SourcePosition(line: 1, column: 1)
      throw .concepts([
        .wrongType(
          key: "boxes", expected: "a map of sample numbers to lists of boxes",
          found: tree
            ?? .scalar(
              .init(
                text: "", isQuoted: false, span: SourceSpan(file: file, start: start, end: start))))
      ])
    }
    var reader = OptionReader(
      .mapping(root), subject: "file of boxes", span: root.span, scope: Scope())
    let seed = reader.integer(
      Self.seedKey, default: 0, in: 0...Int.max, help: "the seed of the sheet")
    var samples: [(number: Int, boxes: [Box])] = []
    for entry in root.entries where entry.key.text != Self.seedKey {
      let name = entry.key.text
      guard let node = reader.node(name) else { continue }
      guard let number = Int(name), (0...10_000_000).contains(number) else {
        reader.report(
          .wrongType(key: name, expected: "named by a sample's number", found: .scalar(entry.key)))
        continue
      }
      guard case .sequence(let list) = node else {
        reader.report(.wrongType(key: name, expected: Self.wanted, found: node))
        continue
      }
      samples.append((number, list.items.compactMap { Self.box($0, name, image, &reader) }))
    }
    reader.finish()
    if samples.allSatisfy(\.boxes.isEmpty), !reader.diagnostics.hasErrors {
      reader.report(.wrongType(key: "boxes", expected: "boxes of one sample or more", found: tree!))
    }
    if reader.diagnostics.hasErrors { throw .concepts(reader.diagnostics) }
    (self.seed, self.samples) = (UInt64(seed), samples)
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
