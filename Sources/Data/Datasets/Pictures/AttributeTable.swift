import Files

/// Yes/no attributes of pictures by file name, in the form of CelebA's `list_attr_celeba.txt`.
///
/// The first line is the number of pictures, the second the attributes' names, each further one a
/// file name and −1 or 1 for each attribute. The number may be missing; commas do as spaces do.
/// Source: Liu et al. 2015, "Deep Learning Face Attributes in the Wild", the data's README.
struct AttributeTable: Sendable {
  let names: [String]
  /// File name → row of `values`.
  private let rows: [String: Int]
  /// Of each picture, for each attribute.
  private let values: [Bool]

  /// More makes no table of attributes: CelebA's has 27 million bytes.
  private static let largestFile = 1 << 30

  init(contentsOf path: String) throws(DatasetProblem) {
    let bytes: [UInt8]
    do throws(FileProblem) {
      let file = try OpenFile(path: path)
      guard file.length <= Self.largestFile else {
        throw .cannotRead(path: path, reason: "a table of \(file.length.grouped) bytes")
      }
      bytes = try file.bytes(at: 0, count: file.length)
    } catch {
      throw .file(error)
    }
    var names: [String] = []
    var rows: [String: Int] = [:]
    var values: [Bool] = []
    var declared: Int?
    var number = 0
    for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      number += 1
      let fields = line.split { [0x20, 0x09, 0x0D, UInt8(ascii: ",")].contains($0) }
      if fields.isEmpty { continue }
      if names.isEmpty {
        if fields.count == 1, declared == nil, let count = Int(text(fields[0])) {
          declared = count
        } else {
          names = fields.map { text($0) }
          // With commas, the column of file names has a name, too.
          if let first = names.first?.lowercased(),
            ["image_id", "file", "filename", "name"].contains(first)
          {
            names.removeFirst()
          }
        }
        continue
      }
      guard fields.count == names.count + 1 else {
        throw .brokenTable(
          path: path, line: number,
          reason: "expected a file name and \(names.count.counted("value")), "
            + "found \(fields.count.counted("field"))")
      }
      rows[text(fields[0])] = rows.count
      for (place, field) in fields.dropFirst().enumerated() {
        switch text(field) {
        case "1": values.append(true)
        case "-1", "0": values.append(false)
        default:
          throw .brokenTable(
            path: path, line: number,
            reason: "\(names[place].visible) must be 1 or -1, found '\(text(field).excerpt(40))'")
        }
      }
    }
    guard !names.isEmpty, !rows.isEmpty else {
      throw .brokenTable(
        path: path, line: number,
        reason: "expected the names of attributes and a line for each "
          + "picture, as in CelebA's list_attr_celeba.txt")
    }
    if let declared, declared != rows.count {
      throw .brokenTable(
        path: path, line: 1,
        reason: "\(declared.counted("picture")) are declared, \(rows.count) follow")
    }
    guard rows.count * names.count == values.count else {
      throw .brokenTable(path: path, line: number, reason: "a file name stands there twice")
    }
    (self.names, self.rows, self.values) = (names, rows, values)
  }

  /// Whether the picture `file` has attribute number `attribute`; nil where it is not listed.
  func value(_ attribute: Int, of file: String) -> Bool? {
    rows[file].map { values[$0 * names.count + attribute] }
  }
}

private func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
