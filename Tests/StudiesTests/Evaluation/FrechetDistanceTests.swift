import Program
import Testing

@testable import Studies

@Suite struct FrechetDistanceTests {
  /// Vectors whose numbers depend on each other.
  static func vectors(_ count: Int, _ size: Int, seed: UInt64, shift: Float = 0) -> [[Float]] {
    let stream = RandomStream(key: RandomKey(seed: seed, step: 0), stream: 0)
    return (0..<count).map { row in
      var vector = (0..<size).map { stream.normal(at: row * size + $0) + shift }
      for place in 1..<size { vector[place] += vector[place - 1] * 0.5 }
      return vector
    }
  }

  /// By Newton's iteration for the root of the product itself (Denman and Beavers 1976).
  private func plainDistance(_ a: [[Float]], _ b: [[Float]]) -> Double {
    typealias Matrix = [[Double]]
    let size = a[0].count
    func mean(_ x: [[Float]]) -> [Double] {
      (0..<size).map { place in x.reduce(0) { $0 + Double($1[place]) } / Double(x.count) }
    }
    func covariance(_ x: [[Float]]) -> Matrix {
      let mean = mean(x)
      return (0..<size).map { i in
        (0..<size).map { j in
          x.reduce(0) { $0 + (Double($1[i]) - mean[i]) * (Double($1[j]) - mean[j]) }
            / Double(x.count - 1)
        }
      }
    }
    func product(_ a: Matrix, _ b: Matrix) -> Matrix {
      a.map { row in (0..<size).map { j in (0..<size).reduce(0) { $0 + row[$1] * b[$1][j] } } }
    }
    func inverse(_ matrix: Matrix) -> Matrix {
      var rows = (0..<size).map { i in
        matrix[i] + (0..<size).map { $0 == i ? 1.0 : 0 }
      }
      for i in 0..<size {
        let pivot = (i..<size).max { abs(rows[$0][i]) < abs(rows[$1][i]) }!
        rows.swapAt(i, pivot)
        let factor = rows[i][i]
        rows[i] = rows[i].map { $0 / factor }
        for other in 0..<size where other != i {
          let factor = rows[other][i]
          rows[other] = zip(rows[other], rows[i]).map { $0 - factor * $1 }
        }
      }
      return rows.map { Array($0[size...]) }
    }
    let (left, right) = (covariance(a), covariance(b))
    var root = product(left, right)
    var other = (0..<size).map { i in (0..<size).map { $0 == i ? 1.0 : 0 } }
    for _ in 0..<60 {
      let (inverseRoot, inverseOther) = (inverse(root), inverse(other))
      let next = (0..<size).map { i in
        (0..<size).map { (root[i][$0] + inverseOther[i][$0]) / 2 }
      }
      other = (0..<size).map { i in (0..<size).map { (other[i][$0] + inverseRoot[i][$0]) / 2 } }
      root = next
    }
    var distance = 0.0
    for place in 0..<size {
      let difference = mean(a)[place] - mean(b)[place]
      distance += difference * difference
      distance += left[place][place] + right[place][place] - 2 * root[place][place]
    }
    return distance
  }

  @Test func equalsThePlainComputation() {
    let a = Self.vectors(60, 7, seed: 1)
    let b = Self.vectors(50, 7, seed: 2, shift: 0.3)
    let found = FeatureDistribution(of: a).frechetDistance(to: FeatureDistribution(of: b))
    #expect(abs(found - plainDistance(a, b)) < 1e-9)
    #expect(found > 0.5)
  }

  /// μ = 0 and 3, σ² = 2 and 8 (over N − 1): 9 + 2 + 8 − 2·√16 = 11.
  @Test func oneNumberCanBeReckonedByHand() {
    let a = FeatureDistribution(of: [[-1], [1]])
    let b = FeatureDistribution(of: [[1], [5]])
    #expect(abs(a.frechetDistance(to: b) - 11) < 1e-12)
    #expect(a.frechetDistance(to: a) < 1e-12)
  }

  /// Features that are always 0 make covariances without an inverse.
  @Test func deadFeaturesAreNoTrouble() {
    let a = Self.vectors(20, 3, seed: 1).map { $0 + [0, 0] }
    let b = Self.vectors(20, 3, seed: 2).map { $0 + [0, 0] }
    let with = FeatureDistribution(of: a).frechetDistance(to: FeatureDistribution(of: b))
    let without = FeatureDistribution(of: a.map { Array($0.prefix(3)) }).frechetDistance(
      to: FeatureDistribution(of: b.map { Array($0.prefix(3)) }))
    #expect(abs(with - without) < 1e-9)
  }
}
