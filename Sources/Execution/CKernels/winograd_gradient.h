// Kernel gradient. The gradient of Y = Aᵀ[U ⊙ V]A to U is V ⊙ (A dY Aᵀ); summed over tiles, it is a
// product [channels, tiles] · [tiles, filters] for each slot, and dw = Gᵀ dU G once at the end.
//
// Of the two ways to see a layer the input gradient's is taken: V = Bᵀ dy B is the same for all
// phases, and the tiles of x, Z = A x Aᵀ, do not overlap.
//
// A task makes all phases of its part of dw, so that V is made once for all of them. Where there are
// few parts, the tiles are cut into chunks: each makes a dw of its own, and these are added up. The
// sums of a slot over several blocks of tiles are 121 / 25 times as large as dw, so chunks of one
// block are preferred: their sums become taps at once and never leave the second-level cache.

// A slot's tiles of x have a group of channels side by side.
MICROTILE_FUNCTION(slot_by_rows, 2, 1, (8 * MICRO_ROWS))

enum { row_group = 8 * MICRO_ROWS };

/// Gᵀ dU G of one row of channels, stored to or added to the phase's taps of dw.
INLINE void write_taps_of(
    const int edge_y, const int edge_x, const ck_plan *plan, const ck_phase *phase,
    const float *sums, ptrdiff_t stride, int32_t columns, bool add, float *out) {
  const int span_y = edge_y + 2, span_x = edge_x + 2;
  const float *sources[ck_maximum_positions];
  for (int p = 0; p < span_y * span_x; p++) sources[p] = zeros;
  for (int32_t y = phase->y.first; y < phase->y.last; y++) {
    for (int32_t x = phase->x.first; x < phase->x.last; x++, sums += stride) {
      sources[y * span_x + x] = sums;
    }
  }
  ptrdiff_t tap_stride = (ptrdiff_t)plan->shape.channels * plan->shape.filters;
  for (int32_t c = 0; c < columns; c += LANES) {
    vector half[ck_winograd_taps * ck_maximum_span];  // [3, m_x + 2]
    transform_columns(
        transform_taps_gradient, edge_y, span_y, span_x, ck_winograd_taps, sources, c, half);
    int32_t count = ck_minimum(LANES, columns - c);
#pragma clang loop unroll(full)
    for (int i = 0; i < ck_winograd_taps; i++) {
      vector to[ck_winograd_taps];
      transform_taps_gradient(edge_x, half + i * span_x, to);
#pragma clang loop unroll(full)
      for (int j = 0; j < ck_winograd_taps; j++) {
        int32_t y = phase->y.tap[i], x = phase->x.tap[j];
        if (y < 0 || x < 0) continue;
        float *tap = out + (y * plan->shape.kernel_width + x) * tap_stride + c;
        if (count == LANES) {
          store(tap, add ? load(tap) + to[j] : to[j]);
        } else {
          float some[LANES] = {0};
          if (add) copy_floats(some, tap, count);
          store(some, load(some) + to[j]);
          copy_floats(tap, some, count);
        }
      }
    }
  }
}

typedef void taps_writer(
    const ck_plan *plan, const ck_phase *phase, const float *sums, ptrdiff_t stride,
    int32_t columns, bool add, float *out);

#define TAPS_FUNCTION(edge_y, edge_x)                                                          \
  static __attribute__((noinline)) void write_taps_##edge_y##edge_x(                          \
      const ck_plan *plan, const ck_phase *phase, const float *sums, ptrdiff_t stride,         \
      int32_t columns, bool add, float *out) {                                                 \
    write_taps_of(edge_y, edge_x, plan, phase, sums, stride, columns, add, out);               \
  }
TILE_SIZES(TAPS_FUNCTION)

/// By m_y and m_x.
#define TAPS_ENTRY(y, x) [y][x] = write_taps_##y##x,
static taps_writer *const taps_writers[tile_edges][tile_edges] = {TILE_SIZES(TAPS_ENTRY)};

/// What one task makes: some groups of channels (rows), some panels of filters (columns), summed over
/// some blocks of tiles.
typedef struct gradient_part {
  int32_t first_group, last_group, first_panel, last_panel, first_block, last_block;
} gradient_part;

