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

/// Transforms channels first ..< last of one tile and stores the phase's slots.
INLINE void transform_tile_of(
    axis_transform *transform, const int edge, const int sources, const tile_source *source,
    const ck_phase *phase, tile_place place, int32_t first, int32_t last, float *slots,
    ptrdiff_t slot_stride) {
  // Pixels, or zeros for those outside of the map.
  const int span = edge + 2;
  const float *pixels[ck_maximum_positions];
  for (int i = 0; i < sources * sources; i++) {
    int32_t y = (place.y + source->origin + i / sources) * source->step + source->phase_y;
    int32_t x = (place.x + source->origin + i % sources) * source->step + source->phase_x;
    bool inside = y >= 0 && y < source->height && x >= 0 && x < source->width;
    ptrdiff_t row = (ptrdiff_t)place.image * source->height + y;
    pixels[i] = inside ? source->map + (row * source->width + x) * source->channels + first : zeros;
  }
  for (int32_t c = 0; c < last - first; c += LANES) {
    vector from[ck_maximum_positions], to[ck_maximum_positions];
    int32_t count = last - first - c;
    if (count >= LANES) {
#pragma clang loop unroll(full)
      for (int i = 0; i < sources * sources; i++) from[i] = load(pixels[i] + c);
    } else {
      for (int i = 0; i < sources * sources; i++) {
        float some[LANES] = {0};
        copy_floats(some, pixels[i] + c, count);
        from[i] = load(some);
      }
    }
    transform_square(transform, edge, sources, span, from, to);
    float *slot = slots + c;
#pragma clang loop unroll(full)
    for (int y = 0; y < span; y++) {
      if (y < phase->y.first || y >= phase->y.last) continue;
#pragma clang loop unroll(full)
      for (int x = 0; x < span; x++) {
        if (x < phase->x.first || x >= phase->x.last) continue;
        store(slot, to[y * span + x]);
        slot += slot_stride;
      }
    }
  }
}

typedef void tile_transform(
    const tile_source *source, const ck_phase *phase, tile_place place, int32_t first, int32_t last,
    float *slots, ptrdiff_t slot_stride);

#define TILES_FUNCTION(name, transform, edge, sources)                                         \
  static __attribute__((noinline)) void name(                                                  \
      const tile_source *source, const ck_phase *phase, tile_place place, int32_t first,       \
      int32_t last, float *slots, ptrdiff_t slot_stride) {                                     \
    transform_tile_of(                                                                         \
        transform, edge, sources, source, phase, place, first, last, slots, slot_stride);      \
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

/// Transforms a block of tiles, channels first ..< last, to [slots] [tiles] [group].
static void transform_tiles(
    const ck_plan *plan, tile_transform *transform, const tile_source *source,
    const ck_phase *phase, int32_t block, int32_t first, int32_t last, float *to, int32_t group,
    ptrdiff_t slot_stride) {
  const ck_winograd *winograd = &plan->winograd;
  int32_t first_tile = block * winograd->tile_block;
  int32_t last_tile = ck_minimum(first_tile + winograd->tile_block, winograd->tiles);
  for (int32_t tile = first_tile; tile < last_tile; tile++, to += group) {
    transform(source, phase, place_of(winograd, tile), first, last, to, slot_stride);
  }
}

/// V = Bᵀ d B of a block of tiles for 64 channels of the map that is read: [slots] [tiles] [64].
static void transform_block(
    const ck_plan *plan, int32_t block, int32_t chunk, const float *map, float *values) {
  const ck_winograd *winograd = &plan->winograd;
  const ck_convolution_shape *shape = &plan->shape;
  bool convolves = plan->operation == ck_operation_convolve;
  int32_t first = chunk * ck_winograd_depth;
  int32_t last = ck_minimum(first + ck_winograd_depth, winograd->depth);
  tile_source source = {
      .map = map,
      .height = convolves ? shape->height : plan->output_height,
      .width = convolves ? shape->width : plan->output_width,
      .channels = winograd->depth,
      .step = convolves ? shape->stride : 1,
      .origin = -1,
  };
  int32_t phases = convolves ? shape->stride * shape->stride : 1;
  for (int32_t index = 0; index < phases; index++) {
    ck_phase phase = convolves ? ck_winograd_phase(plan, index) : all_positions(plan);
    source.phase_y = phase.phase_y;
    source.phase_x = phase.phase_x;
    transform_tiles(
        plan, winograd->edge == 4 ? input_tile_4 : input_tile_2, &source, &phase, block, first,
        last, values + phase.first_slot * ck_values_stride(plan), ck_winograd_depth,
        ck_values_stride(plan));
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
