#include <string.h>

#include "celementwise.h"

enum { tile = 16 };

// One row of `n` elements, innermost axis.
static void copy_row(
    const float *source, int64_t source_stride, float *destination, int64_t destination_stride,
    int64_t n) {
  if (source_stride == 1 && destination_stride == 1)
    memcpy(destination, source, (size_t)n * sizeof(float));
  else
    for (int64_t i = 0; i < n; i++) destination[i * destination_stride] = source[i * source_stride];
}

// The two innermost axes, one contiguous in the source and the other in the destination: in square
// tiles, so that both sides' cache lines are used whole.
static void copy_tiles(
    const float *restrict source, const int64_t source_stride[2], float *restrict destination,
    const int64_t destination_stride[2], const int64_t size[2]) {
  for (int64_t i0 = 0; i0 < size[0]; i0 += tile) {
    const int64_t i1 = i0 + tile < size[0] ? i0 + tile : size[0];
    for (int64_t j0 = 0; j0 < size[1]; j0 += tile) {
      const int64_t j1 = j0 + tile < size[1] ? j0 + tile : size[1];
      for (int64_t i = i0; i < i1; i++) {
        const float *s = source + i * source_stride[0];
        float *d = destination + i * destination_stride[0];
        for (int64_t j = j0; j < j1; j++) d[j * destination_stride[1]] = s[j * source_stride[1]];
      }
    }
  }
}

static void copy_axes(
    const ce_copy_plan *plan, int32_t axis, int64_t size, const float *source,
    float *destination) {
  const int64_t *from = plan->source_stride + axis, *to = plan->destination_stride + axis;
  if (axis == plan->rank - 1) {
    copy_row(source, from[0], destination, to[0], size);
  } else if (axis == plan->rank - 2 && !(from[1] == 1 && to[1] == 1)) {
    const int64_t sizes[2] = {size, plan->size[axis + 1]};
    copy_tiles(source, from, destination, to, sizes);
  } else {
    for (int64_t i = 0; i < size; i++)
      copy_axes(plan, axis + 1, plan->size[axis + 1], source + i * from[0],
                destination + i * to[0]);
  }
}

void ce_copy_run(const ce_copy_plan *plan, int32_t task, const float *source, float *destination) {
  const int64_t first = task * plan->rows_per_task;
  const int64_t rest = plan->size[0] - first;
  const int64_t rows = rest < plan->rows_per_task ? rest : plan->rows_per_task;
  if (rows <= 0) return;
  copy_axes(plan, 0, rows, source + plan->source_offset + first * plan->source_stride[0],
            destination + plan->destination_offset + first * plan->destination_stride[0]);
}
