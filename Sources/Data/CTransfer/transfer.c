#include "ctransfer.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Seconds to connect, and seconds without a byte after which a server counts as stalled.
enum { connect_seconds = 10, stalled_seconds = 20, most_redirections = 5 };

struct ctransfer {
  CURL *curl;
  ctransfer_sink sink;
  void *context;
  ctransfer_answer *answer;
};

static pthread_once_t started = PTHREAD_ONCE_INIT;
static void start(void) { curl_global_init(CURL_GLOBAL_DEFAULT); }

ctransfer *ctransfer_new(void) {
  pthread_once(&started, start);
  ctransfer *transfer = calloc(1, sizeof *transfer);
  if (!transfer) return NULL;
  transfer->curl = curl_easy_init();
  if (transfer->curl) return transfer;
  free(transfer);
  return NULL;
}

void ctransfer_free(ctransfer *transfer) {
  if (!transfer) return;
  curl_easy_cleanup(transfer->curl);
  free(transfer);
}

// `Content-Range: bytes 0-99/1234` says how long the whole file is (RFC 9110, 14.4).
static size_t on_header(char *line, size_t size, size_t count, void *context) {
  ctransfer *transfer = context;
  size_t length = size * count;
  static const char name[] = "content-range:";
  char text[128];
  if (length >= sizeof text || length < sizeof name) return length;
  memcpy(text, line, length);
  text[length] = 0;
  if (curl_strnequal(text, name, sizeof name - 1)) {
    const char *slash = strchr(text, '/');
    if (slash && slash[1] >= '0' && slash[1] <= '9') transfer->answer->total = atoll(slash + 1);
  }
  return length;
}

static size_t on_bytes(char *bytes, size_t size, size_t count, void *context) {
  ctransfer *transfer = context;
  curl_easy_getinfo(transfer->curl, CURLINFO_RESPONSE_CODE, &transfer->answer->status);
  // The page that comes with an error is not wanted.
  if (transfer->answer->status >= 400) return size * count;
  if (transfer->answer->status == 200 && transfer->answer->total < 0) {
    curl_off_t length = -1;
    curl_easy_getinfo(transfer->curl, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
    transfer->answer->total = length;
  }
  return transfer->sink(transfer->context, (const uint8_t *)bytes, size * count) ? 0 : size * count;
}

int ctransfer_get(ctransfer *transfer, const char *url, uint64_t first, uint64_t last,
                  ctransfer_sink sink, void *context, ctransfer_answer *answer, char *message) {
  CURL *curl = transfer->curl;
  char range[48], details[CURL_ERROR_SIZE] = "";
  snprintf(range, sizeof range, "%llu-%llu", (unsigned long long)first, (unsigned long long)last);
  *answer = (ctransfer_answer){0, -1, 0};
  transfer->sink = sink;
  transfer->context = context;
  transfer->answer = answer;
  curl_easy_reset(curl); // keeps the connection
  curl_easy_setopt(curl, CURLOPT_URL, url);
#if LIBCURL_VERSION_NUM >= 0x075500
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
#else
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS, CURLPROTO_HTTP | CURLPROTO_HTTPS);
  curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS, CURLPROTO_HTTP | CURLPROTO_HTTPS);
#endif
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
  curl_easy_setopt(curl, CURLOPT_MAXREDIRS, (long)most_redirections);
  curl_easy_setopt(curl, CURLOPT_RANGE, range);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)connect_seconds);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, (long)stalled_seconds);
  curl_easy_setopt(curl, CURLOPT_USERAGENT, "dcgan");
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, details);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, transfer);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_bytes);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, transfer);
  CURLcode code = curl_easy_perform(curl);
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer->status);
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, NULL);
  if (code == CURLE_OK && answer->status < 400) return 0;
  if (code == CURLE_OK) {
    // 408 and 429 ask to come back later; other errors of the 400s last.
    answer->is_lasting = answer->status < 500 && answer->status != 408 && answer->status != 429;
    snprintf(message, ctransfer_message_size, "the server answered %ld", answer->status);
  } else {
    answer->is_lasting = code == CURLE_UNSUPPORTED_PROTOCOL || code == CURLE_URL_MALFORMAT ||
                         code == CURLE_PEER_FAILED_VERIFICATION;
    snprintf(message, ctransfer_message_size, "%s", *details ? details : curl_easy_strerror(code));
  }
  return -1;
}
