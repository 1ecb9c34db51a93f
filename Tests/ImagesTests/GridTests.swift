import Images
import Testing

@Suite struct GridTests {
  @Test func imagesFillRowsFromTheLeft() {
    // Three gray images of 1 × 2, two in a row, a border of 1.
    let grid = Grid(count: 3, height: 1, width: 2, channels: 1, columns: 2, padding: 1)
    let sheet = grid.sheet(of: [1, 2, 3, 4, 5, 6])
    #expect(sheet.height == 5)
    #expect(sheet.width == 7)
    #expect(
      sheet.bytes == [
        0, 0, 0, 0, 0, 0, 0,
        0, 1, 2, 0, 3, 4, 0,
        0, 0, 0, 0, 0, 0, 0,
        0, 5, 6, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0,
      ])
  }

  @Test func coloursStayTogether() {
    let grid = Grid(count: 2, height: 1, width: 1, channels: 3, padding: 0)
    let sheet = grid.sheet(of: [1, 2, 3, 4, 5, 6])
    #expect(sheet == ImageBuffer(height: 1, width: 2, channels: 3, bytes: [1, 2, 3, 4, 5, 6]))
  }

  /// torchvision.utils.make_grid(torch.zeros(64, 3, 64, 64)).shape is [3, 530, 530].
  @Test func theDefaultsAreTorchvisions() {
    let grid = Grid(count: 64, height: 64, width: 64, channels: 3)
    let sheet = grid.sheet(of: [UInt8](repeating: 0, count: 64 * 64 * 64 * 3))
    #expect(sheet.height == 530)
    #expect(sheet.width == 530)
  }

  @Test func aSingleImageHasNoBorder() {
    let sheet = Grid(count: 1, height: 1, width: 2, channels: 1).sheet(of: [7, 8])
    #expect(sheet == ImageBuffer(height: 1, width: 2, channels: 1, bytes: [7, 8]))
  }

  @Test(
    arguments: [
      (-1, 0), (1, 255), (0, 128), (-2, 0), (3, 255), (.nan, 0), (-.infinity, 0), (.infinity, 255),
      (0.99, 254), (0.997, 255),
    ] as [(Float, UInt8)])
  func floatsAreRoundedAndClamped(value: Float, byte: UInt8) {
    #expect(ImageBuffer.byte(value, in: -1...1) == byte)
  }

  @Test func theRangeIsTheCallers() {
    #expect([0, 0.5, 1].map { ImageBuffer.byte($0, in: 0...1) } == [0, 128, 255])
  }

  @Test func aSheetFillsUpPieceByPiece() {
    let grid = Grid(count: 5, height: 1, width: 1, channels: 1, columns: 3, padding: 1)
    var sheet = GridSheet(grid)
    for piece in [[1], [2, 3, 4], [5]] as [[UInt8]] { sheet.add(piece) }
    #expect(sheet.image == grid.sheet(of: [1, 2, 3, 4, 5]))
  }
}
