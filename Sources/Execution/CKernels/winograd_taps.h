// From the kernel to transformed weights, U = G g Gᵀ.
//
// They are made where they are used, 64 channels of the depth and one panel of columns of one phase
// at a time, and never leave the second-level cache: of a 5 × 5 kernel 121 / 25 times as many bytes
// would go to memory and back (254 MB for 1024 × 512 channels), while making them takes a tenth as
// long as multiplying 64 tiles with them.

/// A phase's taps for some rows of the depth and one panel of columns: row k of tap i begins at
/// tap[i] + k·row_step; a tap that the phase lacks is NULL.
typedef struct tap_rows {
  const float *tap[ck_winograd_taps * ck_winograd_taps];
  ptrdiff_t row_step;
  bool in_kernel;  // not copied
} tap_rows;

/// The phase's taps where they lie in the kernel: [KH·KW] [C, F].
INLINE tap_rows taps_in_kernel(const ck_plan *plan, const ck_phase *phase, const float *kernel) {
  const ck_convolution_shape *shape = &plan->shape;
  tap_rows rows = {.row_step = shape->filters, .in_kernel = true};
  ptrdiff_t stride = (ptrdiff_t)shape->channels * shape->filters;
  for (int32_t i = 0; i < ck_winograd_taps * ck_winograd_taps; i++) {
    int32_t y = phase->y.tap[i / ck_winograd_taps], x = phase->x.tap[i % ck_winograd_taps];
    if (y >= 0 && x >= 0) rows.tap[i] = kernel + (y * shape->kernel_width + x) * stride;
  }
  return rows;
}

/// Copies a square of `columns` × `count` filters to [count] [width], its transpose, with zeros for
/// columns that are not there.
static void transpose_tap(
    const float *from, ptrdiff_t filters, int32_t columns, int32_t width, int32_t count,
    float *to) {
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

/// Depth first ..< last and `columns` columns of a phase's taps as rows of `width` columns: those of
/// a convolution where they are, all others copied to [9] [64] [width].
static tap_rows rows_of_taps(
    const ck_plan *plan, const ck_phase *phase, const float *kernel, int32_t column,
    int32_t columns, int32_t width, int32_t first, int32_t last, float *copies) {
  int32_t filters = plan->shape.filters, count = last - first;
  bool convolves = plan->operation == ck_operation_convolve;
  tap_rows rows = taps_in_kernel(plan, phase, kernel);
  // A convolution sums over channels, an input gradient over filters.
  ptrdiff_t start = convolves ? (ptrdiff_t)first * filters + column
                              : (ptrdiff_t)column * filters + first;
  for (int32_t i = 0; i < ck_winograd_taps * ck_winograd_taps; i++) {
    if (rows.tap[i]) rows.tap[i] += start;
  }
  if (convolves && columns == width) return rows;
  tap_rows copied = {.row_step = width};
  for (int32_t i = 0; i < ck_winograd_taps * ck_winograd_taps; i++) {
    if (!rows.tap[i]) continue;
    float *to = copies + (ptrdiff_t)i * ck_winograd_depth * width;
    copied.tap[i] = to;
    if (convolves) {
      for (int32_t k = 0; k < count; k++, to += width) {
        copy_floats(to, rows.tap[i] + (ptrdiff_t)k * filters, columns);
        for (int32_t j = columns; j < width; j++) to[j] = 0;
      }
      continue;
    }
    const float *next = i + 1 < ck_winograd_taps * ck_winograd_taps ? rows.tap[i + 1] : NULL;
    for (int32_t j = 0; next && j < columns; j++) {
      prefetch_floats(next, (ptrdiff_t)j * filters, count);
    }
    transpose_tap(rows.tap[i], filters, columns, width, count, to);
  }
  return copied;
}

/// Transforms `depth` rows of taps to [slots] [64] [width].
INLINE void transform_weights_of(
    const int edge_y, const int edge_x, const ck_phase *phase, const tap_rows *rows, int32_t depth,
    int32_t width, float *weights, ptrdiff_t slot_stride) {
  enum { rows_ahead = 8 };
  for (int32_t k = 0; k < depth; k++, weights += width) {
    const float *from[ck_winograd_taps * ck_winograd_taps];
    for (int i = 0; i < ck_winograd_taps * ck_winograd_taps; i++) {
      from[i] = rows->tap[i] ? rows->tap[i] + k * rows->row_step : zeros;
      // Rows in the kernel lie far apart.
      if (rows->in_kernel && rows->tap[i]) {
        prefetch_floats(from[i], rows_ahead * rows->row_step, width);
      }
    }
    for (int32_t c = 0; c < width; c += LANES) {
      vector half[ck_maximum_positions];  // [m_y + 2, 3]
      transform_columns(
          transform_taps, edge_y, ck_winograd_taps, ck_winograd_taps, edge_y + 2, from, c, half);
      float *slot = weights + c;
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
}

typedef void weights_transform(
    const ck_phase *phase, const tap_rows *rows, int32_t depth, int32_t width, float *weights,
    ptrdiff_t slot_stride);

#define WEIGHTS_FUNCTION(edge_y, edge_x)                                                        \
  static __attribute__((noinline)) void transform_weights_##edge_y##edge_x(                    \
      const ck_phase *phase, const tap_rows *rows, int32_t depth, int32_t width,                \
      float *weights, ptrdiff_t slot_stride) {                                                  \
    transform_weights_of(edge_y, edge_x, phase, rows, depth, width, weights, slot_stride);      \
  }
TILE_SIZES(WEIGHTS_FUNCTION)

/// By m_y and m_x.
#define WEIGHTS_ENTRY(y, x) [y][x] = transform_weights_##y##x,
static weights_transform *const weights_transforms[tile_edges][tile_edges] = {
    TILE_SIZES(WEIGHTS_ENTRY)};
