import Files
import Images

/// The sizes and kinds of pictures before they are fitted.
package struct PictureSizes: Equatable, Sendable {
  /// Sorted.
  package private(set) var heights: [Int] = []
  /// Sorted.
  package private(set) var widths: [Int] = []
  package private(set) var gray = 0
  package private(set) var withAlpha = 0
  package private(set) var formats: [PictureFormat: Int] = [:]

  package init() {}

  package var count: Int { heights.count }

  package mutating func add(_ file: PictureFile) {
    heights.append(file.height)
    widths.append(file.width)
    if file.channels < 3 { gray += 1 }
    if file.channels % 2 == 0 { withAlpha += 1 }
    formats[file.format, default: 0] += 1
  }

  /// Whether all pictures are as the spec wants them.
  package func areAll(_ shape: ImageShape) -> Bool {
    let isGray = shape.channels == 1
    return heights.allSatisfy { $0 == shape.height } && widths.allSatisfy { $0 == shape.width }
      && gray == (isGray ? count : 0) && withAlpha == 0
  }

  package mutating func sort() {
    heights.sort()
    widths.sort()
  }

  /// As in `200 JPEG; 375 × 500 typical, 20 × 30 to 4000 × 6000; 3 gray`.
  package var text: String {
    guard count > 0 else { return "none can be read" }
    let kinds = PictureFormat.allCases.compactMap { format in
      formats[format].map { "\($0.grouped) \(format.rawValue)" }
    }
    let typical = "\(heights[count / 2]) × \(widths[count / 2])"
    var parts = [kinds.joined(separator: ", ")]
    if heights.first == heights.last, widths.first == widths.last {
      parts.append("all \(typical)")
    } else {
      parts.append(
        "\(typical) typical, heights \(heights[0]) to \(heights[count - 1]), "
          + "widths \(widths[0]) to \(widths[count - 1])")
    }
    if gray > 0 { parts.append("\(gray.grouped) gray") }
    if withAlpha > 0 { parts.append("\(withAlpha.grouped) with transparency") }
    return parts.joined(separator: "; ")
  }
}

extension PictureDataset {
  package func pictureSizes(sample: Int) throws(DatasetProblem) -> PictureSizes? {
    var sizes = PictureSizes()
    for place in 0..<min(sample, count) {
      let index = place * count / min(sample, count)
      // What cannot be read is counted where it is decoded.
      guard let bytes = try? pictures.bytes(at: index),
        let file = try? PictureFile(bytes, path: pictures.place(of: index))
      else { continue }
      sizes.add(file)
    }
    sizes.sort()
    return sizes
  }
}
