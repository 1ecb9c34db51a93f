import Files

/// What a library's file says of itself, read before the library is loaded: loading runs its code.
struct PluginFile {
  /// Why a file cannot be a plugin for this processor, in words that follow its name.
  enum Fault: Error, Equatable {
    case unreadable(FileProblem)
    case notALibrary
    case otherProcessor(machine: Int)
    case damaged
    case noSymbol
  }

  /// What every plugin has.
  static let symbol = "GetPjrtApi"

  /// The processor's number in the header of a library; nil where it is not known.
  private static var machine: Int? {
    #if arch(x86_64)
      62
    #elseif arch(arm64)
      183
    #else
      nil
    #endif
  }

  /// Checks a shared library of Linux.
  ///
  /// Source: System V ABI, chapters 4 and 5.
  static func check(_ path: String) throws(Fault) {
    let file: OpenFile
    do { file = try OpenFile(path: path) } catch { throw .unreadable(error) }
    guard file.length >= 64 else { throw .notALibrary }
    let header = try bytes(of: file, at: 0, count: 64)
    let isShared = number(header, at: 16, size: 2) == 3
    guard header.starts(with: [0x7F, 0x45, 0x4C, 0x46]), isShared else { throw .notALibrary }
    // 64 bits, least significant byte first: all that Swift on Linux runs on.
    let kind = number(header, at: 18, size: 2)
    guard header[4] == 2, header[5] == 1, machine == nil || machine == kind else {
      throw .otherProcessor(machine: kind)
    }
    guard try names(in: file, header).contains(symbol) else { throw .noSymbol }
  }

  /// The table of the names that the library gives and asks for.
  private static func names(in file: OpenFile, _ header: [UInt8]) throws(Fault) -> NameTable {
    let (start, size) = (number(header, at: 32, size: 8), number(header, at: 54, size: 2))
    let count = number(header, at: 56, size: 2)
    guard size >= 56 else { throw .damaged }
    let segments = try bytes(of: file, at: start, count: size * count)
    var loaded: [Segment] = []
    var table: [UInt8] = []
    for index in 0..<count {
      let at = index * size
      let segment = Segment(
        offset: number(segments, at: at + 8, size: 8),
        address: number(segments, at: at + 16, size: 8),
        length: number(segments, at: at + 32, size: 8))
      switch number(segments, at: at, size: 4) {
      case 1: loaded.append(segment)
      case 2: table = try bytes(of: file, at: segment.offset, count: segment.length)
      default: continue
      }
    }
    // Pairs of a tag and a value: 5 is the address of the names, 10 their length.
    var (address, length): (Int?, Int?) = (nil, nil)
    for at in stride(from: 0, to: table.count - 15, by: 16) {
      let value = number(table, at: at + 8, size: 8)
      switch number(table, at: at, size: 8) {
      case 5: address = value
      case 10: length = value
      default: continue
      }
    }
    guard let address, let length,
      let segment = loaded.first(where: {
        $0.address <= address && address - $0.address < $0.length
      })
    else { throw .damaged }
    return NameTable(
      bytes: try bytes(
        of: file, at: segment.offset + (address - segment.address), count: length))
  }

  private struct Segment {
    let offset: Int
    let address: Int
    let length: Int
  }

  private struct NameTable {
    let bytes: [UInt8]

    func contains(_ name: String) -> Bool {
      let wanted = [0] + Array(name.utf8) + [0]
      var start = bytes.startIndex
      while let zero = bytes[start...].firstIndex(of: 0), zero + wanted.count <= bytes.count {
        if bytes[zero..<zero + wanted.count].elementsEqual(wanted) { return true }
        start = zero + 1
      }
      return false
    }
  }

  /// Bytes that the file says are there.
  private static func bytes(
    of file: OpenFile, at offset: Int, count: Int
  ) throws(Fault) -> [UInt8] {
    guard offset >= 0, count >= 0, offset <= file.length, count <= file.length - offset else {
      throw .damaged
    }
    do { return try file.bytes(at: offset, count: count) } catch { throw .unreadable(error) }
  }

  /// Of the range of `Int`; what is larger becomes its largest, which no file is as long as.
  private static func number(_ bytes: [UInt8], at offset: Int, size: Int) -> Int {
    var number: UInt64 = 0
    for index in (0..<size).reversed() { number = number << 8 | UInt64(bytes[offset + index]) }
    return Int(clamping: number)
  }
}

extension PluginFile.Fault: CustomStringConvertible {
  var description: String {
    switch self {
    case .unreadable(let problem): "\(problem)"
    case .notALibrary: "is no shared library; a PJRT plugin is one, with the ending .so"
    case .otherProcessor(let machine):
      "is a library for another processor (machine \(machine) in its header)"
    case .damaged: "is a damaged library: what its header describes is not in the file"
    case .noSymbol: "is no PJRT plugin: it has no symbol \(PluginFile.symbol)"
    }
  }
}
