import Program

/// The squared distances of some vectors to others: `distances.rows` [R, F] and `distances.columns`
/// [C, F] to `distances.squares` [R, C].
///
/// |a − b|² is taken as |a|² − 2 a · b + |b|², one matrix product; what rounding makes less than 0 is 0.
package struct DistanceProgram: Sendable {
  package let program: Program

  package init(rows: Int, columns: Int, size: Int) {
    var program = ProgramBuilder()
    let a = program.input(TensorName.distanceRows, [rows, size])
    let b = program.input(TensorName.distanceColumns, [columns, size])
    let pairs: Shape = [rows, columns]
    let products = program.matmul(a, b, rightTransposed: true)
    let squares = program.add(
      program.broadcast(program.reduceSum(program.square(a), axes: [1]), to: pairs, axes: [0]),
      program.broadcast(program.reduceSum(program.square(b), axes: [1]), to: pairs, axes: [1]))
    let distances = program.subtract(squares, program.scale(products, by: 2))
    let clamped = program.maximum(distances, program.constant(0, pairs))
    self.program = program.program(outputs: [(TensorName.squaredDistances, clamped)])
  }
}
