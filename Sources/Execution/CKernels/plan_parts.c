/// What all plans are made of: checked sizes, waves, and the sum of partial results.
#include <string.h>

#include "product.h"

/// Larger strides and paddings make no sense, and stride² phases must be countable.
enum { largest_step = 1024 };

bool ck_too_large(const int64_t *sizes, int count) {
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
  if (ck_too_large(large, 4) || ck_too_large(small, 4) || ck_too_large(kernel, 4)
      || ck_too_large(row, 2)) {
    return ck_status_too_large;
  }

  plan->operation = operation;
  plan->isa = isa;
  plan->shape = *shape;
  plan->output_height = (int32_t)output_height;
  plan->output_width = (int32_t)output_width;
  return ck_status_ok;
}

void ck_add_wave(ck_plan *plan, int32_t kind, int32_t tasks) {
  plan->wave_kind[plan->wave_count] = kind;
  plan->task_count[plan->wave_count] = tasks;
  plan->wave_count++;
}

void ck_add_reduction(ck_plan *plan) {
  plan->scratch_bytes = (size_t)(plan->out_floats * plan->depth_chunks) * sizeof(float);
  ck_add_wave(plan, ck_wave_reduce, ck_quotient_up(plan->out_floats, ck_reduced_floats));
}
