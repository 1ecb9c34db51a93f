#ifndef CIMAGES_EXIF_H
#define CIMAGES_EXIF_H

#include <stddef.h>
#include <stdint.h>

// The orientation, 1 to 8, of EXIF data that begin with their TIFF header; 1 where none is stated.
int cimages_orientation(const uint8_t *tiff, size_t length);

#endif
