import Device
import Model
import Program
import Training

/// The squared distances of any vectors to some that stay on the device.
///
/// A class because it owns a loaded program; used from one thread at a time.
final class SquaredDistances {
  private let columns: [[Float]]
  private let state: any DeviceState
  private let loaded: any LoadedProgram

  /// Rows at a time.
  private static let block = 256

  /// To `columns`, one or more vectors of one size.
  init(to columns: [[Float]], on device: any Device) throws(StudyProblem) {
    self.columns = columns
    let program = DistanceProgram(
      rows: Self.block, columns: columns.count, size: columns[0].count
    ).program
    (state, loaded) = try training { () throws(TrainingProblem) in
      try onDevice { () throws(DeviceProblem) in
        let state = try device.makeState()
        let loaded = try state.load(program)
        try state.write(columns.flatMap(\.self), to: TensorName.distanceColumns)
        return (state, loaded)
      }
    }
  }

  /// Calls `body` with each row's number and its distances to all columns.
  func forEachRow(
    of rows: [[Float]], _ body: (_ row: Int, _ squares: ArraySlice<Float>) -> Void
  ) throws(StudyProblem) {
    for start in stride(from: 0, to: rows.count, by: Self.block) {
      // The last row fills up.
      let block = (0..<Self.block).flatMap { rows[min(start + $0, rows.count - 1)] }
      let squares = try training { () throws(TrainingProblem) in
        try onDevice { () throws(DeviceProblem) in
          try state.write(block, to: TensorName.distanceRows)
          try loaded.run(key: RandomKey(seed: 0, step: 0))
          return try loaded.output(TensorName.squaredDistances)
        }
      }
      for row in start..<min(start + Self.block, rows.count) {
        let first = (row - start) * columns.count
        body(row, squares[first..<first + columns.count])
      }
    }
  }

  /// The squared distance of each column to its `counts[i]`-th nearest other column, for each of the
  /// counts: [counts][columns].
  ///
  /// Where there are fewer others, it is the distance to the last of them.
  func nearestOthers(_ counts: [Int]) throws(StudyProblem) -> [[Float]] {
    let most = min(counts.max() ?? 1, columns.count - 1)
    var found = counts.map { _ in [Float](repeating: 0, count: columns.count) }
    guard most > 0 else { return found }
    try forEachRow(of: columns) { row, squares in
      var nearest: [Float] = []
      for (column, square) in squares.enumerated() where column != row {
        if nearest.count == most, square >= nearest[most - 1] { continue }
        nearest.insert(square, at: nearest.firstIndex { $0 > square } ?? nearest.count)
        if nearest.count > most { nearest.removeLast() }
      }
      for (place, count) in counts.enumerated() {
        found[place][row] = nearest[min(count, most) - 1]
      }
    }
    return found
  }
}
