import Images
import Spec

/// The pictures of a folder in their own sizes.
package struct PictureList {
  private let folder: PictureFolder

  package init(of path: String) throws(DatasetProblem) {
    let root = try DatasetLocator(data: path, environment: [:]).place(of: .folder, path: nil)
    folder = try PictureFolder(
      .folder, root, reading: DataReading(), classes: nil,
      lists: { (list) throws(DatasetProblem) in list })
  }

  package var count: Int { folder.count }

  /// The path of a picture in the folder.
  package func place(of index: Int) -> String { folder.place(of: index) }

  /// Nil for one that cannot be read: `data check` says why.
  package func picture(_ index: Int) -> Picture? {
    guard let bytes = try? folder.bytes(at: index) else { return nil }
    return try? PictureFile(bytes, path: folder.place(of: index)).decode()
  }
}
