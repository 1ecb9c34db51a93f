import Program

/// Writes convolutions and their gradients; images are [N, H, W, C], kernels [K, K', C, F].
struct ConvolutionLowering {
  let style: StableHLOStyle

  func convolve(
    _ x: StableHLOTensor, _ kernel: StableHLOTensor, _ geometry: ConvolutionGeometry,
    _ shape: [Int], in writer: inout StableHLOWriter
  ) -> StableHLOTensor {
    let (stride, padding) = (geometry.stride, geometry.padding)
    return convolution(
      x, kernel, "[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]",
      "stride = [\(stride), \(stride)], pad = [[\(padding), \(padding)], [\(padding), \(padding)]]",
      shape, in: &writer)
  }

  // MARK: The gradient for the input

  /// dy [N, H', W', F], kernel [K, K', C, F] → [N, H, W, C].
  func inputGradient(
    _ dy: StableHLOTensor, _ kernel: StableHLOTensor, _ geometry: ConvolutionGeometry,
    _ shape: [Int], in writer: inout StableHLOWriter
  ) -> StableHLOTensor {
    let reversed = writer.reversed(kernel, axes: [0, 1])
    let stride = geometry.stride
    let axes = [0, 1].map { axis in
      PhaseAxis(
        size: shape[axis + 1], outputs: dy.shape[axis + 1], kernel: kernel.shape[axis], geometry)
    }
    // A kernel smaller than the stride leaves some pixels out; few channels are quick either way.
    let hasAllPhases = axes.allSatisfy { axis in axis.phases.allSatisfy { $0.taps > 0 } }
    let isWorthwhile =
      style.inputGradient == .phases && stride > 1 && shape[3] >= Self.leastChannelsForPhases
    if isWorthwhile && hasAllPhases {
      return woven(dy, reversed, stride, axes, shape, in: &writer)
    }
    // dx[r] = Σ dy[q]·kernel[r + padding − stride·q]: a convolution of dy, spread by the stride,
    // with the reversed kernel.
    let pads = [0, 1].map { axis -> String in
      let (size, edge) = (shape[axis + 1], kernel.shape[axis])
      let low = edge - 1 - geometry.padding
      let high = size - ((dy.shape[axis + 1] - 1) * stride + 1) - low + edge - 1
      return "[\(low), \(high)]"
    }
    let dilation = stride == 1 ? "" : ", lhs_dilate = [\(stride), \(stride)]"
    return convolution(
      dy, reversed, "[b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f]",
      "pad = [\(pads.joined(separator: ", "))]\(dilation)", shape, in: &writer)
  }

  /// Below so many channels of the result, weaving costs more than the products with zeros.
  private static let leastChannelsForPhases = 16

  /// Each phase convolved by itself, and the phases side by side in the order of the pixels.
  private func woven(
    _ dy: StableHLOTensor, _ reversed: StableHLOTensor, _ stride: Int, _ axes: [PhaseAxis],
    _ shape: [Int], in writer: inout StableHLOWriter
  ) -> StableHLOTensor {
    let (batch, channels) = (shape[0], shape[3])
    // Phases are of equal size when the stride divides the image; else the last pixels are cut off.
    let rows = (shape[1] + stride - 1) / stride
    let columns = (shape[2] + stride - 1) / stride
    var stacked: [StableHLOTensor] = []
    for vertical in axes[0].phases {
      var across: [StableHLOTensor] = []
      for horizontal in axes[1].phases {
        let part = writer.sliced(
          reversed, start: [vertical.firstTap, horizontal.firstTap, 0, 0],
          limit: [vertical.tapLimit, horizontal.tapLimit] + Array(reversed.shape[2...]),
          stride: [stride, stride, 1, 1])
        let pads = [vertical, horizontal].map { "[\($0.low), \($0.high)]" }
        let phase = convolution(
          dy, part, "[b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f]",
          "pad = [\(pads.joined(separator: ", "))]", [batch, rows, columns, channels], in: &writer)
        across.append(writer.reshaped(phase, to: [batch, rows, columns, 1, channels]))
      }
      let row = writer.concatenated(across, axis: 3)
      stacked.append(writer.reshaped(row, to: [batch, rows, 1, columns * stride, channels]))
    }
    let all = writer.concatenated(stacked, axis: 2)
    let image = writer.reshaped(all, to: [batch, rows * stride, columns * stride, channels])
    if image.shape == shape { return image }
    return writer.sliced(image, start: [0, 0, 0, 0], limit: shape, stride: [1, 1, 1, 1])
  }

