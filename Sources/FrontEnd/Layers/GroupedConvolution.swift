import Decoding
import Program

/// The option `groups` of a convolution: its channels fall into so many parts, which meet no others.
///
/// Source: Krizhevsky et al. 2012, section 3.5.
enum Groups {
  static func count(reading options: inout OptionReader) -> Int {
    options.integer(
      "groups", default: 1, in: 1...SizeLimit.elements,
      help: "parts of the channels, each with filters of its own")
  }

  static func check(
    _ groups: Int, channels: Int, filters: Int
  ) throws(ShapeProblem) {
    for (count, name) in [(channels, "channel"), (filters, "filter")] where count % groups != 0 {
      throw ShapeProblem(
        "\(groups) groups do not divide \(count) \(name)\(count == 1 ? "" : "s")",
        options: name == "filter" ? ["groups", "filters"] : ["groups"])
    }
  }
}

/// Convolutions as specs describe them, in the primitive ones: with groups, a dilation, and a
/// padding for each side.
extension ProgramBuilder {
  /// x [N, H, W, C], kernel [KH, KW, C / groups, F] → [N, H', W', F].
  mutating func convolve(
    _ x: Value, _ kernel: Value, _ options: WindowOptions, groups: Int
  ) -> Value {
    let (geometry, margin) = (options.geometry, options.unevenPadding)
    let padded =
      margin.allSatisfy { $0 == 0 } ? x : pad(x, low: margin, high: margin)
    let spread = dilated(kernel, by: options.dilation)
    return grouped(padded, spread, groups) { program, x, kernel in
      program.convolve(x, kernel, geometry)
    }
  }

  /// x [N, H, W, C], kernel [KH, KW, F / groups, C] → [N, height, width, F].
  mutating func convolveTransposed(
    _ x: Value, _ kernel: Value, _ options: WindowOptions, groups: Int, height: Int, width: Int
  ) -> Value {
    let (geometry, margin) = (options.geometry, options.unevenPadding)
    let spread = dilated(kernel, by: options.dilation)
    let whole = grouped(x, spread, groups) { program, x, kernel in
      program.convolutionInputGradient(
        x, kernel, geometry, height: height + 2 * margin[1], width: width + 2 * margin[2])
    }
    if margin.allSatisfy({ $0 == 0 }) { return whole }
    let limit = zip(shape(of: whole).dimensions, margin).map { $0 - $1 }
    return slice(whole, start: margin, limit: limit)
  }

  /// The kernel with zeros between its elements.
  private mutating func dilated(_ kernel: Value, by dilation: Int) -> Value {
    if dilation == 1 { return kernel }
    let none = [0, 0, 0, 0]
    return pad(kernel, low: none, high: none, interior: [dilation - 1, dilation - 1, 0, 0])
  }

  /// The results of the groups side by side: each has its part of x's channels, and of the kernel's
  /// last axis.
  private mutating func grouped(
    _ x: Value, _ kernel: Value, _ groups: Int,
    _ one: (inout ProgramBuilder, Value, Value) -> Value
  ) -> Value {
    if groups == 1 { return one(&self, x, kernel) }
    let parts = (0..<groups).map { group in
      one(&self, part(group, of: groups, of: x), part(group, of: groups, of: kernel))
    }
    return concatenate(parts, axis: 3)
  }

  private mutating func part(
    _ index: Int, of count: Int, of x: Value
  ) -> Value {
    let axis = 3
    var (start, limit) = ([Int](repeating: 0, count: 4), shape(of: x).dimensions)
    let size = limit[axis] / count
    (start[axis], limit[axis]) = (index * size, (index + 1) * size)
    return slice(x, start: start, limit: limit)
  }
}

extension WindowOptions {
  /// What the padding of one side has above that of the other, which the primitive ops have for
  /// both, for an axis of [N, H, W, C].
  fileprivate var unevenPadding: [Int] {
    let sizes = acceptedPadding
    let common = min(sizes.height, sizes.width)
    return [0, sizes.height - common, sizes.width - common, 0]
  }
}
