import CPJRT
import Device
import Program
import Synchronization

/// Devices of one client that run programs together; a thread calls each of them.
final class PJRTGroup: Sendable {
  let count: Int
  private let client: PJRTClient
  private let meeting: Mutex<Meeting>

  /// What the devices give for a run, and what they get.
  private struct Meeting {
    var arguments: [[PJRTBuffer]]
    var results: Result<[[PJRTBuffer]], DeviceProblem> = .success([])
  }

  /// - Parameter count: at least 1; the client's first devices, or any one of them.
  init(_ client: PJRTClient, count: Int) {
    self.count = count
    self.client = client
    meeting = Mutex(Meeting(arguments: Array(repeating: [], count: count)))
  }

  /// Says what the device at this place gives for the next run.
  func offer(_ arguments: [PJRTBuffer], at place: Int) {
    meeting.withLock { $0.arguments[place] = arguments }
  }

  /// Runs a program on all devices, after each has said what it gives.
  ///
  /// - Parameter hardware: the device, where there is but one.
  func run(_ program: Program, _ executable: PJRTExecutable, on hardware: PJRTHardware) {
    meeting.withLock { meeting in
      do throws(DeviceProblem) {
        meeting.results = .success(
          try run(program, executable, on: hardware, meeting.arguments))
      } catch {
        meeting.results = .failure(error)
      }
      meeting.arguments = Array(repeating: [], count: count)
    }
  }

  /// What the device at this place gets of the last run.
  func results(at place: Int) throws(DeviceProblem) -> [PJRTBuffer] {
    try meeting.withLock { $0.results }.get()[place]
  }

  private func run(
    _ program: Program, _ executable: PJRTExecutable, on hardware: PJRTHardware,
    _ arguments: [[PJRTBuffer]]
  ) throws(DeviceProblem) -> [[PJRTBuffer]] {
    precondition(
      arguments.allSatisfy { $0.count == arguments[0].count }, "a device has given nothing")
    let handles = arguments.joined().map { Optional($0.handle) }
    let outputs = program.outputs.map { program[$0.value].shape }
    var results = [UnsafeMutableRawPointer?](repeating: nil, count: count * outputs.count)
    defer { withExtendedLifetime(arguments) {} }
    do throws(DeviceProblem) {
      try attempt(client.plugin.path) { message in
        cpjrt_execute(
          client.plugin.handle, executable.handle, hardware.handle, count, handles,
          arguments[0].count, &results, outputs.count, message)
      }
    } catch {
      for result in results { cpjrt_buffer_free(client.plugin.handle, result) }
      throw error
    }
    let buffers = try client.complete(results).enumerated().map { index, handle in
      PJRTBuffer(handle, outputs[index % outputs.count], client: client)
    }
    return (0..<count).map { Array(buffers[$0 * outputs.count..<($0 + 1) * outputs.count]) }
  }
}

/// A program that the devices of a group share.
final class PJRTSharedProgram: SharedProgram {
  private let program: Program
  private let executable: PJRTExecutable
  private let state: PJRTState
  private let group: PJRTGroup
  private let place: Int
  /// Of random numbers, of which there are none.
  private let key: PJRTBuffer

  init(
    _ program: Program, _ executable: PJRTExecutable, state: PJRTState, group: PJRTGroup,
    place: Int, key: PJRTBuffer
  ) {
    self.program = program
    self.executable = executable
    self.state = state
    self.group = group
    self.place = place
    self.key = key
  }

  func run<Failure: Error>(
    meet: () throws(Failure) -> Void, wrap: (DeviceProblem) -> Failure
  ) throws(Failure) {
    do throws(DeviceProblem) {
      let parts = try program.inputs.map { input throws(DeviceProblem) in
        try state.tensor(input.name)
      }
      group.offer(parts + [key], at: place)
    } catch {
      throw wrap(error)
    }
    try meet()
    if place == 0 { group.run(program, executable, on: state.hardware) }
    try meet()
    do throws(DeviceProblem) {
      state.take(try group.results(at: place), of: program)
    } catch {
      throw wrap(error)
    }
  }

  func output(_ name: String) throws(DeviceProblem) -> [Float] {
    try state.output(name, of: program)
  }
}
