import Decoding
import Diagnostics
import Document
import Program

/// The options `kernel`, `stride` and `padding`: how a square window steps over maps.
package struct WindowOptions: Hashable, Sendable {
  package let kernel: Int
  package let stride: Int
  package let padding: Padding

  package enum Padding: Hashable, Sendable {
    /// Whatever makes the stride divide (or multiply) the size exactly.
    case same
    case fixed(Int)
  }

  /// Reads the options of a convolution: stride 1 and `padding: same` unless told otherwise.
  init(convolution options: inout OptionReader) {
    kernel = options.integer("kernel", in: 1...SizeLimit.kernel, help: Self.kernelHelp)
    stride = options.integer(
      "stride", default: 1, in: 1...SizeLimit.kernel,
      help: "positions per step; 2 halves maps, or doubles them in a transposed convolution")
    padding = Padding(reading: &options, default: .same)
  }

  /// Reads the options of pooling: windows side by side unless told otherwise.
  init(pooling options: inout OptionReader) {
    kernel = options.integer(
      "kernel", in: 1...SizeLimit.kernel, bare: true, help: Self.kernelHelp)
    let strides = 1...SizeLimit.kernel
    options.note(
      OptionForm(
        key: "stride", value: .integer(strides), help: "positions per step; the kernel by default"))
    stride = options.integer("stride", default: kernel, in: strides)
    padding = Padding(reading: &options, default: .fixed(0))
  }

  private static let kernelHelp = "edge of the square window"

  /// Rows and columns on each side.
  ///
  /// With H = stride·m, `same` wants ⌊(H + 2·padding − K) / stride⌋ + 1 = m, which holds for
  /// K − stride ≤ 2·padding < K. The smallest such padding is taken; for stride 1 and an even
  /// kernel there is none.
  package func resolvedPadding() throws(ShapeProblem) -> Int {
    switch padding {
    case .fixed(let size): return size
    case .same:
      let size = (max(kernel - stride, 0) + 1) / 2
      guard 2 * size < kernel else {
        throw ShapeProblem(
          "`padding: same` is impossible for a \(kernel) × \(kernel) kernel with stride 1",
          help: [
            "an odd kernel keeps the size: \(kernel - 1) or \(kernel + 1)",
            "`padding` can be a number too: 0 leads between \(kernel) × \(kernel) and 1 × 1 maps",
          ], options: ["kernel", "stride"])
      }
      return size
    }
  }

  /// As the primitive ops want it, for options that `outputShape` has accepted.
  var geometry: ConvolutionGeometry {
    guard let size = try? resolvedPadding() else {
      preconditionFailure("\(self) must be refused by outputShape before it is lowered")
    }
    return ConvolutionGeometry(stride: stride, padding: size)
  }

  /// The sizes after a window has stepped over height × width.
  func outputSizes(height: Int, width: Int) throws(ShapeProblem) -> (height: Int, width: Int) {
    let size = try resolvedPadding()
    let geometry = ConvolutionGeometry(stride: stride, padding: size)
    guard let newHeight = geometry.outputSize(input: height, kernel: kernel),
      let newWidth = geometry.outputSize(input: width, kernel: kernel)
    else {
      throw ShapeProblem(
        "a \(kernel) × \(kernel) kernel does not fit into \(height) × \(width) maps"
          + (size == 0 ? "" : " with padding \(size)"), options: ["kernel", "padding"])
    }
    // A kernel that fits only in part of a last step would lose rows or columns.
    if padding == .same, height % stride != 0 || width % stride != 0 {
      throw ShapeProblem(
        "stride \(stride) does not divide \(height) × \(width), as `padding: same` promises",
        help: ["`padding: \(size)` gives \(newHeight) × \(newWidth)"], options: ["stride"])
    }
    return (newHeight, newWidth)
  }
}

extension WindowOptions.Padding {
  init(reading options: inout OptionReader, default fallback: Self) {
    let sizes = 0...SizeLimit.kernel
    let node = options.node(
      "padding", takes: .anyOf([.choice(["same"]), .integer(sizes)]), default: fallback.text,
      help: "zeros on each side, or `same`: the stride divides or multiplies the size exactly")
    guard let node else {
      self = fallback
      return
    }
    if case .scalar(let scalar) = node, scalar.text == "same" {
      options.note(word: scalar, of: "padding")
      self = .same
      return
    }
    if case .scalar(let scalar) = node, options.scope.variables[scalar.text] == nil,
      let problem = Diagnostic.unknownPadding(scalar)
    {
      options.report(problem)
      self = fallback
      return
    }
    let name = "`padding`"
    let size = options.integer(node, describedAs: name, in: sizes)
    self = size.map { .fixed($0) } ?? fallback
  }

  /// As a spec would write it.
  private var text: String {
    switch self {
    case .same: "same"
    case .fixed(let size): "\(size)"
    }
  }
}

extension Diagnostic {
  /// A word that is near to `same`, or what other libraries call padding 0; nil for all else.
  fileprivate static func unknownPadding(_ found: Node.Scalar) -> Diagnostic? {
    let message = "`padding` must be `same` or a whole number, found \(found.text.quotedExcerpt)"
    let repair: Repair
    if found.text.lowercased() == "valid" {
      repair = Repair("write `0`: no zeros around the maps", .safe, found.span, "0")
    } else if let guess = ["same"].guess(of: found.text)?.repair(at: found.span) {
      repair = guess
    } else {
      return nil
    }
    return Diagnostic(OptionCode.unknownChoice, message, at: found.span, repairs: [repair])
  }
}
