import Foundation
import Spec

extension HealthCheck {
  /// The images of a batch are nearly the same, or come in groups of copies.
  static let modeCollapse = HealthCheck(code: .modeCollapse) { record in
    func isCollapsed(_ stretch: HealthStretch) -> Bool {
      stretch.vitals.spread < Self.share * record.real.spread
        || stretch.vitals.nearest < Self.share * record.real.nearest
    }
    // What has fallen is told at once; a generator that begins with images that are all alike gets
    // some time.
    let hasFallen = record.stretches.dropLast(3).last.map { !isCollapsed($0) } ?? false
    let count = hasFallen ? 3 : 5
    guard record.spec.objective.objective != nil, let stretches = record.last(count),
      stretches.allSatisfy(isCollapsed),
      let last = stretches.last
    else { return nil }
    let isWhole = last.vitals.spread < Self.share * record.real.spread
    let (found, real) =
      isWhole
      ? (last.vitals.spread, record.real.spread) : (last.vitals.nearest, record.real.nearest)
    return Draft(
      message: isWhole
        ? "the generator has collapsed: it makes nearly the same image for every z"
        : "the generator has collapsed: its images are copies of a few",
      span: record.spec.generator.span,
      notes: [
        (isWhole
          ? "the values of its images vary" : "the nearest two of its images differ")
          + String(
            format: " by %.2f %% of the range, those of real images by %.1f %%", found * 100,
            real * 100)
      ],
      help: [
        "go back to a checkpoint before this step with `rewind`, and " + record.lowerRate,
        "look for a generator without batch norm, and for a `latent.size` that is too small",
      ],
      stretches: count)
  }

  /// Of the same number of real images.
  private static let share: Float = 0.1
}
