// Kernel gradient. The gradient of Y = Aᵀ[U ⊙ V]A to U is V ⊙ (A dY Aᵀ); summed over tiles, it is a
// product [channels, tiles] · [tiles, filters] for each slot, and dw = Gᵀ dU G once at the end.
//
// Of the two ways to see a layer the input gradient's is taken: V = Bᵀ dy B is the same for all
// phases, and the tiles of x, Z = A x Aᵀ, do not overlap.

// A slot's tiles of x have a group of channels side by side.
TILE_FUNCTION(slot_by_rows, 2, 1, (8 * TILE_ROWS))

enum { row_group = 8 * TILE_ROWS };

/// Floats of one slot of V and of Z in one block of tiles.
INLINE ptrdiff_t small_stride(const ck_plan *plan) {
  return (ptrdiff_t)plan->winograd.tile_block * TILE_COLUMNS + ck_winograd_gap;
}
INLINE ptrdiff_t large_stride(const ck_plan *plan) {
  return (ptrdiff_t)plan->winograd.tile_block * row_group + ck_winograd_gap;
}

/// V = Bᵀ dy B of a block of tiles for one panel of filters: [positions] [tiles] [TILE_COLUMNS].
static void transform_small_block(
    const ck_plan *plan, int32_t block, int32_t panel, const float *dy, float *values) {
  const ck_winograd *winograd = &plan->winograd;
  tile_source source = {
      .map = dy,
      .height = plan->output_height,
      .width = plan->output_width,
      .channels = plan->shape.filters,
      .step = 1,
      .origin = -1,
  };
  ck_phase phase = all_positions(plan);
  int32_t column = panel * TILE_COLUMNS;
  transform_tiles(
      plan, winograd->edge == 4 ? input_tile_4 : input_tile_2, &source, &phase, block, column,
      ck_minimum(column + TILE_COLUMNS, source.channels), values, TILE_COLUMNS,
      small_stride(plan));
}

/// Z = A x Aᵀ of a block of tiles of one phase for one group of channels:
/// [slots of the phase] [tiles] [row_group].
static void transform_large_block(
    const ck_plan *plan, int32_t block, const ck_phase *phase, int32_t group, const float *x,
    float *values) {
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
  int32_t channel = group * row_group;
  transform_tiles(
      plan, plan->winograd.edge == 4 ? output_tile_4 : output_tile_2, &source, phase, block,
      channel, ck_minimum(channel + row_group, source.channels), values, row_group,
      large_stride(plan));
}

/// Gᵀ dU G of one row of channels, to the phase's taps of dw.
INLINE void write_taps_of(
    const int edge, const ck_plan *plan, const ck_phase *phase, const float *sums,
    ptrdiff_t stride, int32_t columns, float *out) {
  const int span = edge + 2;
  const float *sources[ck_maximum_positions];
  for (int y = 0; y < span; y++) {
    for (int x = 0; x < span; x++) {
      bool there = y >= phase->y.first && y < phase->y.last && x >= phase->x.first
                   && x < phase->x.last;
      sources[y * span + x] = there ? sums + (y * span + x) * stride : zeros;
    }
  }
  ptrdiff_t tap_stride = (ptrdiff_t)plan->shape.channels * plan->shape.filters;
  for (int32_t c = 0; c < columns; c += LANES) {
    vector from[ck_maximum_positions], to[ck_winograd_taps * ck_winograd_taps];
#pragma clang loop unroll(full)
    for (int p = 0; p < span * span; p++) from[p] = load(sources[p] + c);
    transform_square(transform_taps_gradient, edge, span, ck_winograd_taps, from, to);
    int32_t count = ck_minimum(LANES, columns - c);
#pragma clang loop unroll(full)
    for (int i = 0; i < ck_winograd_taps * ck_winograd_taps; i++) {
      int32_t y = phase->y.tap[i / ck_winograd_taps], x = phase->x.tap[i % ck_winograd_taps];
      if (y < 0 || x < 0) continue;
      float *tap = out + (y * plan->shape.kernel_width + x) * tap_stride + c;
      if (count == LANES) {
        store(tap, to[i]);
      } else {
        float some[LANES];
        store(some, to[i]);
        copy_floats(tap, some, count);
      }
    }
  }
}

