import Decoding
import Diagnostics
import Document
import Program

/// The options `kernel`, `stride`, `dilation` and `padding`: how a window steps over maps.
package struct WindowOptions: Hashable, Sendable {
  package let kernel: Sides
  package let stride: Int
  /// Positions of the maps between neighbouring elements of the kernel.
  package let dilation: Int
  package let padding: Padding

  package enum Padding: Hashable, Sendable {
    /// Whatever makes the stride divide (or multiply) the size exactly.
    case same
    case fixed(Sides)
  }

  /// Reads the options of a convolution: stride 1 and `padding: same` unless told otherwise.
  init(convolution options: inout OptionReader) {
    let sides =
      options.integers(
        "kernel", counts: [1, 2], in: 1...SizeLimit.kernel,
        help: "edge of the window, or its [height, width]") ?? [1]
    kernel = sides.count == 1 ? Sides(both: sides[0]) : Sides(sides[0], sides[1])
    stride = options.integer(
      "stride", default: 1, in: 1...SizeLimit.kernel,
      help: "positions per step; 2 halves maps, or doubles them in a transposed convolution")
    padding = Padding(reading: &options, default: .same, takesPairs: true)
    dilation = options.integer(
      "dilation", default: 1, in: 1...SizeLimit.kernel,
      help: "distance between the kernel's elements; 2 lets a 3 × 3 kernel reach over 5 × 5")
  }

  /// Reads the options of pooling: square windows side by side unless told otherwise.
  init(pooling options: inout OptionReader) {
    kernel = Sides(
      both: options.integer(
        "kernel", in: 1...SizeLimit.kernel, bare: true, help: "edge of the square window"))
    let strides = 1...SizeLimit.kernel
    options.note(
      OptionForm(
        key: "stride", value: .integer(strides), help: "positions per step; the kernel by default"))
    stride = options.integer("stride", default: kernel.height, in: strides)
    dilation = 1
    padding = Padding(reading: &options, default: .fixed(Sides(both: 0)), takesPairs: false)
  }

  /// Positions of the maps from one end of the kernel to the other.
  package var extent: Sides {
    Sides((kernel.height - 1) * dilation + 1, (kernel.width - 1) * dilation + 1)
  }

  /// Rows and columns on each side.
  ///
  /// With H = stride·m and a window that extends over E positions, `same` wants
  /// ⌊(H + 2·padding − E) / stride⌋ + 1 = m, which holds for E − stride ≤ 2·padding < E. The
  /// smallest such padding is taken; for stride 1 and an even extent there is none.
  package func resolvedPadding() throws(ShapeProblem) -> Sides {
    switch padding {
    case .fixed(let sizes): return sizes
    case .same: return Sides(try samePadding(extent.height), try samePadding(extent.width))
    }
  }

  private func samePadding(_ extent: Int) throws(ShapeProblem) -> Int {
    let size = (max(extent - stride, 0) + 1) / 2
    guard 2 * size < extent else {
      throw ShapeProblem(
        "`padding: same` is impossible for a \(kernel) kernel with stride 1",
        help: [
          "an odd kernel keeps the size: \(extent - 1) or \(extent + 1)",
          "`padding` can be a number too: 0 leads between \(kernel) and 1 × 1 maps",
        ], options: ["kernel", "stride"])
    }
    return size
  }

  /// As the primitive ops want it, for square options that `outputShape` has accepted.
  var geometry: ConvolutionGeometry {
    ConvolutionGeometry(stride: stride, padding: min(acceptedPadding.height, acceptedPadding.width))
  }

  /// The padding of options that `outputShape` has accepted.
  var acceptedPadding: Sides {
    guard let sizes = try? resolvedPadding() else {
      preconditionFailure("\(self) must be refused by outputShape before it is lowered")
    }
    return sizes
  }

  /// The sizes after a window has stepped over height × width.
  func outputSizes(height: Int, width: Int) throws(ShapeProblem) -> (height: Int, width: Int) {
    let sizes = try resolvedPadding()
    let rows = ConvolutionGeometry(stride: stride, padding: sizes.height)
    let columns = ConvolutionGeometry(stride: stride, padding: sizes.width)
    guard let newHeight = rows.outputSize(input: height, kernel: extent.height),
      let newWidth = columns.outputSize(input: width, kernel: extent.width)
    else {
      throw ShapeProblem(
        "a \(kernel) kernel" + (dilation == 1 ? "" : " of dilation \(dilation)")
          + " does not fit into \(height) × \(width) maps"
          + (sizes == Sides(both: 0) ? "" : " with padding \(sizes.yamlText)"),
        options: ["kernel", "padding", "dilation"])
    }
    // A kernel that fits only in part of a last step would lose rows or columns.
    if padding == .same, height % stride != 0 || width % stride != 0 {
      throw ShapeProblem(
        "stride \(stride) does not divide \(height) × \(width), as `padding: same` promises",
        help: ["`padding: \(sizes.yamlText)` gives \(newHeight) × \(newWidth)"],
        options: ["stride"])
    }
    return (newHeight, newWidth)
  }
}

extension WindowOptions.Padding {
  init(reading options: inout OptionReader, default fallback: Self, takesPairs: Bool) {
    let sizes = 0...SizeLimit.kernel
    let pair: [ValueForm] = takesPairs ? [.list(of: .integer(sizes), counts: [2])] : []
    let node = options.node(
      "padding", takes: .anyOf([.choice(["same"]), .integer(sizes)] + pair),
      default: fallback.text,
      help: "zeros on each side, or `same`: the stride divides or multiplies the size exactly")
    let name = "`padding`"
    switch node {
    case nil: self = fallback
    case .sequence(let list) where takesPairs:
      let numbers = list.items.map { options.integer($0, describedAs: name, in: sizes) }
      guard numbers.count == 2, let height = numbers[0], let width = numbers[1] else {
        if numbers.count != 2 {
          options.report(.wrongCount(key: "padding", expected: "1 or 2", found: list))
        }
        self = fallback
        return
      }
      self = .fixed(Sides(height, width))
    case .scalar(let scalar) where scalar.text == "same":
      options.note(word: scalar, of: "padding")
      self = .same
    case .some(let node):
      if case .scalar(let scalar) = node, options.scope.variables[scalar.text] == nil,
        let problem = Diagnostic.unknownPadding(scalar)
      {
        options.report(problem)
        self = fallback
        return
      }
      let size = options.integer(node, describedAs: name, in: sizes)
      self = size.map { .fixed(Sides(both: $0)) } ?? fallback
    }
  }

  /// As a spec would write it.
  private var text: String {
    switch self {
    case .same: "same"
    case .fixed(let sizes): sizes.yamlText
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
