#include "isa.h"

bool ck_isa_available(ck_isa isa) {
  switch (isa) {
    case ck_isa_portable:
      return true;
#if defined(__x86_64__)
    case ck_isa_avx2:
      return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    case ck_isa_avx512:
      return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl")
             && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw")
             && ck_isa_available(ck_isa_avx2);
#else
    case ck_isa_avx2:
    case ck_isa_avx512:
      return false;
#endif
  }
  return false;
}

ck_isa ck_best_isa(void) {
  if (ck_isa_available(ck_isa_avx512)) return ck_isa_avx512;
  if (ck_isa_available(ck_isa_avx2)) return ck_isa_avx2;
  return ck_isa_portable;
}

void ck_run(
    const ck_plan *plan, int32_t wave, int32_t task, const float *left, const float *right,
    float *out, void *scratch, void *worker_scratch) {
  ck_run_function *run = ck_run_portable;
#if defined(__x86_64__)
  if (plan->isa == ck_isa_avx512) run = ck_run_avx512;
  if (plan->isa == ck_isa_avx2) run = ck_run_avx2;
#endif
  run(plan, wave, task, left, right, out, scratch, worker_scratch);
}
