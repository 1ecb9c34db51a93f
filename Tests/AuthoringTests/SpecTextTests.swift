import Authoring
import Compiler
import Diagnostics
import Spec
import Testing

@Suite struct SpecTextTests {
  private static let sizes = [
    (4, 4), (8, 8), (28, 28), (32, 32), (48, 48), (64, 64), (96, 160), (12, 20), (128, 128),
    (160, 96), (256, 256), (64, 256), (512, 512), (1024, 1024),
  ]

  @Test(arguments: sizes)
  func everyCombinationCompilesWithoutErrors(_ height: Int, _ width: Int) throws {
    for channels in [1, 3, 4] {
      for kernel in [2, 3, 4, 5] {
        for classes in [nil, 2, 10] {
          let new = try NewSpec(
            size: .init(height, width), channels: channels, kernel: kernel, classes: classes)
          let compilation = Compilation(SourceFile(path: "new.yaml", text: new.text))
          // A stride that does not divide the kernel is remarked on, as is a small batch.
          let grave = compilation.diagnostics.filter { $0.severity > .advice }
          #expect(grave.isEmpty, "\(grave.map(\.message))")
          let spec = try #require(compilation.spec)
          #expect(
            [spec.image.channels, spec.image.height, spec.image.width]
              == [channels, height, width])
          #expect(spec.condition?.classes == classes)
          let graph = try #require(compilation.graph)
          #expect(graph.usesLabels == (classes != nil))
          #expect(new.text.split(separator: "\n").allSatisfy { $0.count <= 100 })
        }
      }
    }
  }

  @Test func anEvenKernelLeavesNothingToRemarkOn() throws {
    let new = try NewSpec(size: .init(96, 160), channels: 1, classes: 10)
    let compilation = Compilation(SourceFile(path: "new.yaml", text: new.text))
    #expect(compilation.diagnostics.map(\.message) == [])
  }

  @Test func wholeTextOfAnUnconditionalSpec() throws {
    let new = try NewSpec(size: .init(12, 12), channels: 3)
    #expect(new.text == unconditional)
  }

  @Test func wholeTextOfAConditionalSpec() throws {
    let new = try NewSpec(
      name: "signs", size: .init(12, 20), channels: 1, width: 8, kernel: 5, classes: 43)
    #expect(new.text == conditional)
  }

  @Test func deepPyramidsStopAtSixteenTimesTheWidth() throws {
    let text = try NewSpec(size: .init(256, 256), channels: 3).text
    #expect(!text.contains("width * 32"))
    #expect(text.contains("doubles their number, up to 16 times `width`."))
  }

  @Test func largeImagesComeInSmallBatches() throws {
    let text = try NewSpec(size: .init(1024, 1024), channels: 3).text
    #expect(
      text.hasSuffix(
        """
        # The paper's batch of 128 needs more memory than most machines have.
        train: {batch: 16, epochs: 25}

        """))
  }

  @Test(arguments: [
    ("faces.yaml", "faces"), ("a/b/faces.v2.yml", "faces.v2"), ("faces", "faces"),
    ("my faces #2.yaml", "my-faces--2"), (".yaml", "dcgan.yaml"),
  ])
  func namesComeFromFiles(_ path: String, _ name: String) {
    #expect(NewSpec.name(ofFile: path) == name)
    #expect(NewSpec.isUsable(name: name))
  }

  @Test(arguments: ["", "-a", ".a", "a b", "a:b", "ä", String(repeating: "a", count: 200)])
  func otherNamesAreRefused(_ name: String) {
    #expect(!NewSpec.isUsable(name: name))
  }
}
