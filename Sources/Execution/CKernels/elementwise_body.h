// The blocks' inner loops and their interpreter; included once for each instruction set, with
// CE_NAME(name) giving each build's functions their own names.

// Targets may be operands of the same instruction (the same elements, never shifted ones), which is
// why there is no `restrict`; `assume_safety` says that no element depends on another.
#define CE_LOOP(expression)                                  \
  do {                                                       \
    _Pragma("clang loop vectorize(assume_safety)")           \
    for (int64_t i = 0; i < n; i++) x[i] = (expression);     \
  } while (0)

static void CE_NAME(map)(
    const ce_instruction *instruction, float *const *registers, const float *scalars, int64_t n) {
  float *x = registers[instruction->target];
  // An index may be of a scalar; a pointer that is not one of a register is not used.
  const int32_t ia = instruction->a, ib = instruction->b, ic = instruction->c;
  const float *a, *b, *c;
  float s, t;
  switch (instruction->opcode) {
  case ce_copy: a = registers[ia]; CE_LOOP(a[i]); break;
  case ce_copy_s: s = scalars[ia]; CE_LOOP(s); break;
  case ce_negate: a = registers[ia]; CE_LOOP(-a[i]); break;
  case ce_exp: a = registers[ia]; CE_LOOP(ce_math_exp(a[i])); break;
  case ce_log: a = registers[ia]; CE_LOOP(ce_math_log(a[i])); break;
  case ce_log_plus_one: a = registers[ia]; CE_LOOP(ce_math_log_plus_one(a[i])); break;
  case ce_tanh: a = registers[ia]; CE_LOOP(ce_math_tanh(a[i])); break;
  case ce_logistic: a = registers[ia]; CE_LOOP(ce_math_logistic(a[i])); break;
  case ce_square_root: a = registers[ia]; CE_LOOP(__builtin_elementwise_sqrt(a[i])); break;
  case ce_reciprocal_square_root:
    a = registers[ia];
    CE_LOOP(1.0f / __builtin_elementwise_sqrt(a[i]));
    break;
  case ce_add: a = registers[ia]; b = registers[ib]; CE_LOOP(a[i] + b[i]); break;
  case ce_add_s: a = registers[ia]; s = scalars[ib]; CE_LOOP(a[i] + s); break;
  case ce_subtract: a = registers[ia]; b = registers[ib]; CE_LOOP(a[i] - b[i]); break;
  case ce_subtract_s: a = registers[ia]; s = scalars[ib]; CE_LOOP(a[i] - s); break;
  case ce_subtract_from_s: a = registers[ia]; s = scalars[ib]; CE_LOOP(s - a[i]); break;
  case ce_multiply: a = registers[ia]; b = registers[ib]; CE_LOOP(a[i] * b[i]); break;
  case ce_multiply_s: a = registers[ia]; s = scalars[ib]; CE_LOOP(a[i] * s); break;
  case ce_divide: a = registers[ia]; b = registers[ib]; CE_LOOP(a[i] / b[i]); break;
  case ce_divide_s: a = registers[ia]; s = scalars[ib]; CE_LOOP(a[i] / s); break;
  case ce_divide_into_s: a = registers[ia]; s = scalars[ib]; CE_LOOP(s / a[i]); break;
  case ce_maximum:
    a = registers[ia]; b = registers[ib];
    CE_LOOP(a[i] > b[i] ? a[i] : b[i]);
    break;
  case ce_maximum_s: a = registers[ia]; s = scalars[ib]; CE_LOOP(a[i] > s ? a[i] : s); break;
  case ce_maximum_of_s: a = registers[ia]; s = scalars[ib]; CE_LOOP(s > a[i] ? s : a[i]); break;
  case ce_greater:
    a = registers[ia]; b = registers[ib];
    CE_LOOP(a[i] > b[i] ? 1.0f : 0.0f);
    break;
  case ce_greater_s: a = registers[ia]; s = scalars[ib]; CE_LOOP(a[i] > s ? 1.0f : 0.0f); break;
  case ce_greater_of_s: a = registers[ia]; s = scalars[ib]; CE_LOOP(s > a[i] ? 1.0f : 0.0f); break;
  case ce_select:
    a = registers[ia]; b = registers[ib]; c = registers[ic];
    CE_LOOP(ce_math_select(a[i], b[i], c[i]));
    break;
  case ce_select_vs:
    a = registers[ia]; b = registers[ib]; t = scalars[ic];
    CE_LOOP(ce_math_select(a[i], b[i], t));
    break;
  case ce_select_sv:
    a = registers[ia]; s = scalars[ib]; c = registers[ic];
    CE_LOOP(ce_math_select(a[i], s, c[i]));
    break;
  case ce_select_ss:
    a = registers[ia]; s = scalars[ib]; t = scalars[ic];
    CE_LOOP(ce_math_select(a[i], s, t));
    break;
  case ce_multiply_add:
    a = registers[ia]; b = registers[ib]; c = registers[ic];
    CE_LOOP(a[i] * b[i] + c[i]);
    break;
  case ce_multiply_add_s:
    a = registers[ia]; s = scalars[ib]; c = registers[ic];
    CE_LOOP(a[i] * s + c[i]);
    break;
  case ce_multiply_add_vs:
    a = registers[ia]; b = registers[ib]; t = scalars[ic];
    CE_LOOP(a[i] * b[i] + t);
    break;
  case ce_reduce: break;
  }
}

