// From maps to transformed tiles.

/// The tiles of one phase of a map, each with `halo` pixels next to its m_y × m_x.
typedef struct tile_source {
  const float *map;  // [N, height, width, channels]
  int32_t height, width, channels;
  int32_t step, phase_y, phase_x;  // pixel q of the phase is pixel step·q + phase of the map
  int32_t origin;                  // of a tile's pixels, relative to its own first one
} tile_source;

/// The image and the first pixel of a tile.
typedef struct tile_place {
  int32_t image, y, x;
} tile_place;

INLINE tile_place place_of(const ck_tiling *tiling, int32_t tile) {
  int32_t in_image = tile % (tiling->tiles_y * tiling->tiles_x);
  return (tile_place){
      .image = tile / (tiling->tiles_y * tiling->tiles_x),
      .y = tiling->first_y + in_image / tiling->tiles_x * tiling->edge_y,
      .x = tiling->first_x + in_image % tiling->tiles_x * tiling->edge_x,
  };
}

/// Where the [rows, columns] pixels of a tile begin, or zeros for those outside of the map.
INLINE void find_pixels(
    const tile_source *source, const int rows, const int columns, tile_place place,
    int32_t channel, const float **pixels) {
  int32_t top = (place.y + source->origin) * source->step + source->phase_y;
  int32_t left = (place.x + source->origin) * source->step + source->phase_x;
#pragma clang loop unroll(full)
  for (int i = 0; i < rows; i++) {
    int32_t y = top + i * source->step;
    bool row_inside = y >= 0 && y < source->height;
    ptrdiff_t row = (ptrdiff_t)place.image * source->height + y;
#pragma clang loop vectorize(disable) unroll(full)
    for (int j = 0; j < columns; j++) {
      int32_t x = left + j * source->step;
      bool inside = row_inside && x >= 0 && x < source->width;
      pixels[i * columns + j] =
          inside ? source->map + (row * source->width + x) * source->channels + channel : zeros;
    }
  }
}

/// Transforms a vector of channels of one tile and stores the phase's slots.
INLINE void transform_channels(
    axis_transform *transform, const int edge_y, const int edge_x, const int halo,
    const float *const *pixels, ptrdiff_t offset, const ck_phase *phase, float *slot,
    ptrdiff_t slot_stride) {
  const int columns = edge_x + halo;
  vector half[ck_maximum_positions];  // [m_y + 2, columns]
  transform_columns(transform, edge_y, edge_y + halo, columns, edge_y + 2, pixels, offset, half);
#pragma clang loop unroll(full)
  for (int y = 0; y < edge_y + 2; y++) {
    if (y < phase->y.first || y >= phase->y.last) continue;
    vector row[ck_maximum_span];
    transform(edge_x, half + y * columns, row);
#pragma clang loop unroll(full)
    for (int x = 0; x < edge_x + 2; x++) {
      if (x < phase->x.first || x >= phase->x.last) continue;
      store(slot, row[x]);
      slot += slot_stride;
    }
  }
}

/// Where transformed tiles lie: [groups] [slots] [tiles] [channels of a group].
typedef struct tile_layout {
  int32_t group;  // channels that lie side by side
  ptrdiff_t slot_stride, group_stride;
} tile_layout;

/// Asks for channels 0 ..< count of pixels that will be read soon: the next tile's lie in as many
/// places as it has pixels, which no processor foresees. Without it, reading them took half of the
/// time of the transforms.
INLINE void fetch_pixels(const float *const *pixels, const int count, int32_t channels) {
  enum { line = 16 };
  for (int i = 0; i < count; i++) {
    for (int32_t c = 0; c < channels; c += line) __builtin_prefetch(pixels[i] + c);
  }
}

/// Transforms channels 0 ..< channels of the [m_y + halo, m_x + halo] pixels of one tile, at most
/// `ck_widest_part`, and stores the phase's slots.
INLINE void transform_tile(
    axis_transform *transform, const int edge_y, const int edge_x, const int halo,
    const float *const *pixels, const ck_phase *phase, int32_t channels, float *to,
    const tile_layout *layout) {
  const int count = (edge_y + halo) * (edge_x + halo);
  for (int32_t c = 0; c < channels; c += LANES) {
    float *slots = to + c / layout->group * layout->group_stride + c % layout->group;
    if (channels - c >= LANES) {
      transform_channels(
          transform, edge_y, edge_x, halo, pixels, c, phase, slots, layout->slot_stride);
      continue;
    }
    float some[ck_maximum_positions][LANES];
    const float *filled[ck_maximum_positions];
    for (int i = 0; i < count; i++) {
      zero_floats(some[i], LANES);
      copy_floats(some[i], pixels[i] + c, channels - c);
      filled[i] = some[i];
    }
    transform_channels(
        transform, edge_y, edge_x, halo, filled, 0, phase, slots, layout->slot_stride);
  }
}

