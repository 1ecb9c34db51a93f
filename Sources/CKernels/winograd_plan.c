#include "winograd.h"

enum {
  /// Tiles that a kernel gradient sums at once.
  gradient_tiles = 128,
  /// Groups of rows and panels of columns of one of its tasks: the more, the less often the maps are
  /// transformed again.
  most_groups = 2,
  most_panels = 4,
  least_gradient_tasks = 4,
  /// Transformed tiles that all its tasks share: more would not stay in a third-level cache.
  most_shared_bytes = 24 << 20,
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

/// Each task sums some rows and columns of one phase over all tiles, a block of tiles at a time. All
/// phases read the same V of the small map, which is made once, if it is not too large.
static void plan_gradient(ck_plan *plan, ck_tile tile) {
  ck_winograd *winograd = &plan->winograd;
  int32_t positions = ck_span(plan) * ck_span(plan);
  int32_t panels = ck_quotient_up(winograd->columns, tile.columns);
  int32_t groups = ck_quotient_up(plan->shape.channels, ck_row_group(tile));
  int32_t phases = plan->shape.stride * plan->shape.stride;
  winograd->blocks = ck_quotient_up(winograd->tiles, gradient_tiles);
  winograd->tile_block = ck_quotient_up(winograd->tiles, winograd->blocks);
  winograd->groups_per_task = winograd->panels_per_task = 1;
  while (winograd->panels_per_task < most_panels
         && ck_quotient_up(panels, 2 * winograd->panels_per_task) * groups * phases
                >= least_gradient_tasks) {
    winograd->panels_per_task *= 2;
  }
  int32_t panel_parts = ck_quotient_up(panels, winograd->panels_per_task);
  while (winograd->groups_per_task < most_groups
         && ck_quotient_up(groups, 2 * winograd->groups_per_task) * panel_parts * phases
                >= least_gradient_tasks) {
    winograd->groups_per_task *= 2;
  }
  int32_t tasks = panel_parts * ck_quotient_up(groups, winograd->groups_per_task) * phases;
  ptrdiff_t large = (ptrdiff_t)winograd->tile_block * ck_row_group(tile) + ck_winograd_gap;
  ptrdiff_t small = (ptrdiff_t)winograd->tile_block * tile.columns + ck_winograd_gap;
  ptrdiff_t sums = (ptrdiff_t)ck_row_group(tile) * tile.columns + ck_winograd_gap;
  ptrdiff_t floats = winograd->groups_per_task * large
                     + winograd->groups_per_task * winograd->panels_per_task * sums;
  // How often V would be made, if each task made what it needs.
  int32_t uses = phases * ck_quotient_up(groups, winograd->groups_per_task);
  size_t shared_bytes = (size_t)winograd->blocks * (size_t)panels * (size_t)(positions * small)
                        * sizeof(float);
  winograd->shared = uses > 1 && shared_bytes <= most_shared_bytes;
  if (winograd->shared) {
    plan->scratch_bytes = shared_bytes;
    ck_add_phase(plan, ck_phase_winograd_gradient_tiles, winograd->blocks * panels);
  } else {
    floats += winograd->panels_per_task * small;
  }
  plan->worker_scratch_bytes = (size_t)(positions * floats) * sizeof(float);
  ck_add_phase(plan, ck_phase_winograd_gradient, tasks);
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
    plan_gradient(plan, ck_tile_of(isa));
  } else {
    plan_multiply(plan, ck_tile_of(isa));
  }
  return ck_status_ok;
}
