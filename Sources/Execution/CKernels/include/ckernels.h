/// The inner loops of convolution and matrix multiplication, in float32.
///
/// An operation is planned once, from its shapes: `ck_plan_convolution` or `ck_plan_matmul` fills a
/// flat `ck_plan`. It is then run any number of times with `ck_run`, one call for each task.
///
/// The kernels create no threads and allocate no memory. A plan has waves, a wave has tasks. The
/// tasks of one wave are independent: any thread may run any of them in any order. All tasks of a
/// wave must have returned before the first task of the next wave starts. How the work is split
/// depends on the shapes and the instruction set alone, and every sum has a fixed order, so the
/// output has the same bits for any number of threads.
///
/// Arrays are row-major and contiguous, and need only the alignment of a float:
///   maps     x  [N, H, W, C]      y  [N, H', W', F]
///   kernel   w  [KH, KW, C, F],   H' = ⌊(H + 2·padding − KH) / stride⌋ + 1, W' likewise
/// The kernel is not flipped. Nothing may alias: inputs, output and scratch are separate memory.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__clang__)
#define CK_ENUM __attribute__((enum_extensibility(closed)))
#else
#define CK_ENUM
#endif

#ifdef __cplusplus
extern "C" {
#endif

// ---------------------------------------------------------------------------------------------
// Instruction sets

/// The builds of the inner loops. Each processor family has the portable one.
typedef enum CK_ENUM ck_isa {
  ck_isa_portable = 0,  ///< vectors of 4: SSE2, NEON
  ck_isa_avx2 = 1,      ///< vectors of 8, with FMA
  ck_isa_avx512 = 2,    ///< vectors of 16
} ck_isa;

/// Whether this processor can run that build.
bool ck_isa_available(ck_isa isa);

/// The widest build that this processor can run.
ck_isa ck_best_isa(void);

// ---------------------------------------------------------------------------------------------
// Plans

/// What is computed. In `ck_run`, `left` and `right` are read, `out` is overwritten completely.
typedef enum CK_ENUM ck_operation {
  /// y[n,i,j,f] = Σ x[n, i·stride − padding + ky, j·stride − padding + kx, c] · w[ky,kx,c,f]
  /// left x, right w, out y.
  ck_operation_convolve = 0,
  /// The gradient of `convolve` to x, and the transposed convolution from F to C channels.
  /// left dy [N, H', W', F], right w, out dx [N, H, W, C].
  ck_operation_input_gradient = 1,
  /// The gradient of `convolve` to w.
  /// left x, right dy, out dw [KH, KW, C, F].
  ck_operation_kernel_gradient = 2,
  /// out [M, N] = op(left) · op(right)
  ck_operation_matmul = 3,
} ck_operation;

/// How it is computed.
typedef enum CK_ENUM ck_algorithm {
  /// Blocks of patches are packed and multiplied with panels of the other operand. The input
  /// gradient is made in stride × stride phases, each with the kernel's taps of one parity.
  ck_algorithm_patches = 0,
  /// For input gradients with few channels C: all taps of a pixel are one product
  /// [pixels, F] · [F, KH·KW·C], and each output pixel gathers its taps from there.
  ck_algorithm_taps = 1,
  /// Winograd's F(m × m, 3 × 3) on each of the stride × stride phases: see docs/winograd.md.
  ck_algorithm_winograd = 2,
  /// For input gradients with few pixels: dot products along F, for which no kernel is packed.
  ck_algorithm_dots = 3,
  /// For `convolve` and the kernel gradient with few channels C: windows are read in place, from
  /// padded copies of some rows.
  ck_algorithm_windows = 4,
} ck_algorithm;

/// The sizes of a convolution; H and W are those of the larger map, x.
typedef struct ck_convolution_shape {
  int32_t batch;          ///< N
  int32_t height;         ///< H
  int32_t width;          ///< W
  int32_t channels;       ///< C, of x
  int32_t filters;        ///< F, of y
  int32_t kernel_height;  ///< KH
  int32_t kernel_width;   ///< KW
  int32_t stride;         ///< of both axes
  int32_t padding;        ///< zeros before and after both axes
} ck_convolution_shape;

/// The sizes of `batch` products, one behind the other in each array:
/// out [rows, columns] = op(left) [rows, depth] · op(right) [depth, columns].
typedef struct ck_matmul_shape {
  int32_t batch;
  int32_t rows, depth, columns;
  bool left_transposed;   ///< left is stored as [depth, rows]
  bool right_transposed;  ///< right is stored as [columns, depth]
} ck_matmul_shape;

/// Why an operation could not be planned.
typedef enum CK_ENUM ck_status {
  ck_status_ok = 0,
  ck_status_bad_shape = 1,        ///< a size or the stride below 1, or the padding below 0
  ck_status_empty_output = 2,     ///< the kernel is larger than the padded map
  ck_status_too_large = 3,        ///< an array of 2³¹ elements or more
  ck_status_isa_unavailable = 4,  ///< this processor cannot run that build
  ck_status_unsuitable = 5,       ///< the algorithm is not for this kernel, stride and padding
} ck_status;

enum { ck_maximum_waves = 3, ck_alignment = 64 };

/// A range of n·length elements (n segments) cut into blocks; no block is longer than some limit.
/// Either a block is part of one segment, or some whole segments.
typedef struct ck_blocks {
  int32_t segment_length, segment_count;
  int32_t block_length;        ///< of one part of a segment; 0 where blocks are whole segments
  int32_t blocks_per_segment;  ///< 1 where blocks are whole segments
  int32_t segments_per_block;
  int32_t count;               ///< of blocks
} ck_blocks;

/// Tiles of one size, m_y × m_x pixels, side by side on a part of every image's grid.
typedef struct ck_tiling {
  int32_t edge_y, edge_x;       ///< m_y, m_x: both 2, or each 3 or 4
  int32_t first_y, first_x;     ///< the pixel of the grid where the part begins
  int32_t tiles_y, tiles_x;     ///< of one image
  int32_t tiles;                ///< of all images
  int32_t slots;                ///< products that do not vanish, for one tile and pair of channels
  int32_t tile_block;           ///< tiles that are multiplied together
  int32_t first_block, blocks;  ///< of tiles
} ck_tiling;

enum {
  ck_maximum_tilings = 4,
  /// Transforming a weight for a block of tiles costs as much as multiplying so many tiles with it.
  ck_tiles_per_weight = 16,
};

/// How `ck_algorithm_winograd` cuts an operation on a grid of [N, …, …] pixels.
typedef struct ck_winograd {
  int32_t edge;              ///< m of the largest tiles, 2 or 4
  int32_t tiling_count;      ///< 1 … ck_maximum_tilings
  ck_tiling tilings[ck_maximum_tilings];
  int32_t blocks;            ///< of tiles, of all tilings
  int32_t tile_block;        ///< tiles of the largest block
  int32_t slots;             ///< of the tiling that has most
  int64_t tiles;             ///< of all tilings
  int64_t tile_slots;        ///< slots of all tiles: products for each pair of channels
  int64_t filled_slots;      ///< the same with blocks filled up to whole microtiles
  int64_t block_slots;       ///< slots of all blocks: values that each weight is transformed to
  int32_t depth, columns;    ///< channels that are summed over, channels of the result
  bool shared;               ///< transformed tiles lie in `scratch`, for all tasks of
  int32_t blocks_per_round;  ///< so many blocks
  int32_t groups_per_task;   ///< of rows, and
  int32_t panels_per_task;   ///< of columns, in a kernel gradient
} ck_winograd;

/// An operation ready to run: a flat value, valid as long as the program runs, on this machine.
typedef struct ck_plan {
  ck_operation operation;
  ck_algorithm algorithm;
  ck_isa isa;
  int32_t wave_count;                    ///< of one round: 1 … ck_maximum_waves
  int32_t task_count[ck_maximum_waves];  ///< of each wave
  int32_t rounds;  ///< how often all waves are run, the first to the last, with the same scratch
  /// Bytes of `scratch`: one block of memory for the whole operation, shared by its tasks. It need
  /// not be initialised, must be aligned to `ck_alignment`, and must be kept from the first wave
  /// to the last. May be 0.
  size_t scratch_bytes;
  /// Bytes of `worker_scratch`: memory of its own for each thread, aligned to `ck_alignment`, whose
  /// contents need not be initialised and are not kept from one task to the next.
  size_t worker_scratch_bytes;

  // The rest is for the kernels.
  ck_convolution_shape shape;
  ck_matmul_shape matmul;
  int32_t output_height, output_width;
  bool depth_is_grid;   ///< the sum runs over pixels (kernel gradient), not over the kernel's taps
  bool right_transposed;
  bool position_major;  ///< pixels in the order (row, column, image), not (image, row, column)
  bool panels_packed;   ///< by the first wave, not by each task for itself
  int32_t wave_kind[ck_maximum_waves];
  int32_t row_blocks, column_blocks, columns_per_block;
  int32_t depth_chunks;  ///< partial results that the last wave adds up, if above 1
  // `ck_algorithm_windows`: rows of y, of all images; of one task, and at once.
  // `ck_algorithm_taps`: blocks of `stride` rows of x.
  ck_blocks bands;
  int32_t strip_rows;
  int64_t out_floats;
  ck_winograd winograd;
} ck_plan;

/// Plans an operation of a convolution.
ck_status ck_plan_convolution(
    ck_plan *plan, ck_operation operation, const ck_convolution_shape *shape, ck_isa isa);

/// Plans an operation of a convolution by Winograd's algorithm, F(edge × edge, 3 × 3).
///
/// With `edge` 4 there are tiles of 3 next to those of 4 where a size is no multiple of 4 and the
/// operation takes fewer products that way.
///
/// `edge` is 4 (3.3 times fewer multiplications for a 5 × 5 kernel, rounds at 5e-6) or 2 (2 times,
/// 7e-7). Each output pixel may meet the input pixels of at most three neighbouring windows of
/// stride × stride along an axis: kernels 5 and 6 with stride 2 and padding 2; 3 and 4 with stride 2
/// and padding 1; 3 with stride 1 and padding 1. All others are `ck_status_unsuitable`.
ck_status ck_plan_winograd(
    ck_plan *plan, ck_operation operation, const ck_convolution_shape *shape, int32_t edge,
    ck_isa isa);

/// Plans one or more matrix multiplications of the same sizes.
ck_status ck_plan_matmul(ck_plan *plan, const ck_matmul_shape *shape, ck_isa isa);

/// What a planned operation of a convolution does, counted: what a cost model weighs.
typedef struct ck_costs {
  double written_products;     ///< multiply-adds of the formula as it is written
  double needed_products;      ///< those that the algorithm cannot leave out: direct convolutions
                               ///< skip what only meets padding, Winograd's algorithm makes slots
  double products;             ///< the same, filled up to whole vectors and microtiles
  double transformed_values;   ///< transforms of one channel of a tile, per position
  double transformed_weights;  ///< transforms of one weight for a block of tiles, per position
  double uncached_reads;       ///< values of a map that no cache holds, read again for each part
  int32_t winograd_edge;       ///< of the largest tiles; 0 for direct convolutions
} ck_costs;

/// Of a plan of `ck_plan_convolution` or `ck_plan_winograd`.
ck_costs ck_costs_of(const ck_plan *plan);

/// Runs one task of wave 0 ..< wave_count · rounds. See `ck_operation` for left, right and out, `ck_plan` for the rest.
void ck_run(
    const ck_plan *plan, int32_t wave, int32_t task, const float *left, const float *right,
    float *out, void *scratch, void *worker_scratch);

#ifdef __cplusplus
}
#endif
