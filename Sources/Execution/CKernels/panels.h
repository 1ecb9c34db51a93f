// Packing panels of the right operand: [depth, width], with width LANES or MICRO_COLUMNS.

INLINE int32_t panel_width(const ck_product *product, int32_t column) {
  return product->columns - column <= LANES ? LANES : MICRO_COLUMNS;
}

/// right is [depth, columns]: copies rows first ..< last of `columns` columns.
static void pack_rows(
    const ck_product *product, int32_t column, int32_t columns, int32_t width, int32_t first,
    int32_t last, float *to) {
  // With images innermost, row k of the product is another row of the operand.
  bool reordered = product->depth_is_grid && product->position_major;
  int32_t batch = reordered ? product->batch : 1;
  int32_t image = first % batch;
  ptrdiff_t image_step = 0, position_step = product->right_stride;
  if (reordered) {
    image_step = product->right_stride * product->grid_height * product->grid_width;
  }
  const float *position = product->right + (first / batch) * position_step + column;
  for (int32_t k = first; k < last; k++, to += width) {
    const float *from = position + image * image_step;
    if (columns == MICRO_COLUMNS) {
      store(to, load(from));
      store(to + LANES, load(from + LANES));
    } else {
      copy_floats(to, from, columns);
      for (int32_t i = columns; i < width; i++) to[i] = 0;
    }
    if (++image == batch) {
      image = 0;
      position += position_step;
    }
  }
}

/// right has the depth of each tap contiguous: transposes squares of LANES × LANES.
static void pack_transposed(
    const ck_product *product, int32_t column, int32_t columns, int32_t width, int32_t first,
    int32_t last, float *to) {
  int32_t length = product->tap_length;
  ptrdiff_t stride = product->right_stride;
  for (int32_t k = first; k < last;) {
    int32_t tap = k / length, start = k % length;
    int32_t count = ck_minimum(last - k, length - start);
    int32_t window_y = tap / product->window_width, window_x = tap % product->window_width;
    if (product->depth_is_grid) window_y = window_x = 0;
    const float *from = product->right + product->tap_origin + window_y * product->tap_step_y
                        + window_x * product->tap_step_x + column * stride + start;
    for (int32_t c = 0; c < width; c += LANES) {
      int32_t i = 0;
      if (c + LANES <= columns) {
        for (; i + LANES <= count; i += LANES) {
          transpose_square(to + i * width + c, width, from + c * stride + i, stride);
        }
      }
      for (; i < count; i++) {
        for (int32_t j = c; j < c + LANES; j++) {
          to[i * width + j] = j < columns ? from[j * stride + i] : 0;
        }
      }
    }
    to += (ptrdiff_t)count * width;
    k += count;
  }
}

/// Packs depth first ..< last of the panel that begins at a column.
static void pack_panel(
    const ck_product *product, int32_t column, int32_t first, int32_t last, float *to) {
  int32_t width = panel_width(product, column);
  int32_t columns = ck_minimum(width, product->columns - column);
  if (product->right_transposed) {
    pack_transposed(product, column, columns, width, first, last, to);
  } else {
    pack_rows(product, column, columns, width, first, last, to);
  }
}

/// Where depth `first` of that panel lies among the panels packed beforehand.
INLINE ptrdiff_t packed_position(const ck_product *product, int32_t column, int32_t first) {
  return product->packed_offset + (ptrdiff_t)column * product->depth
         + (ptrdiff_t)first * panel_width(product, column);
}

/// One task of packing: one block of the depth of one panel of one product.
static void pack_task(
    const ck_plan *plan, int32_t task, const float *left, const float *right, float *packed) {
  // Matrices of one multiplication are alike: their tasks need not be counted through.
  int32_t start = 0;
  if (plan->operation == ck_operation_matmul) {
    int32_t each = plan->task_count[0] / plan->matmul.batch;
    start = task / each;
    task %= each;
  }
  for (int32_t index = start; index < ck_product_count(plan); index++) {
    ck_product product = ck_describe(plan, index, left, right);
    int32_t panels = ck_quotient_up(product.columns, MICRO_COLUMNS);
    int32_t tasks = panels * product.depth_blocks.count;
    if (task < tasks) {
      int32_t first, last, column = task % panels * MICRO_COLUMNS;
      ck_block_range(&product.depth_blocks, task / panels, &first, &last);
      pack_panel(&product, column, first, last, packed + packed_position(&product, column, first));
      return;
    }
    task -= tasks;
  }
}
