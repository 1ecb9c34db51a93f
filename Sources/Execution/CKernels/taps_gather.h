// Gathering: each pixel of an input gradient adds up the taps that reach it.
//
// Along an axis, position u = x + padding of the result meets tap k of pixel o of dy where
// u = o·stride + k. The positions m·stride ..< (m + 1)·stride are block m. With
//   shifts = ⌈K / stride⌉
// it meets, for each t in 0 ..< shifts, pixel m − t with the taps t·stride ..< (t + 1)·stride: of
// K = 4 with stride 2 the pixels m (taps 0, 1) and m − 1 (taps 2, 3). A row of dy has shifts − 1
// pixels of zeros at either end, so every block of a row gathers the same way:
//   result[m·block + i] = Σ_rows Σ_t row[(m − t)·slot + t·block + i],   block = stride·C

/// 8 floats, whatever the width of a vector.
typedef float octet __attribute__((vector_size(32)));
typedef int32_t octet_mask __attribute__((vector_size(32)));

/// Gathers floats i of all blocks, i in 0 ..< 8. Of the last pixel of a block only `rest` floats
/// belong to the row of the kernel.
INLINE void gather_octets(
    const int rows, const int shifts, const float *const *from, ptrdiff_t slot, int32_t block,
    int32_t rest, int32_t blocks, float *to) {
  int32_t lanes[8];
  for (int32_t i = 0; i < 8; i++) lanes[i] = i < rest ? -1 : 0;
  octet_mask kept;
  memcpy(&kept, lanes, sizeof kept);
  for (int32_t m = 0; m < blocks; m++) {
    octet sum = {0};
    for (int row = 0; row < rows; row++) {
      const float *taps = from[row] + m * slot;
      for (int t = 0; t < shifts; t++) {
        octet value;
        memcpy(&value, taps, sizeof value);
        if (t == shifts - 1) value = (octet)((octet_mask)value & kept);
        sum += value;
        taps += block - slot;
      }
    }
    memcpy(to, &sum, sizeof sum);
    to += block;
  }
}

/// Gathers a row of the result, `blocks` blocks, from rows of dy. What an octet writes beyond its
/// block is overwritten by the next block, or lies in the 8 floats after the last.
static void gather_row(
    int32_t rows, int32_t shifts, const float *const *from, ptrdiff_t slot, int32_t block,
    int32_t rest, int32_t blocks, float *to) {
  if (block <= 8 && rows == 2 && shifts == 2) {
    gather_octets(2, 2, from, slot, block, rest, blocks, to);
  } else if (block <= 8 && rows == 2 && shifts == 3) {
    gather_octets(2, 3, from, slot, block, rest, blocks, to);
  } else if (block <= 8 && rows == 3 && shifts == 3) {
    gather_octets(3, 3, from, slot, block, rest, blocks, to);
  } else {
    // The last octet of a block first, since it writes on the first of the next block.
    const float *parts[ck_most_taps];
    for (int32_t part = (block - 1) / 8 * 8; part >= 0; part -= 8) {
      for (int32_t row = 0; row < rows; row++) parts[row] = from[row] + part;
      gather_octets(rows, shifts, parts, slot, block, rest - part, blocks, to + part);
    }
  }
}
