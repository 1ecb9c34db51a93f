#include "cimages.h"
#include "exif.h"

#include <stdio.h>
#include <string.h>
#include <webp/decode.h>
#include <webp/demux.h>

static int fail(char *message, const char *text) {
  snprintf(message, cimages_message_size, "%s", text);
  return -1;
}

static const char *sentence(VP8StatusCode status) {
  switch (status) {
  case VP8_STATUS_OUT_OF_MEMORY: return "out of memory";
  case VP8_STATUS_NOT_ENOUGH_DATA: return "the file ends too early";
  case VP8_STATUS_UNSUPPORTED_FEATURE: return "the file uses an unknown feature";
  default: return "the bitstream is broken";
  }
}

// The orientation of the EXIF chunk, which some programs begin with JPEG's "Exif\0\0".
static int orientation_of(const WebPDemuxer *file) {
  WebPChunkIterator chunk;
  if (!WebPDemuxGetChunk(file, "EXIF", 1, &chunk)) return 1;
  const uint8_t *bytes = chunk.chunk.bytes;
  size_t length = chunk.chunk.size;
  size_t skipped = length >= 6 && !memcmp(bytes, "Exif\0", 6) ? 6 : 0;
  int orientation = cimages_orientation(bytes + skipped, length - skipped);
  WebPDemuxReleaseChunkIterator(&chunk);
  return orientation;
}

// Of an animation, its first frame; else the whole file. The frame's place on its canvas and
// the canvas's size are not looked at.
static int first_image(const uint8_t **bytes, size_t *length, int *orientation, char *message) {
  WebPBitstreamFeatures features;
  VP8StatusCode status = WebPGetFeatures(*bytes, *length, &features);
  if (status != VP8_STATUS_OK) return fail(message, sentence(status));
  WebPData data = {*bytes, *length};
  WebPDemuxer *file = WebPDemux(&data);
  if (!file) {
    // A bare bitstream has no chunks to look into; a container that cannot be read is damaged.
    *orientation = 1;
    return features.has_animation ? fail(message, "the animation is broken") : 0;
  }
  *orientation = orientation_of(file);
  int result = 0;
  if (features.has_animation) {
    WebPIterator frame;
    if (WebPDemuxGetFrame(file, 1, &frame)) {
      *bytes = frame.fragment.bytes; // inside the caller's file
      *length = frame.fragment.size;
      WebPDemuxReleaseIterator(&frame);
    } else {
      result = fail(message, "the animation has no frame");
    }
  }
  WebPDemuxDelete(file);
  return result;
}

int cimages_webp_read_header(const uint8_t *bytes, size_t length, cimages_header *header,
                             char *message) {
  int orientation;
  if (first_image(&bytes, &length, &orientation, message)) return -1;
  WebPBitstreamFeatures features;
  VP8StatusCode status = WebPGetFeatures(bytes, length, &features);
  if (status != VP8_STATUS_OK) return fail(message, sentence(status));
  header->width = features.width;
  header->height = features.height;
  header->channels = features.has_alpha ? 4 : 3;
  header->orientation = orientation;
  header->raw_bits = 0;
  return 0;
}

int cimages_webp_read_pixels(const uint8_t *bytes, size_t length, uint8_t *pixels, size_t capacity,
                             char *message) {
  int orientation;
  if (first_image(&bytes, &length, &orientation, message)) return -1;
  WebPDecoderConfig config;
  if (!WebPInitDecoderConfig(&config)) return fail(message, "another libwebp than at build time");
  VP8StatusCode status = WebPGetFeatures(bytes, length, &config.input);
  if (status != VP8_STATUS_OK) return fail(message, sentence(status));
  size_t channels = config.input.has_alpha ? 4 : 3;
  size_t row = (size_t)config.input.width * channels;
  if (row * config.input.height != capacity)
    return fail(message, "the image has another size than its header said");
  config.output.colorspace = channels == 4 ? MODE_RGBA : MODE_RGB;
  config.output.is_external_memory = 1;
  config.output.u.RGBA.rgba = pixels;
  config.output.u.RGBA.stride = (int)row;
  config.output.u.RGBA.size = capacity;
  status = WebPDecode(bytes, length, &config);
  return status == VP8_STATUS_OK ? 0 : fail(message, sentence(status));
}
