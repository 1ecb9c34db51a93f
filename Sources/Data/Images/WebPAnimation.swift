import CWebP

/// Moving pictures in WebP, which browsers and viewers of images play.
package enum WebPAnimation {
  /// Frames of one size, each shown for `milliseconds`, again and again; lossless.
  package static func encode(
    _ frames: [ImageBuffer], milliseconds: Int
  ) throws(ImageProblem) -> [UInt8] {
    guard let first = frames.first else { preconditionFailure("an animation without frames") }
    var options = WebPAnimEncoderOptions()
    var config = WebPConfig()
    guard WebPAnimEncoderOptionsInit(&options) != 0, WebPConfigInit(&config) != 0 else {
      throw first.cannotEncode("libwebpmux has another version than its headers")
    }
    config.lossless = 1
    guard
      let encoder = WebPAnimEncoderNew(Int32(first.width), Int32(first.height), &options)
    else { throw first.cannotEncode("out of memory") }
    defer { WebPAnimEncoderDelete(encoder) }
    for (index, frame) in frames.enumerated() {
      precondition(
        (frame.height, frame.width) == (first.height, first.width), "frames of several sizes")
      var picture = WebPPicture()
      guard WebPPictureInit(&picture) != 0 else {
        throw first.cannotEncode("libwebp has another version than its headers")
      }
      (picture.width, picture.height, picture.use_argb) = (first.width32, first.height32, 1)
      defer { WebPPictureFree(&picture) }
      let rgb = frame.rgb
      guard WebPPictureImportRGB(&picture, rgb, first.width32 * 3) != 0,
        WebPAnimEncoderAdd(encoder, &picture, Int32(index * milliseconds), &config) != 0
      else { throw first.cannotEncode(String(cString: WebPAnimEncoderGetError(encoder))) }
    }
    // The last call says when the last frame ends.
    WebPAnimEncoderAdd(encoder, nil, Int32(frames.count * milliseconds), nil)
    var data = WebPData()
    guard WebPAnimEncoderAssemble(encoder, &data) != 0, let bytes = data.bytes else {
      throw first.cannotEncode(String(cString: WebPAnimEncoderGetError(encoder)))
    }
    // libwebp owns `size` bytes from here on, until they are cleared.
    defer { WebPDataClear(&data) }
    return Array(UnsafeBufferPointer(start: bytes, count: data.size))
  }
}

extension ImageBuffer {
  fileprivate func cannotEncode(_ reason: String) -> ImageProblem {
    .cannotEncode(height: height, width: width, reason: reason)
  }

  fileprivate var width32: Int32 { Int32(width) }
  fileprivate var height32: Int32 { Int32(height) }

  /// [H, W, 3], whatever the number of channels.
  fileprivate var rgb: [UInt8] {
    channels == 3 ? bytes : bytes.flatMap { [$0, $0, $0] }
  }
}
