// Included once for each build, with LANES and MACHINE_NAME defined: no #pragma once.

typedef float MACHINE_NAME(vector) __attribute__((vector_size(LANES * sizeof(float))));

/// Sums that do not wait for each other: two units that take four cycles for a multiply-add are kept
/// busy by eight, and twelve fit the 16 registers of SSE2 and AVX2 together with both factors.
enum { MACHINE_NAME(sums) = 12 };

static int64_t MACHINE_NAME(multiply_add)(int64_t rounds, float *result) {
  typedef MACHINE_NAME(vector) vector;
  // sum = factor · sum + term stays near 1, away from slow numbers.
  vector sum[MACHINE_NAME(sums)];
  vector factor = (vector){0} + 0.5f, term = (vector){0} + 0.5f;
  for (int i = 0; i < MACHINE_NAME(sums); i++) sum[i] = (vector){0} + (float)i;
  for (int64_t round = 0; round < rounds; round++) {
#pragma clang loop unroll(full)
    for (int i = 0; i < MACHINE_NAME(sums); i++) sum[i] = sum[i] * factor + term;
    // What the loop has made so far must lie in registers here: no round can be left out.
    __asm__ volatile("" : IN_REGISTER(sum[0]));
  }
  vector all = {0};
  for (int i = 0; i < MACHINE_NAME(sums); i++) all += sum[i];
  for (int lane = 0; lane < LANES; lane++) *result += all[lane];
  return rounds * MACHINE_NAME(sums) * LANES * 2;
}

static float MACHINE_NAME(read)(const float *from, int64_t count) {
  typedef MACHINE_NAME(vector) vector;
  vector sum[MACHINE_NAME(sums)] = {0};
  int64_t i = 0;
  for (; i + MACHINE_NAME(sums) * LANES <= count; i += MACHINE_NAME(sums) * LANES) {
#pragma clang loop unroll(full)
    for (int j = 0; j < MACHINE_NAME(sums); j++) {
      vector value;
      memcpy(&value, from + i + j * LANES, sizeof value);
      sum[j] += value;
    }
  }
  float all = 0;
  for (; i < count; i++) all += from[i];
  for (int j = 0; j < MACHINE_NAME(sums); j++) {
    for (int lane = 0; lane < LANES; lane++) all += sum[j][lane];
  }
  return all;
}