INLINE gradient_part gradient_part_of(const ck_plan *plan, int32_t task) {
  const ck_winograd *winograd = &plan->winograd;
  int32_t panels = ck_quotient_up(plan->shape.filters, MICRO_COLUMNS);
  int32_t groups = ck_quotient_up(plan->shape.channels, row_group);
  int32_t panel_parts = ck_quotient_up(panels, winograd->panels_per_task);
  int32_t group_parts = ck_quotient_up(groups, winograd->groups_per_task);
  int32_t chunk = task / panel_parts / group_parts;
  gradient_part part;
  part.first_panel = task % panel_parts * winograd->panels_per_task;
  part.last_panel = ck_minimum(part.first_panel + winograd->panels_per_task, panels);
  part.first_group = task / panel_parts % group_parts * winograd->groups_per_task;
  part.last_group = ck_minimum(part.first_group + winograd->groups_per_task, groups);
  part.first_block = winograd->blocks * chunk / plan->depth_chunks;
  part.last_block = winograd->blocks * (chunk + 1) / plan->depth_chunks;
  return part;
}

/// V = Bᵀ dy B of a block of tiles for the filters of a part.
static void transform_small_block(
    const ck_plan *plan, const ck_tiling *tiling, int32_t block, gradient_part part,
    const float *dy, ck_gradient_space space) {
  tile_source source = {
      .map = dy,
      .height = plan->output_height,
      .width = plan->output_width,
      .channels = plan->shape.filters,
      .step = 1,
      .origin = -1,
  };
  tile_layout layout = {
      .group = MICRO_COLUMNS,
      .slot_stride = space.small_slot,
      .group_stride = space.small_panel,
  };
  ck_phase phase = all_positions(tiling);
  input_transforms[tiling->edge_y][tiling->edge_x](
      tiling, &source, &phase, block, part.first_panel * MICRO_COLUMNS,
      ck_minimum(part.last_panel * MICRO_COLUMNS, source.channels), space.small, &layout);
}

/// Z = A x Aᵀ of a block of tiles of one phase for the channels of a part.
static void transform_large_block(
    const ck_plan *plan, const ck_tiling *tiling, int32_t block, const ck_phase *phase,
    gradient_part part, const float *x, ck_gradient_space space) {
  const ck_convolution_shape *shape = &plan->shape;
  tile_source source = {
      .map = x,
      .height = shape->height,
      .width = shape->width,
      .channels = shape->channels,
      .step = shape->stride,
      .phase_y = phase->phase_y,
      .phase_x = phase->phase_x,
  };
  tile_layout layout = {
      .group = row_group,
      .slot_stride = space.large_slot,
      .group_stride = space.large_group,
  };
  output_transforms[tiling->edge_y][tiling->edge_x](
      tiling, &source, phase, block, part.first_group * row_group,
      ck_minimum(part.last_group * row_group, source.channels), space.large, &layout);
}

/// Adds a block of tiles to the sums of one group and one panel: for each slot of a phase
/// [row_group, tiles] · [tiles, MICRO_COLUMNS].
static void multiply_gradient_block(
    const ck_tiling *tiling, const ck_phase *phase, int32_t rows, int32_t tiles,
    const float *large, const float *small, float *sums, const ck_gradient_space *space,
    bool accumulate) {
  ptrdiff_t offsets[MICRO_ROWS];
  for (int32_t i = 0; i < MICRO_ROWS; i++) offsets[i] = i * MICRO_COLUMNS;
  for (int32_t y = phase->y.first; y < phase->y.last; y++) {
    for (int32_t x = phase->x.first; x < phase->x.last; x++) {
      const float *right = small + (y * (tiling->edge_x + 2) + x) * space->small_slot;
      for (int32_t row = 0; row < rows; row += MICRO_ROWS) {
        slot_by_rows(
            tiles, large + row, right, sums + row * MICRO_COLUMNS, offsets, MICRO_ROWS,
            MICRO_COLUMNS, accumulate);
      }
      large += space->large_slot;
      sums += space->sums_slot;
    }
  }
}

