import CImages
import Spec

extension ResizeFilter {
  /// Half of the filter's width, in new pixels.
  fileprivate var support: Double { self == .box ? 0.5 : 1 }

  fileprivate func weight(at distance: Double) -> Double {
    switch self {
    case .triangle: max(0, 1 - abs(distance))
    // Open on one side, so that no pixel counts twice.
    case .box: distance > -0.5 && distance <= 0.5 ? 1 : 0
    }
  }
}

/// A part of a picture, in pixels and parts of pixels.
package struct Window: Equatable, Sendable {
  package let top: Double
  package let left: Double
  package let height: Double
  package let width: Double

  package init(top: Double, left: Double, height: Double, width: Double) {
    self.top = top
    self.left = left
    self.height = height
    self.width = width
  }
}

extension Picture {
  package var whole: Window {
    Window(top: 0, left: 0, height: Double(height), width: Double(width))
  }

  /// The part inside `window` in another size, antialiased: each new pixel is the weighted mean of
  /// all that it covers.
  ///
  /// Integer arithmetic: every machine gives the same bytes. Differs from Pillow's
  /// `Image.resize(size, filter, box)` by rounding only.
  ///
  /// - Parameter window: inside of the picture, not empty.
  package func resized(
    _ window: Window, height: Int, width: Int, filter: ResizeFilter = .triangle
  ) -> Picture {
    if window == whole, (height, width) == (self.height, self.width) { return self }
    let rows = Taps(of: window.top, window.height, in: self.height, to: height, filter)
    let columns = Taps(of: window.left, window.width, in: self.width, to: width, filter)
    let line = self.width * channels
    // Only these columns are looked at.
    let used = Int(columns.first[0])..<Int(columns.first[width - 1]) + columns.count
    var blended = [UInt8](repeating: 0, count: line)
    let pixels = [UInt8](unsafeUninitializedCapacity: height * width * channels) { out, filled in
      bytes.withUnsafeBufferPointer { source in
        blended.withUnsafeMutableBufferPointer { blended in
          rows.weights.withUnsafeBufferPointer { weights in
            // All pointers are of memory that lives for the call; taps stay inside of the picture.
            guard let source = source.baseAddress, let out = out.baseAddress,
              let blended = blended.baseAddress, let weights = weights.baseAddress
            else { return }
            let left = used.lowerBound * channels
            for y in 0..<height {
              cimages_blend_rows(
                source + Int(rows.first[y]) * line + left, line, rows.count,
                weights + y * rows.count, used.count * channels, blended + left)
              cimages_blend_columns(
                blended, Int32(channels), width, columns.first, columns.count, columns.weights,
                out + y * width * channels)
            }
            filled = height * width * channels
          }
        }
      }
    }
    return Picture(height: height, width: width, channels: channels, bytes: pixels)
  }
}

/// Which old pixels make up each new one along a side.
private struct Taps {
  /// The first old pixel of each new one.
  var first: [Int32] = []
  /// Old pixels for each new one.
  let count: Int
  /// [new pixels, `count`], in units of 2⁻¹⁵.
  var weights: [Int16] = []

  /// Source: Pillow's `precompute_coeffs`.
  init(
    of start: Double, _ length: Double, in size: Int, to newSize: Int, _ filter: ResizeFilter
  ) {
    let scale = length / Double(newSize)
    // Enlarging, the filter keeps the width of an old pixel.
    let stretch = max(scale, 1)
    let support = filter.support * stretch
    count = min(size, Int(support.rounded(.up)) * 2 + 1)
    for index in 0..<newSize {
      let center = start + (Double(index) + 0.5) * scale
      let lower = max(0, Int(center - support + 0.5))
      let upper = min(size, Int(center + support + 0.5))
      // All have room for `count` taps, those at the far edge, too.
      let from = max(0, min(lower, size - count))
      var values = [Double](repeating: 0, count: count)
      for old in lower..<max(upper, lower + 1) where old < size {
        values[old - from] = filter.weight(at: (Double(old) - center + 0.5) / stretch)
      }
      first.append(Int32(from))
      weights += Self.rounded(values)
    }
  }

  /// Weights whose sum is exactly 1, so that a plain surface stays as it is.
  private static func rounded(_ values: [Double]) -> [Int16] {
    let sum = values.reduce(0, +)
    let scaled = values.map { ($0 / sum * 32768).rounded() }
    var weights = scaled.map { Int($0) }
    let largest = weights.indices.max { weights[$0] < weights[$1] } ?? 0
    weights[largest] += 32768 - weights.reduce(0, +)
    return weights.map { Int16(clamping: $0) }
  }
}
