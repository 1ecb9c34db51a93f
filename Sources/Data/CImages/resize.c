#include "cimages.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

// Weights are in units of 2^-15, so that a weight times a byte, summed over all weights of one
// result, which make up 1, stays within 32 bits.
enum { weight_bits = 15 };

static uint8_t rounded(int32_t sum) {
  int32_t value = (sum + (1 << (weight_bits - 1))) >> weight_bits;
  return value < 0 ? 0 : value > 255 ? 255 : value;
}

#ifdef __SSE2__
// Sixteen bytes of the result at a time; two rows share a multiplication. Gives how many are done.
static size_t blend_vectors(const uint8_t *rows, size_t stride, size_t count,
                            const int16_t *weights, size_t width, uint8_t *out) {
  const __m128i zero = _mm_setzero_si128(), half = _mm_set1_epi32(1 << (weight_bits - 1));
  size_t i = 0;
  for (; i + 16 <= width; i += 16) {
    __m128i sums[4] = {half, half, half, half};
    for (size_t row = 0; row < count; row += 2) {
      const uint8_t *line = rows + row * stride + i;
      int is_pair = row + 1 < count;
      __m128i upper = _mm_loadu_si128((const __m128i *)line);
      __m128i lower = is_pair ? _mm_loadu_si128((const __m128i *)(line + stride)) : zero;
      __m128i pair = _mm_set1_epi32((int32_t)((uint32_t)(is_pair ? weights[row + 1] : 0) << 16 |
                                              (uint16_t)weights[row]));
      __m128i left = _mm_unpacklo_epi8(upper, lower), right = _mm_unpackhi_epi8(upper, lower);
      sums[0] = _mm_add_epi32(sums[0], _mm_madd_epi16(_mm_unpacklo_epi8(left, zero), pair));
      sums[1] = _mm_add_epi32(sums[1], _mm_madd_epi16(_mm_unpackhi_epi8(left, zero), pair));
      sums[2] = _mm_add_epi32(sums[2], _mm_madd_epi16(_mm_unpacklo_epi8(right, zero), pair));
      sums[3] = _mm_add_epi32(sums[3], _mm_madd_epi16(_mm_unpackhi_epi8(right, zero), pair));
    }
    for (int part = 0; part < 4; part++) sums[part] = _mm_srai_epi32(sums[part], weight_bits);
    __m128i words = _mm_packs_epi32(sums[0], sums[1]), more = _mm_packs_epi32(sums[2], sums[3]);
    _mm_storeu_si128((__m128i *)(out + i), _mm_packus_epi16(words, more));
  }
  return i;
}
#else
static size_t blend_vectors(const uint8_t *rows, size_t stride, size_t count,
                            const int16_t *weights, size_t width, uint8_t *out) {
  (void)rows, (void)stride, (void)count, (void)weights, (void)width, (void)out;
  return 0;
}
#endif

void cimages_blend_rows(const uint8_t *rows, size_t stride, size_t count, const int16_t *weights,
                        size_t width, uint8_t *out) {
  // At the picture's edges, some of the rows have no weight.
  for (; count > 0 && weights[count - 1] == 0; count--) {}
  for (; count > 0 && weights[0] == 0; count--, weights++, rows += stride) {}
  for (size_t i = blend_vectors(rows, stride, count, weights, width, out); i < width; i++) {
    int32_t sum = 0;
    for (size_t row = 0; row < count; row++) sum += weights[row] * rows[row * stride + i];
    out[i] = rounded(sum);
  }
}

// `channels` is a constant where this is called, so that the sums are in registers.
static inline void blend_pixels(const uint8_t *row, int channels, size_t columns,
                                const int32_t *first, size_t taps, const int16_t *weights,
                                uint8_t *out) {
  for (size_t x = 0; x < columns; x++) {
    const uint8_t *from = row + (size_t)first[x] * channels;
    const int16_t *weight = weights + x * taps;
    int32_t sums[4] = {0};
    for (size_t i = 0; i < taps; i++)
      for (int c = 0; c < channels; c++) sums[c] += (int32_t)weight[i] * from[i * channels + c];
    for (int c = 0; c < channels; c++) out[x * channels + c] = rounded(sums[c]);
  }
}

void cimages_blend_columns(const uint8_t *row, int channels, size_t columns, const int32_t *first,
                           size_t taps, const int16_t *weights, uint8_t *out) {
  switch (channels) {
  case 1: blend_pixels(row, 1, columns, first, taps, weights, out); break;
  case 2: blend_pixels(row, 2, columns, first, taps, weights, out); break;
  case 3: blend_pixels(row, 3, columns, first, taps, weights, out); break;
  default: blend_pixels(row, 4, columns, first, taps, weights, out); break;
  }
}
