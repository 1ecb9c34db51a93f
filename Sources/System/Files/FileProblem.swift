/// What the outside world refused: each case names the file and, in the system's words, why.
package enum FileProblem: Error, Equatable, Sendable {
  case cannotOpen(path: String, reason: String)
  case cannotRead(path: String, reason: String)
  case cannotWrite(path: String, reason: String)
  /// A pipe whose other end was closed.
  case readerGone(path: String)
  /// A folder, a pipe or a device, where a file of known length is needed.
  case notAFile(path: String)
  /// The file became shorter after its length was taken.
  case shortened(path: String, offset: Int, expected: Int, found: Int)
  /// A folder that another process writes into.
  case locked(path: String, holder: String)
}

extension FileProblem: CustomStringConvertible {
  package var description: String {
    switch self {
    case .cannotOpen(let path, let reason): "cannot open \(path.visible): \(reason)"
    case .cannotRead(let path, let reason): "cannot read \(path.visible): \(reason)"
    case .cannotWrite(let path, let reason): "cannot write \(path.visible): \(reason)"
    case .readerGone(let path): "cannot write \(path.visible): its reader has gone"
    case .notAFile(let path): "\(path.visible) is not a regular file"
    case .shortened(let path, let offset, let expected, let found):
      "\(path.visible) became shorter while it was read: \(expected) bytes expected at byte \(offset), "
        + "\(found) found"
    case .locked(let path, let holder):
      "\(path.visible): \(holder) is writing into this folder; wait for it, or choose another with --out"
    }
  }
}
