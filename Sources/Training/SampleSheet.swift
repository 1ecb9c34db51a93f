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

  private static func columns(for spec: Spec) -> Int { min(spec.condition?.classes ?? 8, 20) }

  func write(_ sampler: Sampler, to path: String) throws(TrainingProblem) {
    let columns = Self.columns(for: spec)
    let samples = try sampler.samples(
      count: Self.count(for: spec), seed: Self.seed, classes: Array(0..<columns))
    try GridFile(spec: spec, columns: columns).write(samples.images, to: path)
  }
}

/// Images as one PNG file.
struct GridFile {
  let spec: Spec
  let columns: Int

  /// - Parameter images: [N, H, W, C] in the spec's range.
  func write(_ images: [Float], to path: String) throws(TrainingProblem) {
    let image = spec.image
    let grid = Grid(
      count: images.count / (image.height * image.width * image.channels), height: image.height,
      width: image.width, channels: image.channels, columns: columns)
    let bytes: [UInt8]
    do { bytes = try PNG.encode(grid.sheet(of: images, in: image.pixelRange)) } catch {
      throw .image(error)
    }
    do { try AtomicFile.write(bytes, to: path) } catch { throw .file(error) }
  }
}
