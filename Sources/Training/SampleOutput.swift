import Files
import Datasets
import Foundation
import Images
import Interchange
import Model
import Spec

/// Where generated images go; the name's ending decides about the form.
package enum SampleOutput: Hashable, Sendable {
  /// One sheet: `grid.png`.
  case grid(path: String)
  /// The tensors `images` [N, C, H, W] in the spec's range, `z` [N, Z], `labels` [N].
  case safetensors(path: String)
  /// 8-bit IDX like MNIST's files; the labels in a second file.
  case idx(path: String)
  /// A folder with one PNG an image.
  case folder(path: String)

  package init(path: String) {
    switch (path as NSString).pathExtension.lowercased() {
    case "png": self = .grid(path: path)
    case "safetensors": self = .safetensors(path: path)
    case "idx": self = .idx(path: path)
    default: self = .folder(path: path)
    }
  }

  /// Writes the samples; returns the paths that were written, a folder as itself.
  package func write(
    _ samples: Sampler.Samples, of spec: Spec
  ) throws(TrainingProblem) -> [String] {
    let image = spec.image
    let count = samples.images.count / (image.height * image.width * image.channels)
    switch self {
    case .grid(let path):
      let columns = Int(Double(count).squareRoot().rounded(.up))
      try GridFile(spec: spec, columns: columns).write(samples.images, to: path)
      return [path]

    case .safetensors(let path):
      let shape = [count, image.channels, image.height, image.width]
      let planes = samples.images.withUnsafeBufferPointer {
        permuted(
          $0, shape: [count, image.height, image.width, image.channels], axes: [0, 3, 1, 2])
      }
      var entries = [
        SafetensorsEntry("images", shape: shape, floats: planes),
        SafetensorsEntry("z", shape: [count, spec.latent.size], floats: samples.z),
      ]
      if let labels = samples.labels {
        entries.append(
          SafetensorsEntry("labels", shape: [count], integers: labels.map(Int64.init)))
      }
      do { try SafetensorsFile.write(entries, to: path) } catch { throw .file(error) }
      return [path]

    case .idx(let path):
      let bytes = bytes(of: samples.images, spec)
      let imageShape = ImageShape(
        height: image.height, width: image.width, channels: image.channels)
      let labelsPath = (path as NSString).deletingPathExtension + "-labels.idx"
      let labels = samples.labels.map { (values: $0.map(UInt8.init), path: labelsPath) }
      try writing { () throws(FileProblem) in
        try IDX.write(bytes, shape: imageShape, to: path, labels: labels)
      }
      return labels == nil ? [path] : [path, labelsPath]

    case .folder(let path):
      try writeFiles(samples, count: count, of: spec, to: path)
      return [path]
    }
  }

  private func writeFiles(
    _ samples: Sampler.Samples, count: Int, of spec: Spec, to folder: String
  ) throws(TrainingProblem) {
    try RunFolder.create(folder)
    let (image, bytes) = (spec.image, bytes(of: samples.images, spec))
    let size = image.height * image.width * image.channels
    let digits = max(5, "\(count - 1)".count)
    for index in 0..<count {
      let number = String(repeating: "0", count: digits - "\(index)".count) + "\(index)"
      let label = samples.labels.map { "-\($0[index])" } ?? ""
      let buffer = ImageBuffer(
        height: image.height, width: image.width, channels: image.channels,
        bytes: Array(bytes[index * size..<(index + 1) * size]))
      let encoded: [UInt8]
      do { encoded = try PNG.encode(buffer) } catch { throw .image(error) }
      try writing { () throws(FileProblem) in
        try AtomicFile.write(encoded, to: "\(folder)/\(number)\(label).png")
      }
    }
  }

  private func writing(_ body: () throws(FileProblem) -> Void) throws(TrainingProblem) {
    do { try body() } catch { throw .file(error) }
  }

  private func bytes(of images: [Float], _ spec: Spec) -> [UInt8] {
    let range = spec.image.pixelRange
    return images.map { ImageBuffer.byte($0, in: range) }
  }
}
