// libpng without its longjmp: errors come back as a status and a sentence, so that no jump ever
// crosses a Swift frame.
#ifndef CIMAGES_H
#define CIMAGES_H

#include <stddef.h>
#include <stdint.h>

enum { cimages_message_size = 160 };

typedef struct {
  uint32_t width;
  uint32_t height;
  uint8_t channels;  // 1 gray, 3 RGB: what the pixels become, alpha dropped
  uint8_t bit_depth; // as stored: 1, 2, 4, 8, 16
  uint8_t raw_bits;  // bits of one stored pixel, all its channels together
} cimages_png_header;

// Reads the header only; takes no memory that depends on the size it states.
// Gives 0, or -1 with a sentence in `message`.
int cimages_png_read_header(const uint8_t *bytes, size_t length, cimages_png_header *header,
                            char message[cimages_message_size]);

// Reads the pixels as 8-bit H, W, C into `pixels`, which has `capacity` bytes; an image that does
// not take exactly `capacity` is an error. Gives 0, or -1 with a sentence.
int cimages_png_read_pixels(const uint8_t *bytes, size_t length, uint8_t *pixels, size_t capacity,
                            char message[cimages_message_size]);

// Encodes 8-bit H, W, C pixels, C 1 or 3. On success gives 0 and the file in `*file`, which the
// caller frees with `cimages_free`; else -1 with a sentence.
int cimages_png_write(uint32_t width, uint32_t height, int channels, const uint8_t *pixels,
                      uint8_t **file, size_t *length, char message[cimages_message_size]);

void cimages_free(void *memory);

#endif