// Σ a[0 ..< n]: 64 running sums, then a fixed tree, whatever the width of a vector.
static float CE_NAME(sum)(const float *a, int64_t n) {
  enum { lanes = 64 };
  float sums[lanes] = {0};
  int64_t whole = n / lanes * lanes;
  for (int64_t i = 0; i < whole; i += lanes)
    for (int64_t l = 0; l < lanes; l++) sums[l] += a[i + l];
  for (int64_t l = 0; l < n - whole; l++) sums[l] += a[whole + l];
  for (int64_t width = lanes / 2; width > 0; width /= 2)
    for (int64_t l = 0; l < width; l++) sums[l] += sums[l + width];
  return sums[0];
}

static void CE_NAME(accumulate)(float *restrict sums, const float *restrict a, int64_t n) {
  for (int64_t i = 0; i < n; i++) sums[i] += a[i];
}

static float CE_NAME(largest)(const float *a, int64_t n) {
  enum { lanes = 16 };
  float best[lanes];
  for (int64_t l = 0; l < lanes; l++) best[l] = -INFINITY;
  int64_t whole = n / lanes * lanes;
  for (int64_t i = 0; i < whole; i += lanes)
    for (int64_t l = 0; l < lanes; l++) best[l] = a[i + l] > best[l] ? a[i + l] : best[l];
  for (int64_t l = 0; l < n - whole; l++) best[l] = a[whole + l] > best[l] ? a[whole + l] : best[l];
  for (int64_t width = lanes / 2; width > 0; width /= 2)
    for (int64_t l = 0; l < width; l++)
      best[l] = best[l + width] > best[l] ? best[l + width] : best[l];
  return best[0];
}

static void CE_NAME(raise)(float *restrict best, const float *restrict a, int64_t n) {
  for (int64_t i = 0; i < n; i++) best[i] = a[i] > best[i] ? a[i] : best[i];
}

