#include "product.h"

ck_blocks ck_make_blocks(int32_t length, int32_t count, int32_t limit, int32_t unit) {
  ck_blocks blocks = {.segment_length = length, .segment_count = count};
  if (length == 0 || count == 0) return blocks;  // a phase without taps or without pixels
  if (length > limit / 2) {
    int32_t parts = ck_quotient_up(length, limit);
    blocks.block_length = (int32_t)ck_rounded_up(ck_quotient_up(length, parts), unit);
    blocks.blocks_per_segment = ck_quotient_up(length, blocks.block_length);
    blocks.segments_per_block = 1;
    blocks.count = blocks.blocks_per_segment * count;
  } else {
    int32_t fitting = ck_maximum(1, limit / length);
    int32_t groups = ck_quotient_up(count, fitting);
    blocks.blocks_per_segment = 1;
    blocks.segments_per_block = ck_quotient_up(count, groups);
    blocks.count = ck_quotient_up(count, blocks.segments_per_block);
  }
  return blocks;
}

int32_t ck_product_count(const ck_plan *plan) {
  switch (plan->operation) {
    case ck_operation_input_gradient: return plan->shape.stride * plan->shape.stride;
    case ck_operation_matmul: return plan->matmul.batch;
    case ck_operation_convolve:
    case ck_operation_kernel_gradient: return 1;
  }
  return 1;
}

/// left [M, K] or its transpose as a grid of one row of pixels, each with a window of one pixel.
static void describe_matmul(ck_product *product, const ck_matmul_shape *shape, int32_t index) {
  // The plan is made without operands.
  if (product->map) product->map += (ptrdiff_t)index * shape->rows * shape->depth;
  if (product->right) product->right += (ptrdiff_t)index * shape->depth * shape->columns;
  product->out_origin = (ptrdiff_t)index * shape->rows * shape->columns;
  product->map_height = product->grid_height = product->batch = 1;
  product->window_height = product->window_width = product->step = 1;
  product->grid_width = shape->left_transposed ? shape->depth : shape->rows;
  product->map_width = product->grid_width;
  product->map_channels = shape->left_transposed ? shape->rows : shape->depth;
  product->right_stride = shape->right_transposed ? shape->depth : shape->columns;
  product->tap_length = shape->depth;
  product->out_x = shape->columns;
  product->rows = shape->rows;
  product->columns = shape->columns;
  product->depth = shape->depth;
}

/// [N·H'·W', KH·KW·C] · [KH·KW·C, F], or for the kernel gradient the transpose of the first times
/// [N·H'·W', F].
static void describe_convolve(ck_product *product, const ck_plan *plan) {
  const ck_convolution_shape *shape = &plan->shape;
  product->map_height = shape->height;
  product->map_width = shape->width;
  product->map_channels = shape->channels;
  product->window_height = shape->kernel_height;
  product->window_width = shape->kernel_width;
  product->step = shape->stride;
  product->origin_y = product->origin_x = -shape->padding;
  product->grid_height = plan->output_height;
  product->grid_width = plan->output_width;
  product->right_stride = product->columns = shape->filters;
  int32_t pixels = shape->batch * plan->output_height * plan->output_width;
  int32_t elements = shape->kernel_height * shape->kernel_width * shape->channels;
  if (plan->depth_is_grid) {
    product->rows = elements;
    product->depth = pixels;
    product->out_x = shape->filters;
  } else {
    product->rows = pixels;
    product->depth = elements;
    product->out_x = shape->filters;
    product->out_y = product->out_x * plan->output_width;
    product->out_image = product->out_y * plan->output_height;
  }
}

/// The taps and the window of one phase along one axis.
typedef struct axis_phase {
  int32_t pixels;      // of this phase: positions phase, phase + stride, …
  int32_t first_tap;   // taps first_tap + stride·t, t in 0 ..< taps
  int32_t taps;
  int32_t origin;      // of the window of the first pixel, on dy
} axis_phase;

/// Output position phase + stride·m meets tap k where phase + stride·m + padding − k = stride·o,
/// that is k = first_tap + stride·t and o = m + ⌊(phase + padding) / stride⌋ − t. Ascending o, the
/// window's order, is descending t.
static axis_phase phase_along_axis(
    int32_t phase, int32_t size, int32_t kernel, int32_t stride, int32_t padding) {
  axis_phase axis;
  axis.pixels = phase < size ? (size - 1 - phase) / stride + 1 : 0;
  axis.first_tap = (phase + padding) % stride;
  axis.taps = axis.first_tap < kernel ? (kernel - 1 - axis.first_tap) / stride + 1 : 0;
  axis.origin = (phase + padding) / stride - (axis.taps - 1);
  return axis;
}

