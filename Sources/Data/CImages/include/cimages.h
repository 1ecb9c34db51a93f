// Image codecs with one way of reporting: a status and a sentence, so that no longjmp ever crosses
// a Swift frame, and nothing is printed.
#ifndef CIMAGES_H
#define CIMAGES_H

#include <stddef.h>
#include <stdint.h>

enum { cimages_message_size = 160 };

// What a file says of its picture.
typedef struct {
  uint32_t width;
  uint32_t height;
  uint8_t channels;    // what the pixels become: 1 gray, 2 gray and alpha, 3 RGB, 4 RGB and alpha
  uint8_t orientation; // EXIF: 1 upright, 2 to 8 turned or mirrored
  uint8_t raw_bits;    // PNG: bits of one stored pixel, all its channels together
} cimages_header;

// Each reads the header only, and takes no memory that depends on the size it states.
// Gives 0, or -1 with a sentence in `message`.
int cimages_png_read_header(const uint8_t *bytes, size_t length, cimages_header *header,
                            char message[cimages_message_size]);
int cimages_jpeg_read_header(const uint8_t *bytes, size_t length, cimages_header *header,
                             char message[cimages_message_size]);
int cimages_webp_read_header(const uint8_t *bytes, size_t length, cimages_header *header,
                             char message[cimages_message_size]);

// Each reads the pixels as 8-bit H, W, C into `pixels`, which has `capacity` bytes; an image that
// does not take exactly `capacity` is an error. Gives 0, or -1 with a sentence.
int cimages_png_read_pixels(const uint8_t *bytes, size_t length, uint8_t *pixels, size_t capacity,
                            char message[cimages_message_size]);
// H and W are those of the header, times `eighths` / 8 and rounded up: the inverse DCT of a smaller
// block gives the smaller picture directly. `eighths` is 1 to 8.
int cimages_jpeg_read_pixels(const uint8_t *bytes, size_t length, int eighths, uint8_t *pixels,
                             size_t capacity, char message[cimages_message_size]);
int cimages_webp_read_pixels(const uint8_t *bytes, size_t length, uint8_t *pixels, size_t capacity,
                             char message[cimages_message_size]);

// Encodes 8-bit H, W, C pixels, C 1 or 3. On success gives 0 and the file in `*file`, which the
// caller frees with `cimages_free`; else -1 with a sentence.
int cimages_png_write(uint32_t width, uint32_t height, int channels, const uint8_t *pixels,
                      uint8_t **file, size_t *length, char message[cimages_message_size]);

void cimages_free(void *memory);

// One row of a resized image from `count` rows of bytes that lie `stride` bytes apart: their sum,
// weighted in units of 2^-15, for each of `width` bytes.
void cimages_blend_rows(const uint8_t *rows, size_t stride, size_t count, const int16_t *weights,
                        size_t width, uint8_t *out);

// The pixels [columns, channels] of a resized row, `channels` from 1 to 4: pixel x is the weighted sum of the `taps` pixels
// from `first[x]` on; `weights` are [columns, taps] in units of 2^-15.
void cimages_blend_columns(const uint8_t *row, int channels, size_t columns, const int32_t *first,
                           size_t taps, const int16_t *weights, uint8_t *out);

#endif
