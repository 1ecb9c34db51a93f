// Convolutions of few channels: windows are read in place, from strips of padded rows.
//
//   y[n,i,j,f] = Σ_{ky,kx,c} x[n, i·stride − padding + ky, j·stride − padding + kx, c] · w[ky,kx,c,f]
//
// A strip is a copy of the rows of x that some rows of pixels (i, j) see, with zeros where they
// leave the map. On it the window of pixel (i, j) begins at
//   pixel(i, j) = i·stride·width + j·stride·C
// and has its element (ky, kx, c) from there at
//   element(ky, kx, c) = ky·width + kx·C + c
// so, with one index p for the pixels and k for the elements, two tables of offsets say all:
//   y[p, f]  = Σ_k strip[pixel[p] + element[k]] · w[k, f]
//   dw[k, f] = Σ_p strip[pixel[p] + element[k]] · dy[p, f]
// Both are the same product, with the tables' roles exchanged. Packing each window, as
// `ck_algorithm_patches` does, took as long as the products with 1 channel, a third of that with 3:
// neighbouring windows share most of their elements, and each is used only F times.

/// Fills in the tables of offsets.
static ck_strip strip_in(const ck_plan *plan, void *memory) {
  const ck_convolution_shape *shape = &plan->shape;
  int32_t channels = shape->channels, stride = shape->stride;
  int32_t window_row = shape->kernel_width * channels;
  ck_carver carver = {.memory = memory};
  ck_strip at = ck_carve_strip(&carver, plan, MICRO);
  for (int32_t ky = 0, k = 0; ky < shape->kernel_height; ky++) {
    for (int32_t i = 0; i < window_row; i++) at.element_offsets[k++] = ky * at.width + i;
  }
  for (int32_t i = 0, p = 0; i < plan->strip_rows; i++) {
    for (int32_t j = 0; j < plan->output_width; j++) {
      at.pixel_offsets[p++] = (i * at.width + j * channels) * stride;
    }
  }
  return at;
}

/// Copies what `rows` rows of pixels of an image see.
static void fill_strip(
    const ck_plan *plan, const ck_strip *at, const float *x, int32_t image, int32_t first_row,
    int32_t rows) {
  const ck_convolution_shape *shape = &plan->shape;
  int32_t map_row = shape->width * shape->channels;
  int32_t before = ck_minimum(shape->padding * shape->channels, at->width);
  int32_t inside = ck_minimum(map_row, at->width - before);
  int32_t y = first_row * shape->stride - shape->padding;
  int32_t last_y = y + (rows - 1) * shape->stride + shape->kernel_height;
  float *to = at->rows;
  for (; y < last_y; y++, to += at->width) {
    if (y < 0 || y >= shape->height) {
      zero_floats(to, at->width);
      continue;
    }
    zero_floats(to, before);
    copy_floats(to + before, x + ((ptrdiff_t)image * shape->height + y) * map_row, inside);
    zero_floats(to + before + inside, at->width - before - inside);
  }
}

/// The rows of a band that the next strip has: rows of one image, from row `first` of all images on.
INLINE int32_t rows_of_strip(const ck_plan *plan, int32_t first, int32_t last) {
  int32_t in_image = plan->output_height - first % plan->output_height;
  return ck_minimum(plan->strip_rows, ck_minimum(in_image, last - first));
}

/// One task: y of a band of rows.
static void windows_convolve_task(
    const ck_plan *plan, int32_t task, const float *x, const float *w, float *y, void *memory) {
  int32_t filters = plan->shape.filters, height = plan->output_height;
  int32_t width = plan->output_width;
  ck_strip at = strip_in(plan, memory);
  float *panels = at.panels, *to = panels;
  for (int32_t f = 0; f < filters; f += MICRO_COLUMNS) {
    for (int32_t k = 0; k < at.elements; k++, to += MICRO_COLUMNS) {
      copy_floats(to, w + (ptrdiff_t)k * filters + f, MICRO_COLUMNS);
    }
  }
  int32_t first, last;
  ck_block_range(&plan->bands, task, &first, &last);
  for (int32_t row = first, rows; row < last; row += rows) {
    rows = rows_of_strip(plan, row, last);
    fill_strip(plan, &at, x, row / height, row % height, rows);
    float *pixels = y + (ptrdiff_t)row * width * filters;
    for (int32_t f = 0; f < filters; f += MICRO_COLUMNS) {
      // [pixels, elements] · [elements, MICRO_COLUMNS]
      multiply_windows((windows_product){
          .rows = rows * width,
          .depth = at.elements,
          .from = at.rows,
          .row_offsets = at.pixel_offsets,
          .depth_offsets = at.element_offsets,
          .right = panels + (ptrdiff_t)f * at.elements,
          .right_step = MICRO_COLUMNS,
          .out = pixels + f,
          .out_step = filters,
          .next = (uintptr_t)panels,
      });
    }
  }
}

/// One task: the part of dw that a band of rows adds. `out` has one for each task.
static void windows_gradient_task(
    const ck_plan *plan, int32_t task, const float *x, const float *dy, float *out, void *memory) {
  int32_t filters = plan->shape.filters, height = plan->output_height;
  int32_t width = plan->output_width;
  ck_strip at = strip_in(plan, memory);
  float *dw = out + task * plan->out_floats;
  int32_t first, last;
  ck_block_range(&plan->bands, task, &first, &last);
  for (int32_t row = first, rows; row < last; row += rows) {
    rows = rows_of_strip(plan, row, last);
    fill_strip(plan, &at, x, row / height, row % height, rows);
    const float *pixels = dy + (ptrdiff_t)row * width * filters;
    ptrdiff_t count = rows * width;
    for (int32_t f = 0; f < filters; f += MICRO_COLUMNS) {
      // [elements, pixels] · [pixels, MICRO_COLUMNS]
      multiply_windows((windows_product){
          .rows = at.elements,
          .depth = rows * width,
          .from = at.rows,
          .row_offsets = at.element_offsets,
          .depth_offsets = at.pixel_offsets,
          .right = pixels + f,
          .right_step = filters,
          .out = dw + f,
          .out_step = filters,
          .accumulate = row > first,
          .next = (uintptr_t)pixels + (uintptr_t)count * (uintptr_t)(filters + f) * sizeof(float),
          .next_floats = count * MICRO_COLUMNS,
      });
    }
  }
}