/// Transforms channels first ..< last of a block of tiles.
INLINE void transform_tiles_of(
    axis_transform *transform, const int edge_y, const int edge_x, const int halo,
    const ck_tiling *tiling, const tile_source *source, const ck_phase *phase, int32_t block,
    int32_t first, int32_t last, float *to, const tile_layout *layout) {
  const int rows = edge_y + halo, columns = edge_x + halo;
  const float *pixels[2][ck_maximum_positions];  // of this tile and of the next one, in turn
  int32_t tile, last_tile;
  ck_tiles_of_block(tiling, block, &tile, &last_tile);
  find_pixels(source, rows, columns, place_of(tiling, tile), first, pixels[tile % 2]);
  for (; tile < last_tile; tile++, to += layout->group) {
    if (tile + 1 < last_tile) {
      const float **next = pixels[(tile + 1) % 2];
      find_pixels(source, rows, columns, place_of(tiling, tile + 1), first, next);
      fetch_pixels(next, rows * columns, last - first);
    }
    transform_tile(
        transform, edge_y, edge_x, halo, pixels[tile % 2], phase, last - first, to, layout);
  }
}

typedef void tiles_transform(
    const ck_tiling *tiling, const tile_source *source, const ck_phase *phase, int32_t block,
    int32_t first, int32_t last, float *to, const tile_layout *layout);

#define TILES_FUNCTION(name, transform, edge_y, edge_x, halo)                                   \
  static __attribute__((noinline)) void name##_##edge_y##edge_x(                               \
      const ck_tiling *tiling, const tile_source *source, const ck_phase *phase,               \
      int32_t block, int32_t first, int32_t last, float *to, const tile_layout *layout) {      \
    transform_tiles_of(                                                                        \
        transform, edge_y, edge_x, halo, tiling, source, phase, block, first, last, to,        \
        layout);                                                                               \
  }
#define INPUT_TILES(y, x) TILES_FUNCTION(input_tiles, transform_input, y, x, 2)
#define OUTPUT_TILES(y, x) TILES_FUNCTION(output_tiles, transform_output_gradient, y, x, 0)
TILE_SIZES(INPUT_TILES)
TILE_SIZES(OUTPUT_TILES)

/// By m_y and m_x: Bᵀ d B, and A y Aᵀ.
#define INPUT_ENTRY(y, x) [y][x] = input_tiles_##y##x,
#define OUTPUT_ENTRY(y, x) [y][x] = output_tiles_##y##x,
static tiles_transform *const input_transforms[tile_edges][tile_edges] = {
    TILE_SIZES(INPUT_ENTRY)};
static tiles_transform *const output_transforms[tile_edges][tile_edges] = {
    TILE_SIZES(OUTPUT_ENTRY)};

/// All positions, of a map that all phases read.
INLINE ck_phase all_positions(const ck_tiling *tiling) {
  ck_phase phase = {0};
  phase.y.last = tiling->edge_y + 2;
  phase.x.last = tiling->edge_x + 2;
  return phase;
}

/// V = Bᵀ d B of a block of tiles for 64 channels of one phase of the map that is read, to its
/// places in [slots] [tiles] [64].
static void transform_phase(
    const ck_plan *plan, int32_t block, int32_t chunk, int32_t index, const float *map,
    float *values) {
  const ck_convolution_shape *shape = &plan->shape;
  const ck_tiling *tiling = ck_tiling_of(plan, block);
  bool convolves = plan->operation == ck_operation_convolve;
  int32_t first = chunk * ck_winograd_depth;
  int32_t last = ck_minimum(first + ck_winograd_depth, plan->winograd.depth);
  tile_source source = {
      .map = map,
      .height = convolves ? shape->height : plan->output_height,
      .width = convolves ? shape->width : plan->output_width,
      .channels = plan->winograd.depth,
      .step = convolves ? shape->stride : 1,
      .origin = -1,
  };
  tile_layout layout = {
      .group = ck_winograd_depth,
      .slot_stride = ck_values_stride(plan),
  };
  ck_phase phase = convolves ? ck_winograd_phase(plan, tiling, index) : all_positions(tiling);
  source.phase_y = phase.phase_y;
  source.phase_x = phase.phase_x;
  input_transforms[tiling->edge_y][tiling->edge_x](
      tiling, &source, &phase, block, first, last,
      values + phase.first_slot * ck_values_stride(plan), &layout);
}

/// One task: one block of tiles, 64 channels, one phase.
static void winograd_tiles_task(
    const ck_plan *plan, int32_t task, const float *left, float *values) {
  const ck_winograd *winograd = &plan->winograd;
  int32_t chunks = ck_quotient_up(winograd->depth, ck_winograd_depth);
  int32_t phases = ck_phases_read(plan);
  int32_t block = task / (chunks * phases), chunk = task / phases % chunks;
  if (block >= winograd->blocks) return;  // the last round may have fewer
  transform_phase(
      plan, block, chunk, task % phases, left,
      values + block % winograd->blocks_per_round * ck_block_values(plan)
          + chunk * ck_value_slots(plan) * ck_values_stride(plan));
}
