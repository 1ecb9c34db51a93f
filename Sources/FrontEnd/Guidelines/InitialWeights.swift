import Decoding
import Diagnostics
import Spec

extension Guideline {
  static let initialWeights = Guideline(
    title: "weights start from N(0, 0.02)",
    summary: "Weights start normally distributed around 0 with standard deviation 0.02.",
    reason: "All models in the paper start this way.",
    source: "Radford et al. 2015, section 4",
    severity: .advice,
    clean: GuidelineExample(
      """
      init: {weight: {normal: 0.02}}
      """),
    faulty: GuidelineExample(
      """
      init: {weight: {normal: 0.1}}
      #              ^^^^^^^^^^^^^
      """)
  ) { spec in
    let weight = spec.initialization.weight
    guard weight.mean != 0 || weight.deviation != 0.02 else { return [] }
    return [
      GuidelineFinding(
        message: "weights start from N(\(weight.mean.yamlText), \(weight.deviation.yamlText)); "
          + "the paper's from N(0, 0.02)",
        span: spec.initialization.weightSpan,
        repair: Repair(
          "write `{normal: 0.02}`", .unsafe, spec.initialization.weightSpan, "{normal: 0.02}"))
    ]
  }
}
