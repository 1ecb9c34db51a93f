import CJPEG
import CWebP

/// Encoded pictures that tests make themselves.
public enum EncodedPictures {
  /// How the pixels of a JPEG file are given and stored.
  public enum Colours: Sendable {
    case gray, rgb
    /// Inverted, as Adobe's programs write it: 255 is no ink.
    case cmyk

    public var channels: Int {
      switch self {
      case .gray: 1
      case .rgb: 3
      case .cmyk: 4
      }
    }
  }

  /// A JPEG file.
  ///
  /// - Parameters:
  ///   - pixels: [H, W, C].
  ///   - orientation: EXIF's, or nil for a file without EXIF data.
  public static func jpeg(
    _ pixels: [UInt8], height: Int, width: Int, colours: Colours = .rgb, quality: Int = 95,
    isProgressive: Bool = false, orientation: UInt8? = nil
  ) -> [UInt8] {
    let format: Int32 =
      switch colours {
      case .gray: Int32(TJPF_GRAY.rawValue)
      case .rgb: Int32(TJPF_RGB.rawValue)
      case .cmyk: Int32(TJPF_CMYK.rawValue)
      }
    let sampling = colours == .gray ? TJSAMP_GRAY : TJSAMP_444
    precondition(pixels.count == height * width * colours.channels)
    let encoder = tjInitCompress()
    defer { tjDestroy(encoder) }
    var file: UnsafeMutablePointer<UInt8>?
    var length: UInt = 0
    let status = tjCompress2(
      encoder, pixels, Int32(width), 0, Int32(height), format, &file, &length,
      Int32(sampling.rawValue), Int32(quality), isProgressive ? TJFLAG_PROGRESSIVE : 0)
    defer { tjFree(file) }
    precondition(status == 0 && file != nil, "tjCompress2 failed")
    var bytes = Array(UnsafeBufferPointer(start: file, count: Int(length)))
    if let orientation { bytes.insert(contentsOf: exifSegment(orientation), at: 2) }
    return bytes
  }

  /// A lossless WebP file.
  ///
  /// - Parameter pixels: [H, W, 3], or [H, W, 4] with alpha.
  public static func webp(_ pixels: [UInt8], height: Int, width: Int) -> [UInt8] {
    var file: UnsafeMutablePointer<UInt8>?
    let (columns, rows) = (Int32(width), Int32(height))
    let length =
      pixels.count == height * width * 4
      ? WebPEncodeLosslessRGBA(pixels, columns, rows, columns * 4, &file)
      : WebPEncodeLosslessRGB(pixels, columns, rows, columns * 3, &file)
    defer { WebPFree(file) }
    precondition(length > 0, "libwebp failed")
    return Array(UnsafeBufferPointer(start: file, count: length))
  }

  /// APP1 with one entry: tag 0x0112 (orientation), a short, one of it.
  private static func exifSegment(_ orientation: UInt8) -> [UInt8] {
    let tiff: [UInt8] =
      Array("MM".utf8) + [0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation]
      + [0, 0, 0, 0, 0, 0]
    let body = Array("Exif".utf8) + [0, 0] + tiff
    return [0xFF, 0xE1, 0, UInt8(body.count + 2)] + body
  }
}
