import Decoding
import Diagnostics

/// The generator's input z.
public struct LatentSpec: Hashable, Sendable {
  /// From 1 to 65,536; 100 by default.
  public let size: Int
  /// Uniform by default, as in the paper.
  public let distribution: Distribution
  public let span: SourceSpan

  public enum Distribution: String, Hashable, Sendable, CaseIterable {
    /// On [−1, 1].
    case uniform
    /// Mean 0, standard deviation 1.
    case normal
  }
}

extension LatentSpec {
  /// Reads `latent: {size: 100, distribution: uniform}`.
  init(reading spec: inout OptionReader) {
    var options = spec.section("latent", help: "the generator's input z")
    let size = options.integer("size", default: 100, in: 1...65_536, help: "numbers in z")
    let distribution =
      options.choice(
        "distribution", default: Distribution.uniform,
        help: "uniform on [-1, 1], or normal with deviation 1") ?? .uniform
    self.init(size: size, distribution: distribution, span: options.span(of: "size"))
    spec.absorb(options)
  }
}