static __attribute__((noinline)) void write_taps_2(
    const ck_plan *plan, const ck_phase *phase, const float *sums, ptrdiff_t stride,
    int32_t columns, float *out) {
  write_taps_of(2, plan, phase, sums, stride, columns, out);
}

static __attribute__((noinline)) void write_taps_4(
    const ck_plan *plan, const ck_phase *phase, const float *sums, ptrdiff_t stride,
    int32_t columns, float *out) {
  write_taps_of(4, plan, phase, sums, stride, columns, out);
}

/// A part of the result: some groups of channels (rows), some panels of filters (columns).
typedef struct gradient_part {
  int32_t first_group, last_group, first_panel, last_panel;
} gradient_part;

/// Memory for a task: a thread's own, but for tiles that are shared.
typedef struct gradient_space {
  float *large;        // Z [groups] [positions] [tiles] [row_group]
  const float *small;  // V [panels] [positions] [tiles] [TILE_COLUMNS], of the present block
  float *own_small;    // the same, where it is not shared
  float *sums;         // dU [groups] [panels] [positions] [row_group] [TILE_COLUMNS]
  ptrdiff_t large_group, small_panel, sums_slot, sums_panel;  // strides
} gradient_space;

INLINE gradient_space gradient_space_in(const ck_plan *plan, void *memory) {
  const ck_winograd *winograd = &plan->winograd;
  int32_t positions = ck_span(plan) * ck_span(plan);
  gradient_space space = {
      .large_group = positions * large_stride(plan),
      .small_panel = positions * small_stride(plan),
      .sums_slot = row_group * TILE_COLUMNS + ck_winograd_gap,
  };
  space.sums_panel = positions * space.sums_slot;
  space.large = memory;
  space.sums = space.large + winograd->groups_per_task * space.large_group;
  space.own_small =
      space.sums + winograd->groups_per_task * winograd->panels_per_task * space.sums_panel;
  return space;
}

/// Adds a block of tiles to the sums: for each slot [row_group, tiles] · [tiles, TILE_COLUMNS] of each
/// group and panel.
static void multiply_gradient_block(
    const ck_plan *plan, const ck_phase *phase, gradient_part part, int32_t tiles,
    gradient_space space, bool accumulate) {
  const int32_t span = ck_span(plan), panels_per_task = plan->winograd.panels_per_task;
  ptrdiff_t offsets[TILE_ROWS];
  for (int32_t i = 0; i < TILE_ROWS; i++) offsets[i] = i * TILE_COLUMNS;
  int32_t slot = 0;
  for (int32_t y = phase->y.first; y < phase->y.last; y++) {
    for (int32_t x = phase->x.first; x < phase->x.last; x++, slot++) {
      int32_t position = y * span + x;
      for (int32_t group = part.first_group; group < part.last_group; group++) {
        int32_t rows = ck_minimum(row_group, plan->shape.channels - group * row_group);
        int32_t g = group - part.first_group;
        const float *left = space.large + g * space.large_group + slot * large_stride(plan);
        for (int32_t p = 0; p < part.last_panel - part.first_panel; p++) {
          const float *right = space.small + p * space.small_panel + position * small_stride(plan);
          float *sums = space.sums + (g * panels_per_task + p) * space.sums_panel
                        + position * space.sums_slot;
          for (int32_t row = 0; row < rows; row += TILE_ROWS) {
            slot_by_rows(
                tiles, left + row, right, sums + row * TILE_COLUMNS, offsets, TILE_ROWS,
                TILE_COLUMNS, accumulate);
          }
        }
      }
    }
  }
}

