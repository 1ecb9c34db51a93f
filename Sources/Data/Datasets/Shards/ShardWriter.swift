import CArchive
import Files
import Foundation
import Images

/// Writes a data set as numbered tar files of PNG pictures in the size that the spec wants, so that
/// later runs need not resize.
///
/// WebDataset's layout: `00000012.png`, and `00000012.cls` where there are labels. `shards.json`
/// says how many samples each file has. The same data give the same bytes.
package struct ShardWriter {
  /// Samples of a file.
  package static let usualLength = 4096

  private let dataset: any Dataset
  private let folder: String
  private let length: Int

  /// - Parameter folder: new, or empty.
  package init(
    _ dataset: any Dataset, to folder: String, length: Int = usualLength
  ) throws(DatasetProblem) {
    do throws(FileProblem) {
      if let names = try Folder.names(in: folder), let first = names.first {
        throw FileProblem.cannotWrite(
          path: folder, reason: "the folder is not empty: it has \(first.visible)")
      }
    } catch {
      throw .file(error)
    }
    self.dataset = dataset
    self.folder = folder
    self.length = length
  }

  /// - Parameter report: gets the number of samples written, after each file.
  /// - Returns: the names of the files.
  package func write(report: (Int) -> Void) throws(DatasetProblem) -> [String] {
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch { throw .file(.cannotWrite(path: folder, reason: error.localizedDescription)) }
    let count = (dataset.count + length - 1) / length
    let digits = max(6, String(count - 1).count)
    var names: [String] = []
    var lengths: [String] = []
    for shard in 0..<count {
      let number = String(shard)
      let name = String(repeating: "0", count: digits - number.count) + number + ".tar"
      let samples = (shard * length)..<min((shard + 1) * length, dataset.count)
      try write(samples, to: "\(folder)/\(name)")
      names.append(name)
      lengths.append("  \"\(name)\": \(samples.count)")
      report(samples.upperBound)
    }
    let index = "{\n" + lengths.joined(separator: ",\n") + "\n}\n"
    do throws(FileProblem) {
      try AtomicFile.write(index, to: "\(folder)/\(ShardList.indexName)")
    } catch {
      throw .file(error)
    }
    return names
  }

  private func write(_ samples: Range<Int>, to path: String) throws(DatasetProblem) {
    guard let archive = archive_write_new() else {
      throw .brokenArchive(path: path, reason: "no memory")
    }
    defer { archive_write_free(archive) }
    archive_write_set_format_ustar(archive)
    // The file gets its name when it is whole.
    let temporary = path + ".part"
    try check(archive_write_open_filename(archive, temporary), archive, path)
    let shape = dataset.imageShape
    for index in samples {
      let image = ImageBuffer(
        height: shape.height, width: shape.width, channels: shape.channels,
        bytes: try dataset.image(at: index))
      let file: [UInt8]
      do throws(ImageProblem) { file = try PNG.encode(image) } catch {
        throw .brokenArchive(path: path, reason: error.description)
      }
      let number = String(index)
      let key = String(repeating: "0", count: max(0, 8 - number.count)) + number
      try add(file, as: key + ".png", to: archive, path)
      if let label = try dataset.label(at: index) {
        try add(Array("\(label)".utf8), as: key + ".cls", to: archive, path)
      }
    }
    try check(archive_write_close(archive), archive, path)
    do { try FileManager.default.moveItem(atPath: temporary, toPath: path) } catch {
      throw .file(.cannotWrite(path: path, reason: error.localizedDescription))
    }
  }

  private func add(
    _ bytes: [UInt8], as name: String, to archive: OpaquePointer, _ path: String
  ) throws(DatasetProblem) {
    let entry = archive_entry_new()
    defer { archive_entry_free(entry) }
    archive_entry_set_pathname(entry, name)
    archive_entry_set_size(entry, Int64(bytes.count))
    archive_entry_set_filetype(entry, regularFile)
    archive_entry_set_perm(entry, 0o644)
    try check(archive_write_header(archive, entry), archive, path)
    let written = bytes.withUnsafeBytes { archive_write_data(archive, $0.baseAddress, $0.count) }
    guard written == bytes.count else {
      try check(ARCHIVE_FATAL, archive, path)
      return
    }
  }

  private func check(
    _ status: Int32, _ archive: OpaquePointer, _ path: String
  ) throws(DatasetProblem) {
    if status == ARCHIVE_OK || status == ARCHIVE_WARN { return }
    let reason = archive_error_string(archive).map { String(cString: $0) }
    throw .file(.cannotWrite(path: path, reason: reason ?? "status \(status)"))
  }
}
