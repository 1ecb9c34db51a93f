import Files
import Images
import Spec

/// What a folder of pictures has, for a spec that is to be written for it.
package struct PictureSurvey {
  package let count: Int
  package let sizes: PictureSizes
  /// Folders on the first level, when every picture is in one of them; else 0.
  package let folders: Int
  package let notes: [String]

  /// Pictures whose headers are read.
  private static let sample = 1000

  package init(of path: String) throws(DatasetProblem) {
    let locator = DatasetLocator(data: path, environment: [:])
    let root = try locator.place(of: .folder, path: nil)
    let pictures = try PictureFolder(
      .folder, root, reading: DataReading(), classes: nil,
      lists: { (path) throws(DatasetProblem) in path })
    count = pictures.count
    notes = pictures.notes
    folders = pictures.classFolders
    sizes =
      try PictureDataset(
        pictures, shape: ImageShape(height: 1, width: 1, channels: 3), reading: DataReading(),
        seed: 0
      ).pictureSizes(sample: Self.sample) ?? PictureSizes()
    guard sizes.count > 0 else {
      throw .unreadablePictures(dataset: path, count: count, found: [])
    }
  }

  /// 1 where all pictures are gray, else 3.
  package var channels: Int { sizes.gray == sizes.count ? 1 : 3 }

  /// Whether all have this size.
  package func areAll(_ height: Int, _ width: Int) -> Bool {
    sizes.heights.first == height && sizes.heights.last == height && sizes.widths.first == width
      && sizes.widths.last == width
  }

  /// The size of networks that fit: that of all pictures where they are small and alike, else 64, or
  /// 32 where most are smaller than that.
  package var side: (height: Int, width: Int) {
    let (height, width) = (sizes.heights[sizes.count / 2], sizes.widths[sizes.count / 2])
    if areAll(height, width), max(height, width) <= 96, min(height, width) >= 8 {
      return (height, width)
    }
    return min(height, width) >= 48 ? (64, 64) : (32, 32)
  }
}
