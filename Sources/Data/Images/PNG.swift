import CImages

/// PNG files, in memory.
package enum PNG {
  /// Pixels that are decoded unless the caller says otherwise: 8192 × 8192.
  package static let defaultPixelLimit = 1 << 26

  /// Pixels of a side.
  ///
  /// Source: the PNG specification, 11.2.1 IHDR.
  package static let largestSide = 1 << 31 - 1

  /// Deflate turns one byte into 1032 at most.
  ///
  /// Source: zlib, "zlib Technical Details".
  private static let largestExpansion = 1032

  private static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  /// The file for an image.
  package static func encode(_ image: ImageBuffer) throws(ImageProblem) -> [UInt8] {
    var file: UnsafeMutablePointer<UInt8>?
    var length = 0
    var message = Message()
    // The image owns `bytes` for the call, and has exactly H·W·C of them.
    let status = image.bytes.withUnsafeBufferPointer { bytes in
      cimages_png_write(
        UInt32(image.width), UInt32(image.height), Int32(image.channels), bytes.baseAddress,
        &file, &length, &message.characters)
    }
    guard status == 0, let file else {
      throw .cannotEncode(height: image.height, width: image.width, reason: message.text)
    }
    // `file` has `length` bytes and is ours until it is freed.
    defer { cimages_free(file) }
    return Array(UnsafeBufferPointer(start: file, count: length))
  }

  /// Decodes a file as 8-bit gray or RGB.
  ///
  /// Palettes become RGB, 16 bits become 8, and transparency is dropped; gamma and colour profiles
  /// are not applied. `path` is for messages. Sizes are checked before memory is taken.
  package static func decode(
    _ bytes: [UInt8], path: String, pixelLimit: Int = defaultPixelLimit
  ) throws(ImageProblem) -> ImageBuffer {
    guard bytes.starts(with: signature) else { throw .notPNG(path: path) }
    var header = cimages_png_header()
    var message = Message()
    let opened = bytes.withUnsafeBufferPointer {
      cimages_png_read_header($0.baseAddress, $0.count, &header, &message.characters)
    }
    guard opened == 0 else { throw .damaged(path: path, reason: message.text) }

    // At most 2³¹ − 1 each, so the products below stay within 64 bits.
    let (height, width) = (Int(header.height), Int(header.width))
    guard height * width <= pixelLimit else {
      throw .tooLarge(path: path, height: height, width: width, limit: pixelLimit)
    }
    guard height * width * Int(header.raw_bits) / 8 / largestExpansion <= bytes.count else {
      throw .tooShort(path: path, height: height, width: width, length: bytes.count)
    }
    let channels = Int(header.channels)
    var pixels = [UInt8](repeating: 0, count: height * width * channels)
    let decoded = bytes.withUnsafeBufferPointer { file in
      pixels.withUnsafeMutableBufferPointer { pixels in
        cimages_png_read_pixels(
          file.baseAddress, file.count, pixels.baseAddress, pixels.count, &message.characters)
      }
    }
    guard decoded == 0 else { throw .damaged(path: path, reason: message.text) }
    return ImageBuffer(height: height, width: width, channels: channels, bytes: pixels)
  }

  /// Room for a sentence from C.
  private struct Message {
    var characters = [CChar](repeating: 0, count: Int(cimages_message_size))

    var text: String {
      String(decoding: characters.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
  }
}