/// Of phase (index / stride, index % stride):
/// [N·pixels, TH·TW·F] · [TH·TW·F, C], with TH × TW taps of the kernel's KH × KW.
static void describe_input_gradient(ck_product *product, const ck_plan *plan, int32_t index) {
  const ck_convolution_shape *shape = &plan->shape;
  int32_t stride = shape->stride, phase_y = index / stride, phase_x = index % stride;
  axis_phase y = phase_along_axis(
      phase_y, shape->height, shape->kernel_height, stride, shape->padding);
  axis_phase x = phase_along_axis(
      phase_x, shape->width, shape->kernel_width, stride, shape->padding);
  product->map_height = plan->output_height;
  product->map_width = plan->output_width;
  product->map_channels = shape->filters;
  product->window_height = y.taps;
  product->window_width = x.taps;
  product->step = 1;
  product->origin_y = y.origin;
  product->origin_x = x.origin;
  product->grid_height = y.pixels;
  product->grid_width = x.pixels;

  // Kernel [KH, KW, C, F]; the last tap comes first.
  ptrdiff_t tap = (ptrdiff_t)shape->channels * shape->filters;
  ptrdiff_t tap_row = tap * shape->kernel_width;
  product->right_stride = shape->filters;
  product->tap_length = shape->filters;
  product->tap_step_y = -stride * tap_row;
  product->tap_step_x = -stride * tap;
  product->tap_origin = (y.first_tap + stride * (y.taps - 1)) * tap_row
                        + (x.first_tap + stride * (x.taps - 1)) * tap;

  product->out_x = (ptrdiff_t)shape->channels * stride;
  product->out_y = (ptrdiff_t)shape->channels * shape->width * stride;
  product->out_image = (ptrdiff_t)shape->channels * shape->width * shape->height;
  product->out_origin = ((ptrdiff_t)phase_y * shape->width + phase_x) * shape->channels;
  product->rows = shape->batch * y.pixels * x.pixels;
  product->columns = shape->channels;
  product->depth = y.taps * x.taps * shape->filters;
}

ck_product ck_describe(
    const ck_plan *plan, int32_t index, const float *left, const float *right) {
  ck_product product = {
      .map = left,
      .right = right,
      .batch = plan->shape.batch,
      .depth_is_grid = plan->depth_is_grid,
      .position_major = plan->position_major,
      .right_transposed = plan->right_transposed,
  };
  if (plan->operation == ck_operation_matmul) {
    describe_matmul(&product, &plan->matmul, index);
  } else if (plan->operation != ck_operation_input_gradient) {
    describe_convolve(&product, plan);
  } else {
    describe_input_gradient(&product, plan, index);
  }

  // The window's blocks end where its rows do, so that a block's range of taps inside of the map is
  // one range of a row; the grid's blocks likewise, if its order makes rows of pixels contiguous.
  ck_microtile micro = ck_microtile_of(plan->isa);
  int32_t row_limit = ck_maximum_rows / micro.rows * micro.rows;
  int32_t window_row = product.window_width * product.map_channels;
  int32_t pixels = product.batch * product.grid_height * product.grid_width;
  int32_t grid_rows = product.position_major ? product.grid_height : 1;
  int32_t grid_row = grid_rows > 0 ? pixels / grid_rows : 0;
  if (product.depth_is_grid) {
    product.row_blocks = ck_make_blocks(window_row, product.window_height, row_limit, micro.rows);
    product.depth_blocks = ck_make_blocks(grid_row, grid_rows, ck_maximum_depth, 1);
  } else {
    product.row_blocks = ck_make_blocks(pixels, 1, row_limit, micro.rows);
    product.depth_blocks = ck_make_blocks(window_row, product.window_height, ck_maximum_depth, 1);
  }

  // Panels of earlier matrices or phases come first in the packed operand.
  if (plan->panels_packed && plan->operation == ck_operation_matmul) {
    product.packed_offset =
        (ptrdiff_t)index * product.depth * ck_rounded_up(product.columns, micro.columns);
  } else if (plan->panels_packed) {
    for (int32_t earlier = 0; earlier < index; earlier++) {
      ck_product before = {.batch = plan->shape.batch};
      describe_input_gradient(&before, plan, earlier);
      product.packed_offset += before.depth * ck_rounded_up(before.columns, micro.columns);
    }
  }
  return product;
}
