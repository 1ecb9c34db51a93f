import Compiler
import Diagnostics
import Spec
import Testing

@testable import Studies

@Suite struct SampleBoxesTests {
  /// Images of 20 × 30.
  private static func boxes(_ text: String) throws -> SampleBoxes {
    let spec = Compilation(
      SourceFile(
        path: "spec.yaml",
        text: """
          dcgan: 1
          image: {size: [20, 30], channels: 1}
          generator: {layers: [project: {to: [1, 20, 30]}, tanh]}
          discriminator: {layers: [linear: 1, sigmoid]}
          """
      )
    ).spec
    return try SampleBoxes(
      SourceFile(path: "boxes.yaml", text: text), in: try #require(spec).image)
  }

  @Test func boxesBelongToSamples() throws {
    let found = try Self.boxes(
      "seed: 7\n3: [[2, 4, 8, 26]]\n17: [[0, 0, 1, 1], [19, 29, 1, 1]]\n4: []")
    #expect(found.seed == 7)
    #expect(found.samples.map(\.number) == [3, 17, 4])
    #expect(found.samples[0].boxes == [.init(top: 2, left: 4, height: 8, width: 26)])
    #expect(found.samples[1].boxes.count == 2)
    let box = found.samples[0].boxes[0]
    #expect(box.contains(y: 2, x: 4) && box.contains(y: 9.9, x: 29.9))
    #expect(!box.contains(y: 10, x: 4) && !box.contains(y: 2, x: 3.9))
  }

  @Test(arguments: [
    ("3: [[2, 4, 8, 27]]", "1:15 the width of a box must be from 1 to 26, found 27"),
    ("3: [[20, 4, 8, 2]]", "1:6 the top of a box must be from 0 to 19, found 20"),
    (
      "3: [[2, 4, 8]]",
      "1:5 `3` must be a list of boxes, such as [[22, 14, 8, 36]]: top, left, height, width, found a "
        + "list"
    ),
    (
      "a: [[2, 4, 8, 2]]", "1:1 `a` must be named by a sample's number, found `a`"
    ),
    ("3: []", "1:1 `boxes` must be boxes of one sample or more, found a map"),
    ("seed: 3", "1:1 `boxes` must be boxes of one sample or more, found a map"),
  ])
  func faultsAreShownWithTheirPlace(_ text: String, _ message: String) throws {
    let problem = #expect(throws: StudyProblem.self) { try Self.boxes(text) }
    guard case .faults(let diagnostics)? = problem else {
      Issue.record("\(problem as Any)")
      return
    }
    let found = diagnostics.map {
      "\($0.primary.span.start.line):\($0.primary.span.start.column) \($0.message)"
    }
    #expect(found == [message])
  }
}
