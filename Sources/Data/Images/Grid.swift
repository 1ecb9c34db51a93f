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

  package var sheetHeight: Int { rows * (height + padding) + padding }
  package var sheetWidth: Int { columns * (width + padding) + padding }

  /// Bytes of the sheet; `Int.max` where they are more.
  package var byteCount: Int {
    let (pixels, overflow) = sheetHeight.multipliedReportingOverflow(by: sheetWidth)
    let (bytes, more) = pixels.multipliedReportingOverflow(by: channels)
    return overflow || more ? .max : bytes
  }

  /// The sheet for images [N, H, W, C] in bytes.
  package func sheet(of images: [UInt8], background: UInt8 = 0) -> ImageBuffer {
    var sheet = GridSheet(self, background: background)
    sheet.add(images)
    return sheet.image
  }
}

/// A sheet that fills up, image after image.
package struct GridSheet {
  private let grid: Grid
  // [H, W, C]
  private var bytes: [UInt8]
  private var filled = 0

  package init(_ grid: Grid, background: UInt8 = 0) {
    self.grid = grid
    bytes = [UInt8](repeating: background, count: grid.byteCount)
  }

  /// Puts images [N, H, W, C] into the next places, which must be there.
  package mutating func add(_ images: [UInt8]) {
    let row = grid.width * grid.channels
    let count = images.count / (grid.height * row)
    precondition(
      images.count == count * grid.height * row && filled + count <= grid.count,
      "\(images.count) values for images of \(grid.height) × \(grid.width) × \(grid.channels)")
    for index in 0..<count {
      let (line, column) = (filled + index).quotientAndRemainder(dividingBy: grid.columns)
      let top = grid.padding + line * (grid.height + grid.padding)
      let left = grid.padding + column * (grid.width + grid.padding)
      for y in 0..<grid.height {
        let source = (index * grid.height + y) * row
        let target = ((top + y) * grid.sheetWidth + left) * grid.channels
        bytes.replaceSubrange(target..<target + row, with: images[source..<source + row])
      }
    }
    filled += count
  }

  package var image: ImageBuffer {
    ImageBuffer(
      height: grid.sheetHeight, width: grid.sheetWidth, channels: grid.channels, bytes: bytes)
  }
}
