#include "cimages.h"
#include "exif.h"

#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Chunks next to the pixels (text, profiles) may not take more than this each.
static const png_alloc_size_t chunk_limit = 8 << 20;

typedef struct {
  const uint8_t *bytes;
  size_t length;
  size_t position;
} source;

typedef struct {
  uint8_t *bytes;
  size_t length;
  size_t capacity;
} sink;

static void on_error(png_structp png, png_const_charp text) {
  snprintf((char *)png_get_error_ptr(png), cimages_message_size, "%s", text);
  png_longjmp(png, 1);
}

static void on_warning(png_structp png, png_const_charp text) {
  (void)png;
  (void)text;
}

static void read_bytes(png_structp png, png_bytep out, size_t count) {
  source *from = png_get_io_ptr(png);
  if (count > from->length - from->position) png_error(png, "the file ends too early");
  memcpy(out, from->bytes + from->position, count);
  from->position += count;
}

static void write_bytes(png_structp png, png_bytep bytes, size_t count) {
  sink *to = png_get_io_ptr(png);
  if (count > to->capacity - to->length) {
    size_t capacity = 2 * (to->length + count);
    uint8_t *larger = realloc(to->bytes, capacity);
    if (!larger) png_error(png, "out of memory");
    to->bytes = larger;
    to->capacity = capacity;
  }
  memcpy(to->bytes + to->length, bytes, count);
  to->length += count;
}

static void flush_nothing(png_structp png) { (void)png; }

// Opens a reader, or gives NULL with a sentence.
static png_structp make_reader(png_infop *info, char *message) {
  png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, message, on_error, on_warning);
  *info = png ? png_create_info_struct(png) : NULL;
  if (*info) return png;
  snprintf(message, cimages_message_size, "out of memory");
  png_destroy_read_struct(&png, NULL, NULL);
  return NULL;
}

// What the pixels become; transparency of a palette or of one colour counts as alpha.
static int channels_of(png_structp png, png_infop info) {
  int type = png_get_color_type(png, info);
  int has_alpha = type & PNG_COLOR_MASK_ALPHA || png_get_valid(png, info, PNG_INFO_tRNS);
  return (type & PNG_COLOR_MASK_COLOR ? 3 : 1) + (has_alpha ? 1 : 0);
}

// The orientation that an eXIf chunk before the pixels states.
static int orientation_of(png_structp png, png_infop info) {
  png_uint_32 length = 0;
  png_bytep tiff = NULL;
  if (!png_get_eXIf_1(png, info, &length, &tiff) || !tiff) return 1;
  return cimages_orientation(tiff, length);
}

int cimages_png_read_header(const uint8_t *bytes, size_t length, cimages_header *header,
                            char *message) {
  source from = {bytes, length, 0};
  png_infop info;
  png_structp png = make_reader(&info, message);
  if (!png) return -1;
  if (setjmp(png_jmpbuf(png))) {
    png_destroy_read_struct(&png, &info, NULL);
    return -1;
  }
  png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX); // the caller checks the size
  png_set_chunk_malloc_max(png, chunk_limit);
  png_set_read_fn(png, &from, read_bytes);
  png_read_info(png, info);
  header->width = png_get_image_width(png, info);
  header->height = png_get_image_height(png, info);
  header->channels = channels_of(png, info);
  header->orientation = orientation_of(png, info);
  header->raw_bits = png_get_bit_depth(png, info) * png_get_channels(png, info);
  png_destroy_read_struct(&png, &info, NULL);
  return 0;
}

int cimages_png_read_pixels(const uint8_t *bytes, size_t length, uint8_t *pixels, size_t capacity,
                            char *message) {
  source from = {bytes, length, 0};
  png_infop info;
  png_structp png = make_reader(&info, message);
  if (!png) return -1;
  png_bytep *volatile rows = NULL; // set after setjmp, freed after longjmp
  if (setjmp(png_jmpbuf(png))) {
    free(rows);
    png_destroy_read_struct(&png, &info, NULL);
    return -1;
  }
  png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  png_set_chunk_malloc_max(png, chunk_limit);
  png_set_read_fn(png, &from, read_bytes);
  png_read_info(png, info);
  size_t channels = channels_of(png, info);
  png_set_scale_16(png); // 16 bits to 8, rounded
  png_set_expand(png);   // palette to RGB, 1, 2, 4 bits to 8, transparency to alpha
  png_set_interlace_handling(png);
  png_read_update_info(png, info);

  size_t height = png_get_image_height(png, info);
  size_t row_bytes = png_get_rowbytes(png, info);
  size_t expected = (size_t)png_get_image_width(png, info) * channels;
  if (row_bytes != expected || height == 0 || capacity / height != row_bytes ||
      capacity % height != 0)
    png_error(png, "the image has another size than its header said");
  rows = malloc(height * sizeof(png_bytep));
  if (!rows) png_error(png, "out of memory");
  for (size_t y = 0; y < height; y++) rows[y] = pixels + y * row_bytes;
  png_read_image(png, rows);
  png_read_end(png, NULL);
  free(rows);
  png_destroy_read_struct(&png, &info, NULL);
  return 0;
}

int cimages_png_write(uint32_t width, uint32_t height, int channels, const uint8_t *pixels,
                      uint8_t **file, size_t *length, char *message) {
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, message, on_error, on_warning);
  png_infop info = png ? png_create_info_struct(png) : NULL;
  if (!info) {
    snprintf(message, cimages_message_size, "out of memory");
    png_destroy_write_struct(&png, NULL);
    return -1;
  }
  sink to = {NULL, 0, 0};
  sink *volatile kept = &to; // lives in memory, so that a jump finds its latest values
  if (setjmp(png_jmpbuf(png))) {
    free(kept->bytes);
    png_destroy_write_struct(&png, &info);
    return -1;
  }
  png_set_write_fn(png, kept, write_bytes, flush_nothing);
  png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  png_set_IHDR(png, info, width, height, 8, channels == 3 ? PNG_COLOR_TYPE_RGB : PNG_COLOR_TYPE_GRAY,
               PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_write_info(png, info);
  for (uint32_t y = 0; y < height; y++)
    png_write_row(png, pixels + (size_t)y * width * channels);
  png_write_end(png, NULL);
  png_destroy_write_struct(&png, &info);
  *file = to.bytes;
  *length = to.length;
  return 0;
}

void cimages_free(void *memory) { free(memory); }
