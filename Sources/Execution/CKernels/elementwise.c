#include <math.h>

#include "celementwise.h"
#include "elementwise_math.h"

enum { cache_line = 16 };  // in floats

#define CE_NAME(name) ce_portable_##name
#include "elementwise_body.h"
#undef CE_NAME

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define CE_NAME(name) ce_avx2_##name
#include "elementwise_body.h"
#undef CE_NAME
#pragma clang attribute pop

// Named features, not an arch: with one, clang prefers vectors of 256 bits.
#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512vl,avx512dq,avx512bw,avx2,fma"))), apply_to = function)
#define CE_NAME(name) ce_avx512_##name
#include "elementwise_body.h"
#undef CE_NAME
#pragma clang attribute pop
#endif

void ce_fused_run(const ce_fused *fused, int32_t task, float *partials, float *scratch) {
#if defined(__x86_64__)
  switch (fused->isa) {
  case ck_isa_avx512: ce_avx512_run_task(fused, task, partials, scratch); return;
  case ck_isa_avx2: ce_avx2_run_task(fused, task, partials, scratch); return;
  case ck_isa_portable: break;
  }
#endif
  ce_portable_run_task(fused, task, partials, scratch);
}

void ce_fused_finish(const ce_fused *fused, const float *partials) {
  const ce_walk *walk = &fused->walk;
  if (walk->segment < walk->count) return;
  for (int32_t r = 0; r < fused->reduction_count; r++) {
    const ce_reduction *reduction = &fused->reductions[r];
    const float *partial = partials + reduction->partials;
    for (int64_t k = 0; k < reduction->kept; k++) {
      double result = reduction->is_maximum ? -INFINITY : 0;
      for (int32_t task = 0; task < walk->tasks; task++) {
        const float next = partial[task * reduction->kept + k];
        if (!reduction->is_maximum) result += next;
        else if (next > result) result = next;
      }
      reduction->destination[k] = (float)result;
    }
  }
}

void ce_fill(float *destination, int64_t count, float value) {
  for (int64_t i = 0; i < count; i++) destination[i] = value;
}
