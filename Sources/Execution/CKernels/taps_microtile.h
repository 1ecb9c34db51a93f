// The microtile of all taps at once: [rows, F] · [F, vectors·LANES], summed in registers.

/// The most vectors that one tile has; one that has a single vector has twice as many rows.
enum { taps_vectors = LANES == 16 ? 3 : 2 };

/// Rows of the left operand are contiguous, `depth` floats each. Row r of the result is stored at
/// out + offsets[r].
///
/// The rows of the tile after the next are fetched meanwhile: without that the input gradient of
/// 28 × 28 × 1 to 64 waited for memory half of its time.
INLINE void multiply_taps_of(
    const int rows, const int vectors, int32_t depth, const float *left, const float *panel,
    float *out, const int32_t *offsets) {
  vector sum[2 * MICRO_ROWS][3];
#pragma clang loop unroll(full)
  for (int row = 0; row < rows; row++) {
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) sum[row][v] = (vector){0};
  }
  ptrdiff_t step = depth;
  uintptr_t ahead = (uintptr_t)left + (uintptr_t)(2 * rows * step) * sizeof(float);
  for (int32_t k = 0; k < depth; k++) {
    vector weights[3];
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) weights[v] = load(panel + v * LANES);
#pragma clang loop unroll(full)
    for (int row = 0; row < rows; row++) {
      vector value = left[row * step] - (vector){0};
#pragma clang loop unroll(full)
      for (int v = 0; v < vectors; v++) sum[row][v] += value * weights[v];
    }
    __builtin_prefetch((const void *)ahead, 0, 2);
    ahead += rows * sizeof(float);
    left++;
    panel += vectors * LANES;
  }
#pragma clang loop unroll(full)
  for (int row = 0; row < rows; row++) {
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) store(out + offsets[row] + v * LANES, sum[row][v]);
  }
}

#define TAPS_TILE(name, rows, vectors)                                                           \
  static __attribute__((noinline)) void name(                                                    \
      int32_t depth, const float *left, const float *panel, float *out, const int32_t *offsets) { \
    multiply_taps_of(rows, vectors, depth, left, panel, out, offsets);                           \
  }
TAPS_TILE(taps_tile_1, 2 * MICRO_ROWS, 1)
TAPS_TILE(taps_tile_2, MICRO_ROWS, 2)
TAPS_TILE(taps_row_1, 1, 1)
TAPS_TILE(taps_row_2, 1, 2)
#if LANES == 16
TAPS_TILE(taps_tile_3, MICRO_ROWS, 3)
TAPS_TILE(taps_row_3, 1, 3)
#endif

typedef void taps_tile(
    int32_t depth, const float *left, const float *panel, float *out, const int32_t *offsets);

/// By the number of vectors: of MICRO_ROWS rows, and of single ones.
static taps_tile *const taps_tiles[2][taps_vectors + 1] = {
#if LANES == 16
    {NULL, taps_tile_1, taps_tile_2, taps_tile_3}, {NULL, taps_row_1, taps_row_2, taps_row_3}};
#else
    {NULL, taps_tile_1, taps_tile_2}, {NULL, taps_row_1, taps_row_2}};
#endif

/// Rows that are left over are made together with some that were made before: they come out the
/// same.
static void multiply_taps(
    int32_t vectors, int32_t rows, int32_t depth, const float *left, const float *panel, float *out,
    const int32_t *offsets) {
  int32_t tile = vectors == 1 ? 2 * MICRO_ROWS : MICRO_ROWS;
  bool single = rows < tile;
  if (single) tile = 1;
  for (int32_t row = 0; row < rows; row += tile) {
    int32_t at = ck_minimum(row, rows - tile);
    taps_tiles[single][vectors](depth, left + (ptrdiff_t)at * depth, panel, out, offsets + at);
  }
}
