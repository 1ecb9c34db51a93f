/// Every operation as one or more products: out [rows, columns] = left [rows, depth] · right.
///
/// The left operand is never stored: its elements are those of patches. A patch is what one pixel
/// of a grid sees of a map through its window. The result has one row per pixel of the grid, or,
/// for kernel gradients, one per element of the window, with the sum running over the pixels.
#pragma once

#include "isa.h"

typedef struct ck_product {
  // The grid of patches: [batch, grid_height, grid_width] windows on `map` [batch, H, W, C].
  // Element (uy, ux, c) of the patch of pixel (n, gy, gx) is, or 0 outside of the map,
  //   map[n, gy·step + origin_y + uy, gx·step + origin_x + ux, c]
  const float *map;
  int32_t map_height, map_width, map_channels;
  int32_t window_height, window_width;
  int32_t step, origin_y, origin_x;
  int32_t batch, grid_height, grid_width;
  bool position_major;
  bool depth_is_grid;  // false: rows are pixels, depth is the window; true: the other way round

  // The right operand, [depth, columns].
  const float *right;
  bool right_transposed;
  // From one row to the next, or, transposed, from one column to the next.
  ptrdiff_t right_stride;
  // Transposed: element (k, column), with k = ((uy, ux), f), is
  //   right[tap_origin + uy·tap_step_y + ux·tap_step_x + column·right_stride + f]
  ptrdiff_t tap_origin, tap_step_y, tap_step_x;
  int32_t tap_length;

  // The result: where the row of a pixel begins; or, with depth_is_grid, out_x per row.
  ptrdiff_t out_origin, out_image, out_y, out_x;

  int32_t rows, columns, depth;
  ck_blocks row_blocks, depth_blocks;
  ptrdiff_t packed_offset;  // of this product's panels, where the panels are packed beforehand
} ck_product;

enum {
  ck_wave_pack,
  ck_wave_multiply,
  ck_wave_reduce,
  ck_wave_taps,
  ck_wave_dots_pack,
  ck_wave_dots,
  ck_wave_windows_convolve,
  ck_wave_windows_gradient,
  ck_wave_winograd_tiles,
  ck_wave_winograd_multiply,
  ck_wave_winograd_gradient,
};

enum {
  /// Enough tasks to balance 8 threads.
  ck_wanted_tasks = 16,
  /// Floats of one task of a reduction.
  ck_reduced_floats = 16384,
};

/// Whether an array of these sizes has 2³¹ elements or more.
bool ck_too_large(const int64_t *sizes, int count);

/// Checks a convolution's sizes, and begins its plan with them.
ck_status ck_begin_convolution(
    ck_plan *plan, ck_operation operation, const ck_convolution_shape *shape, ck_isa isa);

void ck_add_wave(ck_plan *plan, int32_t kind, int32_t tasks);

/// Adds the wave that adds up the results of `depth_chunks` chunks, which lie in scratch.
void ck_add_reduction(ck_plan *plan);

/// Plans by `ck_algorithm_windows`; false, and nothing but `strip_rows` changed, where it is not for
/// the shape.
bool ck_plan_windows(ck_plan *plan);

/// Plans by `ck_algorithm_taps` likewise.
bool ck_plan_taps(ck_plan *plan);

/// How many products an operation is: stride × stride for an input gradient, `batch` for matrix
/// multiplications, else 1.
int32_t ck_product_count(const ck_plan *plan);

/// Product number `index` of an operation.
ck_product ck_describe(
    const ck_plan *plan, int32_t index, const float *left, const float *right);

/// The blocks of `count` segments; lengths of parts of segments are multiples of `unit`.
ck_blocks ck_make_blocks(int32_t length, int32_t count, int32_t limit, int32_t unit);

static inline void ck_block_range(
    const ck_blocks *blocks, int32_t index, int32_t *first, int32_t *last) {
  if (blocks->block_length > 0) {
    int32_t segment = index / blocks->blocks_per_segment;
    int32_t part = index % blocks->blocks_per_segment;
    int32_t end = (part + 1) * blocks->block_length;
    *first = segment * blocks->segment_length + part * blocks->block_length;
    if (end > blocks->segment_length) end = blocks->segment_length;
    *last = segment * blocks->segment_length + end;
  } else {
    int32_t end = (index + 1) * blocks->segments_per_block;
    if (end > blocks->segment_count) end = blocks->segment_count;
    *first = index * blocks->segments_per_block * blocks->segment_length;
    *last = end * blocks->segment_length;
  }
}

static inline int32_t ck_minimum(int32_t a, int32_t b) { return a < b ? a : b; }
static inline int32_t ck_maximum(int32_t a, int32_t b) { return a > b ? a : b; }
static inline int64_t ck_rounded_up(int64_t value, int64_t unit) {
  return (value + unit - 1) / unit * unit;
}
static inline int32_t ck_quotient_up(int64_t value, int64_t divisor) {
  return (int32_t)((value + divisor - 1) / divisor);
}
