import CFaces
import Datasets
import Files
import Foundation
import Images

/// Cuts faces out of photographs, each a square with some room around it.
///
/// They are found by OpenCV's cascade of Viola and Jones. Source: Radford et al. 2015, section 4.2,
/// whose set of faces was made with OpenCV's detector, too.
package struct FaceCutter {
  /// Pixels of a face's side at least.
  package let smallest: Int

  /// Room on each side, as a part of the face's side.
  private static let room = 0.2
  private static let usualCascade =
    "/usr/share/opencv4/haarcascades/haarcascade_frontalface_default.xml"
  /// Nobody photographs more faces at once.
  private static let mostFaces = 256

  /// Whether the program can do it.
  package static var isBuilt: Bool { cfaces_is_built() != 0 }

  package init(smallest: Int) { self.smallest = smallest }

  /// What became of a folder of photographs.
  package struct Result: Sendable {
    package var photographs = 0
    package var faces = 0
    package var withoutFace = 0
    package var unreadable: [String] = []

    package var text: String {
      "\(faces.counted("face")) in \(photographs.counted("photograph")); "
        + "\(withoutFace.grouped) had none, \(unreadable.count.grouped) could not be read"
    }
  }

  /// Writes the faces as PNG files, and `faces.tsv` with the box and source of each.
  ///
  /// - Parameter folder: new, or empty.
  package func cut(
    from photographs: String, to folder: String
  ) throws(FaceProblem) -> Result {
    var message = [CChar](repeating: 0, count: Int(cfaces_message_size))
    guard let cascade = cfaces_open(Self.usualCascade, &message) else {
      throw .cascade(path: Self.usualCascade, reason: Self.text(message))
    }
    defer { cfaces_close(cascade) }
    let pictures: PictureList
    do throws(DatasetProblem) { pictures = try PictureList(of: photographs) } catch {
      throw .data(error)
    }
    do throws(FileProblem) {
      if let first = try Folder.names(in: folder)?.first {
        throw FileProblem.cannotWrite(
          path: folder, reason: "the folder is not empty: it has \(first.visible)")
      }
    } catch {
      throw .file(error)
    }
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch { throw .file(.cannotWrite(path: folder, reason: error.localizedDescription)) }

    var result = Result()
    var table = "file\tsource\tx\ty\tside\n"
    for index in 0..<pictures.count {
      result.photographs += 1
      guard let picture = pictures.picture(index) else {
        result.unreadable.append(pictures.place(of: index))
        continue
      }
      let boxes = try faces(in: picture, cascade)
      if boxes.isEmpty { result.withoutFace += 1 }
      for box in boxes {
        let name = String(result.faces + 1_000_000).dropFirst() + ".png"
        try write(picture, box, to: "\(folder)/\(name)")
        table += "\(name)\t\(pictures.place(of: index))\t\(box.x)\t\(box.y)\t\(box.side)\n"
        result.faces += 1
      }
    }
    do throws(FileProblem) { try AtomicFile.write(table, to: "\(folder)/faces.tsv") } catch {
      throw .file(error)
    }
    return result
  }

  /// In the order from left to right.
  private func faces(
    in picture: Picture, _ cascade: UnsafeMutableRawPointer
  ) throws(FaceProblem) -> [cfaces_box] {
    guard min(picture.height, picture.width) >= smallest else { return [] }
    let gray = picture.converted(channels: 1, alpha: .white)
    var boxes = [cfaces_box](repeating: cfaces_box(), count: Self.mostFaces)
    var message = [CChar](repeating: 0, count: Int(cfaces_message_size))
    // The image has height · width bytes, and `boxes` room for as many as is said.
    let count = cfaces_find(
      cascade, gray.bytes, Int32(gray.height), Int32(gray.width), Int32(smallest), &boxes,
      Int32(boxes.count), &message)
    guard count >= 0 else {
      throw .cascade(path: Self.usualCascade, reason: Self.text(message))
    }
    return boxes.prefix(Int(count)).sorted { ($0.x, $0.y) < ($1.x, $1.y) }
  }

  /// The square around a face, with room where the picture has it.
  private func write(
    _ picture: Picture, _ box: cfaces_box, to path: String
  ) throws(FaceProblem) {
    let wanted = Double(box.side) * (1 + 2 * Self.room)
    let side = min(wanted, Double(picture.height), Double(picture.width)).rounded(.down)
    func start(_ middle: Double, _ length: Int) -> Double {
      max(0, min(middle - side / 2, Double(length) - side)).rounded(.down)
    }
    let half = Double(box.side) / 2
    let window = Window(
      top: start(Double(box.y) + half, picture.height),
      left: start(Double(box.x) + half, picture.width), height: side, width: side)
    let face = picture.converted(channels: picture.channels < 3 ? 1 : 3, alpha: .white)
      .resized(window, height: Int(side), width: Int(side))
    let image = ImageBuffer(
      height: face.height, width: face.width, channels: face.channels, bytes: face.bytes)
    let file: [UInt8]
    do throws(ImageProblem) { file = try PNG.encode(image) } catch { throw .image(error) }
    do throws(FileProblem) { try AtomicFile.write(file, to: path) } catch { throw .file(error) }
  }

  private static func text(_ message: [CChar]) -> String {
    String(decoding: message.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}

/// Why faces could not be cut out.
package enum FaceProblem: Error, CustomStringConvertible {
  case cascade(path: String, reason: String)
  case data(DatasetProblem)
  case file(FileProblem)
  case image(ImageProblem)

  package var description: String {
    switch self {
    case .cascade(let path, let reason): "\(path.visible): \(reason)"
    case .data(let problem): problem.description
    case .file(let problem): problem.description
    case .image(let problem): problem.description
    }
  }
}
