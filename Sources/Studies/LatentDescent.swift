import Foundation
import Spec

/// Moves latent vectors or pixels down a slope, by Adam.
///
/// Source: Kingma and Ba 2015, algorithm 1.
struct LatentDescent {
  private static let (beta1, beta2, epsilon) = (0.9, 0.999, 1e-8)

  /// Size of the steps.
  let rate: Double
  private var mean: [Double]
  private var square: [Double]
  private var step = 0

  init(count: Int, rate: Double) {
    self.rate = rate
    mean = [Double](repeating: 0, count: count)
    square = mean
  }

  /// One step against the gradient.
  mutating func move(_ values: inout [Float], against gradient: [Float]) {
    step += 1
    let (m, v) = (1 - pow(Self.beta1, Double(step)), 1 - pow(Self.beta2, Double(step)))
    for i in values.indices {
      let slope = Double(gradient[i])
      mean[i] = Self.beta1 * mean[i] + (1 - Self.beta1) * slope
      square[i] = Self.beta2 * square[i] + (1 - Self.beta2) * slope * slope
      values[i] -= Float(rate * (mean[i] / m) / ((square[i] / v).squareRoot() + Self.epsilon))
    }
  }
}

extension LatentSpec {
  /// Moves vectors [N, Z] back to where noise is: into the cube that uniform noise fills.
  func keepInside(_ z: inout [Float]) {
    guard distribution == .uniform else { return }
    for place in z.indices { z[place] = max(-1, min(1, z[place])) }
  }

  /// The same, and of normal noise onto the sphere that it lies near: no vector is longer than √Z.
  func keepLikely(_ z: inout [Float]) {
    keepInside(&z)
    guard distribution == .normal else { return }
    for start in stride(from: 0, to: z.count, by: size) {
      let length = z[start..<start + size].reduce(0) { $0 + $1 * $1 }.squareRoot()
      let longest = Float(size).squareRoot()
      guard length > longest else { continue }
      for place in start..<start + size { z[place] *= longest / length }
    }
  }
}
