import CImages
import Files

/// An encoded picture, recognised by its content, whose header has been read.
///
/// 16 bits become 8, palettes RGB, CMYK RGB; gamma and colour profiles are not applied. Of an
/// animation the first frame is read.
package struct PictureFile {
  package let format: PictureFormat
  /// Pixels of the upright picture.
  package let height: Int
  package let width: Int
  /// 1 gray, 2 gray and alpha, 3 RGB, 4 RGB and alpha.
  package let channels: Int
  private let bytes: [UInt8]
  private let path: String
  /// EXIF's, 1 to 8.
  private let orientation: Int
  private let pixelLimit: Int

  /// Pixels that are decoded unless the caller says otherwise: 8192 × 8192.
  package static let defaultPixelLimit = 1 << 26

  /// Reads the header; sizes are checked before memory is taken.
  ///
  /// - Parameter path: for messages.
  package init(
    _ bytes: [UInt8], path: String, pixelLimit: Int = defaultPixelLimit
  ) throws(ImageProblem) {
    guard let format = PictureFormat(of: bytes) else {
      let content = FileContent(start: Array(bytes.prefix(FileContent.startLength)))
      throw .notPicture(path: path, content: bytes.isEmpty ? nil : content, length: bytes.count)
    }
    var header = cimages_header()
    var message = Message()
    let status = bytes.withUnsafeBufferPointer { file in
      format.readHeader(file.baseAddress, file.count, &header, &message.characters)
    }
    guard status == 0 else {
      throw .damaged(path: path, format: format, reason: message.text)
    }
    // At most 2³¹ − 1 each, so the products below stay within 64 bits.
    let (stored, lines) = (Int(header.width), Int(header.height))
    guard stored > 0, lines > 0 else {
      throw .damaged(path: path, format: format, reason: "it has no pixels")
    }
    guard lines * stored <= pixelLimit else {
      throw .tooLarge(path: path, height: lines, width: stored, limit: pixelLimit)
    }
    // Deflate turns one byte into 1032 at most. Source: zlib, "zlib Technical Details".
    guard lines * stored * Int(header.raw_bits) / 8 / 1032 <= bytes.count else {
      throw .tooShort(path: path, height: lines, width: stored, length: bytes.count)
    }
    orientation = Int(header.orientation)
    (height, width) = orientation >= 5 ? (stored, lines) : (lines, stored)
    channels = Int(header.channels)
    self.format = format
    self.bytes = bytes
    self.path = path
    self.pixelLimit = pixelLimit
  }

  /// Decodes the pixels.
  ///
  /// - Parameter smallest: the codec may scale the picture down to any size that is not
  ///   below this many lines and columns, where it does so without visible loss.
  package func decode(
    smallest: (height: Int, width: Int)? = nil
  ) throws(ImageProblem) -> Picture {
    let eighths = smallest.map { self.eighths(height: $0.height, width: $0.width) } ?? 8
    let upright = ((height * eighths + 7) / 8, (width * eighths + 7) / 8)
    let (lines, stored) = orientation >= 5 ? (upright.1, upright.0) : upright
    var message = Message()
    let bytes = bytes
    var status: Int32 = 0
    let count = lines * stored * channels
    let pixels = [UInt8](unsafeUninitializedCapacity: count) { pixels, filled in
      status = bytes.withUnsafeBufferPointer { file in
        format.readPixels(
          file.baseAddress, file.count, Int32(eighths), pixels.baseAddress, count,
          &message.characters)
      }
      // Only where all went well has each byte been written.
      filled = status == 0 ? count : 0
    }
    guard status == 0 else {
      throw .damaged(path: path, format: format, reason: message.text)
    }
    return Picture(height: lines, width: stored, channels: channels, bytes: pixels)
      .turned(by: orientation)
  }

  /// How many eighths of the size suffice.
  ///
  /// Halves, quarters and eighths have fast transforms in every version of the library.
  private func eighths(height: Int, width: Int) -> Int {
    guard format == .jpeg else { return 8 }
    return [1, 2, 4].first {
      self.height * $0 / 8 >= height && self.width * $0 / 8 >= width
    } ?? 8
  }
}

/// What a codec here reads, decided by a file's first bytes, never by its name.
package enum PictureFormat: String, CaseIterable, Sendable {
  case png = "PNG"
  case jpeg = "JPEG"
  case webp = "WebP"

  package init?(of bytes: [UInt8]) {
    switch FileContent(start: Array(bytes.prefix(FileContent.startLength))) {
    case .png: self = .png
    case .jpeg: self = .jpeg
    case .webp: self = .webp
    default: return nil
    }
  }

  /// Endings of files that usually hold it, in small letters.
  package var endings: [String] {
    switch self {
    case .png: ["png"]
    case .jpeg: ["jpg", "jpeg", "jpe", "jfif"]
    case .webp: ["webp"]
    }
  }

  fileprivate func readHeader(
    _ file: UnsafePointer<UInt8>?, _ length: Int, _ header: inout cimages_header,
    _ message: inout [CChar]
  ) -> Int32 {
    switch self {
    case .png: cimages_png_read_header(file, length, &header, &message)
    case .jpeg: cimages_jpeg_read_header(file, length, &header, &message)
    case .webp: cimages_webp_read_header(file, length, &header, &message)
    }
  }

  fileprivate func readPixels(
    _ file: UnsafePointer<UInt8>?, _ length: Int, _ eighths: Int32,
    _ pixels: UnsafeMutablePointer<UInt8>?, _ count: Int, _ message: inout [CChar]
  ) -> Int32 {
    switch self {
    case .png: cimages_png_read_pixels(file, length, pixels, count, &message)
    case .jpeg: cimages_jpeg_read_pixels(file, length, eighths, pixels, count, &message)
    case .webp: cimages_webp_read_pixels(file, length, pixels, count, &message)
    }
  }
}

/// Room for a sentence from C.
struct Message {
  var characters = [CChar](repeating: 0, count: Int(cimages_message_size))

  var text: String {
    String(decoding: characters.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
