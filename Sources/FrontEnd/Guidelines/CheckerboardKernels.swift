import Diagnostics
import Layers
import Spec

extension Guideline {
  static let checkerboardKernels = Guideline(
    title: "the stride divides the kernel, or checkerboards appear",
    summary: "The kernel of a transposed convolution is a multiple of its stride.",
    reason: "Otherwise some pixels are painted by more kernel positions than their "
      + "neighbours, which shows as a checkerboard. The paper's own kernels of 5 with "
      + "stride 2 do so.",
    source: "Odena et al. 2016, Deconvolution and Checkerboard Artifacts",
    severity: .note,
    clean: GuidelineExample(
      """
      generator:
        defaults: {kernel: 4, stride: 2, norm: batch, activation: relu}
        layers:
          - project: {to: [64, 4, 4]}
          - conv_transpose: {filters: 32}
          - conv_transpose: {filters: 3, norm: none, activation: tanh}
      """),
    faulty: GuidelineExample(
      """
      generator:
        defaults: {kernel: 4, stride: 2, norm: batch, activation: relu}
        layers:
          - project: {to: [64, 4, 4]}
          - conv_transpose: {filters: 32}
          - conv_transpose: {filters: 3, kernel: 5, norm: none, activation: tanh}
      #     ^^^^^^^^^^^^^^
      """)
  ) { spec in
    spec.outlines.flatMap { outline in
      outline.layers.compactMap { layer in
        guard layer.main.kind == .convTranspose,
          let kernel = layer.main["kernel"].flatMap({ Int($0) }),
          let stride = layer.main["stride"].flatMap({ Int($0) }), stride > 0, kernel % stride != 0
        else { return nil }
        // The multiple below, as 4 for the paper's 5; at least two strides, so that kernels overlap.
        let even = max(2 * stride, kernel - kernel % stride)
        return outline.finding(
          "can produce checkerboards: stride \(stride) does not divide its \(kernel) × \(kernel) kernel",
          of: layer, label: "\(kernel) / \(stride)",
          help: ["a kernel of \(even) covers every pixel equally often"],
          repair: ["same", nil].contains(layer.main["padding"])
            ? outline.repair(
              "write `kernel: \(even)`", at: layer.main.writtenSpan(of: "kernel"), "\(even)",
              of: outline.transposedKernels, among: outline.kernels) : nil)
      }
    }
  }
}

extension NetworkOutline {
  /// Where the kernels of all layers are written, once for each layer.
  fileprivate var kernels: [SourceSpan] { layers.compactMap { $0.main.writtenSpan(of: "kernel") } }

  fileprivate var transposedKernels: [SourceSpan] {
    layers.filter { $0.main.kind == .convTranspose }.compactMap {
      $0.main.writtenSpan(of: "kernel")
    }
  }
}
