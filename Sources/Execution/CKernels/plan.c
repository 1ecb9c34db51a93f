#include "product.h"

#include <string.h>

/// A task of this many multiply-adds takes about a tenth of a millisecond: not worth splitting.
static const int64_t small_task = 10 * 1000 * 1000;

/// Depth of a chunk below which writing and adding partial results costs more than it gains.
enum { least_chunk_blocks = 4 };

enum { reduced_floats = 16384 };

/// A quarter of what the second-level cache of current processors holds.
enum { widest_column_block = 256 };

/// Pixels of the small map up to which dot products are faster: with 16 of them an input gradient of
/// 8 × 8 × 512 to 1024 takes 2.9 ms in place of 4.9, with 64 8.6 in place of 10.7 (one core of Zen 5).
enum { most_dot_pixels = 128 };

/// Larger strides and paddings make no sense, and stride² phases must be countable.
enum { largest_step = 1024 };

void ck_add_phase(ck_plan *plan, int32_t kind, int32_t tasks) {
  plan->phase_kind[plan->phase_count] = kind;
  plan->task_count[plan->phase_count] = tasks;
  plan->phase_count++;
}

void ck_add_reduction(ck_plan *plan) {
  plan->scratch_bytes = (size_t)(plan->out_floats * plan->depth_chunks) * sizeof(float);
  ck_add_phase(plan, ck_phase_reduce, ck_quotient_up(plan->out_floats, reduced_floats));
}

static size_t workspace_floats(ck_tile tile) {
  return (size_t)ck_maximum_rows * ck_packed_stride + (size_t)ck_maximum_depth * tile.columns;
}

/// Adds the phase that packs all panels of the right operand into scratch.
static void add_packing(ck_plan *plan) {
  ck_tile tile = ck_tile_of(plan->isa);
  int32_t tasks = 0;
  plan->panels_packed = true;
  int64_t floats = 0;
  for (int32_t index = 0; index < ck_product_count(plan); index++) {
    ck_product product = ck_describe(plan, index, NULL, NULL);
    tasks += ck_quotient_up(product.columns, tile.columns) * product.depth_blocks.count;
    floats += product.depth * ck_rounded_up(product.columns, tile.columns);
  }
  plan->scratch_bytes = (size_t)floats * sizeof(float);
  ck_add_phase(plan, ck_phase_pack, tasks);
}

/// Splits the products of an operation into tasks.
static void plan_products(ck_plan *plan) {
  ck_tile tile = ck_tile_of(plan->isa);
  int32_t products = ck_product_count(plan);
  ck_product first = {0};
  int64_t work = 0;
  for (int32_t index = 0; index < products; index++) {
    ck_product product = ck_describe(plan, index, NULL, NULL);
    plan->row_blocks = ck_maximum(plan->row_blocks, product.row_blocks.count);
    work += (int64_t)product.rows * product.depth * product.columns;
    if (index == 0) first = product;
  }
  int32_t columns = first.columns;
  plan->out_floats = plan->operation == ck_operation_input_gradient
                         ? (int64_t)plan->shape.batch * plan->shape.height * plan->shape.width
                               * columns
                         : (int64_t)first.rows * columns;

  // Columns: as many as fit, since each task packs its rows again.
  int32_t panels = ck_quotient_up(columns, tile.columns);
  int32_t panels_per_block = ck_minimum(panels, widest_column_block / tile.columns);
  plan->column_blocks = ck_quotient_up(panels, panels_per_block);
  int32_t tasks = plan->column_blocks * plan->row_blocks * products;

  // Depth: where there are too few rows, as in a kernel gradient at the image's end.
  plan->depth_chunks = 1;
  if (products == 1 && tasks < ck_wanted_tasks) {
    int64_t chunks = ck_quotient_up(ck_wanted_tasks, tasks);
    chunks = chunks < work / tasks / small_task ? chunks : work / tasks / small_task;
    if (chunks > first.depth_blocks.count / least_chunk_blocks) {
      chunks = first.depth_blocks.count / least_chunk_blocks;
    }
    if (chunks > 1) plan->depth_chunks = (int32_t)chunks;
  }

  // Fewer columns, if there are still too few tasks.
  while (tasks * plan->depth_chunks < ck_wanted_tasks && panels_per_block > 2
         && work / tasks / plan->depth_chunks > 2 * small_task) {
    panels_per_block = (panels_per_block + 1) / 2;
    plan->column_blocks = ck_quotient_up(panels, panels_per_block);
    tasks = plan->column_blocks * plan->row_blocks * products;
  }
  plan->columns_per_block = panels_per_block * tile.columns;

  // A panel that one or two tasks use is packed by them while it is in cache; one that many use is
  // packed once. The kernel gradient's chunks of pixels are used by few.
  if (!plan->depth_is_grid && plan->row_blocks > 2 && plan->depth_chunks == 1) add_packing(plan);
  ck_add_phase(plan, ck_phase_multiply, tasks * plan->depth_chunks);
  if (plan->depth_chunks > 1) ck_add_reduction(plan);
  plan->worker_scratch_bytes = workspace_floats(tile) * sizeof(float);
}

