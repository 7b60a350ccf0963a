// Fetching memory before it is needed: a kernel that transforms tiles and then multiplies them would else wait for
// memory in the one phase and leave it alone in the other. Included by the variants, see vectors.h.
#pragma once

#include <algorithm>
#include <cstdint>

namespace pretext {
namespace PRETEXT_VARIANT {
namespace {

/** Numbers of a cache line. */
constexpr int64_t kLine = 16;

/** Brings so many numbers nearer. */
inline void fetch(const float* from, int64_t count) {
  for (int64_t at = 0; at < count; at += kLine) __builtin_prefetch(from + at, 0, 2);
}

/** Rows of memory that are brought nearer, some at a time, while something else is computed. */
class Ahead {
 public:
  /** `rows` rows of `width` numbers, each `stride` numbers after the one before, within so many turns. */
  Ahead(const float* from, int64_t rows, int64_t width, int64_t stride, int64_t turns)
      : row_(from),
        rows_(rows),
        width_(width),
        stride_(stride),
        share_((rows * ((width + kLine - 1) / kLine) + turns - 1) / turns) {}

  void turn() {
    for (int64_t count = 0; count < share_ && rows_ > 0; count++) {
      __builtin_prefetch(row_ + at_, 0, 2);
      at_ += kLine;
      if (at_ < width_) continue;
      at_ = 0;
      rows_--;
      row_ += stride_;
    }
  }

 private:
  const float* row_;
  int64_t at_ = 0, rows_, width_, stride_, share_;
};

/** Of products beside which nothing is fetched. */
struct NothingAhead {
  void operator()() const {}
};

}  // namespace
}  // namespace PRETEXT_VARIANT
}  // namespace pretext
