#include "cfaces.h"

#include <stdio.h>

#ifdef DCGAN_FACES

#include <new>
#include <opencv2/imgproc.hpp>
#include <opencv2/objdetect.hpp>
#include <vector>

// Each step of the search enlarges the window by a tenth; five neighbours must agree. These are the
// values that OpenCV's own examples use.
static const double step = 1.1;
static const int agreeing = 5;

int cfaces_is_built(void) { return 1; }

void *cfaces_open(const char *path, char *message) {
  try {
    auto *cascade = new cv::CascadeClassifier;
    if (cascade->load(path)) return cascade;
    delete cascade;
    snprintf(message, cfaces_message_size, "it is no cascade of OpenCV");
  } catch (const std::exception &problem) {
    snprintf(message, cfaces_message_size, "%s", problem.what());
  }
  return nullptr;
}

void cfaces_close(void *cascade) { delete static_cast<cv::CascadeClassifier *>(cascade); }

int cfaces_find(void *cascade, const uint8_t *gray, int height, int width, int smallest,
                cfaces_box *boxes, int capacity, char *message) {
  try {
    // The image is only read.
    cv::Mat image(height, width, CV_8UC1, const_cast<uint8_t *>(gray)), even;
    cv::equalizeHist(image, even);
    std::vector<cv::Rect> found;
    static_cast<cv::CascadeClassifier *>(cascade)->detectMultiScale(
        even, found, step, agreeing, 0, cv::Size(smallest, smallest));
    for (size_t i = 0; i < found.size() && i < static_cast<size_t>(capacity); i++)
      boxes[i] = {found[i].x, found[i].y, found[i].width};
    return static_cast<int>(found.size());
  } catch (const std::exception &problem) {
    snprintf(message, cfaces_message_size, "%s", problem.what());
    return -1;
  }
}

#else

int cfaces_is_built(void) { return 0; }

void *cfaces_open(const char *, char *message) {
  snprintf(message, cfaces_message_size, "this program was built without OpenCV");
  return nullptr;
}

void cfaces_close(void *) {}

int cfaces_find(void *, const uint8_t *, int, int, int, cfaces_box *, int, char *message) {
  snprintf(message, cfaces_message_size, "this program was built without OpenCV");
  return -1;
}

#endif
