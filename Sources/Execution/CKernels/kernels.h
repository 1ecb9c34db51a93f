// Included once for each build, with LANES, MICRO_ROWS and RUN defined: no #pragma once.
// MICRO_ROWS × MICRO_COLUMNS of the result are summed in registers, two vectors for each row.
#include <string.h>

#include "layouts.h"

#define MICRO_COLUMNS (2 * LANES)
#define MICRO ck_microtile_with(MICRO_ROWS, LANES)
#define INLINE static inline __attribute__((always_inline))

#include "vectors.h"
#include "microtile.h"
#include "patches.h"
#include "panels.h"
#include "multiply.h"
#include "taps_microtile.h"
#include "taps_gather.h"
#include "taps.h"
#include "dots.h"
#include "windows_microtile.h"
#include "windows.h"
#include "winograd_transforms.h"
#include "winograd_tiles.h"
#include "winograd_taps.h"
#include "winograd_products.h"
#include "winograd_gradient.h"

/// out[i] = Σ partial[chunk][i], in the order of the chunks.
static void reduce(
    const ck_plan *plan, int32_t task, int64_t size, const float *partial, float *out) {
  int64_t first = (int64_t)task * ck_reduced_floats;
  int64_t last = first + ck_reduced_floats < size ? first + ck_reduced_floats : size;
  for (int64_t i = first; i < last; i++) out[i] = partial[i];
  for (int32_t chunk = 1; chunk < plan->depth_chunks; chunk++) {
    const float *next = partial + chunk * size;
    for (int64_t i = first; i < last; i++) out[i] += next[i];
  }
}

void RUN(
    const ck_plan *plan, int32_t wave, int32_t task, const float *left, const float *right,
    float *out, void *scratch, void *worker_scratch) {
  float *packed = plan->panels_packed ? scratch : NULL;
  float *partial = scratch;
  // The tasks of later rounds are numbered on.
  int32_t round = wave / plan->wave_count, of_round = wave % plan->wave_count;
  task += round * plan->task_count[of_round];
  switch (plan->wave_kind[of_round]) {
    case ck_wave_pack:
      pack_task(plan, task, left, right, packed);
      break;
    case ck_wave_multiply:
      multiply_task(
          plan, task, left, right, packed, plan->depth_chunks > 1 ? partial : out, worker_scratch);
      break;
    case ck_wave_reduce:
      reduce(plan, task, plan->out_floats, partial, out);
      break;
    case ck_wave_taps:
      taps_task(plan, task, left, right, out, worker_scratch);
      break;
    case ck_wave_windows_convolve:
      windows_convolve_task(plan, task, left, right, out, worker_scratch);
      break;
    case ck_wave_windows_gradient:
      windows_gradient_task(
          plan, task, left, right, plan->depth_chunks > 1 ? partial : out, worker_scratch);
      break;
    case ck_wave_dots_pack:
      dots_pack_task(plan, task, left, scratch);
      break;
    case ck_wave_dots:
      dots_task(plan, task, left, right, scratch, out, worker_scratch);
      break;
    case ck_wave_winograd_tiles:
      winograd_tiles_task(plan, task, left, scratch);
      break;
    case ck_wave_winograd_multiply:
      winograd_multiply_task(plan, task, left, right, out, scratch, worker_scratch);
      break;
    case ck_wave_winograd_gradient:
      winograd_gradient_task(plan, task, left, right, out, partial, worker_scratch);
      break;
  }
}
