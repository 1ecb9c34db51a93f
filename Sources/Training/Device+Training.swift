import Device

/// `body` with a device's problems as ours.
package func onDevice<Result>(
  _ body: () throws(DeviceProblem) -> Result
) throws(TrainingProblem) -> Result {
  do { return try body() } catch { throw .device(error) }
}
