import CTransfer
import Files
import Foundation

/// A file on a web server, read in parts; a connection that breaks is taken up where it broke.
///
/// Servers that only send whole files are read once into a temporary file.
final class WebArchiveSource: ArchiveSource {
  private let address: String
  private let transfer: OpaquePointer
  private var offset = 0
  /// Bytes of the whole file, once the server has said it.
  private var total: Int?
  private var waiting: ArraySlice<UInt8> = []
  /// The whole file, from a server that sends no parts.
  private var copy: FileArchiveSource?

  /// Bytes of a request.
  private static let part = 1 << 22
  /// Seconds before each further try.
  private static let pauses: [Double] = [0.2, 0.5, 1, 2, 4, 8, 16]

  init(_ address: String) throws(DatasetProblem) {
    guard let transfer = ctransfer_new() else {
      throw .transfer(address: address, reason: "no memory")
    }
    self.address = address
    self.transfer = transfer
  }

  deinit { ctransfer_free(transfer) }

  override func read(_ count: Int) throws(DatasetProblem) -> [UInt8] {
    if let copy { return try copy.read(count) }
    if waiting.isEmpty {
      if let total, offset >= total { return [] }
      try fetch()
      if let copy { return try copy.read(count) }
    }
    let bytes = waiting.prefix(count)
    waiting = waiting.dropFirst(count)
    return Array(bytes)
  }

  /// Asks for the next part until it has come.
  private func fetch() throws(DatasetProblem) {
    var failures = 0
    while true {
      let sink = Sink()
      var answer = ctransfer_answer()
      var message = [CChar](repeating: 0, count: Int(ctransfer_message_size))
      let status = ctransfer_get(
        transfer, address, UInt64(offset), UInt64(offset + Self.part - 1),
        { context, bytes, count in
          guard let context, let bytes else { return 1 }
          return Unmanaged<Sink>.fromOpaque(context).takeUnretainedValue()
            .take(UnsafeBufferPointer(start: bytes, count: count))
        }, Unmanaged.passUnretained(sink).toOpaque(), &answer, &message)
      // The sink outlives the call above.
      withExtendedLifetime(sink) {}
      if let problem = sink.problem { throw .file(problem) }
      if answer.total >= 0, answer.status == 206 {
        if let total, total != Int(answer.total) {
          throw .transfer(
            address: address,
            reason: "the file changed its length from \(total) to \(answer.total) bytes")
        }
        total = Int(answer.total)
      }
      // 416: nothing lies behind the end.
      if answer.status == 416, offset > 0, total == nil || offset == total {
        total = offset
        return
      }
      if answer.status == 206, !sink.bytes.isEmpty {
        // What has come counts, even where the connection then broke.
        offset += sink.bytes.count
        waiting = sink.bytes[...]
        return
      }
      if status == 0, answer.status == 200 {
        guard answer.total < 0 || answer.total == sink.count else {
          throw .transfer(address: address, reason: "\(sink.count) of \(answer.total) bytes came")
        }
        // What came in parts before is not wanted again.
        let whole = try sink.file()
        whole.skip(offset)
        copy = whole
        return
      }
      let reason = String(
        decoding: message.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
      guard !(status != 0 && answer.is_lasting != 0), failures < Self.pauses.count else {
        throw .transfer(
          address: address,
          reason: (reason.isEmpty ? "nothing came" : reason)
            + (failures > 0 ? ", after \(failures + 1) tries" : ""))
      }
      Thread.sleep(forTimeInterval: Self.pauses[failures])
      failures += 1
    }
  }

  /// Takes what comes: a part into memory; more than a part, which only whole files are, to disk.
  private final class Sink {
    private(set) var bytes: [UInt8] = []
    private(set) var count = 0
    private(set) var problem: FileProblem?
    private var whole: TemporaryFile?

    func take(_ new: UnsafeBufferPointer<UInt8>) -> Int32 {
      do throws(FileProblem) {
        count += new.count
        if let whole {
          try whole.append(Array(new))
        } else {
          bytes += new
          if bytes.count > WebArchiveSource.part {
            let whole = try TemporaryFile()
            try whole.append(bytes)
            bytes = []
            self.whole = whole
          }
        }
        return 0
      } catch {
        problem = error
        return 1
      }
    }

    func file() throws(DatasetProblem) -> FileArchiveSource {
      do throws(FileProblem) {
        if let whole { return FileArchiveSource(try whole.reopened()) }
        let small = try TemporaryFile()
        try small.append(bytes)
        return FileArchiveSource(try small.reopened())
      } catch {
        throw .file(error)
      }
    }
  }
}
