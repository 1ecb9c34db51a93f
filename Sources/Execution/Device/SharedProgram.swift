/// A program that several devices run together, each with its own slice of every input along the
/// first axis.
///
/// Inputs are tensors of each device's state, without that axis.
package protocol SharedProgram: AnyObject {
  /// Runs it once on all devices, each of which calls this; outputs that have the name of a tensor
  /// of the state have replaced it afterwards.
  ///
  /// - Parameter meet: returns once all devices have called it as often as this one.
  func run<Failure: Error>(
    meet: () throws(Failure) -> Void, wrap: (DeviceProblem) -> Failure
  ) throws(Failure)

  /// The elements of an output of the last run, until another program of the same state runs.
  func output(_ name: String) throws(DeviceProblem) -> [Float]
}
