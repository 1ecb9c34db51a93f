/// Winograd's algorithm F(m × m, 3 × 3) on the phases of a strided convolution: what is computed.
///
/// Along each axis the large map x is seen as `stride` phases: position stride·q + a is element q of
/// phase a. Then y[i] = Σ x[stride·i − padding + k] · w[k] is a sum over phases and over o = −1, 0, 1:
///
///   y[i] = Σₐ Σₒ xₐ[i + o] · w[stride·o + a + padding]        (no such tap: 0)
///
/// that is one convolution with 3 taps and stride 1 for each phase. Its input gradient is
///
///   dxₐ[q] = Σₒ dy[q − o] · w[stride·o + a + padding]
///
/// again 3 taps for each phase, and all phases read the same map. Winograd makes m outputs of 3 taps
/// from m + 2 products:  Y = Aᵀ [(G g) ⊙ (Bᵀ d)],  d: m + 2 inputs, g: 3 taps; nested for two axes.
/// A place in the (m + 2) × (m + 2) product is a *position*; a position of a phase is a *slot*. Where
/// a phase lacks its first or last tap, its first or last row of positions vanishes.
#pragma once

#include "product.h"

enum {
  ck_winograd_taps = 3,
  ck_maximum_edge = 4,
  ck_maximum_span = ck_maximum_edge + 2,  // positions along an axis
  ck_maximum_positions = ck_maximum_span * ck_maximum_span,
  /// Channels that are multiplied at once. One slot's tiles (64 × 64 floats), weights (64 × 32) and
  /// sums (64 × 32) then fill two thirds of a first-level cache of 48 KB.
  ck_winograd_depth = 64,
  /// Channels of each map in a task of a kernel gradient: the more, the less often both maps are
  /// transformed again.
  ck_widest_part = 128,
  /// Floats between arrays of which many are used side by side: a cache line more than they have,
  /// since powers of two would put all of them in the same cache set.
  ck_winograd_gap = 16,
};

/// One phase along one axis.
typedef struct ck_axis {
  int32_t tap[ck_winograd_taps];  // of the kernel, in the order of the map's pixels; −1: none
  int32_t first, last;            // positions first ..< last do not vanish
} ck_axis;

/// One phase: rows stride·q + phase_y and columns stride·q + phase_x of the large map.
typedef struct ck_phase {
  int32_t phase_y, phase_x;
  ck_axis y, x;
  int32_t first_slot;  // its slots are numbered from here, row by row
} ck_phase;

/// Phase number `index` of stride × stride, for the tiles of one size.
ck_phase ck_winograd_phase(const ck_plan *plan, const ck_tiling *tiling, int32_t index);

/// The tiles that a block is made of.
static inline const ck_tiling *ck_tiling_of(const ck_plan *plan, int32_t block) {
  const ck_tiling *tiling = plan->winograd.tilings;
  while (block >= tiling->first_block + tiling->blocks) tiling++;
  return tiling;
}

/// Tiles first ..< last of a tiling are a block.
static inline void ck_tiles_of_block(
    const ck_tiling *tiling, int32_t block, int32_t *first, int32_t *last) {
  *first = (block - tiling->first_block) * tiling->tile_block;
  *last = ck_minimum(*first + tiling->tile_block, tiling->tiles);
}

/// Positions of the largest tiles.
static inline int32_t ck_most_positions(const ck_plan *plan) {
  return (plan->winograd.edge + 2) * (plan->winograd.edge + 2);
}

static inline int32_t ck_phase_slots(const ck_phase *phase) {
  return (phase->y.last - phase->y.first) * (phase->x.last - phase->x.first);
}

/// Rows of a kernel gradient that one task makes.
static inline int32_t ck_row_group(ck_microtile micro) { return 8 * micro.rows; }

// Floats of one slot's transformed tiles, weights and sums.
static inline ptrdiff_t ck_values_stride(const ck_plan *plan) {
  return (ptrdiff_t)plan->winograd.tile_block * ck_winograd_depth + ck_winograd_gap;
}
static inline ptrdiff_t ck_weights_stride(ck_microtile micro) {
  return ck_winograd_depth * micro.columns + ck_winograd_gap;
}
static inline ptrdiff_t ck_sums_stride(const ck_plan *plan, ck_microtile micro) {
  return (ptrdiff_t)plan->winograd.tile_block * micro.columns + ck_winograd_gap;
}

/// Phases of the map that is read: a convolution transforms each by itself, an input gradient reads
/// all of a small map.
static inline int32_t ck_phases_read(const ck_plan *plan) {
  int32_t stride = plan->shape.stride;
  return plan->operation == ck_operation_convolve ? stride * stride : 1;
}

/// Slots of the transformed tiles: all phases of a convolution read their own pixels, those of an
/// input gradient the same.
static inline int32_t ck_value_slots(const ck_plan *plan) {
  return plan->operation == ck_operation_convolve ? plan->winograd.slots
                                                  : ck_most_positions(plan);
}

/// Floats of one block's transformed tiles: [depth / 64] [slots] [tiles] [64].
static inline ptrdiff_t ck_block_values(const ck_plan *plan) {
  return ck_quotient_up(plan->winograd.depth, ck_winograd_depth) * ck_value_slots(plan)
         * ck_values_stride(plan);
}
