/// The inner loops for AVX2 with FMA.

#if defined(__x86_64__)
#include <string.h>

#include "layouts.h"

#pragma clang attribute push( \
    __attribute__((target("avx2,fma"))), apply_to = function)
#define LANES CK_AVX2_LANES
#define MICRO_ROWS CK_AVX2_ROWS
#define RUN ck_run_avx2
#include "kernels.h"
#pragma clang attribute pop
#endif
