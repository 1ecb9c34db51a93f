import Files

/// Looks through the pages of an LMDB file before the library maps it into memory.
///
/// The library trusts what it reads: a number that leads out of the file would end the process. All
/// pages that lead to values are looked at, not the values themselves. Source: LMDB 0.9, mdb.c,
/// MDB_meta, MDB_page and MDB_node; numbers have the machine's byte order, here little-endian.
struct LMDBCheck {
  private let file: OpenFile
  private let pageSize: Int
  private let pages: Int
  /// Levels of the tree, its leaves included.
  private let depth: Int
  private let root: Int
  private var visited = 0

  private static let magic: UInt64 = 0xBEEF_C0DE
  private static let headerSize = 16
  private static let nodeSize = 8
  /// What the library's cursors have room for.
  private static let deepest = 32

  /// Throws where anything leads out of the file, or is not as the library expects it.
  static func check(_ file: OpenFile) throws(DatasetProblem) {
    var check = try LMDBCheck(file)
    if check.depth > 0 { try check.look(at: check.root, level: 1) }
  }

  private init(_ file: OpenFile) throws(DatasetProblem) {
    self.file = file
    func broken(_ reason: String) -> DatasetProblem {
      .brokenDatabase(path: file.path, reason: reason)
    }
    guard file.length >= 2 * 512 else { throw broken("the file is truncated") }
    let first = try Self.page(of: file, at: 0, size: 512)
    guard first.number(at: 16, bytes: 4) == Self.magic else {
      throw broken("it does not begin as LMDB files do")
    }
    guard first.number(at: 20, bytes: 4) == 1 else {
      throw broken("version \(first.number(at: 20, bytes: 4)) of the format, expected 1")
    }
    let pageSize = Int(first.number(at: Offset.pageSize, bytes: 4))
    guard (512...65536).contains(pageSize), pageSize & (pageSize - 1) == 0,
      2 * pageSize <= file.length
    else { throw broken("a page size of \(pageSize) bytes") }
    let second = try Self.page(of: file, at: pageSize, size: 512)
    // Of the two, the one that was written last holds, as the library has it.
    let isSecond =
      second.number(at: Offset.transaction, bytes: 8)
      > first.number(at: Offset.transaction, bytes: 8)
    for meta in [first, second] {
      guard meta.number(at: 16, bytes: 4) == Self.magic, meta.number(at: 20, bytes: 4) == 1,
        Int(meta.number(at: Offset.pageSize, bytes: 4)) == pageSize
      else { throw broken("its two first pages contradict each other") }
    }
    let meta = isSecond ? second : first
    let last = meta.number(at: Offset.lastPage, bytes: 8)
    self.pageSize = pageSize
    pages = file.length / pageSize
    guard last < UInt64(pages) else {
      throw .truncated(
        path: file.path,
        expected: Int(clamping: last).addingReportingOverflow(1).0
          .multipliedReportingOverflow(by: pageSize).0, found: file.length)
    }
    guard meta.number(at: Offset.flags, bytes: 2) == 0 else {
      throw broken("it has several values for a key, or keys that are numbers")
    }
    depth = Int(meta.number(at: Offset.depth, bytes: 2))
    let root = meta.number(at: Offset.root, bytes: 8)
    guard depth <= Self.deepest, depth == 0 ? root == .max : root < UInt64(pages) else {
      throw broken("its tree begins outside of the file")
    }
    self.root = depth == 0 ? 0 : Int(root)
  }

  /// Where the numbers of the main database are in a meta page, in bytes.
  private enum Offset {
    private static let databases = 16 + 24
    static let pageSize = databases
    private static let main = databases + 48
    static let flags = main + 4
    static let depth = main + 6
    static let root = main + 40
    static let lastPage = main + 48
    static let transaction = main + 56
  }

  private mutating func look(at number: Int, level: Int) throws(DatasetProblem) {
    visited += 1
    guard visited <= pages else { throw broken(number, "the tree has more pages than the file") }
    let page = try Self.page(of: file, at: number * pageSize, size: pageSize)
    let isLeaf = level == depth
    guard page.number(at: 0, bytes: 8) == UInt64(number),
      page.number(at: 10, bytes: 2) == (isLeaf ? 0x02 : 0x01)
    else { throw broken(number, "it is not what leads to it") }
    let (lower, upper) = (Int(page.number(at: 12, bytes: 2)), Int(page.number(at: 14, bytes: 2)))
    guard lower >= Self.headerSize + 2, lower % 2 == 0, lower <= upper, upper <= pageSize else {
      throw broken(number, "its parts overlap")
    }
    let count = (lower - Self.headerSize) / 2
    guard isLeaf || count > 1 else { throw broken(number, "a branch that does not branch") }
    for place in 0..<count {
      let start = Int(page.number(at: Self.headerSize + 2 * place, bytes: 2))
      guard start >= upper, start % 2 == 0, start + Self.nodeSize <= pageSize else {
        throw broken(number, "an entry lies outside of it")
      }
      let key = Int(page.number(at: start + 6, bytes: 2))
      let data = start + Self.nodeSize + key
      guard key <= 511, data <= pageSize else { throw broken(number, "a key leaves it") }
      let flags = page.number(at: start + 4, bytes: 2)
      if isLeaf {
        let size = Int(page.number(at: start, bytes: 4))
        try look(atValue: size, flags: flags, at: data, of: page, number)
      } else {
        let child = page.number(at: start, bytes: 4) | flags << 32
        guard child > 1, child < UInt64(pages) else {
          throw broken(number, "it leads out of the file")
        }
        try look(at: Int(child), level: level + 1)
      }
    }
  }

  private func look(
    atValue size: Int, flags: UInt64, at data: Int, of page: [UInt8], _ number: Int
  ) throws(DatasetProblem) {
    switch flags {
    case 0:
      guard data + size <= pageSize else { throw broken(number, "a value leaves it") }
    case 1:
      // On pages of its own.
      guard data + 8 <= pageSize else { throw broken(number, "a value leaves it") }
      let first = page.number(at: data, bytes: 8)
      let needed = (Self.headerSize + size + pageSize - 1) / pageSize
      guard first > 1, first <= UInt64(pages), Int(first) + needed <= pages else {
        throw broken(number, "a value lies outside of the file")
      }
    default: throw broken(number, "an entry that is no value")
    }
  }

  private func broken(_ page: Int, _ reason: String) -> DatasetProblem {
    .brokenDatabase(path: file.path, reason: "page \(page): \(reason)")
  }

  private static func page(
    of file: OpenFile, at offset: Int, size: Int
  ) throws(DatasetProblem) -> [UInt8] {
    do throws(FileProblem) { return try file.bytes(at: offset, count: size) } catch {
      throw .file(error)
    }
  }
}

extension [UInt8] {
  /// A little-endian number.
  fileprivate func number(at offset: Int, bytes: Int) -> UInt64 {
    self[offset..<offset + bytes].reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
}
