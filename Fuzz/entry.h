// libFuzzer brings `main`, which calls this with each input. In C because the package manager gives
// executables in Swift a `main` of their own. Each fuzzer defines `dcgan_fuzz` in Swift.
#include <stddef.h>
#include <stdint.h>

int dcgan_fuzz(const uint8_t *start, intptr_t count);

int LLVMFuzzerTestOneInput(const uint8_t *start, size_t count) {
  return dcgan_fuzz(start, (intptr_t)count);
}
