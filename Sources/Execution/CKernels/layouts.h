/// Where the arrays of a task lie in its scratch memory.
///
/// Each layout is carved by one function. The planner calls it without memory to learn the size, the
/// kernels call it with their memory: so both always agree.
#pragma once

#include "winograd.h"

/// A block of memory that is cut into arrays one after the other; without memory only counted.
typedef struct ck_carver {
  float *memory;
  ptrdiff_t floats;  // that have been taken
} ck_carver;

static inline float *ck_carve(ck_carver *from, ptrdiff_t floats) {
  float *array = from->memory ? from->memory + from->floats : NULL;
  from->floats += floats;
  return array;
}

static inline size_t ck_carved_bytes(const ck_carver *from) {
  return (size_t)from->floats * sizeof(float);
}

// ---------------------------------------------------------------------------------------------
// Patches

/// Packed blocks of both operands of a product.
typedef struct ck_product_space {
  float *left;   // [ck_maximum_rows, ck_packed_stride] or [ck_maximum_depth, ck_packed_stride]
  float *panel;  // [ck_maximum_depth, MICRO_COLUMNS]
} ck_product_space;

static inline ck_product_space ck_carve_product(ck_carver *from, ck_microtile micro) {
  ck_product_space space;
  space.left = ck_carve(from, ck_maximum_rows * ck_packed_stride);
  space.panel = ck_carve(from, ck_maximum_depth * micro.columns);
  return space;
}

// ---------------------------------------------------------------------------------------------
// Taps

typedef struct ck_taps_space {
  int32_t shifts_y, shifts_x;  // ⌈KH / stride⌉, ⌈KW / stride⌉: see taps_gather.h
  int32_t columns;             // KH·KW·C
  int32_t slot;                // floats of a pixel: its taps, then zeros up to whole vectors
  int32_t row;                 // floats of a row of pixels, with shifts_x − 1 more at either end
  int32_t ring_rows;           // row i of dy lies in row i mod ring_rows
  float *panels;               // [slot / LANES, F, LANES], but two or three vectors side by side
  int32_t *offsets;            // of pixels in the ring, those that are multiplied at once
  float *ring;                 // [ring_rows, row]
  float *line;                 // a row of dx, and the padding before it
  ptrdiff_t zeros;             // floats from `ring` on that must be 0 at first
} ck_taps_space;

/// Floats that a row of an input gradient takes, with the padding before it: whole blocks of
/// `stride` pixels, and what may be written after the last.
static inline int64_t ck_line_floats(const ck_convolution_shape *shape) {
  int64_t pixels = (int64_t)shape->width + shape->padding + shape->stride;
  return (pixels * shape->channels + 8 + 15) / 16 * 16;
}

static inline ck_taps_space ck_carve_taps(
    ck_carver *from, const ck_plan *plan, ck_microtile micro) {
  const ck_convolution_shape *shape = &plan->shape;
  ck_taps_space at;
  at.shifts_y = ck_quotient_up(shape->kernel_height, shape->stride);
  at.shifts_x = ck_quotient_up(shape->kernel_width, shape->stride);
  at.columns = shape->kernel_height * shape->kernel_width * shape->channels;
  at.slot = (int32_t)ck_rounded_up(at.columns, micro.lanes);
  at.row = (plan->output_width + 2 * (at.shifts_x - 1)) * at.slot;
  at.ring_rows = plan->strip_rows + at.shifts_y - 1;
  at.panels = ck_carve(from, (ptrdiff_t)at.slot * shape->filters);
  at.offsets = (int32_t *)ck_carve(
      from, ck_rounded_up((int64_t)at.ring_rows * plan->output_width, micro.lanes));
  // After the ring there is a line to spare: gathering reads blocks, which may be longer than slots.
  ptrdiff_t line = ck_line_floats(shape), ring = (ptrdiff_t)at.ring_rows * at.row + line;
  at.ring = ck_carve(from, ring);
  at.line = ck_carve(from, line);
  at.zeros = ring + line;
  return at;
}

// ---------------------------------------------------------------------------------------------
// Windows

typedef struct ck_strip {
  int32_t width;             // floats of a row
  int32_t height;            // rows
  int32_t elements;          // KH·KW·C, of a window
  int32_t *element_offsets;  // [elements]
  int32_t *pixel_offsets;    // [strip_rows · W']
  float *rows;
  float *panels;             // [F / MICRO_COLUMNS, elements, MICRO_COLUMNS], of a convolution
} ck_strip;

