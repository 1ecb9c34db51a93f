// libcurl's variadic interface as two plain functions: parts of files from web servers.
#ifndef CTRANSFER_H
#define CTRANSFER_H

#include <stddef.h>
#include <stdint.h>

enum { ctransfer_message_size = 256 };

// A connection that is kept between requests. NULL without memory.
typedef struct ctransfer ctransfer;
ctransfer *ctransfer_new(void);
void ctransfer_free(ctransfer *transfer);

// Takes the next bytes; anything but 0 ends the transfer.
typedef int (*ctransfer_sink)(void *context, const uint8_t *bytes, size_t count);

typedef struct {
  long status;    // HTTP: 206 where only the part came, 200 where the whole file did; 0 without answer
  int64_t total;  // bytes of the whole file, -1 where the server did not say
  int is_lasting; // whether another try would end in the same way
} ctransfer_answer;

// Asks for the bytes `first` to `last`, both included, of an http or https address.
// Gives 0, or -1 with a sentence in `message`; some bytes may have gone to `sink` then.
int ctransfer_get(ctransfer *transfer, const char *url, uint64_t first, uint64_t last,
                  ctransfer_sink sink, void *context, ctransfer_answer *answer,
                  char message[ctransfer_message_size]);

#endif
