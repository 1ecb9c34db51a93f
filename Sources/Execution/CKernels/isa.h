/// The builds of the inner loops, and the sizes that the planner must know of each.
#pragma once

#include "ckernels.h"

/// The largest blocks that a task packs. With 256 × 272 floats the packed block of the left operand
/// fills a quarter of a megabyte, so it stays in the second-level cache, and a panel of the right
/// operand (256 × 32 floats) stays in the first.
enum {
  ck_maximum_depth = 256,  // of one block, summed in registers
  ck_maximum_rows = 256,
  /// Between the rows of a packed block: a cache line more than the block is wide, since powers of
  /// two would put all rows of a microtile in the same cache set.
  ck_packed_stride = 272,
  ck_most_taps = 1024,  // of an input gradient that makes all at once, times channels
};

/// Channels and pixels of a tile of `dots.h`, at most.
enum { ck_dot_channels = 3, ck_dot_pixels = 8 };

/// Lanes of a vector and rows of a microtile of each build: the one place for these numbers. A
/// microtile has two vectors for each row.
#define CK_PORTABLE_LANES 4
#define CK_PORTABLE_ROWS 4
#define CK_AVX2_LANES 8
#define CK_AVX2_ROWS 6  // 12 of 16 registers hold sums
#define CK_AVX512_LANES 16
#define CK_AVX512_ROWS 8  // 16 of 32 registers hold sums

typedef struct ck_microtile {
  int32_t rows, columns;  // of the result that is kept in registers
  int32_t lanes;          // of a vector; a panel is `columns` wide, or `lanes` if that is enough
} ck_microtile;

static inline ck_microtile ck_microtile_with(int32_t rows, int32_t lanes) {
  return (ck_microtile){rows, 2 * lanes, lanes};
}

static inline ck_microtile ck_microtile_of(ck_isa isa) {
  switch (isa) {
    case ck_isa_avx512: return ck_microtile_with(CK_AVX512_ROWS, CK_AVX512_LANES);
    case ck_isa_avx2: return ck_microtile_with(CK_AVX2_ROWS, CK_AVX2_LANES);
    case ck_isa_portable: break;
  }
  return ck_microtile_with(CK_PORTABLE_ROWS, CK_PORTABLE_LANES);
}

typedef void ck_run_function(
    const ck_plan *plan, int32_t wave, int32_t task, const float *left, const float *right,
    float *out, void *scratch, void *worker_scratch);

ck_run_function ck_run_portable;
#if defined(__x86_64__)
ck_run_function ck_run_avx2, ck_run_avx512;
#endif
