import Device
import Files
import Foundation
import Interchange
import Model
import Spec

/// Event files for TensorBoard: losses and D's answers at each step, samples after each epoch.
///
/// They are in `tensorboard/` of the run's folder, a new one for each process; where one goes on
/// before the last step of another, TensorBoard drops what is later. A class because it owns an open
/// file.
final class EventLog {
  private let path: String
  private let file: FileHandle
  private var pending: [UInt8] = []
  private var lastFlush = ContinuousClock.now

  private static let flushInterval = Duration.seconds(2)

  /// - Parameter step: from which training goes on.
  init(in folder: RunFolder, step: Int) throws(TrainingProblem) {
    let directory = "\(folder.path)/tensorboard"
    // The name that TensorBoard looks for; two processes cannot have the same number at once.
    let seconds = Int(Date().timeIntervalSince1970)
    let path = "\(directory)/events.out.tfevents.\(seconds).\(getpid())"
    self.path = path
    do {
      try FileManager.default.createDirectory(
        atPath: directory, withIntermediateDirectories: true)
    } catch {
      throw .folder(path: directory, reason: error.localizedDescription)
    }
    let descriptor = System.retrying {
      open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    }
    guard descriptor >= 0 else {
      throw .file(.cannotWrite(path: path, reason: System.reason()))
    }
    file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    try add(.version, step: 0)
    // What another process has written of the steps that come now counts no more.
    try add(.start, step: step + 1)
    try flush()
  }

  func add(_ line: MetricsLine) throws(TrainingProblem) {
    let metrics = line.metrics
    let values: [(String, Float?)] = [
      ("loss/discriminator", metrics.discriminatorLoss),
      ("loss/generator", metrics.generatorLoss),
      ("D/real", metrics.meanOnReal), ("D/generated", metrics.meanOnFake),
      ("score/real", metrics.scoreOnReal), ("score/generated", metrics.scoreOnFake),
      ("health/spread", line.vitals?.spread), ("health/nearest", line.vitals?.nearest),
      ("health/between", line.vitals?.between),
      ("health/dead channels", line.vitals?.deadChannels),
    ]
    try add(
      .scalars(values.compactMap { name, value in value.map { (name: name, value: $0) } }),
      step: line.step)
  }

  /// The sheet of samples that is at `path`.
  func add(sheet path: String, of spec: Spec, step: Int) throws(TrainingProblem) {
    let png = try looking { () throws(FileProblem) in
      let file = try OpenFile(path: path)
      return try file.bytes(at: 0, count: file.length)
    }
    // A PNG file has its width and height at bytes 16 to 23.
    func size(at offset: Int) -> Int {
      png.count < 24 ? 0 : png[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
    }
    try add(
      .image(
        name: "samples", height: size(at: 20), width: size(at: 16),
        channels: spec.image.shownChannels, png: png), step: step)
    try flush()
  }

  /// What the parameters of both networks are now.
  func addHistograms(of session: TrainingSession) throws(TrainingProblem) {
    for tensor in session.tensors where !tensor.isOptimizerState {
      let histogram = try onDevice { () throws(DeviceProblem) in
        try session.state.withElements(of: tensor.name) { Histogram(of: $0) }
      }
      if histogram.count > 0 {
        try add(.histogram(name: tensor.name, histogram), step: session.position.step)
      }
    }
  }

  private func add(_ event: EventRecord, step: Int) throws(TrainingProblem) {
    pending += event.bytes(time: Date().timeIntervalSince1970, step: step)
    if ContinuousClock.now - lastFlush > Self.flushInterval { try flush() }
  }

  func flush() throws(TrainingProblem) {
    lastFlush = .now
    if pending.isEmpty { return }
    do {
      try file.write(contentsOf: Data(pending))
      pending = []
    } catch {
      throw .file(.cannotWrite(path: path, reason: System.reason()))
    }
  }
}
