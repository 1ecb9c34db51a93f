// Convolution and input gradient: the product of transformed tiles and weights, and back to a map.

// A slot's tiles have 64 channels side by side.
MICROTILE_FUNCTION(slot_by_depth, 2, ck_winograd_depth, 1)
MICROTILE_FUNCTION(slot_by_depth_narrow, 1, ck_winograd_depth, 1)

/// Aᵀ M A of one tile's `columns` columns, to pixels step·q + phase of a map.
///
/// Positions that no product has reached are zero.
INLINE void write_tile_of(
    const int edge_y, const int edge_x, const float *sums, ptrdiff_t stride, const bool *started,
    int32_t columns, float *map, ptrdiff_t row_step, ptrdiff_t column_step, int32_t rows,
    int32_t row_columns) {
  const int span_y = edge_y + 2, span_x = edge_x + 2;
  const float *sources[ck_maximum_positions];
  for (int p = 0; p < span_y * span_x; p++) sources[p] = started[p] ? sums + p * stride : zeros;
  for (int32_t c = 0; c < columns; c += LANES) {
    vector half[ck_maximum_positions];  // [m_y, m_x + 2]
    transform_columns(transform_output, edge_y, span_y, span_x, edge_y, sources, c, half);
    int32_t count = ck_minimum(LANES, columns - c);
#pragma clang loop unroll(full)
    for (int y = 0; y < edge_y; y++) {
      if (y >= rows) continue;
      vector to[ck_maximum_edge];
      transform_output(edge_x, half + y * span_x, to);
#pragma clang loop unroll(full)
      for (int x = 0; x < edge_x; x++) {
        if (x >= row_columns) continue;
        float *pixel = map + y * row_step + x * column_step + c;
        if (count == LANES) {
          store(pixel, to[x]);
        } else {
          float some[LANES];
          store(some, to[x]);
          copy_floats(pixel, some, count);
        }
      }
    }
  }
}

typedef void tile_writer(
    const float *sums, ptrdiff_t stride, const bool *started, int32_t columns, float *map,
    ptrdiff_t row_step, ptrdiff_t column_step, int32_t rows, int32_t row_columns);

#define WRITE_FUNCTION(edge_y, edge_x)                                                           \
  static __attribute__((noinline)) void write_tile_##edge_y##edge_x(                            \
      const float *sums, ptrdiff_t stride, const bool *started, int32_t columns, float *map,     \
      ptrdiff_t row_step, ptrdiff_t column_step, int32_t rows, int32_t row_columns) {            \
    write_tile_of(                                                                               \
        edge_y, edge_x, sums, stride, started, columns, map, row_step, column_step, rows,        \
        row_columns);                                                                            \
  }
TILE_SIZES(WRITE_FUNCTION)

/// By m_y and m_x.
#define WRITE_ENTRY(y, x) [y][x] = write_tile_##y##x,
static tile_writer *const tile_writers[tile_edges][tile_edges] = {TILE_SIZES(WRITE_ENTRY)};

/// Where a tile's pixels go.
typedef struct tile_target {
  float *map;             // its first pixel, `columns` channels of which are written
  int32_t rows, columns;  // of pixels within the map, from there on; 0 or less: none
} tile_target;

/// The result of one phase (or of all, if they are summed) for a block of tiles.
static void write_block(
    const ck_plan *plan, int32_t block, const ck_phase *phase, int32_t column, int32_t columns,
    int32_t width, const bool *started, const float *sums, float *out) {
  const ck_tiling *tiling = ck_tiling_of(plan, block);
  const ck_convolution_shape *shape = &plan->shape;
  bool convolves = plan->operation == ck_operation_convolve;
  int32_t step = convolves ? 1 : shape->stride;
  int32_t height = convolves ? plan->output_height : shape->height;
  int32_t map_width = convolves ? plan->output_width : shape->width;
  ptrdiff_t pixel = plan->winograd.columns, row = pixel * map_width;
  int32_t first, last;
  ck_tiles_of_block(tiling, block, &first, &last);
  tile_target target = {0};
  for (int32_t tile = first; tile <= last; tile++) {
    tile_target next = {0};
    if (tile < last) {
      tile_place place = place_of(tiling, tile);
      int32_t y = place.y * step + phase->phase_y, x = place.x * step + phase->phase_x;
      next.rows = ck_minimum(tiling->edge_y, ck_quotient_up(height - y, step));
      next.columns = ck_minimum(tiling->edge_x, ck_quotient_up(map_width - x, step));
      next.map = out + ((ptrdiff_t)place.image * height + y) * row + x * pixel + column;
      // The pixels lie in as many places, which no processor foresees.
      for (int32_t i = 0; i < next.rows; i++) {
        for (int32_t j = 0; j < next.columns; j++) {
          prefetch_for_writing(next.map, step * (i * row + j * pixel), columns);
        }
      }
    }
    if (target.rows > 0 && target.columns > 0) {
      tile_writers[tiling->edge_y][tiling->edge_x](
          sums + (ptrdiff_t)(tile - 1 - first) * width,
          ck_sums_stride(plan, ck_microtile_of(plan->isa)), started, columns, target.map, row * step,
          pixel * step, target.rows, target.columns);
    }
    target = next;
  }
}

