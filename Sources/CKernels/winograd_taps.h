// From the kernel to transformed weights, U = G g Gᵀ.
//
// They are made where they are used, 64 channels of the depth and one panel of columns of one phase
// at a time, and never leave the second-level cache: of a 5 × 5 kernel 121 / 25 times as many bytes
// would go to memory and back (254 MB for 1024 × 512 channels), while making them takes a tenth as
// long as multiplying 64 tiles with them.

/// Copies a phase's taps to [9] [depth] [width], zeros for columns that are not there.
static void gather_taps_of(
    const ck_plan *plan, const ck_phase *phase, const float *kernel, int32_t column,
    int32_t columns, int32_t width, int32_t first, int32_t last, float *taps) {
  const ck_convolution_shape *shape = &plan->shape;
  int32_t filters = shape->filters, count = last - first;
  for (int32_t i = 0; i < ck_winograd_taps * ck_winograd_taps; i++) {
    int32_t y = phase->y.tap[i / ck_winograd_taps], x = phase->x.tap[i % ck_winograd_taps];
    if (y < 0 || x < 0) continue;
    const float *tap =
        kernel + ((ptrdiff_t)y * shape->kernel_width + x) * shape->channels * filters;
    float *to = taps + (ptrdiff_t)i * ck_winograd_depth * width;
    if (plan->operation == ck_operation_convolve) {
      // [channels, filters]: rows are the depth
      for (int32_t k = 0; k < count; k++, to += width) {
        copy_floats(to, tap + (ptrdiff_t)(first + k) * filters + column, columns);
        for (int32_t j = columns; j < width; j++) to[j] = 0;
      }
      continue;
    }
    // Columns are the rows of [channels, filters].
    const float *from = tap + (ptrdiff_t)column * filters + first;
    for (int32_t j = 0; j < width; j += LANES) {
      int32_t k = 0;
      if (j + LANES <= columns) {
        for (; k + LANES <= count; k += LANES) {
          transpose_square(
              to + (ptrdiff_t)k * width + j, width, from + (ptrdiff_t)j * filters + k, filters);
        }
      }
      for (; k < count; k++) {
        for (int32_t l = j; l < j + LANES; l++) {
          to[(ptrdiff_t)k * width + l] = l < columns ? from[(ptrdiff_t)l * filters + k] : 0;
        }
      }
    }
  }
}

/// Transforms gathered taps [9] [64] [width] to [slots] [64] [width].
INLINE void transform_weights_of(
    const int edge_y, const int edge_x, const ck_phase *phase, const float *taps, int32_t floats,
    ptrdiff_t tap_stride, float *weights, ptrdiff_t slot_stride) {
  const float *sources[ck_winograd_taps * ck_winograd_taps];
  ptrdiff_t step[ck_winograd_taps * ck_winograd_taps];
  for (int i = 0; i < ck_winograd_taps * ck_winograd_taps; i++) {
    bool missing =
        phase->y.tap[i / ck_winograd_taps] < 0 || phase->x.tap[i % ck_winograd_taps] < 0;
    sources[i] = missing ? zeros : taps + i * tap_stride;
    step[i] = missing ? 0 : 1;
  }
  for (int32_t at = 0; at < floats; at += LANES) {
    vector half[ck_maximum_positions];  // [m_y + 2, 3]
    const float *from[ck_winograd_taps * ck_winograd_taps];
    for (int i = 0; i < ck_winograd_taps * ck_winograd_taps; i++) {
      from[i] = sources[i] + at * step[i];
    }
    transform_columns(
        transform_taps, edge_y, ck_winograd_taps, ck_winograd_taps, edge_y + 2, from, 0, half);
    float *slot = weights + at;
#pragma clang loop unroll(full)
    for (int y = 0; y < edge_y + 2; y++) {
      if (y < phase->y.first || y >= phase->y.last) continue;
      vector row[ck_maximum_span];
      transform_taps(edge_x, half + y * ck_winograd_taps, row);
#pragma clang loop unroll(full)
      for (int x = 0; x < edge_x + 2; x++) {
        if (x < phase->x.first || x >= phase->x.last) continue;
        store(slot, row[x]);
        slot += slot_stride;
      }
    }
  }
}

typedef void weights_transform(
    const ck_phase *phase, const float *taps, int32_t floats, ptrdiff_t tap_stride, float *weights,
    ptrdiff_t slot_stride);

#define WEIGHTS_FUNCTION(edge_y, edge_x)                                                        \
  static __attribute__((noinline)) void transform_weights_##edge_y##edge_x(                    \
      const ck_phase *phase, const float *taps, int32_t floats, ptrdiff_t tap_stride,           \
      float *weights, ptrdiff_t slot_stride) {                                                  \
    transform_weights_of(                                                                       \
        edge_y, edge_x, phase, taps, floats, tap_stride, weights, slot_stride);                 \
  }
TILE_SIZES(WEIGHTS_FUNCTION)

/// By m_y and m_x.
#define WEIGHTS_ENTRY(y, x) [y][x] = transform_weights_##y##x,
static weights_transform *const weights_transforms[tile_edges][tile_edges] = {
    TILE_SIZES(WEIGHTS_ENTRY)};
