// Input gradients with few pixels: dot products along the filters F.
//
//   dx[p, c] = Σ over taps Σ over f  dy[q(p, tap), f] · w[tap, c, f]
//
// The microtile of `tile.h` wants vectors of c, for which the kernel [KH, KW, C, F] is
// transposed on the way. With few pixels that takes as long as multiplying. Here vectors lie along f,
// as the kernel does: each weight is read from memory once and never copied, and a result is the sum
// of its vector's lanes in the end.

// dot_pixels × ck_dot_channels sums fill three quarters of the registers.
enum { dot_pixels = LANES == 16 ? ck_dot_pixels : ck_dot_pixels / 2 };

/// Floats of one chunk of the depth of all pixels, and of a row of zeros after them.
INLINE ptrdiff_t dot_chunk_floats(const ck_product *product) {
  ptrdiff_t pixels = (ptrdiff_t)product->batch * product->map_height * product->map_width;
  return (pixels + 1) * ck_packed_stride;
}

/// One task: copies a chunk of `ck_maximum_depth` filters of all pixels of dy, [pixels, F], to
/// [chunks] [pixels + 1] [ck_packed_stride].
static void dots_pack_task(
    const ck_plan *plan, int32_t task, const float *dy, float *packed) {
  ck_product product = ck_describe(plan, 0, dy, NULL);
  int32_t pixels = product.batch * product.map_height * product.map_width;
  int32_t first = task * ck_maximum_depth;
  int32_t count = ck_minimum(ck_maximum_depth, product.tap_length - first);
  float *to = packed + task * dot_chunk_floats(&product);
  for (int32_t i = 0; i < pixels; i++, to += ck_packed_stride) {
    copy_floats(to, dy + (ptrdiff_t)i * product.tap_length + first, count);
  }
  zero_floats(to, count);
}

/// The row of zeros that stands for pixels outside of the map, in the first chunk.
INLINE const float *dot_zero_row(const ck_product *product, const float *packed) {
  return packed + dot_chunk_floats(product) - ck_packed_stride;
}

/// The memory of a task, with the table of the pixels that each row meets.
INLINE ck_dot_space dot_space_in(
    const ck_product *product, const site *sites, const float *packed, void *memory) {
  ck_carver carver = {.memory = memory};
  int64_t taps = (int64_t)product->window_height * product->window_width;
  ck_dot_space space = ck_carve_dots(&carver, product->rows, taps, MICRO);
  const float *zero_row = dot_zero_row(product, packed);
  int32_t tap = 0;
  for (int32_t y = 0; y < product->window_height; y++) {
    for (int32_t x = 0; x < product->window_width; x++, tap++) {
      for (int32_t row = 0; row < space.stride; row++) {
        const site *at = sites + row;
        bool inside = row < product->rows && at->y + y >= 0 && at->y + y < product->map_height
                      && at->x + x >= 0 && at->x + x < product->map_width;
        const float *value = zero_row;
        if (inside) {
          ptrdiff_t map_row = (ptrdiff_t)at->image * product->map_height + at->y + y;
          value = packed + (map_row * product->map_width + at->x + x) * ck_packed_stride;
        }
        space.values[tap * space.stride + row] = value;
      }
    }
  }
  return space;
}

/// Adds `count` filters of one tap: [dot_pixels, count] · [count, ck_dot_channels]. If `fetches`,
/// the weights `ahead` come into the second-level cache meanwhile.
INLINE void add_tap(
    const bool fetches, const float *const *values, ptrdiff_t values_start, const float *weights,
    ptrdiff_t ahead, const ptrdiff_t *channel_step, int32_t count,
    vector sum[dot_pixels][ck_dot_channels]) {
  for (int32_t f = 0; f < count; f += LANES) {
    vector weight[ck_dot_channels];
#pragma clang loop unroll(full)
    for (int j = 0; j < ck_dot_channels; j++) {
      weight[j] = load(weights + channel_step[j] + f);
      if (fetches) prefetch_floats(weights, channel_step[j] + f + ahead, 1);
    }
#pragma clang loop unroll(full)
    for (int p = 0; p < dot_pixels; p++) {
      vector value = load(values[p] + values_start + f);
#pragma clang loop unroll(full)
      for (int j = 0; j < ck_dot_channels; j++) sum[p][j] += value * weight[j];
    }
  }
}

