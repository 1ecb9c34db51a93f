#define _GNU_SOURCE // memmem

#include "cimages.h"
#include "exif.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <turbojpeg.h>

// A progressive file may ask for thousands of passes over its pixels: the library stops at 500.
static const int flags = TJFLAG_LIMITSCANS;

static int fail(char *message, const char *text) {
  snprintf(message, cimages_message_size, "%s", text);
  return -1;
}

static size_t be16(const uint8_t *bytes) { return (size_t)bytes[0] << 8 | bytes[1]; }

// Walks over the segments before the pixels. Gives where they end: the first scan, or where no
// segment follows. `*exif` and `*exif_length` become the first EXIF segment, if there is one.
// Source: ITU T.81 (JPEG), B.1.1.4: a marker is FF and a code, a segment's length counts itself.
static size_t first_scan(const uint8_t *bytes, size_t length, const uint8_t **exif,
                         size_t *exif_length) {
  enum { app1 = 0xE1, start_of_scan = 0xDA };
  size_t at = 2;
  *exif = NULL;
  while (at + 4 <= length && bytes[at] == 0xFF) {
    uint8_t code = bytes[at + 1];
    size_t size = be16(bytes + at + 2);
    if (code == start_of_scan || size < 2 || size > length - at - 2) break;
    const uint8_t *segment = bytes + at + 4;
    if (!*exif && code == app1 && size >= 8 && !memcmp(segment, "Exif\0", 6)) {
      *exif = segment + 6;
      *exif_length = size - 8;
    }
    at += 2 + size;
  }
  return at;
}

static int orientation_of(const uint8_t *bytes, size_t length) {
  const uint8_t *exif;
  size_t exif_length;
  first_scan(bytes, length, &exif, &exif_length);
  return exif ? cimages_orientation(exif, exif_length) : 1;
}

// Whether the pixels are followed by an end-of-image marker. Among the pixels it cannot occur: there
// every FF is followed by 00.
static int has_end(const uint8_t *bytes, size_t length) {
  static const uint8_t end_of_image[] = {0xFF, 0xD9};
  const uint8_t *exif;
  size_t exif_length, at = first_scan(bytes, length, &exif, &exif_length);
  return at < length && memmem(bytes + at, length - at, end_of_image, sizeof end_of_image) != NULL;
}

// Values of a stored pixel: 1, 3, or 4 for CMYK.
static int stored_channels(int colours) {
  switch (colours) {
  case TJCS_GRAY: return 1;
  case TJCS_CMYK:
  case TJCS_YCCK: return 4;
  default: return 3;
  }
}

// A header with a warning may be complete or not: then its sizes are not set.
static int read_header(tjhandle jpeg, const uint8_t *bytes, size_t length, int *width, int *height,
                       int *colours, char *message) {
  int subsampling;
  *width = *height = 0;
  int failed = tjDecompressHeader3(jpeg, bytes, length, width, height, &subsampling, colours);
  if (*width > 0 && *height > 0 && (!failed || tjGetErrorCode(jpeg) == TJERR_WARNING)) return 0;
  return fail(message, failed ? tjGetErrorStr2(jpeg) : "it has no pixels");
}

int cimages_jpeg_read_header(const uint8_t *bytes, size_t length, cimages_header *header,
                             char *message) {
  tjhandle jpeg = tjInitDecompress();
  if (!jpeg) return fail(message, "out of memory");
  int width, height, colours;
  if (read_header(jpeg, bytes, length, &width, &height, &colours, message)) {
    tjDestroy(jpeg);
    return -1;
  }
  tjDestroy(jpeg);
  header->width = width;
  header->height = height;
  header->channels = stored_channels(colours) == 1 ? 1 : 3;
  header->orientation = orientation_of(bytes, length);
  header->raw_bits = 0;
  return 0;
}

// Adobe's programs store CMYK inverted, and nobody else writes such files: 255 is no ink.
static void cmyk_to_rgb(const uint8_t *cmyk, uint8_t *rgb, size_t pixels) {
  for (size_t i = 0; i < pixels; i++)
    for (int c = 0; c < 3; c++) rgb[3 * i + c] = (cmyk[4 * i + c] * cmyk[4 * i + 3] + 127) / 255;
}

int cimages_jpeg_read_pixels(const uint8_t *bytes, size_t length, int eighths, uint8_t *pixels,
                             size_t capacity, char *message) {
  tjhandle jpeg = tjInitDecompress();
  if (!jpeg) return fail(message, "out of memory");
  uint8_t *cmyk = NULL;
  int status = -1, width, height, colours;
  if (read_header(jpeg, bytes, length, &width, &height, &colours, message)) goto end;
  tjscalingfactor scale = {eighths, 8};
  width = TJSCALED(width, scale);
  height = TJSCALED(height, scale);
  int stored = stored_channels(colours), channels = stored == 1 ? 1 : 3;
  if ((size_t)width * height * channels != capacity) {
    fail(message, "the image has another size than its header said");
    goto end;
  }
  uint8_t *target = pixels;
  int format = stored == 1 ? TJPF_GRAY : TJPF_RGB;
  if (stored == 4) {
    format = TJPF_CMYK;
    target = cmyk = malloc((size_t)width * height * 4);
    if (!cmyk) {
      fail(message, "out of memory");
      goto end;
    }
  }
  // Warnings are about oddities that every viewer passes over, except that of an early end.
  if (tjDecompress2(jpeg, bytes, length, target, width, 0, height, format, flags)) {
    int is_whole = has_end(bytes, length);
    if (tjGetErrorCode(jpeg) != TJERR_WARNING || !is_whole) {
      fail(message, is_whole ? tjGetErrorStr2(jpeg) : "the file ends too early");
      goto end;
    }
  }
  if (cmyk) cmyk_to_rgb(cmyk, pixels, (size_t)width * height);
  status = 0;
end:
  free(cmyk);
  tjDestroy(jpeg);
  return status;
}
