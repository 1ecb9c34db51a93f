import Foundation
import Interchange
import Testing

/// One case of a file of operations: inputs, attributes, and what PyTorch computed.
struct OperationCase: Sendable, CustomTestStringConvertible {
  let file: String
  let name: String
  let operation: String
  /// As JSON text: `[String: Any]` is not `Sendable`.
  private let attributeText: Data
  let inputs: [String: Values]
  let upstream: [String: Values]
  let outputs: [String: Values]
  let gradients: [String: Values]

  var testDescription: String { "\(file)/\(name)" }

  var attributes: [String: Any] {
    (try? JSONSerialization.jsonObject(with: attributeText) as? [String: Any]) ?? [:]
  }

  func integer(_ name: String) throws -> Int { try #require(attributes[name] as? Int) }
  func number(_ name: String) throws -> Double {
    try #require(attributes[name] as? NSNumber).doubleValue
  }

  /// All cases of all files under the fixture's `ops` folder.
  static let all: [OperationCase] = {
    do { return try Fixture.files("ops").flatMap(cases(of:)) } catch {
      fatalError("the fixture cannot be read: \(error)")
    }
  }()

  private static func cases(of path: String) throws -> [OperationCase] {
    let file = try SafetensorsFile(contentsOf: path)
    let data = Data((file.metadata["cases"] ?? "[]").utf8)
    let cases = try #require(try JSONSerialization.jsonObject(with: data) as? [[String: Any]])
    var tensors: [String: [String: [String: Values]]] = [:]
    // <case>.<role>.<tensor>: no case's name has a dot.
    for tensor in file.tensors {
      let parts = tensor.name.split(separator: ".", maxSplits: 2).map(String.init)
      tensors[parts[0], default: [:]][parts[1], default: [:]][parts[2]] = try Values(tensor)
    }
    return try cases.map { entry in
      let name = try #require(entry["name"] as? String)
      let roles = tensors[name] ?? [:]
      return OperationCase(
        file: URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent, name: name,
        operation: try #require(entry["operation"] as? String),
        attributeText: try JSONSerialization.data(withJSONObject: entry["attributes"] ?? [:]),
        inputs: roles["input"] ?? [:], upstream: roles["upstream"] ?? [:],
        outputs: roles["output"] ?? [:], gradients: roles["gradient"] ?? [:])
    }
  }
}

extension Values {
  init(_ tensor: StoredTensor) throws {
    let elements: [Double] =
      switch tensor.type {
      case .float64: try tensor.doubles()
      case .float32: try tensor.floats().map(Double.init)
      case .int64, .int32, .uint8: try tensor.integers().map(Double.init)
      }
    self.init(shape: tensor.shape, elements: elements)
  }
}

/// Tests/Fixtures/Conformance.
enum Fixture {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Fixtures/Conformance").path

  /// The paths of the safetensors files of a sub-folder, by name.
  static func files(_ folder: String) throws -> [String] {
    let path = "\(Self.folder)/\(folder)"
    return try FileManager.default.contentsOfDirectory(atPath: path).sorted()
      .filter { $0.hasSuffix(".safetensors") }.map { "\(path)/\($0)" }
  }
}
