import Files

/// Why a file is not a safetensors file that can be read.
package enum SafetensorsProblem: Error, Equatable, Sendable {
  case file(FileProblem)
  /// Another kind of file, which is recognised by how it begins.
  case foreign(path: String, content: FileContent)
  /// Fewer than the eight bytes of the header's length.
  case tooShort(path: String, length: Int)
  case headerTooLong(path: String, found: UInt64, limit: Int)
  case headerBeyondEnd(path: String, header: Int, length: Int)
  /// `offset` counts from the start of the file.
  case header(path: String, offset: Int, expected: String, found: String)
  case duplicateName(path: String, name: String)
  case unknownType(path: String, tensor: String, found: String)
  case shapeOverflow(path: String, tensor: String, shape: [Int])
  /// The offsets span another number of bytes than shape and type ask for.
  case wrongByteCount(path: String, tensor: String, expected: Int, found: Int)
  case reversedOffsets(path: String, tensor: String, begin: Int, end: Int)
  /// Offsets count from the end of the header, here and in the next three.
  case beyondEnd(path: String, tensor: String, end: Int, available: Int)
  case overlap(path: String, tensor: String, begin: Int, other: String, otherEnd: Int)
  case hole(path: String, tensor: String, begin: Int, expected: Int)
  case trailingBytes(path: String, expected: Int, found: Int)
  case noSuchTensor(path: String, name: String)
  /// The file is not what was written.
  case wrongChecksum(path: String, expected: String, found: String)
  /// The tensor is there, but holds another type than was asked for.
  case wrongType(path: String, tensor: String, expected: [SafetensorsType], found: SafetensorsType)
}

extension SafetensorsProblem: CustomStringConvertible {
  package var description: String {
    switch self {
    case .file(let problem): problem.description
    case .foreign(let path, let content):
      "\(path.visible): not a safetensors file: \(content.sentence)"
    case .tooShort(let path, let length):
      "\(path.visible): not a safetensors file: it has \(length) bytes, the header's length alone takes 8"
    case .headerTooLong(let path, let found, let limit):
      "\(path.visible): not a safetensors file: the header's length is given as \(found) bytes, "
        + "at most \(limit) are allowed"
    case .headerBeyondEnd(let path, let header, let length):
      "\(path.visible): truncated: a header of \(header) bytes is declared, the file has \(length) bytes"
    case .header(let path, let offset, let expected, let found):
      "\(path.visible): byte \(offset) of the header: expected \(expected), found \(found.excerpt())"
    case .duplicateName(let path, let name):
      "\(path.visible): the name '\(name.excerpt())' appears twice"
    case .unknownType(let path, let tensor, let found):
      "\(path.visible): tensor '\(tensor.excerpt())' has the type '\(found.excerpt())'; this program reads "
        + SafetensorsType.allCases.map(\.rawValue).joined(separator: ", ")
    case .shapeOverflow(let path, let tensor, let shape):
      "\(path.visible): tensor '\(tensor.excerpt())': the shape \(shape) has more elements than memory has addresses"
    case .wrongByteCount(let path, let tensor, let expected, let found):
      "\(path.visible): tensor '\(tensor.excerpt())': its shape and type take \(expected) bytes, "
        + "its offsets span \(found)"
    case .reversedOffsets(let path, let tensor, let begin, let end):
      "\(path.visible): tensor '\(tensor.excerpt())': it ends at byte \(end), before its begin at byte \(begin)"
    case .beyondEnd(let path, let tensor, let end, let available):
      "\(path.visible): truncated: tensor '\(tensor.excerpt())' ends at byte \(end) of the data, "
        + "the file has \(available)"
    case .overlap(let path, let tensor, let begin, let other, let otherEnd):
      "\(path.visible): tensor '\(tensor.excerpt())' begins at byte \(begin), inside '\(other.excerpt())', "
        + "which ends at byte \(otherEnd)"
    case .hole(let path, let tensor, let begin, let expected):
      "\(path.visible): tensor '\(tensor.excerpt())' begins at byte \(begin), "
        + "the tensor before it ends at byte \(expected)"
    case .trailingBytes(let path, let expected, let found):
      "\(path.visible): the tensors take \(expected) bytes, the file has \(found) after its header"
    case .noSuchTensor(let path, let name):
      "\(path.visible): there is no tensor '\(name.excerpt())'"
    case .wrongChecksum(let path, let expected, let found):
      "\(path.visible): damaged: its checksum is \(found), \(expected) was written"
    case .wrongType(let path, let tensor, let expected, let found):
      "\(path.visible): tensor '\(tensor.excerpt())' has the type \(found.rawValue), expected "
        + expected.map(\.rawValue).joined(separator: " or ")
    }
  }
}
