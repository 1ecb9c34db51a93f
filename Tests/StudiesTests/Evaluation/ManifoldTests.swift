import CPU
import Testing

@testable import Studies

@Suite struct ManifoldTests {
  private static func square(_ a: [Float], _ b: [Float]) -> Double {
    zip(a, b).reduce(0) { $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1) }
  }

  /// The squared distance to the `count`-th nearest other vector.
  private static func radius(_ vectors: [[Float]], _ place: Int, _ count: Int) -> Double {
    let others = vectors.indices.filter { $0 != place }
    return others.map { square(vectors[place], vectors[$0]) }.sorted()[count - 1]
  }

  /// More rows than a block has, and all four numbers by their definitions.
  @Test func equalsTheDefinitionsInPlainLoops() throws {
    let real = FrechetDistanceTests.vectors(300, 4, seed: 1)
    let made = FrechetDistanceTests.vectors(270, 4, seed: 2, shift: 0.8)
    let device = CPUDevice(threads: 2)
    let found = try Manifold(of: real, on: device).comparison(with: Manifold(of: made, on: device))
    let near = real.indices.map { Self.radius(real, $0, 3) }
    let dense = real.indices.map { Self.radius(real, $0, 5) }
    let own = made.indices.map { Self.radius(made, $0, 3) }
    let isReal = made.map { sample in
      real.indices.contains { Self.square(sample, real[$0]) <= near[$0] }
    }
    let isReached = real.map { image in
      made.indices.contains { Self.square(image, made[$0]) <= own[$0] }
    }
    let balls = made.reduce(0) { sum, sample in
      sum + real.indices.count { Self.square(sample, real[$0]) <= dense[$0] }
    }
    let covered = real.indices.count { place in
      made.contains { Self.square($0, real[place]) <= dense[place] }
    }
    #expect(found.isReal == isReal)
    #expect(found.isReached == isReached)
    #expect(abs(found.density - Double(balls) / (5 * 270)) < 1e-12)
    #expect(abs(found.coverage - Double(covered) / 300) < 1e-12)
    #expect((0.05...0.95).contains(found.isReal.share))
    #expect((0.05...0.95).contains(found.coverage))
  }

  /// One image twice has a ball of radius 0, in which the other one lies.
  @Test func copiesLieInEachOthersBalls() throws {
    let device = CPUDevice(threads: 1)
    let nearest = try SquaredDistances(to: [[1, 2], [1, 2], [4, 6]], on: device)
      .nearestOthers([1, 2, 9])
    #expect(nearest == [[0, 0, 25], [25, 25, 25], [25, 25, 25]])
  }
}
