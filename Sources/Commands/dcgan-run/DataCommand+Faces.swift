import ArgumentParser
import Files
import Studies
import Terminal

/// `dcgan-run SPEC data faces`.
extension DataCommand {
  /// - Parameter usual: pixels of a face at least, unless `--min-side` says it.
  func cutFaces(usual: Int) throws {
    guard FaceCutter.isBuilt else {
      throw NotBuilt()
    }
    guard let from, let out else {
      throw ValidationError("write --from PHOTOGRAPHS and --out FOLDER, a new one")
    }
    let smallest = minSide ?? usual
    guard (16...8192).contains(smallest) else {
      throw ValidationError("--min-side \(smallest): expected a number from 16 to 8192")
    }
    let result = try FaceCutter(smallest: smallest).cut(from: from, to: out)
    for path in result.unreadable { Terminal.warning("\(path.visible) cannot be read") }
    try Terminal.output(result.text)
    try Terminal.output(
      "wrote \(out.visible), with a table of boxes and sources, faces.tsv")
  }

  /// The trait is off by default.
  struct NotBuilt: Error, CustomStringConvertible {
    let description = """
      this program was built without OpenCV; install libopencv-objdetect-dev and opencv-data, and \
      build it with `swift build -c release --traits Faces`
      """
  }
}
