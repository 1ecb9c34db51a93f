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

/// Whether the rows of the windows are so short that they are copied as whole vectors.
INLINE bool has_short_rows(const ck_product *product) {
  return product->window_width * product->map_channels <= 4 * LANES;
}

/// Packs rows first_y ..< last_y of windows whose rows are at most `vectors` vectors long.
///
/// Each row is copied as whole vectors, with zeros in the lanes that lie outside of the map. What
/// is written too much the next row overwrites, or it lies between the rows of the packed block.
INLINE void pack_short_rows_of(
    const int vectors, const ck_product *product, const site *sites, int32_t count,
    int32_t first_y, int32_t last_y, float *packed) {
  const float *map = product->map;
  int32_t channels = product->map_channels;
  int32_t width = product->map_width, height = product->map_height;
  int32_t row = product->window_width * channels;
  ptrdiff_t map_row = (ptrdiff_t)width * channels;
  ptrdiff_t end = (ptrdiff_t)product->batch * height * map_row - vectors * LANES;
  for (int32_t i = 0; i < count; i++) {
    site at = sites[i];
    float *to = packed + (ptrdiff_t)i * ck_packed_stride;
    int32_t low = -at.x * channels, high = (width - at.x) * channels;
    bool clipped = low > 0 || high < row;
    ptrdiff_t position = at.offset + first_y * map_row;
    for (int32_t y = first_y; y < last_y; y++, to += row, position += map_row) {
      if (at.y + y < 0 || at.y + y >= height) {
#pragma clang loop unroll(full)
        for (int v = 0; v < vectors; v++) store(to + v * LANES, (vector){0});
      } else if (position < 0 || position > end) {
        // At either end of the map's memory, whole vectors could leave it.
        for (int32_t j = 0; j < row; j++) to[j] = j >= low && j < high ? map[position + j] : 0;
      } else if (clipped) {
#pragma clang loop unroll(full)
        for (int v = 0; v < vectors; v++) {
          vector value = load(map + position + v * LANES);
          store(to + v * LANES, keep_lanes(value, low - v * LANES, high - v * LANES));
        }
      } else {
#pragma clang loop unroll(full)
        for (int v = 0; v < vectors; v++) store(to + v * LANES, load(map + position + v * LANES));
      }
    }
  }
}

/// Packs elements first ..< last, which are whole rows, of windows that have short rows.
///
/// One loop for the whole block, with the row's length known to the compiler: copying each of 5 or
/// 15 floats by itself took half of the time of a convolution of 1 channel.
static void pack_short_rows(
    const ck_product *product, const site *sites, int32_t count, int32_t first, int32_t last,
    float *packed) {
  int32_t row = product->window_width * product->map_channels;
  int32_t first_y = first / row, last_y = last / row;
  switch ((row + LANES - 1) / LANES) {
    case 1: pack_short_rows_of(1, product, sites, count, first_y, last_y, packed); break;
    case 2: pack_short_rows_of(2, product, sites, count, first_y, last_y, packed); break;
    case 3: pack_short_rows_of(3, product, sites, count, first_y, last_y, packed); break;
    default: pack_short_rows_of(4, product, sites, count, first_y, last_y, packed); break;
  }
}

/// Fetches into the second-level cache what packing elements first ..< last will read.
INLINE void prefetch_patch(
    const ck_product *product, const site *at, int32_t first, int32_t last) {
  int32_t row = product->window_width * product->map_channels;
  ptrdiff_t map_row = (ptrdiff_t)product->map_width * product->map_channels;
  // Short rows share cache lines with their neighbours: asking for each costs more than it saves.
  if (row < 64) return;
  for (int32_t window_y = first / row; window_y * row < last; window_y++) {
    int32_t y = at->y + window_y;
    if (y < 0 || y >= product->map_height) continue;
    int32_t start = ck_maximum(first - window_y * row, 0);
    int32_t end = ck_minimum(last - window_y * row, row);
    prefetch_floats(product->map, at->offset + window_y * map_row + start, end - start);
  }
}

