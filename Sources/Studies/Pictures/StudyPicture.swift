import Images
import Spec
import Training

/// Generated images as pictures for people: enlarged by whole pixels, with margins and titles.
struct StudyPicture {
  let image: ImageSpec
  /// Edge of the square that a pixel becomes.
  let scale: Int

  private static let margin = 16
  private static let gap = 6
  /// Small images are enlarged to about this many pixels.
  private static let wantedSide = 64

  init(of image: ImageSpec) {
    self.image = image
    scale = max(1, Self.wantedSide / max(image.height, image.width))
  }

  /// Images [N, H, W, C] row by row: a title before each row, and one below each image.
  func sheet(
    _ images: [Float], columns: Int, rowTitles: [String] = [], captions: [String] = []
  ) -> ImageBuffer {
    let cells = buffers(images)
    let rows = (cells.count + columns - 1) / columns
    let titleWidth = rowTitles.map(Canvas.textWidth).max().map { $0 + 2 * Self.gap } ?? 0
    let captionHeight = captions.isEmpty ? 0 : Canvas.lineHeight + Self.gap
    let (cellHeight, cellWidth) = (image.height * scale, image.width * scale)
    let rowHeight = cellHeight + captionHeight + Self.gap
    // Words of neighbours stay apart.
    let captionWidth = captions.map { Canvas.textWidth($0) + 2 * Self.gap }.max() ?? 0
    let columnWidth = max(cellWidth, captionWidth) + Self.gap
    var canvas = Canvas(
      height: 2 * Self.margin + rows * rowHeight - Self.gap,
      width: 2 * Self.margin + titleWidth + columns * columnWidth - Self.gap,
      channels: image.shownChannels)
    for (place, cell) in cells.enumerated() {
      let top = Self.margin + place / columns * rowHeight
      let left = Self.margin + titleWidth + place % columns * columnWidth
      if place % columns == 0, place / columns < rowTitles.count {
        canvas.write(
          rowTitles[place / columns], top: top + (cellHeight - Canvas.lineHeight) / 2,
          left: Self.margin)
      }
      canvas.draw(cell, top: top, left: left, scale: scale)
      if place < captions.count {
        let spare = columnWidth - Self.gap - Canvas.textWidth(captions[place])
        canvas.write(captions[place], top: top + cellHeight + Self.gap, left: left + spare / 2)
      }
    }
    return canvas.image
  }

  /// Pictures one below the other, each under its title.
  static func stacked(_ parts: [(title: String, picture: ImageBuffer)]) -> ImageBuffer {
    let titleHeight = margin + Canvas.lineHeight
    let widths = parts.map { max($0.picture.width, Canvas.textWidth($0.title) + 2 * margin) }
    var canvas = Canvas(
      height: parts.reduce(0) { $0 + $1.picture.height + titleHeight },
      width: widths.max() ?? 1, channels: parts.first?.picture.channels ?? 1)
    var top = 0
    for part in parts {
      canvas.write(part.title, top: top + margin, left: margin)
      canvas.draw(part.picture, top: top + titleHeight, left: 0)
      top += titleHeight + part.picture.height
    }
    return canvas.image
  }

  /// Each image by itself, without those that `isLeft` names by their place.
  func enlarged(_ images: [Float], leaving isLeft: (Int) -> Bool) -> [ImageBuffer] {
    buffers(images).enumerated().filter { !isLeft($0.offset) }.map { _, cell in
      var canvas = Canvas(
        height: image.height * scale, width: image.width * scale, channels: cell.channels)
      canvas.draw(cell, top: 0, left: 0, scale: scale)
      return canvas.image
    }
  }

  private func buffers(_ images: [Float]) -> [ImageBuffer] {
    let bytes = image.shownBytes(images)
    let size = image.height * image.width * image.shownChannels
    return stride(from: 0, to: bytes.count, by: size).map { start in
      ImageBuffer(
        height: image.height, width: image.width, channels: image.shownChannels,
        bytes: Array(bytes[start..<start + size]))
    }
  }
}
