// OpenCV's cascades as three plain functions. Without the package trait `Faces` they only say that
// they are not there, and nobody needs OpenCV.
#ifndef CFACES_H
#define CFACES_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { cfaces_message_size = 160 };

typedef struct {
  int32_t x, y, side; // a square, in pixels
} cfaces_box;

// Whether the program was built with the trait.
int cfaces_is_built(void);

// Opens the description of a cascade. NULL with a sentence in `message` where that fails.
void *cfaces_open(const char *path, char message[cfaces_message_size]);
void cfaces_close(void *cascade);

// Finds faces of at least `smallest` pixels in a gray image [H, W]. Gives how many there are, of which
// at most `capacity` are written to `boxes`; -1 with a sentence.
int cfaces_find(void *cascade, const uint8_t *gray, int height, int width, int smallest,
                cfaces_box *boxes, int capacity, char message[cfaces_message_size]);

#ifdef __cplusplus
}
#endif
#endif
