import Files
import CZlib

/// The bytes of a file from its start, inflated on the way when it begins as gzip does.
final class ByteSource {
  /// Deflate turns one byte into 1032 at most.
  ///
  /// Source: zlib, "zlib Technical Details".
  private static let largestExpansion = 1032
  /// Bytes read from the file, and inflated, at a time.
  private static let chunk = 1 << 18

  private let file: OpenFile
  private var offset = 0
  /// Nil for a plain file.
  private let inflater: UnsafeMutablePointer<z_stream>?
  private var compressed: [UInt8] = []
  private var used = 0
  /// Whether the last gzip member was complete.
  private var memberEnded = false

  init(path: String) throws(DatasetProblem) {
    do throws(FileProblem) {
      file = try OpenFile(path: path)
      let start = try file.bytes(at: 0, count: min(2, file.length))
      inflater = start == [0x1F, 0x8B] ? .allocate(capacity: 1) : nil
    } catch {
      throw .file(error)
    }
    // zlib keeps the stream's address, so the stream lives on the heap until `deinit`.
    guard let inflater else { return }
    inflater.initialize(to: z_stream())
    let gzipWindow = 15 + 16  // 32 KiB, with a gzip header and checksum
    let status = inflateInit2_(
      inflater, Int32(gzipWindow), ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    if status != Z_OK { throw problem(status) }
  }

  deinit {
    guard let inflater else { return }
    inflateEnd(inflater)  // harmless after a failed start
    inflater.deallocate()
  }

  /// What the file can hold: exact for a plain one, an upper bound for a compressed one.
  var largestLength: Int {
    inflater == nil
      ? file.length : file.length.multipliedReportingOverflow(by: Self.largestExpansion).0
  }

  var path: String { file.path }
  var isCompressed: Bool { inflater != nil }

  /// The next `count` bytes; fewer when the data end before.
  ///
  /// The caller has compared `count` with the memory of the machine. Pages that no data fill are
  /// only reserved.
  func read(_ count: Int) throws(DatasetProblem) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    while bytes.count < count {
      let read = try readChunk(min(count - bytes.count, Self.chunk), into: &bytes)
      if read == 0 { break }
    }
    return bytes
  }

  private func readChunk(
    _ count: Int, into bytes: inout [UInt8]
  ) throws(DatasetProblem) -> Int {
    guard let inflater else {
      let count = min(count, file.length - offset)
      do throws(FileProblem) { bytes += try file.bytes(at: offset, count: count) } catch {
        throw .file(error)
      }
      offset += count
      return count
    }
    let start = bytes.count
    bytes.append(contentsOf: repeatElement(0, count: count))
    var done = 0
    while done < count, try refill(inflater) {
      // `compressed` from `used` on, and `bytes` from `start + done` on, are ours for the call.
      let status = compressed.withUnsafeMutableBufferPointer { input in
        bytes.withUnsafeMutableBufferPointer { output in
          inflater.pointee.next_in = input.baseAddress.map { $0 + used }
          inflater.pointee.avail_in = UInt32(input.count - used)
          inflater.pointee.next_out = output.baseAddress.map { $0 + start + done }
          inflater.pointee.avail_out = UInt32(count - done)
          return inflate(inflater, Z_NO_FLUSH)
        }
      }
      used = compressed.count - Int(inflater.pointee.avail_in)
      done = count - Int(inflater.pointee.avail_out)
      memberEnded = status == Z_STREAM_END
      if status != Z_OK && status != Z_STREAM_END { throw problem(status) }
    }
    bytes.removeLast(count - done)
    return done
  }

  /// Makes sure that there is something to inflate; false at the end of the data.
  ///
  /// Gzip allows several members one after the other, which count as one text.
  private func refill(_ inflater: UnsafeMutablePointer<z_stream>) throws(DatasetProblem) -> Bool {
    if used == compressed.count {
      let count = min(Self.chunk, file.length - offset)
      if count == 0 {
        if memberEnded { return false }
        throw .damagedGzip(path: file.path, offset: offset, reason: "the file is truncated")
      }
      do throws(FileProblem) { compressed = try file.bytes(at: offset, count: count) } catch {
        throw .file(error)
      }
      offset += count
      used = 0
    }
    if memberEnded {
      inflateReset(inflater)
      memberEnded = false
    }
    return true
  }

  private func problem(_ status: Int32) -> DatasetProblem {
    let reason = inflater?.pointee.msg.map { String(cString: $0) } ?? "zlib status \(status)"
    return .damagedGzip(
      path: file.path, offset: offset - compressed.count + used, reason: reason)
  }
}