/// Pixels of the largest phase of x.
static int64_t phase_pixels(const ck_convolution_shape *shape) {
  return (int64_t)shape->batch * ck_quotient_up(shape->height, shape->stride)
         * ck_quotient_up(shape->width, shape->stride);
}

/// Whether there are so few pixels that transposing the kernel would cost more than it gains. With a
/// tile's rows of images, `ck_algorithm_patches` leaves out all padding.
static bool prefers_dots(const ck_plan *plan, ck_tile tile) {
  const ck_convolution_shape *shape = &plan->shape;
  int64_t pixels = (int64_t)shape->batch * plan->output_height * plan->output_width;
  return pixels <= most_dot_pixels && phase_pixels(shape) <= ck_maximum_rows
         && shape->batch < tile.rows && shape->filters % tile.lanes == 0
         && shape->stride * shape->stride <= ck_wanted_tasks;
}

/// Splits an input gradient by `ck_algorithm_dots`.
static void plan_dots(ck_plan *plan, ck_tile tile) {
  const ck_convolution_shape *shape = &plan->shape;
  int32_t phases = shape->stride * shape->stride;
  int32_t blocks = 2 * ck_wanted_tasks / phases;
  plan->columns_per_block =
      (int32_t)ck_rounded_up(ck_quotient_up(shape->channels, blocks), ck_dot_channels);
  plan->column_blocks = ck_quotient_up(shape->channels, plan->columns_per_block);
  int32_t chunks = ck_quotient_up(shape->filters, ck_maximum_depth);
  int64_t pixels = (int64_t)shape->batch * plan->output_height * plan->output_width;
  int64_t rows = ck_rounded_up(phase_pixels(shape), ck_dot_pixels);
  int64_t taps = (int64_t)ck_quotient_up(shape->kernel_height, shape->stride)
                 * ck_quotient_up(shape->kernel_width, shape->stride);
  plan->scratch_bytes = (size_t)(chunks * (pixels + 1) * ck_packed_stride) * sizeof(float);
  plan->worker_scratch_bytes =
      (size_t)(rows * ck_dot_channels * tile.lanes) * sizeof(float)
      + (size_t)(rows * taps) * sizeof(const float *);
  ck_add_phase(plan, ck_phase_dots_pack, chunks);
  ck_add_phase(plan, ck_phase_dots, plan->column_blocks * phases);
}

static bool too_large(const int64_t *sizes, int count) {
  int64_t product = 1;
  for (int i = 0; i < count; i++) {
    product *= sizes[i];
    if (product > INT32_MAX) return true;
  }
  return false;
}

