/// Plans of matrix products, and of direct convolutions.
#include "layouts.h"

#include <string.h>

/// A task of this many multiply-adds takes about a tenth of a millisecond: not worth splitting.
static const int64_t small_task = 10 * 1000 * 1000;

/// Depth of a chunk below which writing and adding partial results costs more than it gains.
enum { least_chunk_blocks = 4 };

/// A quarter of what the second-level cache of current processors holds.
enum { widest_column_block = 256 };

/// Pixels of the small map up to which dot products are faster: with 16 of them an input gradient of
/// 8 × 8 × 512 to 1024 takes 2.9 ms instead of 4.9, with 64 8.6 instead of 10.7 (one core of Zen 5).
enum { most_dot_pixels = 128 };

/// Adds the wave that packs all panels of the right operand into scratch.
static void add_packing(ck_plan *plan) {
  ck_microtile micro = ck_microtile_of(plan->isa);
  int32_t tasks = 0;
  plan->panels_packed = true;
  int64_t floats = 0;
  for (int32_t index = 0; index < ck_product_count(plan); index++) {
    ck_product product = ck_describe(plan, index, NULL, NULL);
    tasks += ck_quotient_up(product.columns, micro.columns) * product.depth_blocks.count;
    floats += product.depth * ck_rounded_up(product.columns, micro.columns);
  }
  plan->scratch_bytes = (size_t)floats * sizeof(float);
  ck_add_wave(plan, ck_wave_pack, tasks);
}

/// Splits the products of an operation into tasks.
static void plan_products(ck_plan *plan) {
  ck_microtile micro = ck_microtile_of(plan->isa);
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
  int32_t panels = ck_quotient_up(columns, micro.columns);
  int32_t panels_per_block = ck_minimum(panels, widest_column_block / micro.columns);
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
  plan->columns_per_block = panels_per_block * micro.columns;

  // A panel that one or two tasks use is packed by them while it is in cache; one that many use is
  // packed once. The kernel gradient's chunks of pixels are used by few.
  if (!plan->depth_is_grid && plan->row_blocks > 2 && plan->depth_chunks == 1) add_packing(plan);
  ck_add_wave(plan, ck_wave_multiply, tasks * plan->depth_chunks);
  if (plan->depth_chunks > 1) ck_add_reduction(plan);
  ck_carver carver = {0};
  ck_carve_product(&carver, micro);
  plan->worker_scratch_bytes = ck_carved_bytes(&carver);
}

/// Pixels of the largest phase of x.
static int64_t phase_pixels(const ck_convolution_shape *shape) {
  return (int64_t)shape->batch * ck_quotient_up(shape->height, shape->stride)
         * ck_quotient_up(shape->width, shape->stride);
}

/// Whether there are so few pixels that transposing the kernel would cost more than it gains. With a
/// tile's rows of images, `ck_algorithm_patches` leaves out all padding.
static bool prefers_dots(const ck_plan *plan, ck_microtile micro) {
  const ck_convolution_shape *shape = &plan->shape;
  int64_t pixels = (int64_t)shape->batch * plan->output_height * plan->output_width;
  return pixels <= most_dot_pixels && phase_pixels(shape) <= ck_maximum_rows
         && shape->batch < micro.rows && shape->filters % micro.lanes == 0
         && shape->stride * shape->stride <= ck_wanted_tasks;
}

/// Splits an input gradient by `ck_algorithm_dots`.
static void plan_dots(ck_plan *plan, ck_microtile micro) {
  const ck_convolution_shape *shape = &plan->shape;
  int32_t phases = shape->stride * shape->stride;
  int32_t blocks = 2 * ck_wanted_tasks / phases;
  plan->columns_per_block =
      (int32_t)ck_rounded_up(ck_quotient_up(shape->channels, blocks), ck_dot_channels);
  plan->column_blocks = ck_quotient_up(shape->channels, plan->columns_per_block);
  int32_t chunks = ck_quotient_up(shape->filters, ck_maximum_depth);
  int64_t pixels = (int64_t)shape->batch * plan->output_height * plan->output_width;
  int64_t taps = (int64_t)ck_quotient_up(shape->kernel_height, shape->stride)
                 * ck_quotient_up(shape->kernel_width, shape->stride);
  plan->scratch_bytes = (size_t)(chunks * (pixels + 1) * ck_packed_stride) * sizeof(float);
  ck_carver carver = {0};
  ck_carve_dots(&carver, phase_pixels(shape), taps, micro);
  plan->worker_scratch_bytes = ck_carved_bytes(&carver);
  ck_add_wave(plan, ck_wave_dots_pack, chunks);
  ck_add_wave(plan, ck_wave_dots, plan->column_blocks * phases);
}

ck_status ck_plan_convolution(
    ck_plan *plan, ck_operation operation, const ck_convolution_shape *shape, ck_isa isa) {
  ck_status status = ck_begin_convolution(plan, operation, shape, isa);
  if (status != ck_status_ok) return status;
  plan->depth_is_grid = operation == ck_operation_kernel_gradient;
  plan->right_transposed = operation == ck_operation_input_gradient;
  bool to_input = operation == ck_operation_input_gradient;
  if (to_input ? ck_plan_taps(plan) : ck_plan_windows(plan)) return ck_status_ok;
  ck_microtile micro = ck_microtile_of(isa);
  if (to_input && prefers_dots(plan, micro)) {
    plan->algorithm = ck_algorithm_dots;
    plan_dots(plan, micro);
  } else {
    plan->algorithm = ck_algorithm_patches;
    // With the images innermost a tile of rows is one position in many images, and padding can be
    // skipped. Few channels are copied faster along the map's rows.
    int32_t channels = to_input ? shape->filters : shape->channels;
    plan->position_major = shape->batch >= micro.rows && channels >= 32;
    plan_products(plan);
  }
  return ck_status_ok;
}

ck_status ck_plan_matmul(ck_plan *plan, const ck_matmul_shape *shape, ck_isa isa) {
  memset(plan, 0, sizeof *plan);
  plan->rounds = 1;
  if (!ck_isa_available(isa)) return ck_status_isa_unavailable;
  if (shape->batch < 1 || shape->rows < 1 || shape->depth < 1 || shape->columns < 1) {
    return ck_status_bad_shape;
  }
  int64_t left[] = {shape->batch, shape->rows, shape->depth};
  int64_t right[] = {shape->batch, shape->depth, shape->columns};
  int64_t out[] = {shape->batch, shape->rows, shape->columns};
  if (ck_too_large(left, 3) || ck_too_large(right, 3) || ck_too_large(out, 3)) {
    return ck_status_too_large;
  }
  plan->operation = ck_operation_matmul;
  plan->isa = isa;
  plan->matmul = *shape;
  plan->shape.batch = 1;
  plan->depth_is_grid = shape->left_transposed;
  plan->right_transposed = shape->right_transposed;
  plan_products(plan);
  return ck_status_ok;
}
