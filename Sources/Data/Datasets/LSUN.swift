import CLMDB
import Files
import Synchronization

/// The pictures of an LMDB database, as LSUN publishes them: each value is a picture.
///
/// The pictures come in the order of their keys. Nothing is written, and no lock is taken: the
/// folder may be on a disk that cannot be written to. Source: Yu et al. 2015; github.com/fyu/lsun.
final class LSUN: PictureCollection, @unchecked Sendable {
  // Rule behind `@unchecked Sendable`: the database and the transaction are used under `lock` only.
  let name = "lsun"
  let labelNames: [String]? = nil
  private let path: String
  private let keys: Keys
  private let environment: OpaquePointer
  private let transaction: OpaquePointer
  private let database: MDB_dbi
  private let lock = Mutex(())

  /// - Parameter path: the folder with `data.mdb`, or the file itself.
  init(at path: String) throws(DatasetProblem) {
    let file = try Self.file(at: path)
    self.path = file.path
    try LMDBCheck.check(file)
    var environment: OpaquePointer?
    try Self.check(mdb_env_create(&environment), file.path)
    guard let environment else { throw .brokenDatabase(path: file.path, reason: "no memory") }
    do throws(DatasetProblem) {
      let flags = UInt32(MDB_RDONLY) | UInt32(MDB_NOLOCK) | UInt32(MDB_NOSUBDIR)
      try Self.check(
        mdb_env_open(
          environment, file.path, flags | UInt32(MDB_NOTLS) | UInt32(MDB_NORDAHEAD), 0o400),
        file.path)
      var transaction: OpaquePointer?
      try Self.check(mdb_txn_begin(environment, nil, UInt32(MDB_RDONLY), &transaction), file.path)
      guard let transaction else { throw .brokenDatabase(path: file.path, reason: "no memory") }
      var database: MDB_dbi = 0
      try Self.check(mdb_dbi_open(transaction, nil, 0, &database), file.path)
      self.environment = environment
      self.transaction = transaction
      self.database = database
      keys = try Self.keys(transaction, database, file.path)
    } catch {
      mdb_env_close(environment)
      throw error
    }
  }

  deinit {
    mdb_txn_abort(transaction)
    mdb_env_close(environment)
  }

  var count: Int { keys.count }

  func bytes(at index: Int) throws(DatasetProblem) -> [UInt8] {
    var name = keys[index]
    let result: Result<[UInt8], DatasetProblem> = lock.withLock { _ in
      name.withUnsafeMutableBytes { bytes in
        var key = MDB_val(mv_size: bytes.count, mv_data: bytes.baseAddress)
        var value = MDB_val()
        let status = mdb_get(transaction, database, &key, &value)
        guard status == MDB_SUCCESS else {
          return .failure(.brokenDatabase(path: path, reason: Self.sentence(status)))
        }
        // The value lies in the mapped file until the transaction ends.
        return .success(
          Array(UnsafeRawBufferPointer(start: value.mv_data, count: value.mv_size)))
      }
    }
    return try result.get()
  }

  func place(of index: Int) -> String { String(decoding: keys[index], as: UTF8.self) }

  func label(at index: Int) -> Int? { nil }

  private static func file(at path: String) throws(DatasetProblem) -> OpenFile {
    do throws(FileProblem) {
      if try Folder.kind(of: path) != .folder { return try OpenFile(path: path) }
      if try Folder.kind(of: "\(path)/data.mdb") == .file {
        return try OpenFile(path: "\(path)/data.mdb")
      }
    } catch {
      throw .file(error)
    }
    let names = try PictureFolder.names(in: path)
    for name in names {
      // The folder above the one that is wanted.
      if Folder.sees(.file, at: "\(path)/\(name)/data.mdb") {
        return try self.file(at: "\(path)/\(name)")
      }
    }
    // Two levels further up.
    for name in names {
      for inner in Folder.seenNames(in: "\(path)/\(name)") {
        let folder = "\(path)/\(name)/\(inner)"
        if Folder.sees(.file, at: "\(folder)/data.mdb") {
          throw .noDatabase(path: path, found: names, instead: folder)
        }
      }
    }
    throw .noDatabase(path: path, found: names, instead: nil)
  }

  private static func keys(
    _ transaction: OpaquePointer, _ database: MDB_dbi, _ path: String
  ) throws(DatasetProblem) -> Keys {
    var cursor: OpaquePointer?
    try check(mdb_cursor_open(transaction, database, &cursor), path)
    defer { mdb_cursor_close(cursor) }
    var keys = Keys()
    var (key, value) = (MDB_val(), MDB_val())
    while true {
      let status = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)
      if status == MDB_NOTFOUND { break }
      try check(status, path)
      keys.append(UnsafeRawBufferPointer(start: key.mv_data, count: key.mv_size))
    }
    guard keys.count > 0 else { throw .brokenDatabase(path: path, reason: "it has no entries") }
    return keys
  }

  private static func check(_ status: Int32, _ path: String) throws(DatasetProblem) {
    if status != MDB_SUCCESS { throw .brokenDatabase(path: path, reason: sentence(status)) }
  }

  private static func sentence(_ status: Int32) -> String { String(cString: mdb_strerror(status)) }
}

/// Many short texts in one piece of memory.
private struct Keys {
  private var bytes: [UInt8] = []
  private var ends: [Int] = []

  var count: Int { ends.count }

  subscript(index: Int) -> [UInt8] {
    Array(bytes[(index == 0 ? 0 : ends[index - 1])..<ends[index]])
  }

  mutating func append(_ key: UnsafeRawBufferPointer) {
    bytes.append(contentsOf: key)
    ends.append(bytes.count)
  }
}
