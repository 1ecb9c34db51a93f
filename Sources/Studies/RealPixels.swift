import Datasets
import Files
import Images
import Spec
import Training

extension ImageSpec {
  /// Generated images [N, H, W, C] as files have them.
  func bytes(of images: [Float]) -> [UInt8] {
    let range = pixelRange
    return images.map { ImageBuffer.byte($0, in: range) }
  }
}

/// Real images as networks see them: the same numbers as in training.
struct RealPixels {
  private let image: ImageSpec
  /// What each byte becomes.
  private let values: [Float]

  init(as image: ImageSpec) {
    self.image = image
    values = Batches.values(in: image.pixelRange)
  }

  /// Images [N, H, W, C] of a data set, by their places in it.
  func images(
    of dataset: any Dataset, _ places: some Sequence<Int>
  ) throws(StudyProblem) -> [Float] {
    var images: [Float] = []
    do throws(DatasetProblem) {
      for place in places { images += try dataset.image(at: place).map { values[Int($0)] } }
    } catch { throw .training(.data(error)) }
    return images
  }

  /// Features [N, F] of images of a data set, by their places in it, computed from some images
  /// [n, H, W, C] at a time.
  ///
  /// - Parameter report: is called with how many images have been added.
  func vectors(
    of dataset: any Dataset, _ places: [Int], report: (Int) -> Void = { _ in },
    by make: ([Float]) throws(TrainingProblem) -> [[Float]]
  ) throws(StudyProblem) -> [[Float]] {
    var vectors: [[Float]] = []
    for start in stride(from: 0, to: places.count, by: Self.batch) {
      let part = places[start..<min(start + Self.batch, places.count)]
      let images = try images(of: dataset, part)
      vectors += try training { () throws(TrainingProblem) in try make(images) }
      report(part.count)
    }
    return vectors
  }

  /// Images that are looked at together.
  static let batch = 64

  /// A picture of any size, fitted as those of a folder are: [H, W, C].
  func picture(at path: String) throws(StudyProblem) -> [Float] {
    let bytes: [UInt8]
    do throws(FileProblem) {
      let file = try OpenFile(path: path)
      bytes = try file.bytes(at: 0, count: file.length)
    } catch { throw .file(error) }
    do throws(ImageProblem) {
      return try Fitting(height: image.height, width: image.width, channels: image.channels)
        .bytes(of: PictureFile(bytes, path: path)).map { values[Int($0)] }
    } catch { throw .image(error) }
  }
}
