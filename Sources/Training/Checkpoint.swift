import Device
import Interchange
import Model
import LayerGraph
import Program
import Spec

/// A training at rest: one safetensors file that is all that sampling or resuming needs.
///
/// Tensors have PyTorch's layouts. The metadata hold the expanded spec and the position.
package struct Checkpoint: Sendable {
  package let path: String
  package let position: TrainingPosition
  package let seed: UInt64
  /// The expanded spec as YAML.
  package let specText: String
  private let file: SafetensorsFile

  private enum Key: String {
    case format = "dcgan.format"
    case spec = "dcgan.spec"
    case specHash = "dcgan.spec_hash"
    case seed = "dcgan.seed"
    case step = "dcgan.step"
    case epoch = "dcgan.epoch"
    case batchInEpoch = "dcgan.batch_in_epoch"
    case generatorUpdates = "dcgan.generator_updates"
    case discriminatorUpdates = "dcgan.discriminator_updates"
  }

  private static let formatVersion = "1"

  // MARK: Reading

  /// Opens a checkpoint; its tensors are read later, one by one.
  package init(contentsOf path: String) throws(TrainingProblem) {
    do throws(SafetensorsProblem) {
      file = try SafetensorsFile(contentsOf: path)
    } catch {
      throw .safetensors(error)
    }
    let metadata = file.metadata
    func text(_ key: Key) throws(TrainingProblem) -> String {
      guard let text = metadata[key.rawValue] else {
        throw .notACheckpoint(path: path, key: key.rawValue, found: nil)
      }
      return text
    }
    func number<Value: FixedWidthInteger>(_ key: Key) throws(TrainingProblem) -> Value {
      let text = try text(key)
      guard let value = Value(text), value >= 0 else {
        throw .notACheckpoint(path: path, key: key.rawValue, found: text)
      }
      return value
    }
    let format = try text(.format)
    guard format == Self.formatVersion else {
      throw .notACheckpoint(path: path, key: Key.format.rawValue, found: format)
    }
    let specText = try text(.spec)
    let specHash = try text(.specHash)
    guard specHash == hash(of: specText) else {
      throw .notACheckpoint(path: path, key: Key.specHash.rawValue, found: specHash)
    }
    var position = TrainingPosition()
    position.step = try number(.step)
    position.epoch = try number(.epoch)
    position.batchInEpoch = try number(.batchInEpoch)
    position.generatorUpdates = try number(.generatorUpdates)
    position.discriminatorUpdates = try number(.discriminatorUpdates)
    self.path = path
    self.position = position
    self.seed = try number(.seed)
    self.specText = specText
  }

  /// Copies the stored values of `tensors` into the state, in the layout of programs.
  ///
  /// Shapes are compared before anything is written.
  package func load(_ tensors: [StateTensor], into state: any DeviceState) throws(TrainingProblem) {
    for tensor in tensors {
      let stored = try reading { () throws(SafetensorsProblem) in
        try file.tensor(named: tensor.name)
      }
      let expected = tensor.parameter.fileShape.dimensions
      guard stored.shape == expected else {
        throw .wrongShape(
          path: path, tensor: tensor.name, expected: expected, found: stored.shape)
      }
    }
    for tensor in tensors {
      let stored = try reading { () throws(SafetensorsProblem) in
        try file.tensor(named: tensor.name).floats()
      }
      let elements = stored.withUnsafeBufferPointer { tensor.elements(fromFile: $0) }
      try onDevice { () throws(DeviceProblem) in try state.write(elements, to: tensor.name) }
    }
  }

  private func reading<Result>(
    _ body: () throws(SafetensorsProblem) -> Result
  ) throws(TrainingProblem) -> Result {
    do { return try body() } catch { throw .safetensors(error) }
  }

  // MARK: Writing

  /// Writes the state of a training; the file appears whole or not at all.
  package static func write(_ session: TrainingSession, to path: String) throws(TrainingProblem) {
    let specText = session.spec.expandedYAML
    let position = session.position
    let metadata: [Key: String] = [
      .format: formatVersion,
      .spec: specText,
      .specHash: hash(of: specText),
      .seed: "\(session.spec.train.seed)",
      .step: "\(position.step)",
      .epoch: "\(position.epoch)",
      .batchInEpoch: "\(position.batchInEpoch)",
      .generatorUpdates: "\(position.generatorUpdates)",
      .discriminatorUpdates: "\(position.discriminatorUpdates)",
    ]
    let state = session.state
    let entries = session.tensors.filter { state.contains($0.name) }.map { tensor in
      SafetensorsEntry(
        tensor.name, type: .float32, shape: tensor.parameter.fileShape.dimensions
      ) { write in
        do throws(DeviceProblem) {
          try state.withElements(of: tensor.name) { write(tensor.fileElements($0).span.bytes) }
        } catch {
          preconditionFailure("\(tensor.name) is in the state, but: \(error)")
        }
      }
    }
    do {
      try SafetensorsFile.write(
        entries,
        metadata: Dictionary(uniqueKeysWithValues: metadata.map { ($0.key.rawValue, $0.value) }),
        to: path)
    } catch {
      throw .file(error)
    }
  }
}

/// 64-bit FNV-1a in hexadecimal: distinguishes two specs, proves nothing.
func hash(of text: String) -> String {
  var hash: UInt64 = 0xcbf2_9ce4_8422_2325
  for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
  let digits = String(hash, radix: 16)
  return String(repeating: "0", count: 16 - digits.count) + digits
}
