import CPU
import Device
import Foundation
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
    try Checkpoint.write(session, data: Fixture.data, to: path)

    let checkpoint = try Checkpoint(contentsOf: path)
    #expect(checkpoint.position == session.position)
    #expect(checkpoint.data == Fixture.data)
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
    try Checkpoint.write(session, data: Fixture.data, to: path)
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
      try Checkpoint.write(session, data: Fixture.data, to: "/dev/full")
      Issue.record("writing to a full disk succeeded")
    } catch {
      #expect("\(error)" == "cannot write /dev/full: No space left on device")
    }
  }

  /// A flip of any bit is noticed when the file is opened, and nothing crashes.
  @Test func everyFlipIsNoticed() throws {
    let path = folder.path("whole.safetensors")
    let session = try Fixture.session(Fixture.small, threads: 1)
    try session.initialize()
    try Checkpoint.write(session, data: Fixture.data, to: path)
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    var generator = TestGenerator(seed: 5)
    for place in (0..<1000).map({ _ in Int.random(in: bytes.indices, using: &generator) }) + [0, 8]
    {
      var flipped = bytes
      flipped[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      let other = folder.path("flipped.safetensors")
      try Data(flipped).write(to: URL(fileURLWithPath: other))
      #expect(throws: TrainingProblem.self, "byte \(place)") { try Checkpoint(contentsOf: other) }
    }
  }

  /// Numbers that no training reaches are refused at the door.
  @Test(arguments: [
    ("dcgan.step", "4611686018427387904"), ("dcgan.step", "-1"), ("dcgan.epoch", "1099511627777"),
    ("dcgan.batch_in_epoch", "9223372036854775807"), ("dcgan.generator_updates", "5"),
    ("dcgan.discriminator_updates", "9223372036854775807"), ("dcgan.seed", "18446744073709551616"),
    ("dcgan.format", "3"), ("dcgan.step", "١"),
  ])
  func hostileNumbersAreRefused(_ key: String, _ value: String) throws {
    let path = folder.path("hostile.safetensors")
    let session = try Fixture.session(Fixture.small, threads: 1)
    try session.initialize()
    try Checkpoint.write(session, data: Fixture.data, to: path)
    let file = try SafetensorsFile(contentsOf: path)
    var metadata = file.metadata
    metadata[key] = value
    let entries = try file.tensors.map {
      SafetensorsEntry($0.name, shape: $0.shape, floats: try $0.floats())
    }
    try SafetensorsFile.write(entries, metadata: metadata, checksum: "dcgan.checksum", to: path)
    do {
      _ = try Checkpoint(contentsOf: path)
      Issue.record("\(key) \(value) was read")
    } catch {
      #expect("\(error)".contains("the metadata '\(key)' is '\(value)'"), "\(error)")
    }
  }

  /// Files of the first format have no checksum and no fingerprint, and are still read.
  @Test func theFirstFormatIsStillRead() throws {
    let path = folder.path("old.safetensors")
    let session = try Fixture.session(Fixture.small, threads: 1)
    try session.initialize()
    try Checkpoint.write(session, data: Fixture.data, to: path)
    let file = try SafetensorsFile(contentsOf: path)
    var metadata = file.metadata.filter {
      !$0.key.hasPrefix("dcgan.data") && $0.key != "dcgan.checksum"
    }
    metadata["dcgan.format"] = "1"
    let entries = try file.tensors.map {
      SafetensorsEntry($0.name, shape: $0.shape, floats: try $0.floats())
    }
    try SafetensorsFile.write(entries, metadata: metadata, to: path)
    #expect(try Checkpoint(contentsOf: path).data == nil)
  }

  /// A good checkpoint is never replaced by one that cannot be used.
  @Test func whatIsNotFiniteIsNotWritten() throws {
    let path = folder.path("last.safetensors")
    let session = try Fixture.session(Fixture.small, threads: 1)
    try session.initialize()
    try Checkpoint.write(session, data: Fixture.data, to: path)
    let before = try Data(contentsOf: URL(fileURLWithPath: path))
    var values = try session.state.read(session.tensors[0].name)
    values[values.count - 1] = .infinity
    try session.state.write(values, to: session.tensors[0].name)
    do {
      try Checkpoint.write(session, data: Fixture.data, to: path)
      Issue.record("an infinite tensor was written")
    } catch {
      #expect("\(error)".contains("the tensor \(session.tensors[0].name) is not a finite number"))
    }
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
  }
}
