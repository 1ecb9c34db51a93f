// Vectors of LANES floats, and copies that never touch a byte outside of their range.

typedef float vector __attribute__((vector_size(LANES * sizeof(float))));

INLINE vector load(const float *from) {
  vector value;
  memcpy(&value, from, sizeof value);
  return value;
}

INLINE void store(float *to, vector value) { memcpy(to, &value, sizeof value); }

typedef int32_t integer_vector __attribute__((vector_size(LANES * sizeof(int32_t))));

#if LANES == 16
static const integer_vector lane_numbers = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
#elif LANES == 8
static const integer_vector lane_numbers = {0, 1, 2, 3, 4, 5, 6, 7};
#else
static const integer_vector lane_numbers = {0, 1, 2, 3};
#endif

/// The value in lanes low ..< high, 0 in the others.
INLINE vector keep_lanes(vector value, int32_t low, int32_t high) {
  integer_vector kept = (lane_numbers >= low) & (lane_numbers < high);
  return (vector)((integer_vector)value & kept);
}

/// Copies a few to a few hundred floats: whole vectors, then one that overlaps them for the rest.
INLINE void copy_floats(float *restrict to, const float *restrict from, int32_t count) {
  int32_t i = 0;
  if (count >= LANES) {
    for (; i + LANES <= count; i += LANES) store(to + i, load(from + i));
    if (i < count) store(to + count - LANES, load(from + count - LANES));
    return;
  }
  if (LANES > 8 && count >= 8) {
    memcpy(to, from, 8 * sizeof(float));
    memmove(to + count - 8, from + count - 8, 8 * sizeof(float));
    return;
  }
  if (LANES > 4 && count >= 4) {
    memcpy(to, from, 4 * sizeof(float));
    memmove(to + count - 4, from + count - 4, 4 * sizeof(float));
    return;
  }
  for (; i < count; i++) to[i] = from[i];
}

INLINE void zero_floats(float *to, int32_t count) {
  int32_t i = 0;
  vector zero = {0};
  for (; i + LANES <= count; i += LANES) store(to + i, zero);
  for (; i < count; i++) to[i] = 0;
}

/// Asks for a range that may lie outside of its array: such an address is never read.
INLINE void prefetch_floats(const float *base, ptrdiff_t first, int32_t count) {
  enum { line = 16 };
  uintptr_t address = (uintptr_t)base + (uintptr_t)first * sizeof(float);
  for (int32_t i = 0; i < count + line - 1; i += line) {
    __builtin_prefetch((const void *)(address + (uintptr_t)i * sizeof(float)), 0, 2);
  }
}

/// Asks for a range that will be written soon; the address may lie outside of its array.
INLINE void prefetch_for_writing(float *base, ptrdiff_t first, int32_t count) {
  enum { line = 16 };
  uintptr_t address = (uintptr_t)base + (uintptr_t)first * sizeof(float);
  for (int32_t i = 0; i < count; i += line) {
    __builtin_prefetch((void *)(address + (uintptr_t)i * sizeof(float)), 1);
  }
}

/// The lower and the upper halves of a and b, alternating: a0 b0 a1 b1 …
#if LANES == 16
#define INTERLEAVED_LOW(a, b) \
  __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
#define INTERLEAVED_HIGH(a, b) \
  __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
#elif LANES == 8
#define INTERLEAVED_LOW(a, b) __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11)
#define INTERLEAVED_HIGH(a, b) __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15)
#else
#define INTERLEAVED_LOW(a, b) __builtin_shufflevector(a, b, 0, 4, 1, 5)
#define INTERLEAVED_HIGH(a, b) __builtin_shufflevector(a, b, 2, 6, 3, 7)
#endif

/// to[j·to_stride + i] = from[i·from_stride + j] for i, j in 0 ..< LANES.
///
/// Interleaving row i with row i + LANES/2 moves the row's number one bit into the lane's; after
/// log2(LANES) rounds they have changed places.
INLINE void transpose_square(
    float *to, ptrdiff_t to_stride, const float *from, ptrdiff_t from_stride) {
  vector even[LANES], odd[LANES];
#pragma clang loop unroll(full)
  for (int i = 0; i < LANES; i++) even[i] = load(from + i * from_stride);
#pragma clang loop unroll(full)
  for (int width = 1; width < LANES; width *= 2) {
#pragma clang loop unroll(full)
    for (int i = 0; i < LANES / 2; i++) {
      odd[2 * i] = INTERLEAVED_LOW(even[i], even[i + LANES / 2]);
      odd[2 * i + 1] = INTERLEAVED_HIGH(even[i], even[i + LANES / 2]);
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < LANES; i++) even[i] = odd[i];
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < LANES; i++) store(to + i * to_stride, even[i]);
}
