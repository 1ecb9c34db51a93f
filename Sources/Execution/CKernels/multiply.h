// The product of a block of rows and a block of columns, over all or a chunk of the depth.

/// A rectangle of the result, and the blocks of the depth that are summed.
typedef struct extent {
  int32_t first_row, last_row, first_column, last_column, first_block, last_block;
} extent;

/// What the next block of the depth will read, so that memory delivers it while this one computes.
///
/// Without it packing waits for memory: 61 against 56 ms for the kernel gradient of a 5 × 5
/// convolution of 32 × 32 × 128 to 16 × 16 × 256, batch 32, on one Zen 5 core.
typedef struct forecast {
  const site *sites;  // pixels whose patches will be packed, `count` of them
  int32_t count;
  int32_t first, last;  // elements of their windows
  int32_t done;
} forecast;

/// Fetches as much as is due after `now` of the `steps` of the current block's work.
INLINE void prefetch(
    const ck_product *product, forecast *next, extent part, int32_t now, int32_t steps) {
  int32_t due = (int32_t)((int64_t)next->count * now / steps);
  bool rows_of_pixels = product->depth_is_grid && !product->right_transposed;
  for (; next->done < due; next->done++) {
    const site *at = next->sites + next->done;
    prefetch_patch(product, at, next->first, next->last);
    if (rows_of_pixels) {
      ptrdiff_t pixel = ((ptrdiff_t)at->image * product->grid_height + at->grid_y)
                            * product->grid_width + at->grid_x;
      prefetch_floats(
          product->right, pixel * product->right_stride + part.first_column,
          part.last_column - part.first_column);
    }
  }
}

/// One multiplication: a rectangle of the result, and how far it has come.
typedef struct progress {
  const ck_product *product;
  extent part;
  const site *row_sites;  // of the extent's rows, if rows are pixels
  depth_range ranges[ck_maximum_rows / MICRO_ROWS + 1];  // of each tile, in the current block
  bool started[ck_maximum_rows / MICRO_ROWS + 1];        // whether a tile holds a sum yet
  site depth_sites[2][ck_maximum_depth];  // if depth is pixels: of this block and the next
} progress;

/// Packs the left operand's part in a block of the depth, and says what the next block will read.
static forecast pack_left(progress *at, int32_t block, float *packed) {
  const ck_product *product = at->product;
  int32_t rows = at->part.last_row - at->part.first_row;
  int32_t first, last, next_first = 0, next_last = 0;
  ck_block_range(&product->depth_blocks, block, &first, &last);
  if (block + 1 < at->part.last_block) {
    ck_block_range(&product->depth_blocks, block + 1, &next_first, &next_last);
  }
  if (!product->depth_is_grid) {
    // [rows, elements of the block]
    pack_pixel_rows(product, at->row_sites, rows, first, last, packed, at->ranges);
    return (forecast){
        at->row_sites, next_last > next_first ? rows : 0, next_first, next_last, 0};
  }
  // [pixels of the block, rows]
  site *sites = at->depth_sites[block % 2], *next_sites = at->depth_sites[(block + 1) % 2];
  if (block == at->part.first_block) find_sites(product, first, last - first, sites);
  find_sites(product, next_first, next_last - next_first, next_sites);
  pack_pixel_depth(
      product, sites, last - first, at->part.first_row, at->part.last_row, packed, at->ranges);
  return (forecast){
      next_sites, next_last - next_first, at->part.first_row, at->part.last_row, 0};
}

