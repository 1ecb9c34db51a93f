import Diagnostics
import Foundation
import LayerGraph
import Spec
import Testing

/// Messages about shapes point at the numbers that made them, wherever these come from.
@Suite struct ShapeCausesTests {
  private static let base = """
    dcgan: 1
    let: {size: 16, base: 4, steps: log2(size / base), last: 1, sharp: 4}
    image: {size: size, channels: 3}
    generator:
      defaults: {kernel: 4, stride: 2}
      layers:
        - project: {to: [8, base, base]}
        - repeat: {for: i in 1..steps - 1, layers: [conv_transpose: {filters: 8}]}
        - conv_transpose: {name: image, filters: 3}
    discriminator:
      defaults: {kernel: sharp, stride: 2}
      layers:
        - repeat: {for: i in 1..2, layers: [conv: {filters: 8 * i}]}
        - linear: {units: last}
    """

  @Test func numberOfLet() throws {
    try expect(
      Self.base.replacingOccurrences(of: "last: 1", with: "last: 2"),
      says: """
        spec.yaml:14:7: error[T403]: the discriminator makes a vector of 2 numbers, it must end \
        in one number
           14 |     - linear: {units: last}
              |       ^^^^^^ 2 comes out here
            2 | let: {size: 16, base: 4, steps: log2(size / base), last: 2, sharp: 4}
              |                                                          - `last` is 2
           note: shapes: 3 × 16 × 16 → 8 × 8 × 8 → 16 × 4 × 4 → 2
           help: `units: 1` makes one number
        """)
  }

  @Test func countOfRepeat() throws {
    try expect(
      Self.base.replacingOccurrences(of: "i in 1..2,", with: "i in 1..steps + 3,"),
      says: """
        spec.yaml:13:49: error[T401]: `conv` cannot take 32 × 1 × 1: a 4 × 4 kernel does not fit \
        into 1 × 1 maps with padding 1
           13 |     - repeat: {for: i in 1..steps + 3, layers: [conv: {filters: 8 * i}]}
              |                                                 ^^^^
              |                     - `i` is 5 in this repeat
           11 |   defaults: {kernel: sharp, stride: 2}
              |                      ----- `kernel` is 4 from `defaults`
            2 | let: {size: 16, base: 4, steps: log2(size / base), last: 1, sharp: 4}
              |                                                                    - `sharp` is 4
              |             -- `size` is 16
           note: shapes up to here: 3 × 16 × 16 → 8 × 8 × 8 → 16 × 4 × 4 → 24 × 2 × 2 → 32 × 1 × 1
           help: the nearest image size that fits is 32 × 32
        """)
  }

  @Test func defaultsOfANetwork() throws {
    try expect(
      Self.base.replacingOccurrences(of: "sharp, stride: 2", with: "sharp, stride: last + 2"),
      says: """
        spec.yaml:13:41: error[T401]: `conv` cannot take 3 × 16 × 16: stride 3 does not divide 16 \
        × 16, as `padding: same` promises
           13 |     - repeat: {for: i in 1..2, layers: [conv: {filters: 8 * i}]}
              |                                         ^^^^
              |                     - `i` is 1 in this repeat
            3 | image: {size: size, channels: 3}
              |               ---- 3 × 16 × 16 comes from here
           11 |   defaults: {kernel: sharp, stride: last + 2}
              |                                     -------- `stride` is 3 from `defaults`
            2 | let: {size: 16, base: 4, steps: log2(size / base), last: 1, sharp: 4}
              |                                                          - `last` is 1
              |             -- `size` is 16
           help: `padding: 1` gives 5 × 5
        """)
  }

  @Test func numberOfAParent() throws {
    try expect(
      "dcgan: 1\nextends: base.yaml\nlet: {last: 3}",
      says: """
        base.yaml:14:7: error[T403]: the discriminator makes a vector of 3 numbers, it must end \
        in one number
           14 |     - linear: {units: last}
              |       ^^^^^^ 3 comes out here
              --> spec.yaml:3
            3 | let: {last: 3}
              |             - `last` is 3
           note: shapes: 3 × 16 × 16 → 8 × 8 × 8 → 16 × 4 × 4 → 3
           help: `units: 1` makes one number
        """)
  }

  @Test func changeOfAPatch() throws {
    try expect(
      """
      dcgan: 1
      extends: base.yaml
      discriminator: {patch: [set: {conv2: {stride: last + 2}}]}
      """,
      says: """
        base.yaml:13:41: error[T401]: `conv` cannot take 8 × 8 × 8: stride 3 does not divide 8 × \
        8, as `padding: same` promises
           13 |     - repeat: {for: i in 1..2, layers: [conv: {filters: 8 * i}]}
              |                                         ^^^^
              |                     - `i` is 2 in this repeat
              --> spec.yaml:3
            3 | discriminator: {patch: [set: {conv2: {stride: last + 2}}]}
              |                                               -------- `stride` is 3
              --> base.yaml:2
            2 | let: {size: 16, base: 4, steps: log2(size / base), last: 1, sharp: 4}
              |                                                          - `last` is 1
              |             -- `size` is 16
           note: shapes up to here: 3 × 16 × 16 → 8 × 8 × 8
           help: `padding: 1` gives 3 × 3
           help: the nearest image sizes that fit are 12 × 12 and 24 × 24
        """)
  }