/// Adds one chunk of the depth of all taps to the sums of a tile: dot_pixels rows from `row` on, and
/// `channels` channels.
///
/// The weights of the chunk or of the channels that come next are fetched meanwhile, by all tiles of
/// rows in turn: one tap ahead would be too late.
static __attribute__((noinline)) void add_dots(
    const ck_product *product, ck_dot_space space, const float *zero_row, int32_t row, int32_t channel, int32_t channels,
    int32_t chunk) {
  ptrdiff_t chunk_start = chunk * dot_chunk_floats(product);
  int32_t first = chunk * ck_maximum_depth;
  int32_t count = ck_minimum(ck_maximum_depth, product->tap_length - first);
  bool is_last = first + count == product->tap_length;
  ptrdiff_t ahead = is_last ? ck_dot_channels * product->right_stride - first : count;
  ptrdiff_t step[ck_dot_channels];  // channels that are not there are the last one
  for (int j = 0; j < ck_dot_channels; j++) {
    step[j] = ck_minimum(j, channels - 1) * product->right_stride;
  }
  float *sums = space.sums + (ptrdiff_t)row * ck_dot_channels * LANES;
  vector sum[dot_pixels][ck_dot_channels] = {0};
  if (chunk > 0) memcpy(sum, sums, sizeof sum);
  const float *const *values = space.values + row;
  const float *start =
      product->right + product->tap_origin + channel * product->right_stride + first;
  int32_t tiles = space.stride / dot_pixels, tile = row / dot_pixels;
  int32_t turn = tiles / 2;  // of the tile that fetches: at the first taps one that is not outside
  for (int32_t y = 0; y < product->window_height; y++) {
    for (int32_t x = 0; x < product->window_width; x++, values += space.stride) {
      bool fetches = turn == tile;
      if (++turn == tiles) turn = 0;
      bool outside = true;
      for (int p = 0; p < dot_pixels; p++) outside = outside && values[p] == zero_row;
      if (outside) continue;
      const float *weights = start + y * product->tap_step_y + x * product->tap_step_x;
      if (fetches) {
        add_tap(true, values, chunk_start, weights, ahead, step, count, sum);
      } else {
        add_tap(false, values, chunk_start, weights, 0, step, count, sum);
      }
    }
  }
  memcpy(sums, sum, sizeof sum);
}

/// The sum of LANES floats, halves first.
INLINE float sum_of_lanes(const float *lanes) {
  float sum[LANES];
  store(sum, load(lanes));
  for (int width = LANES / 2; width > 0; width /= 2) {
    for (int i = 0; i < width; i++) sum[i] += sum[i + width];
  }
  return sum[0];
}

/// One task: some channels of one phase of dx.
static void dots_task(
    const ck_plan *plan, int32_t task, const float *dy, const float *kernel, const float *packed,
    float *out, void *worker_scratch) {
  ck_product product = ck_describe(plan, task / plan->column_blocks, dy, kernel);
  if (product.rows == 0) return;  // a phase without pixels
  site sites[ck_maximum_rows];
  find_sites(&product, 0, product.rows, sites);
  const float *zero_row = dot_zero_row(&product, packed);
  ck_dot_space space = dot_space_in(&product, sites, packed, worker_scratch);
  int32_t first = task % plan->column_blocks * plan->columns_per_block;
  int32_t last = ck_minimum(first + plan->columns_per_block, product.columns);
  int32_t chunks = ck_quotient_up(product.tap_length, ck_maximum_depth);
  for (int32_t channel = first; channel < last; channel += ck_dot_channels) {
    int32_t channels = ck_minimum(ck_dot_channels, last - channel);
    for (int32_t chunk = 0; chunk < chunks; chunk++) {
      for (int32_t row = 0; row < product.rows; row += dot_pixels) {
        add_dots(&product, space, zero_row, row, channel, channels, chunk);
      }
    }
    for (int32_t row = 0; row < product.rows; row++) {
      float *pixel = out + product.out_origin + sites[row].image * product.out_image
                     + sites[row].grid_y * product.out_y + sites[row].grid_x * product.out_x;
      for (int32_t j = 0; j < channels; j++) {
        pixel[channel + j] =
            sum_of_lanes(space.sums + ((ptrdiff_t)row * ck_dot_channels + j) * LANES);
      }
    }
  }
}
