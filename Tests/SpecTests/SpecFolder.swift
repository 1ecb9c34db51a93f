import Diagnostics
import Document
import Foundation
import Spec

/// Spec files in a folder of their own, which goes away with the value's owner.
final class SpecFolder {
  let path: String

  /// Writes the files; those without sections of their own get what a small clean spec has.
  init(_ files: [String: String]) throws {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("dcgan-\(UUID())")
    path = url.path
    for (name, text) in files {
      let file = url.appendingPathComponent(name)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func decode(
    _ name: String, set: [String] = []
  ) throws -> (spec: Spec?, diagnostics: [Diagnostic]) {
    try Spec.load("\(path)/\(name)", settings: CommandLineSettings(set.map { .set($0) }))
  }

  /// What is said of a file, without the folder in front of paths.
  func messages(_ name: String, set: [String] = []) throws -> String {
    try decode(name, set: set).diagnostics.map { TextRenderer().render($0) }
      .joined(separator: "\n").replacingOccurrences(of: path + "/", with: "")
  }

  /// A spec that others extend: a generator from 4 × 4 to 16 × 16 maps.
  static let base = """
    dcgan: 1
    name: base
    let: {size: 16, width: 8, first: 2 * width}
    image: {size: size, channels: 3}
    generator:
      defaults: {kernel: 4, stride: 2, norm: batch, activation: relu}
      layers:
        - project: {to: [first, 4, 4]}
        - repeat: {for: i in 1..1, layers: [conv_transpose: {filters: width / i}]}
        - conv_transpose: {name: image, filters: 3, norm: none, activation: tanh}
    discriminator:
      defaults: {kernel: 4, stride: 2, norm: batch, activation: {leaky_relu: 0.2}}
      layers:
        - conv: {filters: width, norm: none}
        - conv: {filters: width * 2}
        - linear: {units: 1, norm: none, activation: sigmoid}
    train: {batch: 32, optimizer: {adam: {learning_rate: 0.001, beta1: 0.9}}}
    """
}

extension NetworkSpec {
  /// As in `conv_transpose1 12`, the number being the filters, the units or the projection's size.
  var outline: [String] {
    layers.map { layer in
      let size = layer.main["filters"] ?? layer.main["units"] ?? layer.main["to"] ?? ""
      return "\(layer.name) \(size)"
    }
  }
}
