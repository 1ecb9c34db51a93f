#include "cimages.h"

#include <string.h>

// Weights are in units of 2^-15, so that a weight times a byte, summed over all weights of one
// result, which make up 1, stays within 32 bits.
enum { weight_bits = 15 };

static uint8_t rounded(int32_t sum) {
  int32_t value = (sum + (1 << (weight_bits - 1))) >> weight_bits;
  return value < 0 ? 0 : value > 255 ? 255 : value;
}

void cimages_blend_rows(const uint8_t *rows, size_t stride, size_t count, const int16_t *weights,
                        size_t width, int32_t *sums, uint8_t *out) {
  memset(sums, 0, width * sizeof *sums);
  for (size_t row = 0; row < count; row++) {
    const uint8_t *line = rows + row * stride;
    int16_t weight = weights[row];
    for (size_t i = 0; i < width; i++) sums[i] += (int32_t)weight * (int16_t)line[i];
  }
  for (size_t i = 0; i < width; i++) out[i] = rounded(sums[i]);
}

void cimages_blend_columns(const uint8_t *row, int channels, size_t columns, const int32_t *first,
                           size_t taps, const int16_t *weights, uint8_t *out) {
  for (size_t x = 0; x < columns; x++) {
    const uint8_t *from = row + (size_t)first[x] * channels;
    const int16_t *weight = weights + x * taps;
    for (int c = 0; c < channels; c++) {
      int32_t sum = 0;
      for (size_t i = 0; i < taps; i++) sum += (int32_t)weight[i] * from[i * channels + c];
      out[x * channels + c] = rounded(sum);
    }
  }
}
