/// The inner loops for any processor: vectors of 4 floats.

#define LANES 4
#define TILE_ROWS 4
#define RUN ck_run_portable
#include "kernels.h"
