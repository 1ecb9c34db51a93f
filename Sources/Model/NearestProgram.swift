import Program

/// How near the nearest of some samples comes to each of some targets: `nearest.samples` [S, P] and
/// `nearest.targets` [T, P] to `nearest.scores` [T].
///
/// The score is the largest s · t − |s|² / 2. As |s − t|² = |t|² − 2 (s · t − |s|² / 2), a larger score
/// means a smaller distance, and all distances of a block are one matrix product.
package struct NearestProgram: Sendable {
  package let program: Program

  package init(samples: Int, targets: Int, size: Int) {
    var program = ProgramBuilder()
    let rows = program.input(TensorName.nearestSamples, [samples, size])
    let columns = program.input(TensorName.nearestTargets, [targets, size])
    let products = program.matmul(rows, columns, rightTransposed: true)
    let halves = program.divide(program.reduceSum(program.square(rows), axes: [1]), by: 2)
    let scores = program.subtract(
      products, program.broadcast(halves, to: [samples, targets], axes: [0]))
    let largest = program.reduceMaximum(scores, axes: [0])
    self.program = program.program(outputs: [(TensorName.nearestScores, largest)])
  }
}
