// The product of a block of rows and a block of columns, over all or a chunk of the depth.

/// A thread's own memory for a task.
typedef struct workspace {
  float *left;    // [ck_maximum_rows, ck_packed_stride] or [ck_maximum_depth, ck_packed_stride]
  float *panel;   // [ck_maximum_depth, TILE_COLUMNS]
  float *rest;    // for what is particular to an algorithm
} workspace;

INLINE workspace workspace_in(void *memory) {
  workspace space;
  space.left = memory;
  space.panel = space.left + ck_maximum_rows * ck_packed_stride;
  space.rest = space.panel + ck_maximum_depth * TILE_COLUMNS;
  return space;
}

/// A rectangle of the result, and the blocks of the depth that are summed.
typedef struct extent {
  int32_t first_row, last_row, first_column, last_column, first_block, last_block;
} extent;

/// Multiplies. Row i of the extent begins at out + offsets[i]; `sites` are those of its rows, if
/// rows are pixels. `packed` are all panels, or NULL to pack them here.
static void multiply(
    const ck_product *product, extent part, const site *row_sites, const float *packed, float *out,
    const ptrdiff_t *offsets, workspace space) {
  int32_t rows = part.last_row - part.first_row;
  depth_range ranges[ck_maximum_rows / TILE_ROWS + 1];
  bool started[ck_maximum_rows / TILE_ROWS + 1];  // whether a tile holds a sum yet
  memset(started, 0, sizeof started);
  site depth_sites[ck_maximum_depth];
  ptrdiff_t row_step = product->depth_is_grid ? 1 : ck_packed_stride;
  ptrdiff_t depth_step = product->depth_is_grid ? ck_packed_stride : 1;

  for (int32_t block = part.first_block; block < part.last_block; block++) {
    int32_t first, last;
    ck_block_range(&product->depth_blocks, block, &first, &last);
    if (product->depth_is_grid) {
      // [pixels of the block, rows]
      find_sites(product, first, last - first, depth_sites);
      pack_pixel_depth(
          product, depth_sites, last - first, part.first_row, part.last_row, space.left, ranges);
    } else {
      // [rows, elements of the block]
      pack_pixel_rows(product, row_sites, rows, first, last, space.left, ranges);
    }

    for (int32_t column = part.first_column; column < part.last_column; column += TILE_COLUMNS) {
      int32_t width = panel_width(product, column);
      int32_t columns = ck_minimum(width, product->columns - column);
      const float *panel = space.panel;
      if (packed) {
        panel = packed + packed_position(product, column, first);
      } else {
        pack_panel(product, column, first, last, space.panel);
      }
      tile_function *tile = product->depth_is_grid ? tile_by_rows : tile_by_depth;
      if (width == LANES) {
        tile = product->depth_is_grid ? tile_by_rows_narrow : tile_by_depth_narrow;
      }
      for (int32_t row = 0; row < rows; row += TILE_ROWS) {
        depth_range range = ranges[row / TILE_ROWS];
        if (range.first >= range.last) continue;
        tile(
            range.last - range.first, space.left + row * row_step + range.first * depth_step,
            panel + range.first * width, out + column, offsets + row,
            ck_minimum(TILE_ROWS, rows - row), columns, started[row / TILE_ROWS]);
      }
    }
    for (int32_t row = 0; row < rows; row += TILE_ROWS) {
      depth_range range = ranges[row / TILE_ROWS];
      if (range.first < range.last) started[row / TILE_ROWS] = true;
    }
  }

  // Rows that only ever met padding.
  for (int32_t row = 0; row < rows; row++) {
    if (started[row / TILE_ROWS]) continue;
    zero_floats(out + offsets[row] + part.first_column, part.last_column - part.first_column);
  }
}

/// One task of the product phase: a block of rows, a block of columns, a chunk of the depth of one of
/// the operation's products.
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
    for (int32_t i = 0; i < rows; i++) offsets[i] = (part.first_row + i) * product.out_x;
  } else {
    find_sites(&product, part.first_row, rows, sites);
    for (int32_t i = 0; i < rows; i++) {
      offsets[i] = product.out_origin + sites[i].image * product.out_image
                   + sites[i].grid_y * product.out_y + sites[i].grid_x * product.out_x;
    }
  }
  multiply(
      &product, part, sites, packed, out + chunk * plan->out_floats, offsets,
      workspace_in(worker_scratch));
}
