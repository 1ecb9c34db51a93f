/// What the plans of a convolution cost, counted.
#include "winograd.h"

/// Values of a map that the caches hold.
enum { cached_values = 1 << 20 };

/// Pairs of an output position and a tap that meet inside of the map, along one axis.
static double pairs(int32_t outputs, int32_t size, int32_t kernel, int32_t stride, int32_t padding) {
  int64_t sum = 0;
  for (int32_t output = 0; output < outputs; output++) {
    int64_t start = (int64_t)output * stride - padding;
    int64_t first = start > 0 ? start : 0, end = start + kernel < size ? start + kernel : size;
    if (end > first) sum += end - first;
  }
  return (double)sum;
}

static double quotient_up(double value, double divisor) {
  double quotient = value / divisor;
  double whole = (double)(int64_t)quotient;
  return whole < quotient ? whole + 1 : whole;
}

static double padded(double count, ck_microtile micro) {
  return quotient_up(count, micro.lanes) * micro.lanes;
}

/// Each part of the result transforms both maps for itself: all slots of x, but of dy only the
/// positions, which the phases share. Each chunk and each size of the tiles makes all taps.
static void count_gradient(const ck_plan *plan, ck_microtile micro, ck_costs *costs) {
  const ck_winograd *winograd = &plan->winograd;
  const ck_convolution_shape *shape = &plan->shape;
  double channels = shape->channels, filters = shape->filters;
  double panel_parts = quotient_up(filters, (double)micro.columns * winograd->panels_per_task);
  double group_parts =
      quotient_up(channels, (double)ck_row_group(micro) * winograd->groups_per_task);
  double makings = ck_maximum(plan->depth_chunks, winograd->tiling_count);
  double values = (double)shape->batch * shape->height * shape->width * channels;
  costs->products =
      (double)winograd->tile_slots * padded(channels, micro) * padded(filters, micro);
  costs->transformed_values =
      (double)winograd->tile_slots * channels * panel_parts
      + (double)winograd->tiles * ck_most_positions(plan) * filters * group_parts;
  costs->transformed_weights = (double)winograd->slots * channels * filters * makings;
  costs->uncached_reads = values <= cached_values ? 0 : values * panel_parts;
}

ck_costs ck_costs_of(const ck_plan *plan) {
  const ck_convolution_shape *shape = &plan->shape;
  const ck_winograd *winograd = &plan->winograd;
  ck_microtile micro = ck_microtile_of(plan->isa);
  double pixels = (double)shape->batch * plan->output_height * plan->output_width;
  ck_costs costs = {
      .written_products = pixels * shape->kernel_height * shape->kernel_width * shape->channels
                          * shape->filters,
  };
  if (plan->algorithm != ck_algorithm_winograd) {
    costs.needed_products =
        (double)shape->batch * shape->channels * shape->filters
        * pairs(plan->output_height, shape->height, shape->kernel_height, shape->stride,
                shape->padding)
        * pairs(plan->output_width, shape->width, shape->kernel_width, shape->stride,
                shape->padding);
    costs.products = costs.needed_products;
    return costs;
  }
  costs.winograd_edge = winograd->edge;
  costs.needed_products = (double)winograd->tile_slots * shape->channels * shape->filters;
  if (plan->operation == ck_operation_kernel_gradient) {
    count_gradient(plan, micro, &costs);
    return costs;
  }
  double depth = winograd->depth, columns = winograd->columns;
  costs.products = (double)winograd->filled_slots * depth * padded(columns, micro);
  costs.transformed_values = (double)winograd->tile_slots * (depth + columns);
  costs.transformed_weights = (double)winograd->block_slots * depth * columns;
  return costs;
}
