/// Chains of elementwise operations, reductions and strided copies, in float32.
///
/// A fused step makes one pass over an index space of `count` elements. The space is cut into
/// blocks that fit the first-level cache; each block is run through a short program of vector
/// instructions whose registers are blocks. Results are stored or reduced. How the space is split
/// into tasks depends on the shapes alone, and every sum has a fixed order, so the output has the
/// same bits for any number of threads.
#pragma once

#include <stddef.h>
#include <stdbool.h>
#include <stdint.h>

#include "ckernels.h"

#ifdef __cplusplus
extern "C" {
#endif

// ---------------------------------------------------------------------------------------------
// Instructions

/// What an instruction does to its registers; s stands for an operand from the table of scalars.
typedef enum CK_ENUM ce_opcode {
  ce_copy,  ///< x = a
  ce_copy_s,
  ce_negate,
  ce_exp,
  ce_log,
  ce_log_plus_one,
  ce_tanh,
  ce_logistic,
  ce_square_root,
  ce_reciprocal_square_root,
  ce_add,  ///< x = a + b
  ce_add_s,
  ce_subtract,
  ce_subtract_s,       ///< x = a − s
  ce_subtract_from_s,  ///< x = s − a
  ce_multiply,
  ce_multiply_s,
  ce_divide,
  ce_divide_s,
  ce_divide_into_s,  ///< x = s / a
  ce_maximum,        ///< x = a > b ? a : b
  ce_maximum_s,      ///< x = a > s ? a : s
  ce_maximum_of_s,   ///< x = s > a ? s : a
  ce_greater,
  ce_greater_s,
  ce_greater_of_s,
  ce_select,     ///< x = a ≠ 0 ? b : c
  ce_select_vs,  ///< c is a scalar
  ce_select_sv,  ///< b is a scalar
  ce_select_ss,
  ce_multiply_add,     ///< x = a · b + c
  ce_multiply_add_s,   ///< x = a · s + c
  ce_multiply_add_vs,  ///< x = a · b + s
  ce_reduce,           ///< adds register a to the sums numbered `target`
} ce_opcode;

/// Registers `a`, `b`, `c` and `target` are indices of registers, of scalars, or of reductions,
/// depending on the opcode.
typedef struct ce_instruction {
  ce_opcode opcode;
  int32_t target, a, b, c;
} ce_instruction;

/// A register that shows memory: element (i, j, k, l) of the index space [repeats of the pattern]
/// reads source[i, k], where j < `repeat` and l < `run`, and i, k range over what the source has.
typedef struct ce_load {
  const float *source;
  int32_t target;
  int32_t contiguous;  ///< source and index space are the same
  int32_t fixed;       ///< the same in every block: filled once for each task
  int64_t repeat;      ///< j: how often the row of `kept` elements comes again
  int64_t kept;        ///< k
  int64_t run;         ///< l: how often each single element comes again
} ce_load;

/// A number for all elements: `value`, or what `source` points to.
typedef struct ce_scalar {
  const float *source;
  float value;
} ce_scalar;

/// A register that is written to memory.
typedef struct ce_store {
  float *destination;
  int32_t target;
} ce_store;

/// Sums, or largest numbers, over the index space seen as [segments, repeat, kept]: destination
/// [segments, kept].
typedef struct ce_reduction {
  float *destination;
  int64_t kept;
  int64_t accumulator;  ///< offset of its running results in the worker's scratch, in floats
  int64_t partials;     ///< offset of its [tasks, kept] partial results in the shared scratch, floats
  bool is_maximum;
} ce_reduction;

// ---------------------------------------------------------------------------------------------
// Steps

/// How the index space is walked. A range is what is summed up by itself: a whole segment, or one
/// chunk where there is only one segment.
typedef struct ce_walk {
  int64_t count;    ///< elements in all
  int64_t segment;  ///< elements of a segment; count where there is one
  int64_t chunk;    ///< elements of a task; whole segments where there are several
  int64_t block;    ///< elements of a block; whole segments where they are small
  int64_t period;   ///< where it is above `block`: blocks do not cross its multiples
  int64_t accumulator_length;
  int32_t tasks;
} ce_walk;

/// A fused step. The arrays belong to whoever made it.
typedef struct ce_fused {
  ce_walk walk;
  ck_isa isa;
  int32_t register_count, load_count, scalar_count, store_count, reduction_count;
  int32_t instruction_count;
  const ce_load *loads;
  const ce_scalar *scalars;
  const ce_store *stores;
  const ce_reduction *reductions;
  const ce_instruction *instructions;
  /// For each register the offset of its block in the worker's scratch in floats, or −1 where it
  /// shows memory directly.
  const int64_t *registers;
} ce_fused;

enum { ce_maximum_registers = 320, ce_maximum_scalars = 256, ce_maximum_reductions = 64 };

/// Runs one task. `partials` is the step's shared scratch, `scratch` the worker's own.
void ce_fused_run(const ce_fused *fused, int32_t task, float *partials, float *scratch);

/// Combines the partial results of all tasks, after they have all returned.
void ce_fused_finish(const ce_fused *fused, const float *partials);

// ---------------------------------------------------------------------------------------------
// Copies

enum { ce_maximum_rank = 8 };

/// destination[offset + Σ index·stride] = source[offset + Σ index·stride] for all indices.
typedef struct ce_copy_plan {
  int32_t rank;
  int64_t size[ce_maximum_rank];
  int64_t source_stride[ce_maximum_rank];
  int64_t destination_stride[ce_maximum_rank];
  int64_t source_offset, destination_offset;
  /// Rows along the outermost axis of one task; a task is a fixed part of the copy.
  int64_t rows_per_task;
  int32_t tasks;
} ce_copy_plan;

/// Copies the rows of one task.
void ce_copy_run(const ce_copy_plan *plan, int32_t task, const float *source, float *destination);

/// Sets `count` elements to `value`.
void ce_fill(float *destination, int64_t count, float value);

#ifdef __cplusplus
}
#endif
