import Device
import Model
import Program
import Spec

/// Statistics of a generator's present weights, averaged over some batches of its images.
final class Calibration {
  private let program: CalibrationProgram
  private let loaded: any LoadedProgram

  init(
    _ program: CalibrationProgram, of spec: Spec, in state: any DeviceState
  ) throws(TrainingProblem) {
    self.program = program
    loaded = try onDevice { () throws(DeviceProblem) in
      let loaded = try state.load(program.program)
      if let condition = spec.condition, state.contains(TensorName.calibrationLabels) {
        let labels = (0..<spec.train.batch).map { $0 % condition.classes }
        try state.write(
          oneHot(labels, classes: condition.classes), to: TensorName.calibrationLabels)
      }
      return loaded
    }
  }

  /// Writes the statistics into `state`, where sampling programs read them.
  ///
  /// They depend on the weights only.
  func run(on state: any DeviceState) throws(TrainingProblem) {
    try onDevice { () throws(DeviceProblem) in
      var sums: [String: [Double]] = [:]
      for batch in 0..<CalibrationProgram.batches {
        try loaded.run(key: RandomKey(seed: 0, step: UInt64(batch)))
        for name in program.names {
          let numbers = try loaded.output(name)
          let before = sums[name] ?? numbers.map { _ in 0 }
          sums[name] = zip(before, numbers).map { $0 + Double($1) }
        }
      }
      for name in program.names {
        let means = (sums[name] ?? []).map { Float($0 / Double(CalibrationProgram.batches)) }
        try state.write(means, to: name)
      }
    }
  }
}
