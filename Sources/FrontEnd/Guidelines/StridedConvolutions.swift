import Layers
import Spec

extension Guideline {
  static let stridedConvolutions = Guideline(
    title: "strided convolutions in place of pooling and upsampling",
    summary: "The discriminator shrinks maps with strided convolutions, the generator "
      + "enlarges them with fractionally-strided ones.",
    reason: "The networks learn their own downsampling and upsampling.",
    source: "Radford et al. 2015, section 3",
    severity: .error,
    clean: GuidelineExample(
      """
      discriminator:
        defaults: {kernel: 4, stride: 2, norm: batch, activation: {leaky_relu: 0.2}}
        layers:
          - conv: {filters: 32, norm: none}
          - conv: {filters: 64}
          - linear: {units: 1, norm: none, activation: sigmoid}
      """),
    faulty: GuidelineExample(
      """
      discriminator:
        defaults: {kernel: 4, stride: 2, norm: batch, activation: {leaky_relu: 0.2}}
        layers:
          - conv: {filters: 32, norm: none}
          - conv: {filters: 64, kernel: 3, stride: 1}
          - max_pool: {kernel: 2}
      #     ^^^^^^^^
          - linear: {units: 1, norm: none, activation: sigmoid}
      """)
  ) { spec in
    spec.outlines.flatMap { outline in
      outline.layers.compactMap { layer in
        let kind = layer.main.kind
        // Global average pooling is a finding of its own: see `globalAveragePooling`.
        guard kind.role == .pooling || kind.role == .upsampling, kind != .globalAveragePool else {
          return nil
        }
        let isPooling = kind.role == .pooling
        return outline.finding(
          isPooling ? "pools" : "upsamples by a fixed rule", of: layer,
          label: isPooling ? "pooling" : "fixed upsampling",
          help: [
            isPooling
              ? "use a `conv` with stride 2 to halve the maps"
              : "use a `conv_transpose` with stride 2 to double the maps"
          ])
      }
    }
  }
}
