// From maps to transformed tiles.

/// The tiles of one phase of a map, each a square of `sources` × `sources` pixels.
typedef struct tile_source {
  const float *map;  // [N, height, width, channels]
  int32_t height, width, channels;
  int32_t step, phase_y, phase_x;  // pixel q of the phase is pixel step·q + phase of the map
  int32_t origin;                  // of a tile's square, relative to its first pixel
} tile_source;

/// The image and the first pixel of a tile.
typedef struct tile_place {
  int32_t image, y, x;
} tile_place;

INLINE tile_place place_of(const ck_winograd *winograd, int32_t tile) {
  int32_t in_image = tile % (winograd->tiles_y * winograd->tiles_x);
  return (tile_place){
      .image = tile / (winograd->tiles_y * winograd->tiles_x),
      .y = in_image / winograd->tiles_x * winograd->edge,
      .x = in_image % winograd->tiles_x * winograd->edge,
  };
}

/// Where the pixels of a tile's square begin, or zeros for those outside of the map.
INLINE void find_pixels(
    const tile_source *source, const int sources, tile_place place, int32_t channel,
    const float **pixels) {
  int32_t top = (place.y + source->origin) * source->step + source->phase_y;
  int32_t left = (place.x + source->origin) * source->step + source->phase_x;
#pragma clang loop unroll(full)
  for (int i = 0; i < sources; i++) {
    int32_t y = top + i * source->step;
    bool row_inside = y >= 0 && y < source->height;
    ptrdiff_t row = (ptrdiff_t)place.image * source->height + y;
#pragma clang loop vectorize(disable) unroll(full)
    for (int j = 0; j < sources; j++) {
      int32_t x = left + j * source->step;
      bool inside = row_inside && x >= 0 && x < source->width;
      pixels[i * sources + j] =
          inside ? source->map + (row * source->width + x) * source->channels + channel : zeros;
    }
  }
}

/// Transforms a vector of channels of one tile and stores the phase's slots.
INLINE void transform_channels(
    axis_transform *transform, const int edge, const int sources, const float *const *pixels,
    ptrdiff_t offset, const ck_phase *phase, float *slot, ptrdiff_t slot_stride) {
  const int span = edge + 2;
  vector half[ck_maximum_positions];  // [span, sources]
  transform_columns(transform, edge, sources, span, pixels, offset, half);
#pragma clang loop unroll(full)
  for (int y = 0; y < span; y++) {
    if (y < phase->y.first || y >= phase->y.last) continue;
    vector row[ck_maximum_span];
    transform(edge, half + y * sources, row);
#pragma clang loop unroll(full)
    for (int x = 0; x < span; x++) {
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

/// Transforms channels first ..< last of one tile, at most `ck_widest_part`, and stores the phase's
/// slots.
INLINE void transform_tile_of(
    axis_transform *transform, const int edge, const int sources, const tile_source *source,
    const ck_phase *phase, tile_place place, int32_t first, int32_t last, float *to,
    const tile_layout *layout) {
  const float *pixels[ck_maximum_positions];
  find_pixels(source, sources, place, first, pixels);
  for (int32_t c = 0; c < last - first; c += LANES) {
    float *slots = to + c / layout->group * layout->group_stride + c % layout->group;
    ptrdiff_t offset = c;
    float some[ck_maximum_positions][LANES];
    if (last - first - c < LANES) {
      for (int i = 0; i < sources * sources; i++) {
        zero_floats(some[i], LANES);
        copy_floats(some[i], pixels[i] + c, last - first - c);
        pixels[i] = some[i];
      }
      offset = 0;
    }
    transform_channels(
        transform, edge, sources, pixels, offset, phase, slots, layout->slot_stride);
  }
}

typedef void tile_transform(
    const tile_source *source, const ck_phase *phase, tile_place place, int32_t first, int32_t last,
    float *to, const tile_layout *layout);

#define TILES_FUNCTION(name, transform, edge, sources)                                         \
  static __attribute__((noinline)) void name(                                                  \
      const tile_source *source, const ck_phase *phase, tile_place place, int32_t first,       \
      int32_t last, float *to, const tile_layout *layout) {                                    \
    transform_tile_of(                                                                         \
        transform, edge, sources, source, phase, place, first, last, to, layout);              \
  }

TILES_FUNCTION(input_tile_2, transform_input, 2, 4)
TILES_FUNCTION(input_tile_4, transform_input, 4, 6)
TILES_FUNCTION(output_tile_2, transform_output_gradient, 2, 2)
TILES_FUNCTION(output_tile_4, transform_output_gradient, 4, 4)

/// All positions, of a map that all phases read.
INLINE ck_phase all_positions(const ck_plan *plan) {
  ck_phase phase = {0};
  phase.y.last = phase.x.last = ck_span(plan);
  return phase;
}

/// Transforms channels first ..< last of a block of tiles.
static void transform_tiles(
    const ck_plan *plan, tile_transform *transform, const tile_source *source,
    const ck_phase *phase, int32_t block, int32_t first, int32_t last, float *to,
    tile_layout layout) {
  const ck_winograd *winograd = &plan->winograd;
  int32_t first_tile = block * winograd->tile_block;
  int32_t last_tile = ck_minimum(first_tile + winograd->tile_block, winograd->tiles);
  for (int32_t tile = first_tile; tile < last_tile; tile++, to += layout.group) {
    transform(source, phase, place_of(winograd, tile), first, last, to, &layout);
  }
}

/// V = Bᵀ d B of a block of tiles for 64 channels of the map that is read: [slots] [tiles] [64].
static void transform_block(
    const ck_plan *plan, int32_t block, int32_t chunk, const float *map, float *values) {
  const ck_convolution_shape *shape = &plan->shape;
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
  int32_t phases = convolves ? shape->stride * shape->stride : 1;
  for (int32_t index = 0; index < phases; index++) {
    ck_phase phase = convolves ? ck_winograd_phase(plan, index) : all_positions(plan);
    source.phase_y = phase.phase_y;
    source.phase_x = phase.phase_x;
    transform_tiles(
        plan, plan->winograd.edge == 4 ? input_tile_4 : input_tile_2, &source, &phase, block, first,
        last, values + phase.first_slot * ck_values_stride(plan), layout);
  }
}

/// One task: one block of tiles, 64 channels.
static void winograd_tiles_task(
    const ck_plan *plan, int32_t task, const float *left, float *values) {
  int32_t chunks = ck_quotient_up(plan->winograd.depth, ck_winograd_depth);
  int32_t block = task / chunks, chunk = task % chunks;
  transform_block(
      plan, block, chunk, left,
      values + block * ck_block_values(plan)
          + chunk * ck_value_slots(plan) * ck_values_stride(plan));
}