/// dw = Gᵀ dU G of a part of the result.
static void write_gradient(
    const ck_plan *plan, const ck_phase *phase, gradient_part part, gradient_space space,
    float *out) {
  int32_t filters = plan->shape.filters, channels = plan->shape.channels;
  for (int32_t group = part.first_group; group < part.last_group; group++) {
    for (int32_t panel = part.first_panel; panel < part.last_panel; panel++) {
      int32_t g = group - part.first_group, p = panel - part.first_panel;
      const float *sums =
          space.sums + (g * plan->winograd.panels_per_task + p) * space.sums_panel;
      int32_t first = group * row_group, column = panel * TILE_COLUMNS;
      int32_t last = ck_minimum(first + row_group, channels);
      for (int32_t row = first; row < last; row++, sums += TILE_COLUMNS) {
        (plan->winograd.edge == 4 ? write_taps_4 : write_taps_2)(
            plan, phase, sums, space.sums_slot, ck_minimum(TILE_COLUMNS, filters - column),
            out + (ptrdiff_t)row * filters + column);
      }
    }
  }
}

/// One task of the first phase, where V is shared: one block of tiles for one panel of filters.
static void winograd_gradient_tiles_task(
    const ck_plan *plan, int32_t task, const float *dy, float *shared) {
  int32_t panels = ck_quotient_up(plan->winograd.columns, TILE_COLUMNS);
  ptrdiff_t floats = ck_span(plan) * ck_span(plan) * small_stride(plan);
  transform_small_block(plan, task / panels, task % panels, dy, shared + task * floats);
}

/// One task: a part of the result in one phase, summed over all tiles, block by block.
///
/// `shared` is V of all tiles [blocks] [panels] [positions] [tiles] [TILE_COLUMNS], or NULL where
/// each task makes what it needs for itself.
static void winograd_gradient_task(
    const ck_plan *plan, int32_t task, const float *x, const float *dy, float *out,
    const float *shared, void *worker_scratch) {
  const ck_winograd *winograd = &plan->winograd;
  int32_t panels = ck_quotient_up(winograd->columns, TILE_COLUMNS);
  int32_t groups = ck_quotient_up(plan->shape.channels, row_group);
  int32_t panel_parts = ck_quotient_up(panels, winograd->panels_per_task);
  int32_t group_parts = ck_quotient_up(groups, winograd->groups_per_task);
  gradient_part part;
  part.first_panel = task % panel_parts * winograd->panels_per_task;
  part.last_panel = ck_minimum(part.first_panel + winograd->panels_per_task, panels);
  part.first_group = task / panel_parts % group_parts * winograd->groups_per_task;
  part.last_group = ck_minimum(part.first_group + winograd->groups_per_task, groups);
  ck_phase phase = ck_winograd_phase(plan, task / panel_parts / group_parts);
  gradient_space space = gradient_space_in(plan, worker_scratch);
  for (int32_t block = 0; block < winograd->blocks; block++) {
    for (int32_t group = part.first_group; group < part.last_group; group++) {
      transform_large_block(
          plan, block, &phase, group, x,
          space.large + (group - part.first_group) * space.large_group);
    }
    if (shared) {
      space.small = shared + ((ptrdiff_t)block * panels + part.first_panel) * space.small_panel;
    } else {
      for (int32_t panel = part.first_panel; panel < part.last_panel; panel++) {
        transform_small_block(
            plan, block, panel, dy,
            space.own_small + (panel - part.first_panel) * space.small_panel);
      }
      space.small = space.own_small;
    }
    int32_t tiles =
        ck_minimum(winograd->tile_block, winograd->tiles - block * winograd->tile_block);
    multiply_gradient_block(plan, &phase, part, tiles, space, block > 0);
  }
  write_gradient(plan, &phase, part, space, out);
}
