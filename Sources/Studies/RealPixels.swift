import Datasets
import Files
import Images
import Spec

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