ck_status ck_begin_convolution(
    ck_plan *plan, ck_operation operation, const ck_convolution_shape *shape, ck_isa isa) {
  memset(plan, 0, sizeof *plan);
  plan->rounds = 1;
  if (!ck_isa_available(isa)) return ck_status_isa_unavailable;
  const int32_t *sizes = &shape->batch;  // eight sizes that must be at least 1, then the padding
  for (int i = 0; i < 8; i++) {
    if (sizes[i] < 1) return ck_status_bad_shape;
  }
  if (shape->padding < 0 || operation == ck_operation_matmul) return ck_status_bad_shape;
  if (shape->padding > largest_step || shape->stride > largest_step) return ck_status_too_large;
  int64_t spare_y = (int64_t)shape->height + 2 * (int64_t)shape->padding - shape->kernel_height;
  int64_t spare_x = (int64_t)shape->width + 2 * (int64_t)shape->padding - shape->kernel_width;
  if (spare_y < 0 || spare_x < 0) return ck_status_empty_output;
  int64_t output_height = spare_y / shape->stride + 1, output_width = spare_x / shape->stride + 1;
  int64_t large[] = {shape->batch, shape->height, shape->width, shape->channels};
  int64_t small[] = {shape->batch, output_height, output_width, shape->filters};
  int64_t kernel[] = {
      shape->kernel_height, shape->kernel_width, shape->channels, shape->filters};
  // Offsets within a row of a patch, before it is clipped to the map.
  int64_t wide = (int64_t)shape->width + shape->kernel_width + 2 * (int64_t)shape->padding;
  int64_t row[] = {wide, ck_maximum(shape->channels, shape->filters)};
  if (too_large(large, 4) || too_large(small, 4) || too_large(kernel, 4) || too_large(row, 2)) {
    return ck_status_too_large;
  }

  plan->operation = operation;
  plan->isa = isa;
  plan->shape = *shape;
  plan->output_height = (int32_t)output_height;
  plan->output_width = (int32_t)output_width;
  return ck_status_ok;
}

ck_status ck_plan_convolution(
    ck_plan *plan, ck_operation operation, const ck_convolution_shape *shape, ck_isa isa) {
  ck_status status = ck_begin_convolution(plan, operation, shape, isa);
  if (status != ck_status_ok) return status;
  plan->depth_is_grid = operation == ck_operation_kernel_gradient;
  plan->right_transposed = operation == ck_operation_input_gradient;
  bool to_input = operation == ck_operation_input_gradient;
  if (to_input ? ck_plan_taps(plan) : ck_plan_windows(plan)) return ck_status_ok;
  ck_tile tile = ck_tile_of(isa);
  if (to_input && prefers_dots(plan, tile)) {
    plan->algorithm = ck_algorithm_dots;
    plan_dots(plan, tile);
  } else {
    plan->algorithm = ck_algorithm_patches;
    // With the images innermost a tile of rows is one position in many images, and padding can be
    // skipped. Few channels are copied faster along the map's rows.
    int32_t channels = to_input ? shape->filters : shape->channels;
    plan->position_major = shape->batch >= tile.rows && channels >= 32;
    plan_products(plan);
  }
  return ck_status_ok;
}

ck_status ck_plan_matmul(ck_plan *plan, const ck_matmul_shape *shape, ck_isa isa) {
  memset(plan, 0, sizeof *plan);
  plan->rounds = 1;
  if (!ck_isa_available(isa)) return ck_status_isa_unavailable;
  if (shape->rows < 1 || shape->depth < 1 || shape->columns < 1) return ck_status_bad_shape;
  int64_t left[] = {shape->rows, shape->depth}, right[] = {shape->depth, shape->columns};
  int64_t out[] = {shape->rows, shape->columns};
  if (too_large(left, 2) || too_large(right, 2) || too_large(out, 2)) return ck_status_too_large;
  plan->operation = ck_operation_matmul;
  plan->isa = isa;
  plan->matmul = *shape;
  plan->shape.batch = 1;
  plan->depth_is_grid = shape->left_transposed;
  plan->right_transposed = shape->right_transposed;
  plan_products(plan);
  return ck_status_ok;
}
