// Plans of the algorithms for few channels, at the image's end of a network.
#include "layouts.h"

/// Between these numbers of multiply-adds, 1 to 30 microseconds, what each task prepares for itself
/// does not matter, and there are enough tasks to balance.
static const int64_t least_work = 100 * 1000, most_work = 4000 * 1000;

enum {
  most_channels = 4,
  /// Pixels whose windows, or whose taps, are multiplied at once: with 64 filters, they and their
  /// share of the other map fit the second-level cache.
  pixels_at_once = 256,
  /// A quarter of a megabyte each: all weights, in panels, and what is prepared of the maps.
  most_weights = 65536,
  most_prepared = 65536,
  /// Rows that a band shares with the next are computed twice: at most a third is.
  rows_for_each_shared = 3,
};

/// Rows of one band. There are as few bands as wanted where each adds a result of its own.
static int64_t band_rows(int64_t rows, int64_t row_work, bool few) {
  int64_t limit = ck_quotient_up(rows, ck_wanted_tasks);
  if (!few && limit > most_work / row_work) limit = most_work / row_work;
  if (limit < least_work / row_work) limit = least_work / row_work;
  return limit < 1 ? 1 : limit;
}

bool ck_plan_windows(ck_plan *plan) {
  const ck_convolution_shape *shape = &plan->shape;
  ck_microtile micro = ck_microtile_of(plan->isa);
  int64_t elements = (int64_t)shape->kernel_height * shape->kernel_width * shape->channels;
  int64_t weights = elements * shape->filters;
  if (shape->channels > most_channels || shape->filters % micro.columns != 0) return false;

  int32_t width = plan->output_width, height = plan->output_height;
  plan->strip_rows = ck_minimum(height, ck_maximum(1, pixels_at_once / width));
  int64_t strip_height = (int64_t)(plan->strip_rows - 1) * shape->stride + shape->kernel_height;
  int64_t strip_width =
      ((int64_t)(width - 1) * shape->stride + shape->kernel_width) * shape->channels;
  if (weights > most_weights || strip_width > most_prepared / strip_height) return false;

  plan->algorithm = ck_algorithm_windows;
  bool gradient = plan->operation == ck_operation_kernel_gradient;
  ck_carver carver = {0};
  ck_carve_strip(&carver, plan, micro);
  plan->worker_scratch_bytes = ck_carved_bytes(&carver);
  int64_t limit = band_rows((int64_t)shape->batch * height, width * weights, gradient);
  plan->bands = ck_make_blocks(height, shape->batch, (int32_t)limit, 1);
  plan->depth_chunks = 1;
  if (gradient) {
    plan->out_floats = weights;
    plan->depth_chunks = plan->bands.count;
  }
  ck_add_wave(
      plan, gradient ? ck_wave_windows_gradient : ck_wave_windows_convolve, plan->bands.count);
  if (plan->depth_chunks > 1) ck_add_reduction(plan);
  return true;
}

bool ck_plan_taps(ck_plan *plan) {
  const ck_convolution_shape *shape = &plan->shape;
  int32_t lanes = ck_microtile_of(plan->isa).lanes, stride = shape->stride;
  int64_t taps = (int64_t)shape->kernel_height * shape->kernel_width;
  int64_t columns = taps * shape->channels, slot = ck_rounded_up(columns, lanes);
  // The phases of `ck_algorithm_patches` have panels of C columns, mostly empty when C is small.
  int64_t by_phase = taps * ck_rounded_up(shape->channels, lanes);
  if (columns > ck_most_taps || slot * 5 / 4 >= by_phase) return false;

  int32_t width = plan->output_width;
  int32_t shifts_y = ck_quotient_up(shape->kernel_height, stride);
  int32_t shifts_x = ck_quotient_up(shape->kernel_width, stride);
  plan->strip_rows = ck_minimum(plan->output_height, ck_maximum(1, pixels_at_once / width));
  int64_t ring_rows = plan->strip_rows + shifts_y - 1;
  int64_t row = (int64_t)(width + 2 * (shifts_x - 1)) * slot;
  int64_t line = ck_line_floats(shape);
  if (slot * shape->filters > most_weights || row > most_prepared / ring_rows
      || line > most_prepared) {
    return false;
  }

  plan->algorithm = ck_algorithm_taps;
  ck_carver carver = {0};
  ck_carve_taps(&carver, plan, ck_microtile_of(plan->isa));
  plan->worker_scratch_bytes = ck_carved_bytes(&carver);
  int32_t rows = (shape->height - 1 + shape->padding) / stride - shape->padding / stride + 1;
  int64_t work = (int64_t)width * columns * shape->filters;
  int64_t limit = band_rows((int64_t)shape->batch * rows, work, false);
  int64_t least = shape->batch >= ck_wanted_tasks ? rows : rows_for_each_shared * (shifts_y - 1);
  plan->bands = ck_make_blocks(rows, shape->batch, (int32_t)(limit > least ? limit : least), 1);
  ck_add_wave(plan, ck_wave_taps, plan->bands.count);
  return true;
}
