#include "layouts.h"

enum {
  /// Tiles that a kernel gradient sums at once. With 64 instead of 128 it takes up to a seventh
  /// longer: sums are written and read, or taps made of them, twice as often.
  gradient_tiles = 128,
  /// Tasks for which tiles are cut into chunks.
  wanted_gradient_tasks = 8,
  /// Tasks for which blocks are made smaller than that, and the tiles that they have at least.
  least_gradient_tasks = 4,
  least_gradient_tiles = 32,
};

/// Tap of window element j (of −1, 0, 1) in phase a. A convolution reads x upwards, an input gradient
/// reads dy downwards.
static ck_axis axis_of(
    const ck_plan *plan, int32_t phase, int32_t kernel, int32_t span) {
  ck_axis axis;
  for (int32_t j = 0; j < ck_winograd_taps; j++) {
    int32_t o = plan->operation == ck_operation_convolve ? j - 1 : 1 - j;
    int32_t tap = plan->shape.stride * o + phase + plan->shape.padding;
    axis.tap[j] = tap >= 0 && tap < kernel ? tap : -1;
  }
  axis.first = axis.tap[0] < 0 ? 1 : 0;
  axis.last = axis.tap[ck_winograd_taps - 1] < 0 ? span - 1 : span;
  return axis;
}

ck_phase ck_winograd_phase(const ck_plan *plan, const ck_tiling *tiling, int32_t index) {
  int32_t stride = plan->shape.stride;
  ck_phase phase = {0};
  for (int32_t i = 0; i <= index; i++) {
    phase.first_slot += i > 0 ? ck_phase_slots(&phase) : 0;
    phase.phase_y = i / stride;
    phase.phase_x = i % stride;
    phase.y = axis_of(plan, phase.phase_y, plan->shape.kernel_height, tiling->edge_y + 2);
    phase.x = axis_of(plan, phase.phase_x, plan->shape.kernel_width, tiling->edge_x + 2);
  }
  return phase;
}

/// Whether every tap is one of the three that each phase has.
static bool fits(const ck_convolution_shape *shape, int32_t kernel) {
  // Taps of all phases and o = −1, 0, 1: padding − stride ... padding + 2·stride − 1
  return shape->padding - shape->stride <= 0
         && shape->padding + 2 * shape->stride - 1 >= kernel - 1;
}

/// Tiles of one edge side by side along an axis.
typedef struct run {
  int32_t edge, count;
} run;

/// Cuts an axis into tiles of `edge`, the last of which may reach beyond its end; or, if `exactly`,
/// into as many tiles of which some are smaller by one pixel: 7 = 4 + 3, 10 = 4 + 3 + 3.
static void cut_axis(int32_t length, int32_t edge, bool exactly, run runs[2]) {
  int32_t count = ck_quotient_up(length, edge);
  int32_t smaller = exactly ? ck_minimum(count, count * edge - length) : 0;
  runs[0] = (run){edge, count - smaller};
  runs[1] = (run){edge - 1, smaller};
}

/// How blocks of tiles are cut.
typedef struct block_limits {
  int32_t most_tiles;     // in a block
  int32_t unit;           // a block that is not a multiple of it is filled up
  int32_t wanted_blocks;  // of all tilings together, unless
  int32_t least_tiles;    // they would be smaller than that
} block_limits;

/// Cuts the grid into tiles and these into blocks.
static void cut_grid(ck_plan *plan, bool exactly, block_limits limits) {
  const ck_convolution_shape *shape = &plan->shape;
  ck_winograd *winograd = &plan->winograd;
  bool convolves = plan->operation == ck_operation_convolve;
  int32_t height = convolves ? plan->output_height : ck_quotient_up(shape->height, shape->stride);
  int32_t width = convolves ? plan->output_width : ck_quotient_up(shape->width, shape->stride);
  run rows[2], columns[2];
  cut_axis(height, winograd->edge, exactly, rows);
  cut_axis(width, winograd->edge, exactly, columns);
  winograd->tiles = (int64_t)shape->batch * (rows[0].count + rows[1].count)
                    * (columns[0].count + columns[1].count);
  winograd->tiling_count = winograd->blocks = winograd->tile_block = winograd->slots = 0;
  winograd->tile_slots = winograd->filled_slots = winograd->block_slots = 0;
  for (int32_t i = 0; i < ck_maximum_tilings; i++) {
    int32_t y = i / 2, x = i % 2;
    if (rows[y].count == 0 || columns[x].count == 0) continue;
    ck_tiling *tiling = &winograd->tilings[winograd->tiling_count++];
    *tiling = (ck_tiling){
        .edge_y = rows[y].edge,
        .edge_x = columns[x].edge,
        .first_y = y * rows[0].count * rows[0].edge,
        .first_x = x * columns[0].count * columns[0].edge,
        .tiles_y = rows[y].count,
        .tiles_x = columns[x].count,
        .tiles = shape->batch * rows[y].count * columns[x].count,
        .first_block = winograd->blocks,
    };
    ck_phase last = ck_winograd_phase(plan, tiling, shape->stride * shape->stride - 1);
    tiling->slots = last.first_slot + ck_phase_slots(&last);
    int32_t wanted = ck_minimum(
        (int32_t)(limits.wanted_blocks * (int64_t)tiling->tiles / winograd->tiles),
        ck_quotient_up(tiling->tiles, limits.least_tiles));
    int32_t blocks = ck_maximum(ck_quotient_up(tiling->tiles, limits.most_tiles), wanted);
    tiling->tile_block =
        (int32_t)ck_rounded_up(ck_quotient_up(tiling->tiles, blocks), limits.unit);
    tiling->blocks = ck_quotient_up(tiling->tiles, tiling->tile_block);

    winograd->blocks += tiling->blocks;
    winograd->tile_block = ck_maximum(winograd->tile_block, tiling->tile_block);
    winograd->slots = ck_maximum(winograd->slots, tiling->slots);
    int64_t slots = tiling->slots;
    winograd->tile_slots += slots * tiling->tiles;
    winograd->filled_slots += slots * ck_rounded_up(tiling->tiles, limits.unit);
    winograd->block_slots += slots * tiling->blocks;
  }
}

