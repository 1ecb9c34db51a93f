import Program

/// Why a program cannot be planned.
public enum PlanError: Error, Hashable, Sendable, CustomStringConvertible {
  /// An array has more elements than can be addressed.
  case tooLarge
  case unsupported(String)
  /// The processor does not have the instruction set asked for, only those of `available`.
  case lackingInstructions(Plan.ISA, available: [Plan.ISA])
  /// An output replaces an input of another shape.
  case changedShape(name: String, input: Shape, output: Shape)

  public var description: String {
    switch self {
    case .tooLarge: "an array of the program is too large"
    case .unsupported(let what): what
    case .lackingInstructions(let isa, let available):
      "this processor cannot run \(isa.rawValue) instructions; it can run "
        + available.map(\.rawValue).joined(separator: " and ")
    case .changedShape(let name, let input, let output):
      "the output \(name) \(output) replaces an input \(input)"
    }
  }
}

extension PlanError {
  /// That this processor does not have `isa`.
  public static func lacking(_ isa: Plan.ISA) -> PlanError {
    .lackingInstructions(isa, available: Plan.ISA.allCases.filter(\.isAvailable))
  }
}

/// Why a planned program cannot be run.
public enum RuntimeError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The system does not have this much memory besides what was taken before.
  case outOfMemory(bytes: Int, before: Int)
  case missingTensor(name: String)
  case wrongShape(name: String, expected: Shape, found: Shape)
  case wrongCount(name: String, expected: Int, found: Int)
  case threadFailed(code: Int)

  public var description: String {
    switch self {
    case .outOfMemory(let bytes, _): "no memory for \(bytes) bytes"
    case .missingTensor(let name): "there is no tensor \(name)"
    case .wrongShape(let name, let expected, let found):
      "the tensor \(name) has shape \(found), the program takes \(expected)"
    case .wrongCount(let name, let expected, let found):
      "\(found) numbers for the tensor \(name), which has \(expected)"
    case .threadFailed(let code): "a thread cannot be started (error \(code))"
    }
  }
}
