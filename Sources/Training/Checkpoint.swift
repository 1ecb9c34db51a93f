import Datasets
import Device
import Files
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
  /// What the training reads; nil in files of format 1.
  package let data: DataFingerprint?
  private let file: SafetensorsFile

  private enum Key: String {
    case format = "dcgan.format"
    case spec = "dcgan.spec"
    case specHash = "dcgan.spec_hash"
    case dataSource = "dcgan.data.source"
    case dataImages = "dcgan.data.images"
    case dataShape = "dcgan.data.shape"
    case dataHash = "dcgan.data.hash"
    case checksum = "dcgan.checksum"
    case seed = "dcgan.seed"
    case step = "dcgan.step"
    case epoch = "dcgan.epoch"
    case batchInEpoch = "dcgan.batch_in_epoch"
    case generatorUpdates = "dcgan.generator_updates"
    case discriminatorUpdates = "dcgan.discriminator_updates"
    case rewinds = "dcgan.rewinds"
  }

  /// Format 1 had no fingerprint of the data and no checksum; it is still read.
  private static let formatVersion = "2"
  private static let oldestFormat = "1"

  /// The most that a step, an epoch or a count of updates can be: no training comes so far, and
  /// sums and products of a few of them stay in range.
  private static let largestCount = 1 << 40

  // MARK: Reading

  /// Opens a checkpoint and compares its checksum; its tensors are read later, one by one.
  ///
  /// - Parameter verifies: whether the checksum counts; without it only the position is to be trusted.
  package init(contentsOf path: String, verifies: Bool = true) throws(TrainingProblem) {
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
    func count(_ key: Key) throws(TrainingProblem) -> Int {
      let text = try text(key)
      guard let value = Int(text), (0...Self.largestCount).contains(value) else {
        throw .notACheckpoint(path: path, key: key.rawValue, found: text)
      }
      return value
    }
    let format = try text(.format)
    guard format == Self.formatVersion || format == Self.oldestFormat else {
      throw .notACheckpoint(path: path, key: Key.format.rawValue, found: format)
    }
    if format != Self.oldestFormat {
      if verifies {
        do throws(SafetensorsProblem) {
          try file.verify(checksum: Key.checksum.rawValue)
        } catch {
          throw .safetensors(error)
        }
      }
      data = DataFingerprint(
        source: try text(.dataSource), images: try count(.dataImages),
        shape: try text(.dataShape), hash: try text(.dataHash))
    } else {
      data = nil
    }
    let specText = try text(.spec)
    let specHash = try text(.specHash)
    guard specHash == hash(of: specText) else {
      throw .notACheckpoint(path: path, key: Key.specHash.rawValue, found: specHash)
    }
    var position = TrainingPosition()
    position.step = try count(.step)
    position.epoch = try count(.epoch)
    position.batchInEpoch = try count(.batchInEpoch)
    position.generatorUpdates = try count(.generatorUpdates)
    position.discriminatorUpdates = try count(.discriminatorUpdates)
    // Only trainings that went back from trouble have it.
    if metadata[Key.rewinds.rawValue] != nil {
      position.rewinds = try count(.rewinds)
      guard position.rewinds <= TrainingPosition.mostRewinds else {
        throw .notACheckpoint(
          path: path, key: Key.rewinds.rawValue, found: metadata[Key.rewinds.rawValue])
      }
    }
    for (key, updates) in [
      (Key.generatorUpdates, position.generatorUpdates),
      (.discriminatorUpdates, position.discriminatorUpdates),
    ] where updates > position.step {
      throw .notACheckpoint(path: path, key: key.rawValue, found: "\(updates)")
    }
    self.path = path
    self.position = position
    let seedText = try text(.seed)
    guard let seed = UInt64(seedText) else {
      throw .notACheckpoint(path: path, key: Key.seed.rawValue, found: seedText)
    }
    self.seed = seed
    self.specText = specText
  }

  /// The sizes of a stored tensor; nil where there is none of this name.
  func shape(of name: String) -> [Int]? {
    file.contains(name) ? file.tensors.first { $0.name == name }?.shape : nil
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
  ///
  /// Refuses a state that is not finite: the checkpoints before it stay the last good ones.
  package static func write(
    _ session: TrainingSession, data: DataFingerprint, to path: String
  ) throws(TrainingProblem) {
    if let name = try session.tensorThatIsNotFinite() {
      throw .notFinite(what: "the tensor \(name)", step: session.position.step, last: nil)
    }
    let specText = session.spec.expandedYAML
    let position = session.position
    var metadata: [Key: String] = [
      .format: formatVersion,
      .spec: specText,
      .specHash: hash(of: specText),
      .dataSource: data.source,
      .dataImages: "\(data.images)",
      .dataShape: data.shape,
      .dataHash: data.hash,
      .seed: "\(session.spec.train.seed)",
      .step: "\(position.step)",
      .epoch: "\(position.epoch)",
      .batchInEpoch: "\(position.batchInEpoch)",
      .generatorUpdates: "\(position.generatorUpdates)",
      .discriminatorUpdates: "\(position.discriminatorUpdates)",
    ]
    if position.rewinds > 0 { metadata[.rewinds] = "\(position.rewinds)" }
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
        checksum: Key.checksum.rawValue, to: path)
    } catch {
      throw .file(error)
    }
  }
}

func hash(of text: String) -> String {
  var hash = FNV1a()
  hash.add(text.utf8)
  return hash.hexadecimal
}
