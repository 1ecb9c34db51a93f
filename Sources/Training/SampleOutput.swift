import Datasets
import Files
import Foundation
import Images
import Interchange
import Model
import Spec

/// Where generated images go; the ending of the name selects the format.
package enum SampleOutput: Hashable, Sendable {
  /// One sheet: `grid.png`.
  case grid(path: String)
  /// The tensors `images` [N, C, H, W] in the spec's range, `z` [N, Z], `labels` [N].
  case safetensors(path: String)
  /// 8-bit IDX like MNIST's files; the labels in a second file.
  case idx(path: String)
  /// A folder with one PNG for each image.
  case folder(path: String)

  /// Throws `TrainingProblem.unknownFormat` for an ending that is not known: only names without one
  /// and names that end with a slash are folders.
  package init(path: String) throws(TrainingProblem) {
    let ending = (path as NSString).pathExtension.lowercased()
    switch ending {
    case "png": self = .grid(path: path)
    case "safetensors": self = .safetensors(path: path)
    case "idx": self = .idx(path: path)
    // What cannot be looked at is reported when it is written.
    case _ where ending.isEmpty || path.hasSuffix("/") || Folder.sees(.folder, at: path):
      self = .folder(path: path)
    default: throw .unknownFormat(path: path, ending: ending)
    }
  }

  /// Makes `count` images and writes them as they are made; returns the paths, a folder as itself.
  package func write(
    _ sampler: Sampler, count: Int, seed: UInt64, classes: [Int]
  ) throws(TrainingProblem) -> [String] {
    let samples = try SampleSequence(sampler: sampler, count: count, seed: seed, classes: classes)
    switch self {
    case .grid(let path):
      let columns = SampleSheet.columns(of: count, classes: classes.count)
      try GridFile(spec: sampler.spec, columns: columns).write(samples, to: path)
      return [path]
    case .safetensors(let path):
      try known { try writeTensors(samples, to: path) }
      return [path]
    case .idx(let path): return try known { try writeIDX(samples, to: path) }
    case .folder(let path):
      try writeFiles(samples, to: path)
      return [path]
    }
  }

  /// Two kinds of error leave the bodies below: of files, and of making the images.
  private func known<Result>(_ body: () throws -> Result) throws(TrainingProblem) -> Result {
    do { return try body() } catch let error as FileProblem {
      throw .file(error)
    } catch let error as TrainingProblem {
      throw error
    } catch {
      preconditionFailure("\(error)")
    }
  }

  private func writeTensors(_ samples: SampleSequence, to path: String) throws {
    let (spec, count) = (samples.sampler.spec, samples.count)
    let image = spec.image
    var layouts = [
      SafetensorsLayout(
        "images", type: .float32, shape: [count, image.channels, image.height, image.width]),
      SafetensorsLayout("z", type: .float32, shape: [count, spec.latent.size]),
    ]
    if spec.condition != nil {
      // Larger elements go first: each tensor is aligned.
      layouts.insert(SafetensorsLayout("labels", type: .int64, shape: [count]), at: 0)
    }
    var file = try SafetensorsWriter(layouts, to: path)
    for items in samples.pieces where spec.condition != nil {
      let labels = samples.labels(items).map { Int64($0) }
      try file.append(labels.span.bytes)
    }
    for items in samples.pieces {
      let images = try samples.make(items).images
      let planes = images.withUnsafeBufferPointer {
        permuted(
          $0, shape: [items.count, image.height, image.width, image.channels], axes: [0, 3, 1, 2])
      }
      try file.append(planes.span.bytes)
    }
    for items in samples.pieces {
      let z = samples.z(items)
      try file.append(z.span.bytes)
    }
    try file.commit()
  }

  private func writeIDX(_ samples: SampleSequence, to path: String) throws -> [String] {
    let image = samples.sampler.spec.image
    let shape = ImageShape(height: image.height, width: image.width, channels: image.channels)
    let isConditional = samples.sampler.spec.condition != nil
    let labelsPath = (path as NSString).deletingPathExtension + "-labels.idx"
    var file = try IDXWriter(count: samples.count, shape: shape, to: path)
    for items in samples.pieces { try file.append(samples.bytes(samples.make(items).images)) }
    try file.commit()
    guard isConditional else { return [path] }
    if let label = samples.classes.first(where: { $0 > UInt8.max }) {
      throw TrainingProblem.labelBeyondByte(path: labelsPath, label: label)
    }
    var labels = try IDXWriter(labels: samples.count, to: labelsPath)
    for items in samples.pieces { try labels.append(samples.labels(items).map { UInt8($0) }) }
    try labels.commit()
    return [path, labelsPath]
  }

  private func writeFiles(
    _ samples: SampleSequence, to folder: String
  ) throws(TrainingProblem) {
    let present = try looking { () throws(FileProblem) in try Folder.names(in: folder) } ?? []
    // Five new images among thirty old ones would be taken for thirty-five of one kind.
    if let other = present.first(where: { $0.lowercased().hasSuffix(".png") }) {
      throw .imagesInTheWay(folder: folder, name: other)
    }
    try RunFolder.create(folder)
    let image = samples.sampler.spec.image
    let digits = max(5, "\(samples.count - 1)".count)
    for items in samples.pieces {
      let made = try samples.make(items)
      let bytes = samples.shownBytes(made.images)
      let size = bytes.count / items.count
      for (place, index) in items.enumerated() {
        let number = String(repeating: "0", count: digits - "\(index)".count) + "\(index)"
        let label = made.labels.map { "-\($0[place])" } ?? ""
        let buffer = ImageBuffer(
          height: image.height, width: image.width, channels: image.shownChannels,
          bytes: Array(bytes[place * size..<(place + 1) * size]))
        let encoded: [UInt8]
        do { encoded = try PNG.encode(buffer) } catch { throw .image(error) }
        do { try AtomicFile.write(encoded, to: "\(folder)/\(number)\(label).png") } catch {
          throw .file(error)
        }
      }
    }
  }
}

