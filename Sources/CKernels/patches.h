// Packing blocks of patches: what the pixels of a grid see of a map.

/// Where the window of a pixel lies on the map.
typedef struct site {
  ptrdiff_t offset;  // of its first element, which may lie outside of the map
  int32_t y, x;      // of its first row and column, may be negative
  int32_t image, grid_y, grid_x;
} site;

/// The windows of pixels first ..< first + count, in the product's order of pixels.
static void find_sites(const ck_product *product, int32_t first, int32_t count, site *sites) {
  int32_t height = product->grid_height, width = product->grid_width, batch = product->batch;
  int32_t image, y, x;
  if (product->position_major) {
    image = first % batch;
    x = first / batch % width;
    y = first / batch / width;
  } else {
    x = first % width;
    y = first / width % height;
    image = first / width / height;
  }
  ptrdiff_t row = (ptrdiff_t)product->map_width * product->map_channels;
  for (int32_t i = 0; i < count; i++) {
    site *at = sites + i;
    at->y = y * product->step + product->origin_y;
    at->x = x * product->step + product->origin_x;
    at->offset = ((ptrdiff_t)image * product->map_height + at->y) * row
                 + (ptrdiff_t)at->x * product->map_channels;
    at->image = image;
    at->grid_y = y;
    at->grid_x = x;
    if (product->position_major) {
      if (++image == batch) {
        image = 0;
        if (++x == width) x = 0, y++;
      }
    } else if (++x == width) {
      x = 0;
      if (++y == height) y = 0, image++;
    }
  }
}

/// The elements of the window within first ..< last that can lie inside of the map: all others are
/// padding. Exact if the range lies in one row of the window, else the whole range or nothing.
INLINE void clip_to_map(
    const ck_product *product, const site *at, int32_t *first, int32_t *last) {
  int32_t row = product->window_width * product->map_channels;
  int32_t window_y = *first / row;
  if (*last > (window_y + 1) * row) return;
  int32_t y = at->y + window_y;
  int32_t start = window_y * row;
  int32_t low = start - at->x * product->map_channels;
  int32_t high = start + (product->map_width - at->x) * product->map_channels;
  if (y < 0 || y >= product->map_height) high = low;
  *first = ck_maximum(*first, low);
  *last = ck_maximum(*first, ck_minimum(*last, high));
}

/// Writes elements first ..< last of the window at a site, zeros where it leaves the map.
INLINE void pack_patch(
    const ck_product *product, const site *at, int32_t first, int32_t last, float *to) {
  int32_t channels = product->map_channels;
  int32_t row = product->window_width * channels;
  ptrdiff_t map_row = (ptrdiff_t)product->map_width * channels;
  int32_t window_y = first / row;
  int32_t start = first - window_y * row;
  int32_t left = last - first;
  while (left > 0) {
    int32_t end = ck_minimum(start + left, row);
    int32_t count = end - start;
    int32_t y = at->y + window_y;
    int32_t low = ck_minimum(end, ck_maximum(start, -at->x * channels));
    int32_t high = ck_maximum(low, ck_minimum(end, (product->map_width - at->x) * channels));
    if (y < 0 || y >= product->map_height) high = low = end;
    if (low > start) zero_floats(to, low - start);
    if (high > low) {
      const float *from = product->map + at->offset + window_y * map_row;
      copy_floats(to + (low - start), from + low, high - low);
    }
    if (end > high) zero_floats(to + (high - start), end - high);
    to += count;
    left -= count;
    start = 0;
    window_y++;
  }
}

/// For each tile of rows of a block, the range of the block's depth outside of which the tile is
/// zero. Tiles with an empty range are skipped: at the edges of small maps that is a good part of
/// the work (28 % for a 5 × 5 kernel from 8 × 8 to 4 × 4).
typedef struct depth_range {
  int32_t first, last;
} depth_range;

/// Rows are pixels: packs elements first ..< last of the windows at `sites`, [count, stride].
static void pack_pixel_rows(
    const ck_product *product, const site *sites, int32_t count, int32_t first, int32_t last,
    float *packed, depth_range *ranges) {
  for (int32_t row = 0; row < count; row += TILE_ROWS) {
    int32_t rows = ck_minimum(TILE_ROWS, count - row);
    int32_t low = last, high = first;
    for (int32_t i = row; i < row + rows; i++) {
      int32_t start = first, end = last;
      clip_to_map(product, sites + i, &start, &end);
      if (start >= end) continue;
      low = ck_minimum(low, start);
      high = ck_maximum(high, end);
    }
    ranges[row / TILE_ROWS] = (depth_range){low - first, high - first};
    if (low >= high) continue;
    float *to = packed + (ptrdiff_t)row * ck_packed_stride + (low - first);
    for (int32_t i = 0; i < rows; i++, to += ck_packed_stride) {
      pack_patch(product, sites + row + i, low, high, to);
    }
    for (int32_t i = rows; i < TILE_ROWS; i++, to += ck_packed_stride) {
      zero_floats(to, high - low);
    }
  }
}

/// Depth is pixels: packs the same with the pixels as the block's depth, [count, stride], where the
/// rows of the result are the window's elements first ..< last.
static void pack_pixel_depth(
    const ck_product *product, const site *sites, int32_t count, int32_t first, int32_t last,
    float *packed, depth_range *ranges) {
  int32_t rows = last - first;
  int32_t row = product->window_width * product->map_channels;
  int32_t filled = (int32_t)ck_rounded_up(rows, TILE_ROWS);
  for (int32_t i = 0; i < count; i++) {
    float *to = packed + (ptrdiff_t)i * ck_packed_stride;
    pack_patch(product, sites + i, first, last, to);
    for (int32_t j = rows; j < filled; j++) to[j] = 0;
  }

  bool one_window_row = first / row == (last - 1) / row;
  int32_t batch = product->batch;
  for (int32_t tile = 0; tile * TILE_ROWS < rows; tile++) {
    ranges[tile] = (depth_range){0, count};
    if (!product->position_major || !one_window_row) continue;
    int32_t start = first + tile * TILE_ROWS;
    int32_t end = ck_minimum(start + TILE_ROWS, last);
    int32_t low = count, high = 0;
    for (int32_t i = 0; i < count;) {
      // All images have the same position: look at one of them.
      int32_t next = ck_minimum(count, i + batch - sites[i].image);
      int32_t clipped_start = start, clipped_end = end;
      clip_to_map(product, sites + i, &clipped_start, &clipped_end);
      if (clipped_start < clipped_end) {
        low = ck_minimum(low, i);
        high = next;
      }
      i = next;
    }
    ranges[tile] = (depth_range){low, ck_maximum(low, high)};
  }
}