  @Test func settingOfTheCommandLine() throws {
    try expect(
      Self.base, set: ["let.base=8", "image.size=[16, 12]"],
      says: """
        spec.yaml:9:7: error[T402]: the generator makes 3 × 16 × 16, the image is 3 × 16 × 12
            9 |     - conv_transpose: {name: image, filters: 3}
              |       ^^^^^^^^^^^^^^ 3 × 16 × 16 comes out here
              --> <command line>:2
            2 | --set image.size=[16, 12]
              |                  -------- 16 × 12 is required here
              --> <command line>:1
            1 | --set let.base=8
              |                - `base` is 8
           note: shapes: 100 → 8 × 8 × 8 → 3 × 16 × 16
           help: start from 8 × 6 maps instead of 8 × 8
        """)
  }

  @Test func settingOfALayer() throws {
    try expect(
      Self.base, set: ["discriminator.conv1.padding=sharp * 0"],
      says: """
        spec.yaml:13:41: error[T401]: `conv` cannot take 8 × 7 × 7: stride 2 does not divide 7 × \
        7, as `padding: same` promises
           13 |     - repeat: {for: i in 1..2, layers: [conv: {filters: 8 * i}]}
              |                                         ^^^^
              |                     - `i` is 2 in this repeat
           11 |   defaults: {kernel: sharp, stride: 2}
              |                                     - `stride` is 2 from `defaults`
              --> <command line>:1
            1 | --set discriminator.conv1.padding=sharp * 0
              |                                   --------- `padding` is 0
              --> spec.yaml:2
            2 | let: {size: 16, base: 4, steps: log2(size / base), last: 1, sharp: 4}
              |                                                                    - `sharp` is 4
              |             -- `size` is 16
           note: shapes up to here: 3 × 16 × 16 → 8 × 7 × 7
           help: `padding: 1` gives 3 × 3
        """)
  }

  @Test func channelsOfTheImage() throws {
    try expect(
      Self.base.replacingOccurrences(of: "channels: 3", with: "channels: last"),
      says: """
        spec.yaml:9:46: error[T402]: the generator makes 3 × 16 × 16, the image is 1 × 16 × 16
            9 |     - conv_transpose: {name: image, filters: 3}
              |                                              ^ 3 channels are made here
            3 | image: {size: size, channels: last}
              |               ---- 1 × 16 × 16 is required here
            2 | let: {size: 16, base: 4, steps: log2(size / base), last: 1, sharp: 4}
              |                                                          - `last` is 1
           note: shapes: 100 → 8 × 4 × 4 → 8 × 8 × 8 → 3 × 16 × 16
           help: `filters: 1` in the last layer makes the image's channels
        """)
  }

  @Test func endOfALoop() throws {
    try expect(
      Self.base.replacingOccurrences(of: "i in 1..steps - 1", with: "i in 1..steps"),
      says: """
        spec.yaml:9:7: error[T402]: the generator makes 3 × 32 × 32, the image is 3 × 16 × 16
            9 |     - conv_transpose: {name: image, filters: 3}
              |       ^^^^^^^^^^^^^^ 3 × 32 × 32 comes out here
            3 | image: {size: size, channels: 3}
              |               ---- 16 × 16 is required here
            2 | let: {size: 16, base: 4, steps: log2(size / base), last: 1, sharp: 4}
              |             -- `size` is 16
              |                       - `base` is 4
              |                                 ----------------- `steps` is 2
            8 |     - repeat: {for: i in 1..steps, layers: [conv_transpose: {filters: 8}]}
              |                             ----- `i` ends at 2
           note: shapes: 100 → 8 × 4 × 4 → 8 × 8 × 8 → 8 × 16 × 16 → 3 × 32 × 32
           help: one stride-2 conv_transpose fewer halves the size
        """)
  }

  /// Every message of a file next to `base.yaml`, without the folder in front of paths.
  private func expect(
    _ text: String, set: [String] = [], says expected: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("dcgan-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, text) in ["base.yaml": Self.base, "spec.yaml": text] {
      try Data(text.utf8).write(to: folder.appendingPathComponent(name))
    }
    let (spec, problems) = try Spec.load(
      folder.appendingPathComponent("spec.yaml").path,
      settings: CommandLineSettings(set.map { .set($0) }))
    try #require(problems.isEmpty, "\(problems.map(\.message))")
    let found = LayerGraph.build(try #require(spec)).diagnostics
      .map { TextRenderer().render($0) }.joined(separator: "\n")
      .replacingOccurrences(of: folder.path + "/", with: "")
    #expect(found == expected, sourceLocation: sourceLocation)
  }
}
