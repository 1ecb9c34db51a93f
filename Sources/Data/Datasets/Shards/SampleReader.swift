import Foundation
import Images

/// A picture of a stream with its label.
struct ShardSample: Sendable {
  /// Its name in the archive, for messages.
  let key: String
  let picture: [UInt8]
  let label: Int?
}

/// The samples of one archive in WebDataset's layout: entries one after the other whose names are
/// the same up to the first dot belong together, as in `0001.jpg`, `0001.cls`.
///
/// Source: Aizman, Maltby, Breuel 2019; github.com/webdataset/webdataset.
struct SampleReader {
  private let archive: Archive
  private var following: (name: String, size: Int)?
  private var hasBegun = false

  /// A label, or a JSON text about a picture.
  private static let longestNote = 1 << 20

  init(_ archive: Archive) { self.archive = archive }

  /// The next sample with a picture; nil at the end.
  mutating func next() throws(DatasetProblem) -> ShardSample? {
    while let key = try beginning() {
      var picture: [UInt8]?
      var label: Int?
      while let entry = following, Self.key(of: entry.name) == key {
        let ending = entry.name.dropFirst(key.count + 1).lowercased()
        if Self.isPicture(ending) {
          picture = try archive.bytes(size: entry.size, limit: PictureFolder.largestPicture)
        } else if ending == "cls" || ending == "json" {
          let bytes = try archive.bytes(size: entry.size, limit: Self.longestNote)
          label = try Self.label(in: bytes, ending, "\(archive.path):\(entry.name)") ?? label
        }
        following = try archive.next()
      }
      if let picture { return ShardSample(key: key, picture: picture, label: label) }
    }
    return nil
  }

  /// Passes over the next sample with a picture; false at the end.
  mutating func skip() throws(DatasetProblem) -> Bool {
    while let key = try beginning() {
      var hasPicture = false
      while let entry = following, Self.key(of: entry.name) == key {
        if Self.isPicture(entry.name.dropFirst(key.count + 1).lowercased()) { hasPicture = true }
        following = try archive.next()
      }
      if hasPicture { return true }
    }
    return false
  }

  /// The key of the entry that follows.
  private mutating func beginning() throws(DatasetProblem) -> String? {
    if !hasBegun {
      hasBegun = true
      following = try archive.next()
    }
    return following.map { Self.key(of: $0.name) }
  }

  /// The path up to the first dot of the file's name.
  private static func key(of name: String) -> String {
    let start = name.lastIndex(of: "/").map { name.index(after: $0) } ?? name.startIndex
    return String(name[..<(name[start...].firstIndex(of: ".") ?? name.endIndex)])
  }

  private static func isPicture(_ ending: String) -> Bool {
    PictureFormat.allCases.contains { $0.endings.contains(ending) }
  }

  private static func label(
    in bytes: [UInt8], _ ending: String, _ path: String
  ) throws(DatasetProblem) -> Int? {
    let text = String(decoding: bytes, as: UTF8.self)
    if ending == "cls" {
      let word = text.trimmingCharacters(in: .whitespacesAndNewlines)
      guard let label = Int(word), label >= 0 else {
        throw .brokenArchive(
          path: path, reason: "expected a label such as 3, found '\(word.excerpt(40))'")
      }
      return label
    }
    // JSON texts carry much else; one without a label says nothing.
    let object = try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]
    return (object?["label"] ?? object?["cls"]) as? Int
  }
}