/// Multiplies. Row i of the extent begins at out + offsets[i]; `row_sites` are those of its rows, if
/// rows are pixels. `packed` are all panels, or NULL to pack them here.
static void multiply(
    const ck_product *product, extent part, const site *row_sites, const float *packed, float *out,
    const ptrdiff_t *offsets, ck_product_space space) {
  progress at;
  at.product = product;
  at.part = part;
  at.row_sites = row_sites;
  memset(at.started, 0, sizeof at.started);
  int32_t rows = part.last_row - part.first_row;
  int32_t panels = ck_quotient_up(part.last_column - part.first_column, MICRO_COLUMNS);
  int32_t steps = panels * ck_quotient_up(rows, MICRO_ROWS);
  ptrdiff_t row_step = product->depth_is_grid ? 1 : ck_packed_stride;
  ptrdiff_t depth_step = product->depth_is_grid ? ck_packed_stride : 1;

  for (int32_t block = part.first_block; block < part.last_block; block++) {
    int32_t first, last, step = 0;
    ck_block_range(&product->depth_blocks, block, &first, &last);
    forecast next = pack_left(&at, block, space.left);
    for (int32_t column = part.first_column; column < part.last_column; column += MICRO_COLUMNS) {
      int32_t width = panel_width(product, column);
      int32_t columns = ck_minimum(width, product->columns - column);
      const float *panel = space.panel;
      if (packed) {
        panel = packed + packed_position(product, column, first);
      } else {
        pack_panel(product, column, first, last, space.panel);
      }
      microtile_function *tile = product->depth_is_grid ? microtile_by_rows : microtile_by_depth;
      if (width == LANES) {
        tile = product->depth_is_grid ? microtile_by_rows_narrow : microtile_by_depth_narrow;
      }
      // [MICRO_ROWS, depth] · [depth, width] for each tile
      for (int32_t row = 0; row < rows; row += MICRO_ROWS) {
        depth_range range = at.ranges[row / MICRO_ROWS];
        prefetch(product, &next, part, ++step, steps);
        if (range.first >= range.last) continue;
        tile(
            range.last - range.first, space.left + row * row_step + range.first * depth_step,
            panel + range.first * width, out + column, offsets + row,
            ck_minimum(MICRO_ROWS, rows - row), columns, at.started[row / MICRO_ROWS]);
      }
    }
    for (int32_t tile = 0; tile * MICRO_ROWS < rows; tile++) {
      if (at.ranges[tile].first < at.ranges[tile].last) at.started[tile] = true;
    }
  }

  // Rows that only ever met padding.
  for (int32_t row = 0; row < rows; row++) {
    if (at.started[row / MICRO_ROWS]) continue;
    zero_floats(out + offsets[row] + part.first_column, part.last_column - part.first_column);
  }
}

/// One task of the product wave: a block of rows, a block of columns and a chunk of the depth of
/// one of the operation's products.
static void multiply_task(
    const ck_plan *plan, int32_t task, const float *left, const float *right, const float *packed,
    float *out, void *worker_scratch) {
  int32_t column_block = task % plan->column_blocks;
  task /= plan->column_blocks;
  int32_t row_block = task % plan->row_blocks;
  task /= plan->row_blocks;
  int32_t chunk = task % plan->depth_chunks;
  ck_product product = ck_describe(plan, task / plan->depth_chunks, left, right);
  if (row_block >= product.row_blocks.count) return;  // a phase with fewer pixels than others

  extent part;
  ck_block_range(&product.row_blocks, row_block, &part.first_row, &part.last_row);
  part.first_column = column_block * plan->columns_per_block;
  part.last_column = ck_minimum(part.first_column + plan->columns_per_block, product.columns);
  int64_t blocks = product.depth_blocks.count;
  part.first_block = (int32_t)(blocks * chunk / plan->depth_chunks);
  part.last_block = (int32_t)(blocks * (chunk + 1) / plan->depth_chunks);

  site sites[ck_maximum_rows];
  ptrdiff_t offsets[ck_maximum_rows];
  int32_t rows = part.last_row - part.first_row;
  if (product.depth_is_grid) {
    for (int32_t i = 0; i < rows; i++) offsets[i] = product.out_origin + (part.first_row + i) * product.out_x;
  } else {
    find_sites(&product, part.first_row, rows, sites);
    for (int32_t i = 0; i < rows; i++) {
      offsets[i] = product.out_origin + sites[i].image * product.out_image
                   + sites[i].grid_y * product.out_y + sites[i].grid_x * product.out_x;
    }
  }
  ck_carver memory = {.memory = worker_scratch};
  multiply(
      &product, part, sites, packed, out + chunk * plan->out_floats, offsets,
      ck_carve_product(&memory, MICRO));
}
