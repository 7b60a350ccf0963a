// Rows of length 1, and their gradient. Included by the variants, see vectors.h.
#pragma once

#include <algorithm>
#include <cmath>

#include "entropy.h"
#include "kernels.h"
#include "pool.h"
#include "vectors.h"

namespace pretext {
namespace PRETEXT_VARIANT {
namespace {

/** Rows that a thread takes at a time. */
constexpr int64_t kLengthRows = 64;

template <typename Body>
inline void overLengthRows(int64_t rows, Body body) {
  inParallel(static_cast<int>((rows + kLengthRows - 1) / kLengthRows), [&](int part) {
    const int64_t begin = part * kLengthRows, end = std::min(begin + kLengthRows, rows);
    for (int64_t row = begin; row < end; row++) body(row);
  });
}

inline float along(const float* a, const float* b, int64_t size) {
  Vector sums = zero();
  int64_t at = 0;
  for (; at + kLanes <= size; at += kLanes) sums += load(a + at) * load(b + at);
  float sum = sumOf(sums);
  for (; at < size; at++) sum += a[at] * b[at];
  return sum;
}

void unitRows(const LengthInput& in, float* y, float* inverse) {
  overLengthRows(in.rows, [&](int64_t row) {
    const float* x = in.x + row * in.size;
    const float square = along(x, x, in.size);
    // What is no number is not below epsilon, and makes none.
    const float factor = 1 / std::sqrt(square < in.epsilon ? in.epsilon : square);
    inverse[row] = factor;
    for (int64_t at = 0; at < in.size; at++) y[row * in.size + at] = x[at] * factor;
  });
}

void unitRowsGradient(const LengthGradientInput& in, float* dx) {
  const float held = 1 / std::sqrt(in.epsilon);
  overLengthRows(in.rows, [&](int64_t row) {
    const float *dy = in.dy + row * in.size, *y = in.y + row * in.size;
    const float inverse = in.inverse[row];
    // Where the length was held at its smallest, it does not change with x.
    const float turned = inverse < held ? along(dy, y, in.size) : 0;
    for (int64_t at = 0; at < in.size; at++) dx[row * in.size + at] = (dy[at] - y[at] * turned) * inverse;
  });
}

}  // namespace
}  // namespace PRETEXT_VARIANT
}  // namespace pretext
