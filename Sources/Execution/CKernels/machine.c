#include <string.h>

#include "cmachine.h"

#if defined(__x86_64__)
#define IN_REGISTER(vector) "+v"(vector)
#else
#define IN_REGISTER(vector) "+w"(vector)
#endif

#define LANES 4
#define MACHINE_NAME(name) machine_portable_##name
#include "machine_body.h"
#undef LANES
#undef MACHINE_NAME

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define LANES 8
#define MACHINE_NAME(name) machine_avx2_##name
#include "machine_body.h"
#undef LANES
#undef MACHINE_NAME
#pragma clang attribute pop

#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512vl,avx512dq,avx512bw,avx2,fma"))), apply_to = function)
#define LANES 16
#define MACHINE_NAME(name) machine_avx512_##name
#include "machine_body.h"
#undef LANES
#undef MACHINE_NAME
#pragma clang attribute pop
#endif

int64_t ck_machine_multiply_add(ck_isa isa, int64_t rounds, float *result) {
#if defined(__x86_64__)
  switch (isa) {
    case ck_isa_avx512: return machine_avx512_multiply_add(rounds, result);
    case ck_isa_avx2: return machine_avx2_multiply_add(rounds, result);
    case ck_isa_portable: break;
  }
#else
  (void)isa;
#endif
  return machine_portable_multiply_add(rounds, result);
}

float ck_machine_read(ck_isa isa, const float *from, int64_t count) {
#if defined(__x86_64__)
  switch (isa) {
    case ck_isa_avx512: return machine_avx512_read(from, count);
    case ck_isa_avx2: return machine_avx2_read(from, count);
    case ck_isa_portable: break;
  }
#else
  (void)isa;
#endif
  return machine_portable_read(from, count);
}
