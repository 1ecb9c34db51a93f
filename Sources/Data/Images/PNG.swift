import CImages

/// PNG files, in memory.
package enum PNG {
  /// Pixels of a side.
  ///
  /// Source: the PNG specification, 11.2.1 IHDR.
  package static let largestSide = 1 << 31 - 1

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
}