/// Images that are made when their turn comes, so that any number of them takes the memory of one
/// batch.
struct SampleSequence {
  let sampler: Sampler
  let count: Int
  let seed: UInt64
  let classes: [Int]

  init(
    sampler: Sampler, count: Int, seed: UInt64, classes: [Int]
  ) throws(TrainingProblem) {
    (self.sampler, self.count, self.seed, self.classes) = (sampler, count, seed, classes)
    try sampler.calibrate()
  }

  /// The images, a batch at a time.
  var pieces: [Range<Int>] {
    stride(from: 0, to: count, by: sampler.batch).map { $0..<min($0 + sampler.batch, count) }
  }

  func make(_ items: Range<Int>) throws(TrainingProblem) -> Sampler.Samples {
    try sampler.samples(items, seed: seed, classes: classes)
  }

  /// Latent vectors [N, Z].
  func z(_ items: Range<Int>) -> [Float] {
    sampler.spec.latent.noise(first: items.lowerBound, count: items.count, seed: seed)
  }

  /// Classes [N], of a conditional network.
  func labels(_ items: Range<Int>) -> [Int] { items.map { classes[$0 % classes.count] } }

  /// Pixels [N, H, W, C] as bytes.
  func bytes(_ images: [Float]) -> [UInt8] {
    let range = sampler.spec.image.pixelRange
    return images.map { ImageBuffer.byte($0, in: range) }
  }

  /// Pixels [N, H, W, 1 or 3] as bytes.
  func shownBytes(_ images: [Float]) -> [UInt8] { sampler.spec.image.shownBytes(images) }
}

extension ImageSpec {
  /// The channels of a PNG: of images that are neither grey nor RGB, the first three or the first.
  package var shownChannels: Int { channels >= 3 ? 3 : 1 }

  /// Pixels [N, H, W, C] in the spec's range as bytes [N, H, W, 1 or 3].
  package func shownBytes(_ images: [Float]) -> [UInt8] {
    let bytes = images.map { ImageBuffer.byte($0, in: pixelRange) }
    if channels == shownChannels { return bytes }
    return stride(from: 0, to: bytes.count, by: channels).flatMap {
      bytes[$0..<$0 + shownChannels]
    }
  }
}
