import Diagnostics
import Document
import Foundation
import Spec

/// A spec in a test: only the sections that matter, completed by those of a small clean DCGAN.
struct SpecText {
  let text: String

  init(_ sections: String) {
    let written = Set(Self.keys(of: sections))
    let others = Self.base.filter { !written.contains($0.key) }.map(\.text)
    text = ([sections] + others).joined(separator: "\n") + "\n"
  }

  var decoded: (spec: Spec?, diagnostics: [Diagnostic]) {
    Spec.decode(text, path: "spec.yaml")
  }

  /// As in `3:5 S223 there is no layer …`; notes after a `|`.
  var problems: [String] {
    decoded.diagnostics.map { problem in
      let start = problem.primary.span.start
      return (["\(start.line):\(start.column) \(problem.code) \(problem.message)"] + problem.notes)
        .joined(separator: " | ")
    }
  }

  private static func keys(of text: String) -> [String] {
    text.split(separator: "\n").filter { $0.first != " " && $0.first != "#" }
      .map { String($0.prefix { $0 != ":" }) }
  }

  private static let base: [(key: String, text: String)] = [
    ("dcgan", "dcgan: 1"),
    ("name", "name: test"),
    ("image", "image: {size: 8, channels: 3}"),
    (
      "generator",
      """
      generator:
        layers:
          - project: {to: [4, 4, 4], norm: batch, activation: relu}
          - conv_transpose: {filters: 3, kernel: 4, stride: 2, activation: tanh}
      """
    ),
    (
      "discriminator",
      """
      discriminator:
        layers:
          - conv: {filters: 4, kernel: 4, stride: 2, activation: leaky_relu}
          - linear: {units: 1, activation: sigmoid}
      """
    ),
  ]
}

/// Where the package lies.
let packageFolder = URL(fileURLWithPath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

/// The files with the ending `.yaml` in a folder of the package, by name.
func specPaths(in folder: String) -> [String] {
  let files =
    (try? FileManager.default.contentsOfDirectory(atPath: "\(packageFolder)/\(folder)")) ?? []
  return files.filter { $0.hasSuffix(".yaml") }.sorted().map { "\(packageFolder)/\(folder)/\($0)" }
}
