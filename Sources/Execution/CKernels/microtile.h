// The microtile: [MICRO_ROWS, depth] · [depth, vectors·LANES], summed in registers.

/// Adds one tile's product to `out`, or stores it there.
///
/// Element (row, k) of the left operand is left[row·row_step + k·depth_step]; the panel is
/// [depth, vectors·LANES]. Row r of the result begins at out + offsets[r]. Only `rows` rows and
/// `columns` columns of the tile are written; all of it is computed.
INLINE void multiply_microtile(
    const int vectors, const ptrdiff_t row_step, const ptrdiff_t depth_step, int32_t depth,
    const float *left, const float *panel, float *out, const ptrdiff_t *offsets, int32_t rows,
    int32_t columns, bool accumulate) {
  vector sum[MICRO_ROWS][2] = {0};
  for (int32_t k = 0; k < depth; k++) {
    vector first = load(panel), second = {0};
    if (vectors == 2) second = load(panel + LANES);
#pragma clang loop unroll(full)
    for (int row = 0; row < MICRO_ROWS; row++) {
      vector value = left[row * row_step] - (vector){0};
      sum[row][0] += value * first;
      if (vectors == 2) sum[row][1] += value * second;
    }
    left += depth_step;
    panel += vectors * LANES;
  }

  if (rows == MICRO_ROWS && columns == vectors * LANES) {
#pragma clang loop unroll(full)
    for (int row = 0; row < MICRO_ROWS; row++) {
#pragma clang loop unroll(full)
      for (int v = 0; v < vectors; v++) {
        float *to = out + offsets[row] + v * LANES;
        store(to, accumulate ? load(to) + sum[row][v] : sum[row][v]);
      }
    }
    return;
  }
  float edge[MICRO_ROWS][2 * LANES];
#pragma clang loop unroll(full)
  for (int row = 0; row < MICRO_ROWS; row++) {
    store(edge[row], sum[row][0]);
    store(edge[row] + LANES, sum[row][1]);
  }
  for (int32_t row = 0; row < rows; row++) {
    float *to = out + offsets[row];
    if (accumulate) {
      float old[2 * LANES] = {0};
      copy_floats(old, to, columns);
      for (int v = 0; v < vectors; v++) {
        store(old + v * LANES, load(old + v * LANES) + load(edge[row] + v * LANES));
      }
      copy_floats(to, old, columns);
    } else {
      copy_floats(to, edge[row], columns);
    }
  }
}

typedef void microtile_function(
    int32_t depth, const float *left, const float *panel, float *out, const ptrdiff_t *offsets,
    int32_t rows, int32_t columns, bool accumulate);

#define MICROTILE_FUNCTION(name, vectors, row_step, depth_step)                                       \
  static __attribute__((noinline)) void name(                                                    \
      int32_t depth, const float *left, const float *panel, float *out, const ptrdiff_t *offsets, \
      int32_t rows, int32_t columns, bool accumulate) {                                          \
    multiply_microtile(                                                                               \
        vectors, row_step, depth_step, depth, left, panel, out, offsets, rows, columns,          \
        accumulate);                                                                             \
  }

// A packed block of the left operand has either its rows or its depth contiguous.
MICROTILE_FUNCTION(microtile_by_depth, 2, ck_packed_stride, 1)
MICROTILE_FUNCTION(microtile_by_depth_narrow, 1, ck_packed_stride, 1)
MICROTILE_FUNCTION(microtile_by_rows, 2, 1, ck_packed_stride)
MICROTILE_FUNCTION(microtile_by_rows_narrow, 1, 1, ck_packed_stride)
