#include "exif.h"

#include <libexif/exif-data.h>
#include <stdlib.h>
#include <string.h>

// No camera writes more before its first entries.
enum { most_bytes = 1 << 16 };

int cimages_orientation(const uint8_t *tiff, size_t length) {
  static const uint8_t prefix[] = {'E', 'x', 'i', 'f', 0, 0};
  if (length > most_bytes) length = most_bytes;
  uint8_t *block = malloc(sizeof prefix + length);
  if (!block) return 1;
  memcpy(block, prefix, sizeof prefix);
  memcpy(block + sizeof prefix, tiff, length);
  ExifData *data = exif_data_new_from_data(block, (unsigned)(sizeof prefix + length));
  free(block);
  if (!data) return 1;
  int orientation = 1;
  ExifEntry *entry = exif_content_get_entry(data->ifd[EXIF_IFD_0], EXIF_TAG_ORIENTATION);
  if (entry && entry->format == EXIF_FORMAT_SHORT && entry->size >= 2)
    orientation = exif_get_short(entry->data, exif_data_get_byte_order(data));
  exif_data_unref(data);
  return orientation >= 1 && orientation <= 8 ? orientation : 1;
}
