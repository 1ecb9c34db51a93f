import CLapack

/// A normal distribution with the mean and covariance of some vectors, in double precision.
struct FeatureDistribution {
  /// [F].
  let mean: [Double]
  /// [F, F], over N − 1.
  let covariance: [Double]

  /// Of two or more vectors of one size.
  init(of vectors: [[Float]]) {
    let size = vectors[0].count
    var mean = [Double](repeating: 0, count: size)
    for vector in vectors {
      for place in 0..<size { mean[place] += Double(vector[place]) }
    }
    let count = Double(vectors.count)
    for place in 0..<size { mean[place] /= count }
    var sums = [Double](repeating: 0, count: size * size)
    var centred = mean
    for vector in vectors {
      for place in 0..<size { centred[place] = Double(vector[place]) - mean[place] }
      for row in 0..<size where centred[row] != 0 {
        for column in row..<size { sums[row * size + column] += centred[row] * centred[column] }
      }
    }
    for row in 0..<size {
      for column in row..<size {
        sums[row * size + column] /= count - 1
        sums[column * size + row] = sums[row * size + column]
      }
    }
    (self.mean, covariance) = (mean, sums)
  }

  /// |μ − μ'|² + tr(Σ + Σ' − 2 (Σ Σ')^½), never below 0.
  ///
  /// The trace of the root is that of (Σ^½ Σ' Σ^½)^½, which is symmetric.
  /// Source: Heusel et al. 2017, section 5; there over another network's features.
  func frechetDistance(to other: FeatureDistribution) -> Double {
    let size = mean.count
    var distance = 0.0
    for place in 0..<size {
      let difference = mean[place] - other.mean[place]
      distance += difference * difference
      distance += covariance[place * size + place] + other.covariance[place * size + place]
    }
    let root = SymmetricMatrix(covariance, size: size).squareRoot
    let product = root.times(SymmetricMatrix(other.covariance, size: size)).times(root)
    // Rounding can make an eigenvalue of 0 a little less.
    let trace = product.eigenvalues.reduce(0) { $0 + max($1, 0).squareRoot() }
    return max(0, distance - 2 * trace)
  }
}

/// A symmetric matrix [N, N], row by row.
struct SymmetricMatrix {
  let elements: [Double]
  let size: Int

  init(_ elements: [Double], size: Int) { (self.elements, self.size) = (elements, size) }

  /// In rising order.
  var eigenvalues: [Double] { decomposed(withVectors: false).values }

  /// The matrix whose square it is; eigenvalues below 0, which only rounding makes, count as 0.
  var squareRoot: SymmetricMatrix {
    let (values, vectors) = decomposed(withVectors: true)
    let roots = values.map { max($0, 0).squareRoot() }
    var result = [Double](repeating: 0, count: size * size)
    for row in 0..<size {
      for (place, root) in roots.enumerated() {
        // Row `row` of V is at every eigenvector's element `row`.
        let factor = vectors[row * size + place] * root
        for column in 0..<size {
          result[row * size + column] += factor * vectors[column * size + place]
        }
      }
    }
    return SymmetricMatrix(result, size: size)
  }

  /// The product, which the caller knows to be taken on to a symmetric one.
  func times(_ other: SymmetricMatrix) -> SymmetricMatrix {
    var result = [Double](repeating: 0, count: size * size)
    for row in 0..<size {
      for middle in 0..<size {
        let factor = elements[row * size + middle]
        for column in 0..<size {
          result[row * size + column] += factor * other.elements[middle * size + column]
        }
      }
    }
    return SymmetricMatrix(result, size: size)
  }

  /// Eigenvalues, and as columns of [N, N] the vectors.
  private func decomposed(withVectors: Bool) -> (values: [Double], vectors: [Double]) {
    var (matrix, values) = (elements, [Double](repeating: 0, count: size))
    let job = Int8(UInt8(ascii: withVectors ? "V" : "N"))
    let status = LAPACKE_dsyev(
      LAPACK_ROW_MAJOR, job, Int8(UInt8(ascii: "U")), Int32(size), &matrix, Int32(size),
      &values)
    // It fails for numbers that are not finite alone, which features are not.
    precondition(status == 0, "LAPACK's dsyev gave \(status) for a matrix of \(size)")
    return (values, matrix)
  }
}
