import Diagnostics
import Spec

extension Guideline {
  static let batchSize = Guideline(
    title: "batches of 128 images",
    summary: "Under the minimax loss a step takes 128 images.",
    reason:
      "All models in the paper were trained this way; the statistics of batchnorm depend on it.",
    source: "Radford et al. 2015, section 4",
    severity: .advice,
    clean: GuidelineExample(
      """
      train: {batch: 128}
      """),
    faulty: GuidelineExample(
      """
      train: {batch: 32}
      #              ^^
      """)
  ) { spec in
    guard spec.train.batch != 128, spec.objective.isOfThePaper else { return [] }
    return [
      GuidelineFinding(
        message: "a batch is \(spec.train.batch) images; the paper's is 128",
        span: spec.train.batchSpan,
        repair: Repair("write `128`", .unsafe, spec.train.batchSpan, "128"))
    ]
  }
}
