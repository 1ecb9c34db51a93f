import Files
import Images
import Spec

/// The grid of images that shows how far a training has come: always from the same z.
struct SampleSheet {
  let spec: Spec

  /// The seed of the sheet's noise: the same in every run, so that runs can be compared.
  private static let seed: UInt64 = 0

  /// 8 × 8 images, or ten of each of the classes, which then have a column each.
  static func count(for spec: Spec) -> Int {
    columns(for: spec) * (spec.condition == nil ? 8 : 10)
  }

  private static func columns(for spec: Spec) -> Int {
    min(spec.condition?.classes ?? 8, mostClasses)
  }

  /// Columns of classes, of which a sheet does not become too wide.
  private static let mostClasses = 20

  /// Columns of a sheet of so many images: about as many as rows, each of one class where images take
  /// the classes in turn.
  static func columns(of count: Int, classes: Int) -> Int {
    let side = Int(Double(count).squareRoot().rounded(.up))
    return classes > mostClasses ? side : (side + classes - 1) / classes * classes
  }

  func write(_ sampler: Sampler, to path: String) throws(TrainingProblem) {
    let columns = Self.columns(for: spec)
    let samples = try SampleSequence(
      sampler: sampler, count: Self.count(for: spec), seed: Self.seed,
      classes: Array(0..<columns))
    try GridFile(spec: spec, columns: columns).write(samples, to: path)
  }
}

/// Images as one PNG file.
struct GridFile {
  let spec: Spec
  let columns: Int

  func write(_ samples: SampleSequence, to path: String) throws(TrainingProblem) {
    let image = spec.image
    let grid = Grid(
      count: samples.count, height: image.height, width: image.width,
      channels: image.shownChannels, columns: columns)
    // The sheet, its file, and what the encoder keeps.
    let bytes = grid.byteCount.multipliedReportingOverflow(by: 3)
    guard !bytes.overflow, bytes.partialValue <= MachineMemory.limit / 2,
      max(grid.sheetHeight, grid.sheetWidth) <= PNG.largestSide
    else {
      throw .sheetTooLarge(
        path: path, count: samples.count, height: grid.sheetHeight, width: grid.sheetWidth)
    }
    var sheet = GridSheet(grid)
    for items in samples.pieces {
      sheet.add(samples.shownBytes(try samples.make(items).images))
    }
    let encoded: [UInt8]
    do { encoded = try PNG.encode(sheet.image) } catch { throw .image(error) }
    do { try AtomicFile.write(encoded, to: path) } catch { throw .file(error) }
  }
}
