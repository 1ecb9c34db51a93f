import CKernels

extension Plan {
  /// How convolutions are computed.
  public enum Algorithm: String, Hashable, Sendable, CaseIterable {
    /// Whichever is expected to be faster for the shapes, `direct` or `winograd4`.
    case automatic
    /// Sums of products as they are written.
    case direct
    /// Winograd's F(2 × 2, 3 × 3) where it saves multiplications, about half of them; rounds hardly
    /// more than `direct`.
    case winograd2
    /// F(4 × 4, 3 × 3) where it saves multiplications: less than a third are left for 5 × 5 kernels;
    /// rounds at 5e-6.
    case winograd4
  }
}

/// What an operation of a convolution is expected to take, in units of the time that the direct
/// kernels need for one multiply-add.
///
/// Measured on one core of Zen 5 with AVX-512, milliseconds (direct, Winograd):
///
/// |                                           | convolve   | input gradient | kernel gradient |
/// | 5 × 5, 32 × 32 × 128 → 256, batch 8       | 15.7, 8.6  | 19.3, 6.4      | 20.1, 6.4       |
/// | 5 × 5, 8 × 8 × 512 → 1024, batch 8        | 13.7, 12.2 | 14.4, 16.6     | 12.2, 11.3      |
/// | 5 × 5, 16 × 16 × 64 → 64, batch 32        | 1.89, 0.74 | 1.81, 0.67     | 2.00, 0.63      |
/// | 5 × 5, 16 × 16 × 16 → 16, batch 32        | 0.22, 0.13 | 0.20, 0.09     | 0.25, 0.10      |
/// | 5 × 5, 64 × 64 × 3 → 128, batch 32        | 4.0, 6.0   | 4.7, 10.9      | 4.3, 6.1        |
/// | 3 × 3 stride 2, 12 × 12 × 64 → 64, batch 16 | 0.22, 0.29 | 0.22, 0.26   | 0.20, 0.23      |
struct ConvolutionCost {
  /// Below a tenth of a millisecond there is nothing to win, and the direct kernels round less.
  static let leastWork = 10e6
  /// Winograd's transforms are chosen where they are expected to save at least this share.
  static let leastSaving = 0.2

  /// Transforming one channel of a tile, per position.
  private static let perTransformedValue = 6.0
  /// Transforming one weight for a block of tiles, per position: it is memory traffic.
  private static let perTransformedWeight = Double(ck_tiles_per_weight)
  /// Reading one value of a map that does not fit the caches.
  private static let perUncachedValue = 25.0

  /// Products that cannot be left out.
  ///
  /// On a map of few pixels Winograd's algorithm makes as many as direct ones: those meet padding.
  let products: Double
  /// All that takes time.
  let total: Double

  init(of plan: ck_plan) {
    let costs = withUnsafePointer(to: plan) { ck_costs_of($0) }
    products = costs.needed_products
    total =
      costs.products + Self.perTransformedValue * costs.transformed_values
      + Self.perTransformedWeight * costs.transformed_weights
      + Self.perUncachedValue * costs.uncached_reads
  }
}
