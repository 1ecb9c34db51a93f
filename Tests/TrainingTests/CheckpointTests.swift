import CPU
import Device
import Interchange
import TestSupport
import Testing

@testable import Training

@Suite struct CheckpointTests {
  let folder = try! TemporaryFolder()

  @Test func whatIsReadIsWhatWasWritten() throws {
    let path = folder.path("checkpoint.safetensors")
    let session = try Fixture.session(Fixture.small, threads: 1)
    try session.initialize()
    try Fixture.fillImages(of: session)
    _ = try session.run()
    try Checkpoint.write(session, to: path)

    let checkpoint = try Checkpoint(contentsOf: path)
    #expect(checkpoint.position == session.position)
    let (spec, graph) = try checkpoint.compiled()
    let other = try TrainingSession(
      spec: spec, graph: graph, device: CPUDevice(threads: 1))
    try checkpoint.load(other.tensors, into: other.state)
    for tensor in session.tensors {
      #expect(try other.state.read(tensor.name) == session.state.read(tensor.name))
    }
  }

  /// Kernels lie in files as PyTorch has them: [out, in, K, K], transposed ones [in, out, K, K].
  @Test func filesHavePyTorchsLayouts() throws {
    let path = folder.path("layouts.safetensors")
    let session = try Fixture.session(Fixture.small, threads: 1)
    try session.initialize()
    try Checkpoint.write(session, to: path)
    let file = try SafetensorsFile(contentsOf: path)
    #expect(try file.tensor(named: "generator.project1.weight").shape == [98, 5])
    #expect(try file.tensor(named: "generator.conv_transpose1.weight").shape == [2, 3, 5, 5])
    #expect(try file.tensor(named: "discriminator.conv1.weight").shape == [4, 1, 5, 5])
    #expect(try file.tensor(named: "adam.m.discriminator.conv1.weight").shape == [4, 1, 5, 5])
  }

  @Test func otherFilesAreRefusedByName() throws {
    let path = folder.path("other.safetensors")
    try SafetensorsFile.write([SafetensorsEntry("x", shape: [1], floats: [1])], to: path)
    let message = "\(path): not a checkpoint: the metadata 'dcgan.format' is missing"
    #expect(throws: TrainingProblem.self) { try Checkpoint(contentsOf: path) }
    do {
      _ = try Checkpoint(contentsOf: path)
    } catch {
      #expect("\(error)" == message)
    }
  }

  /// `/dev/full` is a device that is always full.
  @Test func fullDiskIsAnError() throws {
    let session = try Fixture.session(Fixture.small, threads: 1)
    do {
      try Checkpoint.write(session, to: "/dev/full")
      Issue.record("writing to a full disk succeeded")
    } catch {
      #expect("\(error)" == "cannot write /dev/full: No space left on device")
    }
  }
}