/// One panel of columns and 64 channels of the depth of one phase: for each slot
/// [tiles, 64] · [64, width], added to the sums of its position.
static void multiply_slots(
    const ck_plan *plan, const ck_tiling *tiling, const ck_phase *phase, int32_t tiles,
    int32_t depth, int32_t width, const float *values, const float *weights, float *sums,
    bool *started) {
  ck_microtile micro = ck_microtile_of(plan->isa);
  microtile_function *multiply_tiles = width == LANES ? slot_by_depth_narrow : slot_by_depth;
  ptrdiff_t offsets[MICRO_ROWS];
  for (int32_t i = 0; i < MICRO_ROWS; i++) offsets[i] = i * width;
  bool convolves = plan->operation == ck_operation_convolve;
  int32_t slot = 0;
  for (int32_t y = phase->y.first; y < phase->y.last; y++) {
    for (int32_t x = phase->x.first; x < phase->x.last; x++, slot++) {
      int32_t position = y * (tiling->edge_x + 2) + x;
      int32_t value_slot = convolves ? phase->first_slot + slot : position;
      const float *slot_values = values + value_slot * ck_values_stride(plan);
      const float *slot_weights = weights + slot * ck_weights_stride(micro);
      float *slot_sums = sums + position * ck_sums_stride(plan, micro);
      for (int32_t row = 0; row < tiles; row += MICRO_ROWS) {
        multiply_tiles(
            depth, slot_values + (ptrdiff_t)row * ck_winograd_depth, slot_weights,
            slot_sums + (ptrdiff_t)row * width, offsets, MICRO_ROWS, width, started[position]);
      }
      started[position] = true;
    }
  }
}

/// All phases of a block of tiles for one panel of columns.
static void multiply_block(
    const ck_plan *plan, int32_t block, int32_t column, const float *values, const float *kernel,
    float *out, ck_winograd_space space) {
  const ck_winograd *winograd = &plan->winograd;
  const ck_tiling *tiling = ck_tiling_of(plan, block);
  int32_t columns = ck_minimum(winograd->columns - column, MICRO_COLUMNS);
  int32_t width = columns <= LANES ? LANES : MICRO_COLUMNS;
  int32_t first_tile, last_tile;
  ck_tiles_of_block(tiling, block, &first_tile, &last_tile);
  int32_t phases = plan->shape.stride * plan->shape.stride;
  bool convolves = plan->operation == ck_operation_convolve;
  ptrdiff_t chunk_stride = ck_value_slots(plan) * ck_values_stride(plan);
  bool started[ck_maximum_positions] = {false};
  for (int32_t index = 0; index < phases; index++) {
    ck_phase phase = ck_winograd_phase(plan, tiling, index);
    if (!convolves) memset(started, 0, sizeof started);
    for (int32_t first = 0; first < winograd->depth; first += ck_winograd_depth) {
      int32_t depth = ck_minimum(ck_winograd_depth, winograd->depth - first);
      tap_rows taps = rows_of_taps(
          plan, &phase, kernel, column, columns, width, first, first + depth, space.taps);
      weights_transforms[tiling->edge_y][tiling->edge_x](
          &phase, &taps, depth, width, space.weights, ck_weights_stride(ck_microtile_of(plan->isa)));
      multiply_slots(
          plan, tiling, &phase, last_tile - first_tile, depth, width,
          values + first / ck_winograd_depth * chunk_stride, space.weights, space.sums, started);
    }
    // The phases of an input gradient are pixels of their own, those of a convolution are summed.
    if (convolves && index < phases - 1) continue;
    if (convolves) phase.phase_y = phase.phase_x = 0;
    write_block(plan, block, &phase, column, columns, width, started, space.sums, out);
  }
}

/// One task: a block of tiles with all columns, or with one panel of columns where the transformed
/// tiles are shared.
static void winograd_multiply_task(
    const ck_plan *plan, int32_t task, const float *left, const float *right, float *out,
    const float *shared_values, void *worker_scratch) {
  const ck_winograd *winograd = &plan->winograd;
  ck_carver carver = {.memory = worker_scratch};
  ck_winograd_space space = ck_carve_winograd(&carver, plan, MICRO);
  if (winograd->shared) {
    int32_t panels = ck_quotient_up(winograd->columns, MICRO_COLUMNS);
    int32_t block = task / panels, column = task % panels * MICRO_COLUMNS;
    if (block >= winograd->blocks) return;
    const float *values =
        shared_values + block % winograd->blocks_per_round * ck_block_values(plan);
    multiply_block(plan, block, column, values, right, out, space);
    return;
  }
  int32_t chunks = ck_quotient_up(winograd->depth, ck_winograd_depth);
  for (int32_t chunk = 0; chunk < chunks; chunk++) {
    float *values = space.values + chunk * ck_value_slots(plan) * ck_values_stride(plan);
    for (int32_t index = 0; index < ck_phases_read(plan); index++) {
      transform_phase(plan, task, chunk, index, left, values);
    }
  }
  for (int32_t column = 0; column < winograd->columns; column += MICRO_COLUMNS) {
    multiply_block(plan, task, column, space.values, right, out, space);
  }
}
