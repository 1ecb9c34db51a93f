/// The inner loops for AVX2 with FMA: 12 of 16 registers hold a tile of 6 × 16.

#if defined(__x86_64__)
#include <string.h>

#include "product.h"
#include "winograd.h"

#pragma clang attribute push( \
    __attribute__((target("avx2,fma"))), apply_to = function)
#define LANES 8
#define TILE_ROWS 6
#define RUN ck_run_avx2
#include "kernels.h"
#pragma clang attribute pop
#endif
