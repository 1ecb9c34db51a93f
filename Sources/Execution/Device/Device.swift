import Program

/// Something that runs programs: a processor, an accelerator, or the plain interpreter.
///
/// A device is a value that says how to compute; the memory belongs to the states it makes. What a
/// device can do besides running programs is asked, never assumed: each such question has an answer
/// that says no.
package protocol Device: Sendable {
  /// As `--device` names it.
  var name: String { get }

  /// How it computes, in a few words: `2 threads, avx512`.
  var settings: String { get }

  /// An empty state: memory for tensors, and the programs that run on them.
  func makeState() throws(DeviceProblem) -> any DeviceState

  /// The memory that `programs` take over one state, without their inputs; nil where the device
  /// does not know it beforehand.
  func memory(for programs: [Program]) throws(DeviceProblem) -> DeviceMemory?

  /// The same device held to one of its ways to convolve, for each of them, by the names that
  /// `DevicePass.algorithm` has; empty where it has only one.
  var variants: [(algorithm: String, device: any Device)] { get }

  /// The limits of the machine, measured; nil where the device cannot measure them.
  func measuredLimits() throws(DeviceProblem) -> DeviceLimits?
}

extension Device {
  package func memory(for programs: [Program]) throws(DeviceProblem) -> DeviceMemory? { nil }
  package var variants: [(algorithm: String, device: any Device)] { [] }
  package func measuredLimits() throws(DeviceProblem) -> DeviceLimits? { nil }
}

/// The memory of programs that never run at the same time, in bytes.
package struct DeviceMemory: Hashable, Sendable {
  /// Values that pass from one instruction to another.
  package let passing: Int
  /// Scratch of each thread.
  package let perThread: Int

  package init(passing: Int, perThread: Int) {
    self.passing = passing
    self.perThread = perThread
  }
}

/// What a machine can do at most.
package struct DeviceLimits: Hashable, Sendable {
  /// Multiplications and additions, counted separately, on numbers in registers.
  package let flopsPerSecond: Double
  /// Bytes read from an array that no cache holds.
  package let bytesPerSecond: Double

  package init(flopsPerSecond: Double, bytesPerSecond: Double) {
    self.flopsPerSecond = flopsPerSecond
    self.bytesPerSecond = bytesPerSecond
  }

  /// The least time, in seconds, that so many operations and bytes take.
  package func leastSeconds(flops: Int, bytes: Int) -> Double {
    max(Double(flops) / flopsPerSecond, Double(bytes) / bytesPerSecond)
  }
}
