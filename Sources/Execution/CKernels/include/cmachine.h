/// What a machine can do at most: two loops that the speed of the kernels is compared with.
#pragma once

#include "ckernels.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Multiplies and adds in registers alone, `rounds` times; returns the floating-point operations
/// made, a multiply-add counted as two. `result` gets a number that depends on all of them.
int64_t ck_machine_multiply_add(ck_isa isa, int64_t rounds, float *result);

/// Reads `count` floats one after the other and adds them up.
float ck_machine_read(ck_isa isa, const float *from, int64_t count);

#ifdef __cplusplus
}
#endif
