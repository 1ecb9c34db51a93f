/// The inner loops for AVX-512.

#if defined(__x86_64__)
#include <string.h>

#include "layouts.h"

#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512vl,avx512dq,avx512bw,avx2,fma"))), apply_to = function)
#define LANES CK_AVX512_LANES
#define MICRO_ROWS CK_AVX512_ROWS
#define RUN ck_run_avx512
#include "kernels.h"
#pragma clang attribute pop
#endif