static inline ck_strip ck_carve_strip(
    ck_carver *from, const ck_plan *plan, ck_microtile micro) {
  const ck_convolution_shape *shape = &plan->shape;
  int32_t window_row = shape->kernel_width * shape->channels;
  ck_strip at;
  at.width = (plan->output_width - 1) * shape->stride * shape->channels + window_row;
  at.height = (plan->strip_rows - 1) * shape->stride + shape->kernel_height;
  at.elements = shape->kernel_height * window_row;
  at.element_offsets = (int32_t *)ck_carve(from, ck_rounded_up(at.elements, micro.lanes));
  at.pixel_offsets = (int32_t *)ck_carve(
      from, ck_rounded_up((int64_t)plan->strip_rows * plan->output_width, micro.lanes));
  at.rows = ck_carve(from, ck_rounded_up((int64_t)at.height * at.width, micro.lanes));
  bool convolves = plan->operation == ck_operation_convolve;
  at.panels = ck_carve(from, convolves ? (ptrdiff_t)at.elements * shape->filters : 0);
  return at;
}

// ---------------------------------------------------------------------------------------------
// Dots

typedef struct ck_dot_space {
  float *sums;           // [rows / dot_pixels] [dot_pixels] [ck_dot_channels] [LANES]
  const float **values;  // [taps] [rows]: the packed pixel that a row meets, in the first chunk
  int32_t stride;        // rows, filled up to whole groups of ck_dot_pixels
} ck_dot_space;

/// For a product of so many rows (pixels) and taps.
static inline ck_dot_space ck_carve_dots(
    ck_carver *from, int64_t rows, int64_t taps, ck_microtile micro) {
  ck_dot_space space;
  space.stride = (int32_t)ck_rounded_up(rows, ck_dot_pixels);
  space.sums = ck_carve(from, (ptrdiff_t)space.stride * ck_dot_channels * micro.lanes);
  // Sums fill whole vectors, so that the pointers after them are aligned.
  space.values = (const float **)(void *)ck_carve(
      from, (ptrdiff_t)(space.stride * taps * (int64_t)(sizeof(float *) / sizeof(float))));
  return space;
}

// ---------------------------------------------------------------------------------------------
// Winograd

/// Of a convolution or an input gradient.
typedef struct ck_winograd_space {
  float *taps;     // [9] [64] [MICRO_COLUMNS]
  float *weights;  // [positions] [64] [MICRO_COLUMNS]
  float *sums;     // [positions] [tiles] [MICRO_COLUMNS]
  float *values;   // [depth / 64] [slots] [tiles] [64], unless they are shared
} ck_winograd_space;

static inline ck_winograd_space ck_carve_winograd(
    ck_carver *from, const ck_plan *plan, ck_microtile micro) {
  int32_t positions = ck_most_positions(plan);
  ck_winograd_space space;
  space.taps = ck_carve(
      from, ck_winograd_taps * ck_winograd_taps * ck_winograd_depth * micro.columns);
  space.weights = ck_carve(from, positions * ck_weights_stride(micro));
  space.sums = ck_carve(from, positions * ck_sums_stride(plan, micro));
  space.values = ck_carve(from, plan->winograd.shared ? 0 : ck_block_values(plan));
  return space;
}

/// Of a kernel gradient.
typedef struct ck_gradient_space {
  float *small;  // [panels] [positions] [tiles] [MICRO_COLUMNS]
  float *large;  // [groups] [positions] [tiles] [row group]
  float *sums;   // [slots] [row group] [MICRO_COLUMNS], of each group and panel if they are kept
  ptrdiff_t small_slot, large_slot, sums_slot;  // strides of one slot
  ptrdiff_t small_panel, large_group;           // of one panel, of one group
  bool kept;  // from one block of tiles to the next
} ck_gradient_space;

static inline ck_gradient_space ck_carve_gradient(
    ck_carver *from, const ck_plan *plan, ck_microtile micro) {
  const ck_winograd *winograd = &plan->winograd;
  int32_t positions = ck_most_positions(plan), group = ck_row_group(micro);
  ck_gradient_space space;
  space.small_slot = (ptrdiff_t)winograd->tile_block * micro.columns + ck_winograd_gap;
  space.large_slot = (ptrdiff_t)winograd->tile_block * group + ck_winograd_gap;
  space.sums_slot = (ptrdiff_t)group * micro.columns + ck_winograd_gap;
  space.small_panel = positions * space.small_slot;
  space.large_group = positions * space.large_slot;
  space.kept = winograd->blocks > plan->depth_chunks;
  space.small = ck_carve(from, winograd->panels_per_task * space.small_panel);
  space.large = ck_carve(from, winograd->groups_per_task * space.large_group);
  int32_t pairs = winograd->groups_per_task * winograd->panels_per_task;
  space.sums = ck_carve(
      from, (space.kept ? winograd->slots * pairs : positions) * space.sums_slot);
  return space;
}
