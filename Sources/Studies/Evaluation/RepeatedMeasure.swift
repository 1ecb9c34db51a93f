/// A number measured several times.
package struct RepeatedMeasure: Encodable, Equatable, Sendable {
  package let mean: Double
  /// Half the width of the interval that has the true mean in 95 of 100 cases.
  package let margin: Double

  /// Quantiles of Student's distribution at 97.5 %, for 1 to 9 degrees of freedom.
  private static let quantiles = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262]

  /// How often something may be measured.
  package static let counts = 2...quantiles.count + 1

  /// - Parameter values: as many as `counts` allows.
  init(_ values: [Double]) {
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
    self.mean = mean
    margin = Self.quantiles[values.count - 2] * (variance / count).squareRoot()
  }
}
