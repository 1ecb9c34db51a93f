import Compiler
import Diagnostics
import Objectives
import Program
import Reference
import Spec
import Testing

/// Changes of images against plain loops over the same random numbers.
@Suite struct AugmentationTests {
  private static let shape: Shape = [64, 6, 8, 3]

  private static func augmentation(_ options: String) throws -> Augmentation {
    let text = """
      dcgan: 1
      name: tiny
      image: {size: 4, channels: 1}
      latent: {size: 3}
      generator:
        layers: [project: {to: [2, 2, 2]}, conv_transpose: {filters: 1, kernel: 4, stride: 2}]
      discriminator: {layers: [linear: {units: 1}]}
      augment: \(options)
      """
    let compilation = Compilation(SourceFile(path: "tiny.yaml", text: text))
    return try #require(compilation.spec).augmentation
  }

  /// The images before and after, [N, H, W, C], and the chances by which they changed, [8, N].
  private static func change(
    _ options: String, range: ClosedRange<Double> = -1...1
  ) throws -> (before: [Double], after: [Double], chances: [[Double]]) {
    var program = ProgramBuilder()
    let images = program.input("images", shape)
    let changed = try augmentation(options).apply(
      to: images, range: range, stream: 5, in: &program)
    let chances = program.random(.uniform, [8, shape[0]], stream: 5)
    let numbers = (0..<shape.count).map { Double(($0 * 37 + 11) % 101) / 101 }
    let before = numbers.map {
      range.lowerBound + $0 * (range.upperBound - range.lowerBound)
    }
    let outputs = try ReferenceInterpreter<Double>().run(
      program.program(outputs: [("changed", changed), ("chances", chances)]),
      inputs: ["images": Tensor(shape: shape, elements: before)],
      key: RandomKey(seed: 1, step: 2))
    let flat = try #require(outputs["chances"]).elements
    let rows = (0..<8).map { Array(flat[$0 * shape[0]..<($0 + 1) * shape[0]]) }
    return (before, try #require(outputs["changed"]).elements, rows)
  }

  private static func place(_ n: Int, _ y: Int, _ x: Int, _ c: Int) -> Int {
    ((n * shape[1] + y) * shape[2] + x) * shape[3] + c
  }

  /// Every image is the old one, moved by a whole number of pixels, with grey behind it; and every
  /// such distance occurs.
  @Test func translationMovesWholePixels() throws {
    let (before, after, _) = try Self.change("{translation: 0.25}")
    let (height, width) = (Self.shape[1], Self.shape[2])
    var distances: Set<[Int]> = []
    for n in 0..<Self.shape[0] {
      let fitting = (-2...2).flatMap { dy in (-2...2).map { [dy, $0] } }.filter { distance in
        (0..<height).allSatisfy { y in
          (0..<width).allSatisfy { x in
            let (fromY, fromX) = (y + distance[0], x + distance[1])
            let isInside = (0..<height).contains(fromY) && (0..<width).contains(fromX)
            let expected = isInside ? before[Self.place(n, fromY, fromX, 1)] : 0
            return abs(after[Self.place(n, y, x, 1)] - expected) < 1e-12
          }
        }
      }
      #expect(fitting.count == 1, "image \(n)")
      distances.formUnion(fitting)
    }
    // None of 5 distances is missed by 64 images, but for one chance in a million.
    #expect(Set(distances.map { $0[0] }) == [-2, -1, 0, 1, 2])
    #expect(Set(distances.map { $0[1] }) == [-2, -1, 0, 1, 2])
  }

  @Test func flipMirrorsImages() throws {
    let (before, after, chances) = try Self.change("{flip: 0.5}")
    let mirrored = (0..<Self.shape[0]).filter { chances[5][$0] < 0.5 }
    #expect((16...48).contains(mirrored.count))
    for n in 0..<Self.shape[0] {
      for x in 0..<Self.shape[2] {
        let from = chances[5][n] < 0.5 ? Self.shape[2] - 1 - x : x
        #expect(abs(after[Self.place(n, 3, x, 2)] - before[Self.place(n, 3, from, 2)]) < 1e-12)
      }
    }
  }

  /// Half of 6 × 8 pixels are 3 × 4, of which those inside the image are grey: 0, or the middle of
  /// another range.
  @Test(arguments: [-1.0...1.0, 0.0...1.0])
  func cutoutMakesARectangleGrey(_ range: ClosedRange<Double>) throws {
    let (before, after, chances) = try Self.change("{cutout: 0.5}", range: range)
    let grey = (range.lowerBound + range.upperBound) / 2
    for n in 0..<Self.shape[0] {
      let (centreY, centreX) = (chances[6][n] * 6, chances[7][n] * 8)
      for y in 0..<Self.shape[1] {
        for x in 0..<Self.shape[2] {
          let isCut =
            abs(Double(y) + 0.5 - centreY) < 1.5 && abs(Double(x) + 0.5 - centreX) < 2
          let place = Self.place(n, y, x, 0)
          #expect(abs(after[place] - (isCut ? grey : before[place])) < 1e-12)
        }
      }
    }
  }

  /// As the authors' code: brightness, then saturation, then contrast.
  @Test func colourChangesAreTheAuthors() throws {
    let (before, after, chances) = try Self.change("{colour: 1}")
    let (pixels, channels) = (Self.shape[1] * Self.shape[2], Self.shape[3])
    for n in 0..<Self.shape[0] {
      let start = n * pixels * channels
      var image = before[start..<start + pixels * channels].map { $0 + chances[0][n] - 0.5 }
      for pixel in 0..<pixels {
        let own = pixel * channels..<(pixel + 1) * channels
        let mean = image[own].reduce(0, +) / Double(channels)
        for i in own { image[i] = (image[i] - mean) * chances[1][n] * 2 + mean }
      }
      let mean = image.reduce(0, +) / Double(image.count)
      for (i, value) in image.enumerated() {
        let expected = (value - mean) * (chances[2][n] + 0.5) + mean
        #expect(abs(after[start + i] - expected) < 1e-12)
      }
    }
  }

  @Test func noneIsNone() throws {
    let (before, after, _) = try Self.change("{}")
    #expect(before == after)
  }
}
