/// Images of one size, side by side on one sheet.
///
/// Rows are filled from the left; a border of `padding` pixels runs around every image. A single
/// image gets no border. Source: torchvision.utils.make_grid, whose defaults these are.
package struct Grid: Equatable, Sendable {
  package let count: Int
  package let height: Int
  package let width: Int
  package let channels: Int
  package let columns: Int
  package let padding: Int

  /// - Parameter columns: at most; fewer images make a narrower sheet.
  package init(
    count: Int, height: Int, width: Int, channels: Int, columns: Int = 8, padding: Int = 2
  ) {
    precondition(count > 0 && columns > 0 && padding >= 0, "a grid of \(count) images")
    self.count = count
    self.height = height
    self.width = width
    self.channels = channels
    self.columns = min(columns, count)
    self.padding = count == 1 ? 0 : padding
  }

  package var rows: Int { (count + columns - 1) / columns }

  /// The sheet for images [N, H, W, C] with values in `range`.
  package func sheet(
    of images: [Float], in range: ClosedRange<Float>, background: UInt8 = 0
  ) -> ImageBuffer {
    sheet(of: images.map { ImageBuffer.byte($0, in: range) }, background: background)
  }

  /// The sheet for images [N, H, W, C] in bytes.
  package func sheet(of images: [UInt8], background: UInt8 = 0) -> ImageBuffer {
    let row = width * channels
    precondition(
      images.count == count * height * row,
      "\(images.count) values for \(count) images of \(height) × \(width) × \(channels)")
    let sheetHeight = rows * (height + padding) + padding
    let sheetWidth = columns * (width + padding) + padding
    var bytes = [UInt8](repeating: background, count: sheetHeight * sheetWidth * channels)
    for index in 0..<count {
      let top = padding + index / columns * (height + padding)
      let left = padding + index % columns * (width + padding)
      for y in 0..<height {
        let source = (index * height + y) * row
        let target = ((top + y) * sheetWidth + left) * channels
        bytes.replaceSubrange(target..<target + row, with: images[source..<source + row])
      }
    }
    return ImageBuffer(
      height: sheetHeight, width: sheetWidth, channels: channels, bytes: bytes)
  }
}