// Fills a block with elements start ..< start + n of a broadcast source.
static void CE_NAME(spread)(float *x, const ce_load *load, int64_t start, int64_t n) {
  const int64_t kept = load->kept, run = load->run, period = kept * run;
  const int64_t row = period * load->repeat;
  int64_t done = 0;
  while (done < n) {
    int64_t i = start + done, within = i % period;
    const float *source = load->source + i / row * kept;
    int64_t k = within / run;
    if (run == 1) {
      int64_t length = kept - k < n - done ? kept - k : n - done;
      memcpy(x + done, source + k, (size_t)length * sizeof(float));
      done += length;
      // The row once written is doubled rather than read again in pieces.
      if (k == 0 && load->repeat > 1 && length == kept) {
        int64_t row_end = row - i % row, limit = n - done + length;
        int64_t total = row_end < limit ? row_end : limit, filled = kept;
        float *first = x + done - length;
        while (filled < total) {
          int64_t more = filled < total - filled ? filled : total - filled;
          memcpy(first + filled, first, (size_t)more * sizeof(float));
          filled += more;
        }
        done += total - length;
      }
    } else {
      int64_t length = run - within % run;
      length = length < n - done ? length : n - done;
      float value = source[k];
      for (int64_t l = 0; l < length; l++) x[done + l] = value;
      done += length;
    }
  }
}

typedef struct CE_NAME(state) {
  float *registers[ce_maximum_registers];
  float scalars[ce_maximum_scalars];
  double results[ce_maximum_reductions];
} CE_NAME(state);

// Reductions of a block that is made of whole small segments go straight to the destination.
static void CE_NAME(reduce_segments)(
    const ce_reduction *reduction, const float *a, int64_t start, int64_t n, int64_t segment) {
  const int64_t kept = reduction->kept;
  for (int64_t s = 0; s < n; s += segment) {
    float *destination = reduction->destination + (start + s) / segment * kept;
    if (reduction->is_maximum) {
      if (kept == 1) destination[0] = CE_NAME(largest)(a + s, segment);
      else memcpy(destination, a + s, (size_t)kept * sizeof(float));
      for (int64_t i = kept; kept > 1 && i < segment; i += kept)
        CE_NAME(raise)(destination, a + s + i, kept);
      continue;
    }
    if (kept == 1) {
      destination[0] = CE_NAME(sum)(a + s, segment);
      continue;
    }
    for (int64_t k = 0; k < kept; k++) {
      double sum = 0;
      for (int64_t i = k; i < segment; i += kept) sum += a[s + i];
      destination[k] = (float)sum;
    }
  }
}

static void CE_NAME(run_block)(
    const ce_fused *fused, CE_NAME(state) *state, float *scratch, int64_t start, int64_t n) {
  for (int32_t l = 0; l < fused->load_count; l++) {
    const ce_load *load = &fused->loads[l];
    if (load->fixed) continue;
    if (load->contiguous) {
      const float *source = load->source + start;
      state->registers[load->target] = (float *)source;
      // The next block: the processor's own prefetching ends with each page of memory, which is
      // about one block.
      for (int64_t i = n; i < 2 * n; i += cache_line) __builtin_prefetch(source + i);
      continue;
    }
    float *filled = scratch + fused->registers[load->target];
    if (load->run == 1) {
      int64_t k = start % load->kept;
      if (k + n <= load->kept) {  // within one row of the source: no copy
        state->registers[load->target] =
            (float *)load->source + start / (load->kept * load->repeat) * load->kept + k;
        continue;
      }
    }
    state->registers[load->target] = filled;
    CE_NAME(spread)(filled, load, start, n);
  }
  for (int32_t s = 0; s < fused->store_count; s++)
    state->registers[fused->stores[s].target] = fused->stores[s].destination + start;

  const ce_walk *walk = &fused->walk;
  for (int32_t k = 0; k < fused->instruction_count; k++) {
    const ce_instruction *instruction = &fused->instructions[k];
    if (instruction->opcode != ce_reduce) {
      CE_NAME(map)(instruction, state->registers, state->scalars, n);
      continue;
    }
    const ce_reduction *reduction = &fused->reductions[instruction->target];
    const float *a = state->registers[instruction->a];
    if (walk->segment < walk->count && walk->segment <= walk->block)
      CE_NAME(reduce_segments)(reduction, a, start, n, walk->segment);
    else if (reduction->kept == 1) {
      double *result = &state->results[instruction->target];
      if (reduction->is_maximum) {
        float largest = CE_NAME(largest)(a, n);
        *result = largest > *result ? largest : *result;
      } else {
        *result += CE_NAME(sum)(a, n);
      }
    } else {
      float *results = scratch + reduction->accumulator
                       + start % walk->segment % walk->accumulator_length;
      if (reduction->is_maximum) CE_NAME(raise)(results, a, n);
      else CE_NAME(accumulate)(results, a, n);
    }
  }
}

