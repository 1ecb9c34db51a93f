// Elementary functions without branches, so that loops over them vectorise. Errors are below about
// 2 units in the last place over the whole range, subnormal numbers included.
#pragma once

#include <stdint.h>
#include <string.h>

#define CE_INLINE static inline __attribute__((always_inline))

CE_INLINE int32_t ce_bits(float x) {
  int32_t i;
  memcpy(&i, &x, sizeof i);
  return i;
}

CE_INLINE float ce_number(int32_t i) {
  float x;
  memcpy(&x, &i, sizeof x);
  return x;
}

CE_INLINE float ce_magnitude(float x) { return ce_number(ce_bits(x) & 0x7fffffff); }

CE_INLINE float ce_with_sign(float magnitude, float sign) {
  return ce_number(ce_bits(magnitude) | (ce_bits(sign) & (int32_t)0x80000000));
}

// Both values are read whatever the mask is: reads under a mask are slow.
CE_INLINE float ce_math_select(float mask, float a, float b) { return mask != 0.0f ? a : b; }

// exp x = 2ⁿ · exp r with n = round(x / ln 2), |r| ≤ ln 2 / 2. Coefficients: Cephes, expf.
CE_INLINE float ce_math_exp(float x) {
  const float magic = 12582912.0f;  // 1.5 · 2²³: adding it rounds to an integer
  float c = x > 89.0f ? 89.0f : x;  // beyond both ends the result is inf or 0; NaN passes
  c = c < -104.5f ? -104.5f : c;
  float shifted = c * 1.44269504088896341f + magic;
  float n = shifted - magic;
  int32_t k = ce_bits(shifted) - ce_bits(magic);
  float r = c - n * 0.693359375f;
  r = r - n * -2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * (r * r) + r + 1.0f;
  // 2ⁿ in two factors, so that results beyond the normal range round once.
  int32_t half = k >> 1;
  float low = ce_number((int32_t)((uint32_t)(half + 127) << 23));
  float high = ce_number((int32_t)((uint32_t)(k - half + 127) << 23));
  return p * low * high;
}

// log(1 + f) for √½ ≤ 1 + f < √2, and k · ln 2 added. Source: FreeBSD's e_logf.c.
CE_INLINE float ce_log_core(float f, float k, float correction) {
  float s = f / (2.0f + f);
  float z = s * s;
  float w = z * z;
  float even = w * (0.40000972152f + w * 0.24279078841f);
  float odd = z * (0.66666662693f + w * 0.28498786688f);
  float r = odd + even;
  float half = 0.5f * f * f;
  return s * (half + r) + (k * 9.0580006145e-06f + correction) - half + f + k * 6.9313812256e-01f;
}

CE_INLINE float ce_math_log(float x) {
  const float infinity = __builtin_inff();
  int small = x < 1.17549435e-38f;  // subnormal: scaled up first
  float scaled = small ? x * 8388608.0f : x;
  uint32_t i = (uint32_t)ce_bits(scaled) + (0x3f800000u - 0x3f3504f3u);
  float k = (float)((int32_t)(i >> 23) - 127) - (small ? 23.0f : 0.0f);
  float m = ce_number((int32_t)((i & 0x007fffffu) + 0x3f3504f3u));
  float result = ce_log_core(m - 1.0f, k, 0.0f);
  result = x == 0.0f ? -infinity : result;
  result = x < 0.0f ? __builtin_nanf("") : result;
  result = x == infinity ? infinity : result;
  return x != x ? x : result;
}

// Source: FreeBSD's s_log1pf.c: what 1 + x loses by rounding is added back.
CE_INLINE float ce_math_log_plus_one(float x) {
  const float infinity = __builtin_inff();
  float u = 1.0f + x;
  uint32_t i = (uint32_t)ce_bits(u) + (0x3f800000u - 0x3f3504f3u);
  int32_t k = (int32_t)(i >> 23) - 127;
  float lost = k >= 2 ? 1.0f - (u - x) : x - (u - 1.0f);
  float correction = k < 25 ? lost / u : 0.0f;
  float m = ce_number((int32_t)((i & 0x007fffffu) + 0x3f3504f3u));
  // Near 0 the argument itself is exact.
  float f = k == 0 ? x : m - 1.0f;
  correction = k == 0 ? 0.0f : correction;
  float result = ce_log_core(f, (float)k, correction);
  result = x == -1.0f ? -infinity : result;
  result = x < -1.0f ? __builtin_nanf("") : result;
  result = x == infinity ? infinity : result;
  result = ce_magnitude(x) < 1e-10f ? x : result;
  return x != x ? x : result;
}

// A polynomial near 0 (Cephes, tanhf), 1 − 2 / (exp 2|x| + 1) elsewhere.
CE_INLINE float ce_math_tanh(float x) {
  float a = ce_magnitude(x);
  float z = x * x;
  float p = -5.70498872745e-3f;
  p = p * z + 2.06390887954e-2f;
  p = p * z - 5.37397155531e-2f;
  p = p * z + 1.33314422036e-1f;
  p = p * z - 3.33332819422e-1f;
  float near = p * z * x + x;
  float far = 1.0f - 2.0f / (ce_math_exp(a + a) + 1.0f);
  float result = a < 0.625f ? near : ce_with_sign(far, x);
  return x != x ? x : result;
}

CE_INLINE float ce_math_logistic(float x) {
  float z = ce_math_exp(-ce_magnitude(x));  // at most 1: no overflow, and small results are exact
  float numerator = x < 0.0f ? z : 1.0f;
  float result = numerator / (1.0f + z);
  return x != x ? x : result;
}
