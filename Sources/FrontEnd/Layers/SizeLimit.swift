/// How large anything that a spec asks for may be.
///
/// Specs can come from anywhere: every size is checked before it is multiplied.
package enum SizeLimit {
  /// Elements of one tensor, 2³¹.
  package static let elements = 1 << 31
  /// The edge of a kernel, a stride, or a padding.
  package static let kernel = 1024
  /// The height and width of an image.
  package static let imageSide = 4096

  /// The options that say how much comes out of a layer.
  package static let sizeOptions = ["filters", "units", "to", "factor"]

  /// The product of `sizes`, which `what` is about: "the kernel", "the output".
  package static func product(_ sizes: [Int], of what: String) throws(ShapeProblem) -> Int {
    var product = 1
    for size in sizes {
      let (next, overflow) = product.multipliedReportingOverflow(by: size)
      guard !overflow, next <= elements else {
        let words = sizes.map(String.init).joined(separator: " × ")
        throw ShapeProblem(
          "\(what) would have \(words) numbers, more than 2^31", options: sizeOptions + ["kernel"])
      }
      product = next
    }
    return product
  }
}

extension FeatureShape {
  /// The shape itself, where it is not too large.
  package func checked() throws(ShapeProblem) -> FeatureShape {
    switch self {
    case .vector(let size):
      _ = try SizeLimit.product([size], of: "the output")
    case .maps(let channels, let height, let width):
      _ = try SizeLimit.product([channels, height, width], of: "the output")
    }
    return self
  }
}