/// dw = Gᵀ dU G of one group and one panel of a phase, or dw += Gᵀ dU G.
static void write_gradient(
    const ck_plan *plan, const ck_tiling *tiling, const ck_phase *phase, int32_t group,
    int32_t panel, const float *sums, ptrdiff_t sums_slot, bool add, float *out) {
  int32_t filters = plan->shape.filters, column = panel * MICRO_COLUMNS;
  ptrdiff_t tap_stride = (ptrdiff_t)plan->shape.channels * filters;
  int32_t first = group * row_group;
  int32_t last = ck_minimum(first + row_group, plan->shape.channels);
  for (int32_t row = first; row < last; row++, sums += MICRO_COLUMNS) {
    float *to = out + (ptrdiff_t)row * filters + column;
    // The next row's taps lie in as many places.
    for (int32_t i = 0; i < ck_winograd_taps * ck_winograd_taps; i++) {
      int32_t y = phase->y.tap[i / ck_winograd_taps], x = phase->x.tap[i % ck_winograd_taps];
      if (y < 0 || x < 0) continue;
      prefetch_for_writing(
          to, (y * plan->shape.kernel_width + x) * tap_stride + filters, MICRO_COLUMNS);
    }
    taps_writers[tiling->edge_y][tiling->edge_x](
        plan, phase, sums, sums_slot, ck_minimum(MICRO_COLUMNS, filters - column), add, to);
  }
}

/// One phase of a part: a block of tiles, and after the last one of a tiling the taps.
static void add_gradient_block(
    const ck_plan *plan, const ck_tiling *tiling, int32_t block, const ck_phase *phase,
    gradient_part part, ck_gradient_space space, float *out) {
  int32_t first_tile, last_tile;
  ck_tiles_of_block(tiling, block, &first_tile, &last_tile);
  int32_t first_block = ck_maximum(part.first_block, tiling->first_block);
  int32_t last_block = ck_minimum(part.last_block, tiling->first_block + tiling->blocks);
  int32_t panels = part.last_panel - part.first_panel;
  int32_t pairs = (part.last_group - part.first_group) * panels;
  for (int32_t pair = 0; pair < pairs; pair++) {
    int32_t g = pair / panels, p = pair % panels, group = part.first_group + g;
    float *sums = space.sums;
    if (space.kept) {
      sums += (phase->first_slot * pairs + pair * ck_phase_slots(phase)) * space.sums_slot;
    }
    multiply_gradient_block(
        tiling, phase, ck_minimum(row_group, plan->shape.channels - group * row_group),
        last_tile - first_tile, space.large + g * space.large_group,
        space.small + p * space.small_panel, sums, &space, block > first_block);
    if (block == last_block - 1) {
      write_gradient(
          plan, tiling, phase, group, part.first_panel + p, sums, space.sums_slot,
          first_block > part.first_block, out);
    }
  }
}

/// One task: a part of the result, or of one of the partial results that are then added up.
static void winograd_gradient_task(
    const ck_plan *plan, int32_t task, const float *x, const float *dy, float *out,
    float *partial, void *worker_scratch) {
  gradient_part part = gradient_part_of(plan, task);
  ck_carver carver = {.memory = worker_scratch};
  ck_gradient_space space = ck_carve_gradient(&carver, plan, MICRO);
  if (plan->depth_chunks > 1) {
    int32_t chunk = task / (plan->task_count[0] / plan->depth_chunks);
    out = partial + chunk * plan->out_floats;
  }
  for (int32_t block = part.first_block; block < part.last_block; block++) {
    const ck_tiling *tiling = ck_tiling_of(plan, block);
    transform_small_block(plan, tiling, block, part, dy, space);
    for (int32_t index = 0; index < plan->shape.stride * plan->shape.stride; index++) {
      ck_phase phase = ck_winograd_phase(plan, tiling, index);
      transform_large_block(plan, tiling, block, &phase, part, x, space);
      add_gradient_block(plan, tiling, block, &phase, part, space, out);
    }
  }
}
