/// The inner loops for AVX-512: 16 of 32 registers hold a tile of 8 × 32.

#if defined(__x86_64__)
#include <string.h>

#include "product.h"
#include "winograd.h"

#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512vl,avx512dq,avx512bw,avx2,fma"))), apply_to = function)
#define LANES 16
#define TILE_ROWS 8
#define RUN ck_run_avx512
#include "kernels.h"
#pragma clang attribute pop
#endif
