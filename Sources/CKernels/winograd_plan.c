#include "winograd.h"

enum {
  /// Tiles that a kernel gradient sums at once. With 64 in place of 128 it takes up to a seventh
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

ck_phase ck_winograd_phase(const ck_plan *plan, int32_t index) {
  int32_t stride = plan->shape.stride;
  ck_phase phase = {0};
  for (int32_t i = 0; i <= index; i++) {
    phase.first_slot += i > 0 ? ck_phase_slots(&phase) : 0;
    phase.phase_y = i / stride;
    phase.phase_x = i % stride;
    phase.y = axis_of(plan, phase.phase_y, plan->shape.kernel_height, ck_span(plan));
    phase.x = axis_of(plan, phase.phase_x, plan->shape.kernel_width, ck_span(plan));
  }
  return phase;
}

/// Whether every tap is one of the three that each phase has.
static bool fits(const ck_convolution_shape *shape, int32_t kernel) {
  // Taps of all phases and o = −1, 0, 1: padding − stride ... padding + 2·stride − 1
  return shape->padding - shape->stride <= 0
         && shape->padding + 2 * shape->stride - 1 >= kernel - 1;
}

/// Blocks of tiles: transformed, multiplied with all weights and transformed back by one task where
/// there are many, so that they stay in its caches; else transformed first, and each task makes some
/// columns of the result.
static void plan_multiply(ck_plan *plan, ck_tile tile) {
  ck_winograd *winograd = &plan->winograd;
  int32_t limit = 8 * tile.rows;
  winograd->blocks = ck_quotient_up(winograd->tiles, limit);
  winograd->tile_block = (int32_t)ck_rounded_up(
      ck_quotient_up(winograd->tiles, winograd->blocks), tile.rows);
  winograd->blocks = ck_quotient_up(winograd->tiles, winograd->tile_block);
  winograd->shared = winograd->blocks < ck_wanted_tasks / 2;
  int32_t positions = ck_span(plan) * ck_span(plan);
  ptrdiff_t floats = ck_winograd_taps * ck_winograd_taps * ck_winograd_depth * tile.columns
                     + positions * ck_weights_stride(tile)
                     + positions * ck_sums_stride(plan, tile);
  if (winograd->shared) {
    plan->scratch_bytes =
        (size_t)winograd->blocks * (size_t)ck_block_values(plan) * sizeof(float);
    ck_add_phase(
        plan, ck_phase_winograd_tiles,
        winograd->blocks * ck_quotient_up(winograd->depth, ck_winograd_depth));
    ck_add_phase(
        plan, ck_phase_winograd_multiply,
        winograd->blocks * ck_quotient_up(winograd->columns, tile.columns));
  } else {
    floats += ck_block_values(plan);
    ck_add_phase(plan, ck_phase_winograd_multiply, winograd->blocks);
  }
  plan->worker_scratch_bytes = (size_t)floats * sizeof(float);
}

/// Each task sums some rows and columns over all tiles, or over a chunk of them, a block at a time.
static void plan_gradient(ck_plan *plan, ck_tile tile) {
  ck_winograd *winograd = &plan->winograd;
  const ck_convolution_shape *shape = &plan->shape;
  int32_t panels = ck_quotient_up(shape->filters, tile.columns);
  int32_t groups = ck_quotient_up(shape->channels, ck_row_group(tile));
  winograd->panels_per_task = ck_minimum(panels, ck_widest_part / tile.columns);
  winograd->groups_per_task = ck_minimum(groups, ck_widest_part / ck_row_group(tile));
  int32_t parts = ck_quotient_up(panels, winograd->panels_per_task)
                  * ck_quotient_up(groups, winograd->groups_per_task);
  int32_t least_blocks = ck_minimum(
      ck_quotient_up(least_gradient_tasks, parts),
      ck_quotient_up(winograd->tiles, least_gradient_tiles));
  winograd->blocks =
      ck_maximum(ck_quotient_up(winograd->tiles, gradient_tiles), least_blocks);
  winograd->tile_block = ck_quotient_up(winograd->tiles, winograd->blocks);
  winograd->blocks = ck_quotient_up(winograd->tiles, winograd->tile_block);
  plan->depth_chunks =
      ck_minimum(winograd->blocks, ck_quotient_up(wanted_gradient_tasks, parts));

  int32_t positions = ck_span(plan) * ck_span(plan);
  int32_t pairs = winograd->groups_per_task * winograd->panels_per_task;
  bool kept = winograd->blocks > plan->depth_chunks;
  ptrdiff_t large = (ptrdiff_t)winograd->tile_block * ck_row_group(tile) + ck_winograd_gap;
  ptrdiff_t small = (ptrdiff_t)winograd->tile_block * tile.columns + ck_winograd_gap;
  ptrdiff_t sums = (ptrdiff_t)ck_row_group(tile) * tile.columns + ck_winograd_gap;
  ptrdiff_t floats =
      positions * (winograd->groups_per_task * large + winograd->panels_per_task * small)
      + (kept ? winograd->slots * pairs : positions) * sums;
  plan->worker_scratch_bytes = (size_t)floats * sizeof(float);
  ck_add_phase(plan, ck_phase_winograd_gradient, parts * plan->depth_chunks);
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
  int32_t grid_height =
      convolves ? plan->output_height : ck_quotient_up(shape->height, shape->stride);
  int32_t grid_width =
      convolves ? plan->output_width : ck_quotient_up(shape->width, shape->stride);
  winograd->edge = edge;
  winograd->tiles_y = ck_quotient_up(grid_height, edge);
  winograd->tiles_x = ck_quotient_up(grid_width, edge);
  winograd->tiles = shape->batch * winograd->tiles_y * winograd->tiles_x;
  ck_phase last = ck_winograd_phase(plan, shape->stride * shape->stride - 1);
  winograd->slots = last.first_slot + ck_phase_slots(&last);
  winograd->depth = convolves ? shape->channels : shape->filters;
  winograd->columns = operation == ck_operation_input_gradient ? shape->channels : shape->filters;
  if (operation == ck_operation_kernel_gradient) {
    plan->out_floats = (int64_t)shape->kernel_height * shape->kernel_width * shape->channels
                       * shape->filters;
    plan_gradient(plan, ck_tile_of(isa));
  } else {
    plan_multiply(plan, ck_tile_of(isa));
  }
  return ck_status_ok;
}
