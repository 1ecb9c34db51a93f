// Input gradients with few channels C: one product for all taps, then each pixel gathers its own.

/// to[c] += from[c] for `count` floats, a number that the compiler may know. Whole vectors are read
/// and written where `to` has `room` for them: what is added to the lanes too many is 0.
INLINE void add_floats(
    float *restrict to, const float *restrict from, int32_t count, ptrdiff_t room) {
  int32_t whole = count - count % LANES;
  if (count < 4 || room < whole + LANES) {
    for (int32_t c = 0; c < count; c++) to[c] += from[c];
    return;
  }
  for (int32_t c = 0; c < whole; c += LANES) store(to + c, load(to + c) + load(from + c));
  vector rest = keep_lanes(load(from + whole), 0, count - whole);
  store(to + whole, load(to + whole) + rest);
}

/// Adds to one output row [W, C] the taps of kernel row ky of one row of dy, taps [W', KH·KW·C].
///
/// Output column x meets tap kx of column o of dy where x + padding = o·stride + kx. The task's part
/// of the output ends at `end`.
INLINE void gather_taps(
    const ck_plan *plan, const int32_t channels, float *row, const float *end, const float *taps,
    ptrdiff_t taps_stride) {
  const ck_convolution_shape *shape = &plan->shape;
  int32_t stride = shape->stride, padding = shape->padding;
  for (int32_t kx = 0; kx < shape->kernel_width; kx++) {
    // o·stride + kx − padding in 0 ..< W
    int32_t first = kx >= padding ? 0 : (padding - kx + stride - 1) / stride;
    int32_t last = shape->width - 1 + padding - kx;
    last = last < 0 ? 0 : ck_minimum(plan->output_width, last / stride + 1);
    float *to = row + (first * stride + kx - padding) * channels;
    const float *from = taps + first * taps_stride + kx * channels;
    for (int32_t o = first; o < last; o++) {
      add_floats(to, from, channels, end - to);
      to += stride * channels;
      from += taps_stride;
    }
  }
}

/// One task: a band of rows of one image of the output.
static void taps_task(
    const ck_plan *plan, int32_t task, const float *left, const float *right, const float *packed,
    float *out, void *worker_scratch) {
  const ck_convolution_shape *shape = &plan->shape;
  int32_t bands = ck_quotient_up(shape->height, plan->band_height);
  int32_t image = task / bands;
  int32_t first_y = task % bands * plan->band_height;
  int32_t last_y = ck_minimum(first_y + plan->band_height, shape->height);
  int32_t channels = shape->channels, stride = shape->stride, padding = shape->padding;
  ptrdiff_t out_row = (ptrdiff_t)shape->width * channels;
  float *band = out + (ptrdiff_t)image * shape->height * out_row;
  const float *band_end = band + last_y * out_row;
  memset(band + first_y * out_row, 0, (size_t)((last_y - first_y) * out_row) * sizeof(float));

  ck_product product = ck_describe(plan, 0, left, right);
  workspace space = workspace_in(worker_scratch);
  ptrdiff_t taps_stride = ck_rounded_up(product.columns, LANES);
  float *taps = space.rest;  // [≤ ck_maximum_rows, taps_stride], and a vector to spare
  site sites[ck_maximum_rows];
  ptrdiff_t offsets[ck_maximum_rows];
  for (int32_t i = 0; i < ck_maximum_rows; i++) offsets[i] = i * taps_stride;

  // Rows o of dy with o·stride ≤ y + padding < o·stride + KH for some y of the band.
  int32_t width = plan->output_width;
  int32_t lowest = first_y + padding - shape->kernel_height + 1;
  int32_t first_o = lowest <= 0 ? 0 : ck_quotient_up(lowest, stride);
  int32_t last_o = ck_minimum(plan->output_height, (last_y - 1 + padding) / stride + 1);
  int32_t rows_at_once = ck_maximum(1, ck_maximum_rows / width);
  for (int32_t o = first_o; o < last_o; o += rows_at_once) {
    int32_t rows = ck_minimum(rows_at_once, last_o - o);
    // [pixels, F] · [F, KH·KW·C]
    extent part = {
        .first_row = (image * plan->output_height + o) * width,
        .last_row = (image * plan->output_height + o + rows) * width,
        .last_column = product.columns,
        .last_block = product.depth_blocks.count,
    };
    find_sites(&product, part.first_row, part.last_row - part.first_row, sites);
    multiply(&product, part, sites, packed, taps, offsets, space);

    for (int32_t i = 0; i < rows; i++) {
      for (int32_t ky = 0; ky < shape->kernel_height; ky++) {
        int32_t y = (o + i) * stride + ky - padding;
        if (y < first_y || y >= last_y) continue;
        float *row = band + y * out_row;
        const float *from = taps + i * width * taps_stride + ky * shape->kernel_width * channels;
        if (channels == 1) {
          gather_taps(plan, 1, row, band_end, from, taps_stride);
        } else if (channels == 3) {
          gather_taps(plan, 3, row, band_end, from, taps_stride);
        } else {
          gather_taps(plan, channels, row, band_end, from, taps_stride);
        }
      }
    }
  }
}
