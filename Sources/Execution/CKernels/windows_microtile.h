// The microtile of windows that are read in place: up to [MICRO_ROWS, 2·LANES], summed in
// registers.

/// out [rows, 2·LANES] = left [rows, depth] · right [depth, 2·LANES], with element (row, k) of the
/// left operand at from[row_offsets[row] + depth_offsets[k]].
typedef struct windows_product {
  int32_t rows, depth;
  const float *from;
  const int32_t *row_offsets, *depth_offsets;
  const float *right;
  ptrdiff_t right_step;  // between its rows
  float *out;
  ptrdiff_t out_step;
  bool accumulate;  // adds to `out`
  /// What is fetched into the second-level cache meanwhile, evenly, since the next product reads it.
  /// Without that the kernel gradient of 28 × 28 × 1 to 64 waited for memory half of its time. It may
  /// lie outside of its array: such an address is never read.
  uintptr_t next;
  ptrdiff_t next_floats;
} windows_product;

/// Makes `rows` rows of the product from `first` on.
INLINE void multiply_windows_of(
    const int rows, const windows_product *product, int32_t first, uintptr_t next,
    uintptr_t next_step) {
  const float *left[MICRO_ROWS];
  vector sum[MICRO_ROWS][2];
#pragma clang loop unroll(full)
  for (int row = 0; row < rows; row++) {
    left[row] = product->from + product->row_offsets[first + row];
    sum[row][0] = sum[row][1] = (vector){0};
  }
  const int32_t *offsets = product->depth_offsets;
  const float *right = product->right;
  ptrdiff_t right_step = product->right_step;
  for (int32_t k = 0; k < product->depth; k++) {
    ptrdiff_t offset = offsets[k];
    vector lower = load(right), upper = load(right + LANES);
#pragma clang loop unroll(full)
    for (int row = 0; row < rows; row++) {
      vector value = left[row][offset] - (vector){0};
      sum[row][0] += value * lower;
      sum[row][1] += value * upper;
    }
    __builtin_prefetch((const void *)next, 0, 2);
    next += next_step;
    right += right_step;
  }
  float *out = product->out + first * product->out_step;
#pragma clang loop unroll(full)
  for (int row = 0; row < rows; row++, out += product->out_step) {
    if (product->accumulate) {
      sum[row][0] += load(out);
      sum[row][1] += load(out + LANES);
    }
    store(out, sum[row][0]);
    store(out + LANES, sum[row][1]);
  }
}

typedef void windows_tile(
    const windows_product *product, int32_t first, uintptr_t next, uintptr_t next_step);

#define WINDOWS_TILE(rows)                                                                       \
  static __attribute__((noinline)) void windows_tile_##rows(                                     \
      const windows_product *product, int32_t first, uintptr_t next, uintptr_t next_step) {      \
    multiply_windows_of(rows, product, first, next, next_step);                                  \
  }
WINDOWS_TILE(1)
WINDOWS_TILE(2)
WINDOWS_TILE(3)
WINDOWS_TILE(4)
#if MICRO_ROWS > 4
WINDOWS_TILE(5)
WINDOWS_TILE(6)
#endif
#if MICRO_ROWS > 6
WINDOWS_TILE(7)
WINDOWS_TILE(8)
#endif

/// By the number of rows.
static windows_tile *const windows_tiles[MICRO_ROWS + 1] = {
    NULL,           windows_tile_1, windows_tile_2, windows_tile_3, windows_tile_4,
#if MICRO_ROWS > 4
    windows_tile_5, windows_tile_6,
#endif
#if MICRO_ROWS > 6
    windows_tile_7, windows_tile_8,
#endif
};

/// Cuts the rows into tiles that differ by at most one row.
static void multiply_windows(windows_product product) {
  int32_t tiles = ck_quotient_up(product.rows, MICRO_ROWS);
  int32_t least = product.rows / tiles, larger = product.rows % tiles;  // tiles of one row more
  uintptr_t share = (uintptr_t)(product.next_floats / tiles) * sizeof(float);
  for (int32_t tile = 0, row = 0; tile < tiles; tile++) {
    int32_t count = least + (tile < larger);
    uintptr_t next = product.next + (uintptr_t)tile * share;
    windows_tiles[count](&product, row, next, share / (uintptr_t)product.depth);
    row += count;
  }
}
