import Foundation
import Spec

/// Points on the way between two latent vectors.
enum LatentPath: String {
  /// On a straight line: uniform noise fills a cube, and so does the line.
  case linear
  /// On a great circle: normal noise lies near a sphere, inside of which there is none. Where the
  /// lengths differ, the length changes evenly.
  case spherical

  init(for latent: LatentSpec) {
    switch latent.distribution {
    case .uniform: self = .linear
    case .normal: self = .spherical
    }
  }

  /// The vector at `share` of the way, from 0 to 1.
  func point(from a: ArraySlice<Float>, to b: ArraySlice<Float>, at share: Double) -> [Float] {
    let (weightOfA, weightOfB) = weights(a, b, share)
    return zip(a, b).map { Float(weightOfA * Double($0) + weightOfB * Double($1)) }
  }

  /// Shoemake 1985: sin((1 − t)·ω) / sin ω and sin(t·ω) / sin ω, with the angle ω between both.
  private func weights(
    _ a: ArraySlice<Float>, _ b: ArraySlice<Float>, _ share: Double
  ) -> (Double, Double) {
    func product(_ x: ArraySlice<Float>, _ y: ArraySlice<Float>) -> Double {
      zip(x, y).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
    let lengths = (product(a, a) * product(b, b)).squareRoot()
    let cosine = lengths == 0 ? 1 : product(a, b) / lengths
    let angle = acos(max(-1, min(1, cosine)))
    // Nearly the same or opposite directions: the circle is a line, or any of many.
    guard self == .spherical, sin(angle) > 1e-6 else { return (1 - share, share) }
    return (sin((1 - share) * angle) / sin(angle), sin(share * angle) / sin(angle))
  }
}
