// The register tile of windows that are read in place: up to [TILE_ROWS, 2·LANES], summed in
// registers.

/// Adds [rows, depth] · [depth, 2·LANES] to `out`, or stores it there.
///
/// Element (row, k) of the left operand is from[row_offsets[row] + depth_offsets[k]]. The rows of
/// the right operand and of the result are `right_step` and `out_step` floats apart.
INLINE void multiply_windows_of(
    const int rows, int32_t depth, const float *from, const int32_t *row_offsets,
    const int32_t *depth_offsets, const float *right, ptrdiff_t right_step, float *out,
    ptrdiff_t out_step, bool accumulate) {
  const float *left[TILE_ROWS];
  vector sum[TILE_ROWS][2];
#pragma clang loop unroll(full)
  for (int row = 0; row < rows; row++) {
    left[row] = from + row_offsets[row];
    sum[row][0] = sum[row][1] = (vector){0};
  }
  for (int32_t k = 0; k < depth; k++) {
    ptrdiff_t offset = depth_offsets[k];
    vector first = load(right), second = load(right + LANES);
#pragma clang loop unroll(full)
    for (int row = 0; row < rows; row++) {
      vector value = left[row][offset] - (vector){0};
      sum[row][0] += value * first;
      sum[row][1] += value * second;
    }
    right += right_step;
  }
#pragma clang loop unroll(full)
  for (int row = 0; row < rows; row++) {
    float *to = out + row * out_step;
    if (accumulate) {
      sum[row][0] += load(to);
      sum[row][1] += load(to + LANES);
    }
    store(to, sum[row][0]);
    store(to + LANES, sum[row][1]);
  }
}

typedef void windows_tile(
    int32_t depth, const float *from, const int32_t *row_offsets, const int32_t *depth_offsets,
    const float *right, ptrdiff_t right_step, float *out, ptrdiff_t out_step, bool accumulate);

#define WINDOWS_TILE(rows)                                                                      \
  static __attribute__((noinline)) void windows_tile_##rows(                                    \
      int32_t depth, const float *from, const int32_t *row_offsets,                             \
      const int32_t *depth_offsets, const float *right, ptrdiff_t right_step, float *out,       \
      ptrdiff_t out_step, bool accumulate) {                                                    \
    multiply_windows_of(                                                                        \
        rows, depth, from, row_offsets, depth_offsets, right, right_step, out, out_step,        \
        accumulate);                                                                            \
  }
WINDOWS_TILE(1)
WINDOWS_TILE(2)
WINDOWS_TILE(3)
WINDOWS_TILE(4)
#if TILE_ROWS > 4
WINDOWS_TILE(5)
WINDOWS_TILE(6)
#endif
#if TILE_ROWS > 6
WINDOWS_TILE(7)
WINDOWS_TILE(8)
#endif

/// By the number of rows.
static windows_tile *const windows_tiles[TILE_ROWS + 1] = {
    NULL,           windows_tile_1, windows_tile_2, windows_tile_3, windows_tile_4,
#if TILE_ROWS > 4
    windows_tile_5, windows_tile_6,
#endif
#if TILE_ROWS > 6
    windows_tile_7, windows_tile_8,
#endif
};

/// The same for any number of rows, cut into tiles that differ by at most one row.
static void multiply_windows(
    int32_t rows, int32_t depth, const float *from, const int32_t *row_offsets,
    const int32_t *depth_offsets, const float *right, ptrdiff_t right_step, float *out,
    ptrdiff_t out_step, bool accumulate) {
  int32_t tiles = ck_quotient_up(rows, TILE_ROWS);
  int32_t least = rows / tiles, larger = rows % tiles;  // tiles of one row more
  for (int32_t tile = 0, row = 0; tile < tiles; tile++) {
    int32_t count = least + (tile < larger);
    windows_tiles[count](
        depth, from, row_offsets + row, depth_offsets, right, right_step, out + row * out_step,
        out_step, accumulate);
    row += count;
  }
}