/// Products of all tiles and transforms of the weights, in products for each pair of channels.
static int64_t cost_of(const ck_winograd *winograd) {
  return winograd->filled_slots + ck_tiles_per_weight * winograd->block_slots;
}

/// Cuts the grid in the way that takes fewer products.
///
/// On a map of 7 × 7 pixels, tiles of 4 and 3 make 400 products of a 5 × 5 kernel for 484 of tiles of
/// 4 alone, which compute a row and a column that nobody needs. But each size has weights of its own.
static void choose_cut(ck_plan *plan, block_limits limits) {
  cut_grid(plan, false, limits);
  if (plan->winograd.edge != ck_maximum_edge) return;
  ck_plan uniform = *plan;
  cut_grid(plan, true, limits);
  if (cost_of(&plan->winograd) >= cost_of(&uniform.winograd)) *plan = uniform;
}

/// Blocks of tiles: transformed, multiplied with all weights and transformed back by one task where
/// there are many, so that they stay in its caches. Else the tasks of a first wave transform as few
/// blocks as there is work for, those of a second each make some columns of their result, and so on
/// in rounds: 16 × 16 × 256 → 512 with 32 images takes 12 % longer if all are transformed first.
static void plan_multiply(ck_plan *plan, ck_microtile micro) {
  ck_winograd *winograd = &plan->winograd;
  int32_t limit = 8 * micro.rows;
  choose_cut(
      plan, (block_limits){.most_tiles = limit, .least_tiles = limit, .unit = micro.rows});
  winograd->shared = winograd->blocks < ck_wanted_tasks / 2;
  if (winograd->shared) {
    int32_t panels = ck_quotient_up(winograd->columns, micro.columns);
    int32_t chunks = ck_quotient_up(winograd->depth, ck_winograd_depth);
    int32_t blocks = ck_minimum(winograd->blocks, ck_quotient_up(ck_wanted_tasks / 2, panels));
    winograd->blocks_per_round = blocks;
    plan->rounds = ck_quotient_up(winograd->blocks, blocks);
    plan->scratch_bytes = (size_t)blocks * (size_t)ck_block_values(plan) * sizeof(float);
    ck_add_wave(plan, ck_wave_winograd_tiles, blocks * chunks * ck_phases_read(plan));
    ck_add_wave(plan, ck_wave_winograd_multiply, blocks * panels);
  } else {
    ck_add_wave(plan, ck_wave_winograd_multiply, winograd->blocks);
  }
  ck_carver carver = {0};
  ck_carve_winograd(&carver, plan, micro);
  plan->worker_scratch_bytes = ck_carved_bytes(&carver);
}

/// Each task sums some rows and columns over all tiles, or over a chunk of them, a block at a time.
static void plan_gradient(ck_plan *plan, ck_microtile micro) {
  ck_winograd *winograd = &plan->winograd;
  const ck_convolution_shape *shape = &plan->shape;
  int32_t panels = ck_quotient_up(shape->filters, micro.columns);
  int32_t groups = ck_quotient_up(shape->channels, ck_row_group(micro));
  winograd->panels_per_task = ck_minimum(panels, ck_widest_part / micro.columns);
  winograd->groups_per_task = ck_minimum(groups, ck_widest_part / ck_row_group(micro));
  int32_t parts = ck_quotient_up(panels, winograd->panels_per_task)
                  * ck_quotient_up(groups, winograd->groups_per_task);
  choose_cut(
      plan, (block_limits){
                .most_tiles = gradient_tiles,
                .unit = 1,
                .wanted_blocks = ck_quotient_up(least_gradient_tasks, parts),
                .least_tiles = least_gradient_tiles,
            });
  plan->depth_chunks =
      ck_minimum(winograd->blocks, ck_quotient_up(wanted_gradient_tasks, parts));

  ck_carver carver = {0};
  ck_carve_gradient(&carver, plan, micro);
  plan->worker_scratch_bytes = ck_carved_bytes(&carver);
  ck_add_wave(plan, ck_wave_winograd_gradient, parts * plan->depth_chunks);
  if (plan->depth_chunks > 1) ck_add_reduction(plan);
}

ck_status ck_plan_winograd(
    ck_plan *plan, ck_operation operation, const ck_convolution_shape *shape, int32_t edge,
    ck_isa isa) {
  ck_status status = ck_begin_convolution(plan, operation, shape, isa);
  if (status != ck_status_ok) return status;
  if ((edge != 2 && edge != 4) || shape->stride > 2 || !fits(shape, shape->kernel_height)
      || !fits(shape, shape->kernel_width)) {
    return ck_status_unsuitable;
  }
  plan->algorithm = ck_algorithm_winograd;
  ck_winograd *winograd = &plan->winograd;
  bool convolves = operation == ck_operation_convolve;
  winograd->edge = edge;
  winograd->depth = convolves ? shape->channels : shape->filters;
  winograd->columns = operation == ck_operation_input_gradient ? shape->channels : shape->filters;
  if (operation == ck_operation_kernel_gradient) {
    plan->out_floats = (int64_t)shape->kernel_height * shape->kernel_width * shape->channels
                       * shape->filters;
    plan_gradient(plan, ck_microtile_of(isa));
  } else {
    plan_multiply(plan, ck_microtile_of(isa));
  }
  return ck_status_ok;
}
