import Files
import Program

/// Why a device cannot do what it is asked.
package enum DeviceProblem: Error, Hashable, Sendable {
  /// The system does not have this much memory besides what was taken before.
  case outOfMemory(bytes: Int, before: Int)
  case missingTensor(name: String)
  case wrongShape(name: String, expected: Shape, found: Shape)
  case wrongCount(name: String, expected: Int, found: Int)
  /// The device cannot run this program, or cannot run at all, for a reason of its own.
  case unable(reason: String)
}

extension DeviceProblem: CustomStringConvertible {
  package var description: String {
    switch self {
    case .outOfMemory(let bytes, let before):
      "no memory: \(bytes.mebibytes) are needed besides \(before.mebibytes), and this process may "
        + "use \(MachineMemory.limit.mebibytes); a smaller batch or fewer filters need less"
    case .missingTensor(let name): "there is no tensor \(name)"
    case .wrongShape(let name, let expected, let found):
      "the tensor \(name) has shape \(found), the program takes \(expected)"
    case .wrongCount(let name, let expected, let found):
      "\(found) numbers for the tensor \(name), which has \(expected)"
    case .unable(let reason): reason
    }
  }
}
