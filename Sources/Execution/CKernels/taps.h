// Input gradients with few channels C: one product for all taps, then each pixel gathers its own.
//
//   dx[n,y,x,c] = Σ_{ky,kx,f} dy[n,i,j,f] · w[ky,kx,c,f],   y + padding = i·stride + ky, x likewise
//
// Pixel by pixel of dy, all its taps are made, [pixels, F] · [F, KH·KW·C], into a ring of rows that
// holds those which the next rows of dx need. From there `gather_row` adds up each row of dx.

/// The vectors of the panel that begins at vector `first`: all panels have nearly as many.
INLINE int32_t taps_panel(int32_t vectors, int32_t first) {
  int32_t panels = ck_quotient_up(vectors, taps_vectors);
  return ck_minimum(ck_quotient_up(vectors, panels), vectors - first);
}

static void pack_taps(const ck_plan *plan, const float *w, const ck_taps_space *at) {
  int32_t filters = plan->shape.filters;
  ck_product product = {
      .right = w, .right_stride = filters, .tap_length = filters, .window_width = 1};
  for (int32_t v = 0, vectors; v < at->slot / LANES; v += vectors) {
    vectors = taps_panel(at->slot / LANES, v);
    int32_t column = v * LANES, width = vectors * LANES;
    pack_transposed(
        &product, column, ck_minimum(width, at->columns - column), width, 0, filters,
        at->panels + (ptrdiff_t)column * filters);
  }
}

/// Makes the taps of rows first ..< last of an image of dy.
static void make_taps(
    const ck_plan *plan, const float *dy, int32_t first, int32_t last, const ck_taps_space *at) {
  int32_t width = plan->output_width, filters = plan->shape.filters, pixels = 0;
  for (int32_t i = first; i < last; i++) {
    int32_t offset = i % at->ring_rows * at->row + (at->shifts_x - 1) * at->slot;
    for (int32_t j = 0; j < width; j++) at->offsets[pixels++] = offset + j * at->slot;
  }
  for (int32_t v = 0, vectors; v < at->slot / LANES; v += vectors) {
    vectors = taps_panel(at->slot / LANES, v);
    // [pixels, F] · [F, vectors·LANES]
    multiply_taps(
        vectors, pixels, filters, dy + (ptrdiff_t)first * width * filters,
        at->panels + (ptrdiff_t)v * LANES * filters, at->ring + v * LANES, at->offsets);
  }
}

/// Gathers row u = y + padding of dx. Block m of rows meets row m − t of dy, where that exists, with
/// row u mod stride + t·stride of the kernel.
static void gather_taps(const ck_plan *plan, int32_t u, float *to, const ck_taps_space *at) {
  const ck_convolution_shape *shape = &plan->shape;
  int32_t stride = shape->stride, channels = shape->channels, block = stride * channels;
  const float *from[ck_most_taps];
  int32_t rows = 0;
  for (int32_t t = 0; t < at->shifts_y; t++) {
    int32_t i = u / stride - t, ky = u % stride + t * stride;
    if (i < 0 || i >= plan->output_height || ky >= shape->kernel_height) continue;
    from[rows++] = at->ring + i % at->ring_rows * at->row + (at->shifts_x - 1) * at->slot
                   + ky * shape->kernel_width * channels;
  }
  int32_t blocks = (shape->width - 1 + shape->padding) / stride + 1;
  int32_t met = ck_minimum(blocks, plan->output_width + at->shifts_x - 1);  // the rest stay 0
  int32_t last_taps = shape->kernel_width - (at->shifts_x - 1) * stride;
  gather_row(
      rows, at->shifts_x, from, at->slot, block, last_taps * channels, met, at->line);
  if (met < blocks) zero_floats(at->line + met * block, ck_minimum(8, (blocks - met) * block));
  copy_floats(to, at->line + shape->padding * channels, shape->width * channels);
}

/// One task: a band of blocks of `stride` rows of dx, of one image or of some whole images.
static void taps_task(
    const ck_plan *plan, int32_t task, const float *dy, const float *w, float *dx, void *memory) {
  const ck_convolution_shape *shape = &plan->shape;
  int32_t stride = shape->stride, padding = shape->padding;
  int32_t map_row = shape->width * shape->channels, image_blocks = plan->bands.segment_length;
  ck_carver carver = {.memory = memory};
  ck_taps_space at = ck_carve_taps(&carver, plan, MICRO);
  memset(at.ring, 0, (size_t)at.zeros * sizeof(float));
  pack_taps(plan, w, &at);
  int32_t first, last;
  ck_block_range(&plan->bands, task, &first, &last);
  while (first < last) {
    int32_t image = first / image_blocks;
    int32_t m = first % image_blocks, end = ck_minimum(image_blocks, m + last - first);
    first += end - m;
    m += padding / stride;
    end += padding / stride;
    ptrdiff_t pixels = (ptrdiff_t)plan->output_height * plan->output_width;
    const float *small = dy + image * pixels * shape->filters;
    float *large = dx + (ptrdiff_t)image * shape->height * map_row;
    int32_t made = ck_maximum(0, m - at.shifts_y + 1);
    while (m < end) {
      int32_t stop = ck_minimum(m + plan->strip_rows, end);
      int32_t needed = ck_minimum(stop, plan->output_height);
      if (made < needed) make_taps(plan, small, made, needed, &at);
      made = ck_maximum(made, needed);
      int32_t first_y = ck_maximum(m * stride - padding, 0);
      int32_t last_y = ck_minimum(stop * stride - padding, shape->height);
      for (int32_t y = first_y; y < last_y; y++) {
        gather_taps(plan, y + padding, large + (ptrdiff_t)y * map_row, &at);
      }
      m = stop;
    }
  }
}
