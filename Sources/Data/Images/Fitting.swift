import Spec

/// From a picture of any kind to bytes [H, W, C] of one size.
package struct Fitting: Equatable, Sendable {
  package let height: Int
  package let width: Int
  /// 1 or 3.
  package let channels: Int
  package var fit = PictureFit.crop
  package var alpha = AlphaRule.white
  package var filter = ResizeFilter.triangle

  package init(
    height: Int, width: Int, channels: Int, fit: PictureFit = .crop, alpha: AlphaRule = .white,
    filter: ResizeFilter = .triangle
  ) {
    self.height = height
    self.width = width
    self.channels = channels
    self.fit = fit
    self.alpha = alpha
    self.filter = filter
  }

  /// Where a random crop lies: 0 the upper left corner, 1 the lower right one.
  package struct Place: Sendable {
    package let down: Float
    package let right: Float
    package init(down: Float, right: Float) {
      self.down = down
      self.right = right
    }
  }

  /// - Parameter place: for `randomCrop`; nil means the middle.
  package func bytes(
    of file: PictureFile, at place: Place? = nil
  ) throws(ImageProblem) -> [UInt8] {
    let window = window(height: Double(file.height), width: Double(file.width), place)
    // Twice the new size at least, where the picture has it: the rest of the way is antialiased.
    let picture = try file.decode(
      smallest: (
        height: Int((2 * Double(height) * Double(file.height) / window.height).rounded(.up)),
        width: Int((2 * Double(width) * Double(file.width) / window.width).rounded(.up))
      ))
    return bytes(of: picture, at: place)
  }

  package func bytes(of picture: Picture, at place: Place? = nil) -> [UInt8] {
    let picture = picture.converted(channels: channels, alpha: alpha)
    let window = window(height: Double(picture.height), width: Double(picture.width), place)
    guard fit == .pad else {
      return picture.resized(window, height: height, width: width, filter: filter).bytes
    }
    let scale = min(
      Double(height) / Double(picture.height), Double(width) / Double(picture.width))
    let inner = (
      height: min(height, max(1, Int((Double(picture.height) * scale).rounded()))),
      width: min(width, max(1, Int((Double(picture.width) * scale).rounded())))
    )
    let small = picture.resized(
      picture.whole, height: inner.height, width: inner.width, filter: filter)
    return padded(small)
  }

  private func window(height: Double, width: Double, _ place: Place?) -> Window {
    let whole = Window(top: 0, left: 0, height: height, width: width)
    if fit == .resize || fit == .pad { return whole }
    let scale = min(height / Double(self.height), width / Double(self.width))
    let part = fit == .randomCrop ? scale * 7 / 8 : scale
    let tall = min(Double(self.height) * part, height)
    let wide = min(Double(self.width) * part, width)
    let (down, right) = (Double(place?.down ?? 0.5), Double(place?.right ?? 0.5))
    return Window(
      top: (height - tall) * down, left: (width - wide) * right, height: tall, width: wide)
  }

  private func padded(_ small: Picture) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: height * width * channels)
    let (top, left) = ((height - small.height) / 2, (width - small.width) / 2)
    let row = small.width * channels
    for y in 0..<small.height {
      let start = ((top + y) * width + left) * channels
      bytes.replaceSubrange(start..<start + row, with: small.bytes[(y * row)..<(y + 1) * row])
    }
    return bytes
  }
}
