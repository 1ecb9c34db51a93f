/// The inner loops for any processor: short vectors.

#define LANES CK_PORTABLE_LANES
#define MICRO_ROWS CK_PORTABLE_ROWS
#define RUN ck_run_portable
#include "kernels.h"
