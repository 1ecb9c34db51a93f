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
  private static let cachedValues = 1 << 20

  /// Products of taps and pixels, without those that only meet padding.
  static func direct(_ shape: ck_convolution_shape, _ plan: ck_plan) -> Double {
    func pairs(_ outputs: Int32, _ size: Int32, _ kernel: Int32) -> Int {
      (0..<Int(outputs)).reduce(0) { sum, output in
        let start = output * Int(shape.stride) - Int(shape.padding)
        return sum + max(0, min(Int(size), start + Int(kernel)) - max(0, start))
      }
    }
    return Double(shape.batch) * Double(shape.channels) * Double(shape.filters)
      * Double(pairs(plan.output_height, shape.height, shape.kernel_height))
      * Double(pairs(plan.output_width, shape.width, shape.kernel_width))
  }

  /// Products of the slots, of all tiles.
  ///
  /// On a map of few pixels they are as many as the direct ones: those meet padding, too.
  static func products(of plan: ck_plan) -> Double {
    Double(plan.winograd.tile_slots) * Double(plan.shape.channels) * Double(plan.shape.filters)
  }

  /// Products of the slots, and the transforms around them.
  static func winograd(_ plan: ck_plan) -> Double {
    if plan.operation == .kernel_gradient { return kernelGradient(plan) }
    let winograd = plan.winograd
    let (depth, columns) = (Double(winograd.depth), Double(winograd.columns))
    let transforms = perTransformedValue * Double(winograd.tile_slots) * (depth + columns)
    let products = Double(winograd.filled_slots) * depth * padded(columns, plan)
    let weights = perTransformedWeight * Double(winograd.block_slots) * depth * columns
    return products + transforms + weights
  }

  /// Products, transforms of both maps and of the taps, and reads of x.
  ///
  /// Each part of the result transforms both maps for itself: all slots of x, but of dy only the
  /// positions, which the phases share. Each chunk and each size of the tiles makes all taps.
  private static func kernelGradient(_ plan: ck_plan) -> Double {
    let (winograd, shape) = (plan.winograd, plan.shape)
    let tileSlots = Double(winograd.tile_slots)
    let (channels, filters) = (Double(shape.channels), Double(shape.filters))
    let tile = lanes(plan)
    let group = plan.isa == .avx512 ? 64.0 : plan.isa == .avx2 ? 48 : 32
    let panelParts = (filters / (2 * tile * Double(winograd.panels_per_task))).rounded(.up)
    let groupParts = (channels / (group * Double(winograd.groups_per_task))).rounded(.up)
    let products = tileSlots * padded(channels, plan) * padded(filters, plan)
    let positions = Double((winograd.edge + 2) * (winograd.edge + 2))
    let transforms =
      perTransformedValue
      * (tileSlots * channels * panelParts
        + Double(winograd.tiles) * positions * filters * groupParts)
    let weights =
      perTransformedWeight * Double(winograd.slots) * channels * filters
      * Double(max(plan.depth_chunks, winograd.tiling_count))
    let values = Double(shape.batch) * Double(shape.height) * Double(shape.width) * channels
    let reads = values <= Double(cachedValues) ? 0 : values * panelParts
    return products + weights + transforms + perUncachedValue * reads
  }

  private static func lanes(_ plan: ck_plan) -> Double {
    plan.isa == .avx512 ? 16 : plan.isa == .avx2 ? 8 : 4
  }

  /// A number of columns, filled up to whole vectors.
  private static func padded(_ count: Double, _ plan: ck_plan) -> Double {
    (count / lanes(plan)).rounded(.up) * lanes(plan)
  }
}