// Results of one range, to `destination` [kept].
static void CE_NAME(fold)(
    const ce_fused *fused, CE_NAME(state) *state, const float *scratch, int32_t index,
    float *destination) {
  const ce_reduction *reduction = &fused->reductions[index];
  if (reduction->kept == 1) {
    destination[0] = (float)state->results[index];
    return;
  }
  const float *results = scratch + reduction->accumulator;
  const int64_t kept = reduction->kept, length = fused->walk.accumulator_length;
  memcpy(destination, results, (size_t)kept * sizeof(float));
  for (int64_t i = kept; i < length; i += kept) {
    if (reduction->is_maximum) CE_NAME(raise)(destination, results + i, kept);
    else CE_NAME(accumulate)(destination, results + i, kept);
  }
}

static void CE_NAME(run_task)(
    const ce_fused *fused, int32_t task, float *partials, float *scratch) {
  const ce_walk *walk = &fused->walk;
  CE_NAME(state) state;
  for (int32_t r = 0; r < fused->register_count; r++)
    state.registers[r] = fused->registers[r] < 0 ? NULL : scratch + fused->registers[r];
  for (int32_t s = 0; s < fused->scalar_count; s++)
    state.scalars[s] = fused->scalars[s].source ? *fused->scalars[s].source
                                                : fused->scalars[s].value;
  for (int32_t l = 0; l < fused->load_count; l++)
    if (fused->loads[l].fixed)
      CE_NAME(spread)(state.registers[fused->loads[l].target], &fused->loads[l], 0, walk->block);

  const int64_t first = task * walk->chunk;
  const int64_t last = first + walk->chunk < walk->count ? first + walk->chunk : walk->count;
  if (walk->segment < walk->count && walk->segment <= walk->block) {
    for (int64_t start = first; start < last; start += walk->block) {
      int64_t n = last - start < walk->block ? last - start : walk->block;
      CE_NAME(run_block)(fused, &state, scratch, start, n);
    }
    return;
  }
  const int64_t range = walk->segment < walk->count ? walk->segment : walk->chunk;
  for (int64_t begin = first; begin < last; begin += range) {
    const int64_t end = begin + range < last ? begin + range : last;
    for (int32_t r = 0; r < fused->reduction_count; r++) {
      const float first = fused->reductions[r].is_maximum ? -INFINITY : 0;
      state.results[r] = first;
      if (fused->reductions[r].kept > 1)
        for (int64_t i = 0; i < walk->accumulator_length; i++)
          scratch[fused->reductions[r].accumulator + i] = first;
    }
    if (walk->period <= walk->block) {
      for (int64_t start = begin; start < end; start += walk->block) {
        int64_t n = end - start < walk->block ? end - start : walk->block;
        CE_NAME(run_block)(fused, &state, scratch, start, n);
      }
    } else {
      for (int64_t row = begin; row < end; row += walk->period) {
        int64_t row_end = row + walk->period < end ? row + walk->period : end;
        for (int64_t start = row; start < row_end; start += walk->block) {
          int64_t n = row_end - start < walk->block ? row_end - start : walk->block;
          CE_NAME(run_block)(fused, &state, scratch, start, n);
        }
      }
    }
    for (int32_t r = 0; r < fused->reduction_count; r++) {
      const ce_reduction *reduction = &fused->reductions[r];
      float *destination = walk->segment < walk->count
          ? reduction->destination + begin / walk->segment * reduction->kept
          : partials + reduction->partials + task * reduction->kept;
      CE_NAME(fold)(fused, &state, scratch, r, destination);
    }
  }
}

#undef CE_LOOP