/// For each tile of rows of a block, the range of the block's depth outside of which the tile is
/// zero. Tiles with an empty range are skipped: at the edges of small maps that is a good part of
/// the work (28 % for a 5 × 5 kernel from 8 × 8 to 4 × 4).
typedef struct depth_range {
  int32_t first, last;
} depth_range;

/// Whether every window is one pixel of the map, as for matrices.
INLINE bool is_one_pixel_inside(const ck_product *product) {
  return product->window_height == 1 && product->window_width == 1 && product->origin_y == 0
         && product->origin_x == 0
         && (product->grid_height - 1) * product->step < product->map_height
         && (product->grid_width - 1) * product->step < product->map_width;
}

/// The same as `pack_pixel_rows` for windows of one pixel that are inside of the map.
static void pack_pixels(
    const ck_product *product, const site *sites, int32_t count, int32_t first, int32_t last,
    float *packed, depth_range *ranges) {
  float *to = packed;
  for (int32_t row = 0; row < count; row++, to += ck_packed_stride) {
    copy_floats(to, product->map + sites[row].offset + first, last - first);
    if (row % MICRO_ROWS == 0) ranges[row / MICRO_ROWS] = (depth_range){0, last - first};
  }
  for (int32_t row = count; row % MICRO_ROWS != 0; row++, to += ck_packed_stride) {
    zero_floats(to, last - first);
  }
}

/// Rows are pixels: packs elements first ..< last of the windows at `sites`, [count, stride].
static void pack_pixel_rows(
    const ck_product *product, const site *sites, int32_t count, int32_t first, int32_t last,
    float *packed, depth_range *ranges) {
  if (is_one_pixel_inside(product)) {
    pack_pixels(product, sites, count, first, last, packed, ranges);
    return;
  }
  if (has_short_rows(product)) {
    pack_short_rows(product, sites, count, first, last, packed);
    int32_t tiles = ck_quotient_up(count, MICRO_ROWS);
    for (int32_t tile = 0; tile < tiles; tile++) ranges[tile] = (depth_range){0, last - first};
    for (int32_t row = count; row < tiles * MICRO_ROWS; row++) {
      zero_floats(packed + (ptrdiff_t)row * ck_packed_stride, last - first);
    }
    return;
  }
  for (int32_t row = 0; row < count; row += MICRO_ROWS) {
    int32_t rows = ck_minimum(MICRO_ROWS, count - row);
    int32_t low = last, high = first;
    for (int32_t i = row; i < row + rows; i++) {
      int32_t start = first, end = last;
      clip_to_map(product, sites + i, &start, &end);
      if (start >= end) continue;
      low = ck_minimum(low, start);
      high = ck_maximum(high, end);
    }
    ranges[row / MICRO_ROWS] = (depth_range){low - first, high - first};
    if (low >= high) continue;
    float *to = packed + (ptrdiff_t)row * ck_packed_stride + (low - first);
    for (int32_t i = 0; i < rows; i++, to += ck_packed_stride) {
      pack_patch(product, sites + row + i, low, high, to);
    }
    for (int32_t i = rows; i < MICRO_ROWS; i++, to += ck_packed_stride) {
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
  int32_t filled = (int32_t)ck_rounded_up(rows, MICRO_ROWS);
  bool short_rows = has_short_rows(product);
  if (short_rows) pack_short_rows(product, sites, count, first, last, packed);
  for (int32_t i = 0; i < count; i++) {
    float *to = packed + (ptrdiff_t)i * ck_packed_stride;
    if (!short_rows) pack_patch(product, sites + i, first, last, to);
    for (int32_t j = rows; j < filled; j++) to[j] = 0;
  }

  bool one_window_row = first / row == (last - 1) / row;
  int32_t batch = product->batch;
  for (int32_t tile = 0; tile * MICRO_ROWS < rows; tile++) {
    ranges[tile] = (depth_range){0, count};
    if (!product->position_major || !one_window_row) continue;
    int32_t start = first + tile * MICRO_ROWS;
    int32_t end = ck_minimum(start + MICRO_ROWS, last);
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