  // MARK: The gradient for the kernel

  /// x [N, H, W, C], dy [N, H', W', F] → [K, K', C, F].
  func kernelGradient(
    _ x: StableHLOTensor, _ dy: StableHLOTensor, _ geometry: ConvolutionGeometry,
    _ shape: [Int], in writer: inout StableHLOWriter
  ) -> StableHLOTensor {
    // dkernel[t] = Σ x[stride·q + t − padding]·dy[q]: dy, spread by the stride, slides over x.
    let (stride, padding) = (geometry.stride, geometry.padding)
    let pads = [0, 1].map { axis -> String in
      let reach = (dy.shape[axis + 1] - 1) * stride + 1
      return "[\(padding), \(shape[axis] - 1 + reach - x.shape[axis + 1] - padding)]"
    }
    let dilation = stride == 1 ? "" : ", rhs_dilate = [\(stride), \(stride)]"
    return convolution(
      x, dy, "[f, 0, 1, b]x[i, 0, 1, o]->[0, 1, b, f]",
      "pad = [\(pads.joined(separator: ", "))]\(dilation)", shape, in: &writer)
  }

  private func convolution(
    _ x: StableHLOTensor, _ kernel: StableHLOTensor, _ dimensions: String, _ window: String,
    _ shape: [Int], in writer: inout StableHLOWriter
  ) -> StableHLOTensor {
    let type = StableHLOTensor(name: "", shape: shape, element: .f32).type
    return writer.emit(
      "stablehlo.convolution(\(x), \(kernel)) dim_numbers = \(dimensions), window = {\(window)} "
        + "{batch_group_count = 1 : i64, feature_group_count = 1 : i64"
        + "\(style.precision.convolutionAttribute)} : (\(x.type), \(kernel.type)) -> \(type)", shape
    )
  }
}

/// An axis of the input's gradient, cut by the remainder of a pixel's place by the stride.
private struct PhaseAxis {
  let phases: [Phase]

  /// The pixels r ≡ remainder: dx[remainder + stride·j] = Σ over i of
  /// kernel[tap + stride·i]·dy[first + j − i].
  struct Phase {
    /// Rows of the kernel that meet these pixels.
    let taps: Int
    /// Where these rows begin and end in the reversed kernel, one every stride.
    let firstTap: Int
    let tapLimit: Int
    /// Zeros before and after dy; negative where some of it is not needed.
    let low: Int
    let high: Int
  }

  /// - Parameters:
  ///   - size: pixels of the gradient along this axis.
  ///   - outputs: elements of dy along this axis.
  init(size: Int, outputs: Int, kernel: Int, _ geometry: ConvolutionGeometry) {
    let stride = geometry.stride
    let pixels = (size + stride - 1) / stride
    phases = (0..<stride).map { remainder in
      let tap = (remainder + geometry.padding) % stride
      let first = (remainder + geometry.padding) / stride
      let taps = tap < kernel ? (kernel - tap + stride - 1) / stride : 0
      let low = taps - 1 - first
      return Phase(
        taps: taps, firstTap: kernel - 1 - tap - stride * (taps - 1), tapLimit: kernel - tap,
        low: low, high: pixels + taps - 1 - low - outputs)
    }
  }
}
