// Cross-entropy of logits with class ids, and its gradient. Included by the variants, see vectors.h.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "kernels.h"
#include "norm.h"
#include "pool.h"
#include "vectors.h"

namespace pretext {
namespace PRETEXT_VARIANT {
namespace {

/** Rows that a thread takes at a time. */
constexpr int64_t kEntropyRows = 16;

inline Vector masked(Mask mask, Vector values) {
  return reinterpret_cast<Vector>(mask & reinterpret_cast<Mask>(values));
}

/** eˣ of numbers not above 0 (Cephes' polynomial); 0 where it is too small for a normal float; none of none. */
inline Vector exponential(Vector x) {
  const Vector least = zero() - 87.0f;
  const Mask below = x < least, others = ~below;
  const Vector within = masked(below, least) + masked(others, x);
  const Mask turns = __builtin_convertvector(within * 1.44269504088896341f - 0.5f, Mask);
  const Vector whole = __builtin_convertvector(turns, Vector);
  const Vector rest = (within - whole * 0.693359375f) + whole * 2.12194440e-4f;
  Vector sum = zero() + 1.9875691500e-4f;
  constexpr float kTerms[] = {1.3981999507e-3f, 8.3334519073e-3f, 4.1665795894e-2f, 1.6666665459e-1f, 5.0000001201e-1f};
  for (const float term : kTerms) sum = sum * rest + term;
  sum = sum * rest * rest + rest + 1.0f;
  const Vector value = sum * reinterpret_cast<Vector>((turns + 127) << 23);
  return masked(others, value);
}

/** The last register of a row that does not fill it, with `rest` behind. */
inline Vector loadSome(const float* from, int64_t count, float rest) {
  float values[kLanes];
  std::fill(values, values + kLanes, rest);
  std::memcpy(values, from, count * sizeof(float));
  return load(values);
}

inline void storeSome(float* to, Vector value, int64_t count) {
  float values[kLanes];
  store(values, value);
  std::memcpy(to, values, count * sizeof(float));
}

inline float sumOf(Vector value) {
  float values[kLanes], sum = 0;
  store(values, value);
  for (const float each : values) sum += each;
  return sum;
}

/** What is no number is not above anything: it comes to the fore in the sum. */
inline float greatestOf(const float* row, int64_t classes) {
  float most = row[0];
  int64_t at = 0;
  if (classes >= kLanes) {
    Vector found = load(row);
    for (at = kLanes; at + kLanes <= classes; at += kLanes) {
      const Vector value = load(row + at);
      const Mask above = found < value, others = ~above;
      found = masked(above, value) + masked(others, found);
    }
    float values[kLanes];
    store(values, found);
    most = *std::max_element(values, values + kLanes);
  }
  for (; at < classes; at++) most = most < row[at] ? row[at] : most;
  return most;
}

/** −log softmax(row)[id]; `gradient` becomes softmax(row) − 1 at id, `right` whether that is the first greatest. */
inline float rowEntropy(const float* row, int64_t classes, int32_t id, float* gradient, float* right) {
  const int64_t whole = classes / kLanes * kLanes, rest = classes - whole;
  const float most = greatestOf(row, classes);
  *right = row[id] == most && std::find(row, row + id, most) == row + id ? 1 : 0;
  constexpr float kNever = -std::numeric_limits<float>::infinity();
  Vector sums = zero();
  for (int64_t at = 0; at < whole; at += kLanes) {
    const Vector value = exponential(load(row + at) - most);
    sums += value;
    store(gradient + at, value);
  }
  if (rest > 0) {
    const Vector value = exponential(loadSome(row + whole, rest, kNever) - most);
    sums += value;
    storeSome(gradient + whole, value, rest);
  }
  const float sum = sumOf(sums), inverse = 1 / sum;
  for (int64_t at = 0; at < classes; at++) gradient[at] *= inverse;
  gradient[id] -= 1;
  return std::log(sum) - (row[id] - most);
}

void classEntropy(const EntropyInput& in, float* loss, float* gradient, float* right) {
  inParallel(static_cast<int>((in.rows + kEntropyRows - 1) / kEntropyRows), [&](int part) {
    const int64_t begin = part * kEntropyRows, end = std::min(begin + kEntropyRows, in.rows);
    for (int64_t row = begin; row < end; row++)
      loss[row] = rowEntropy(in.logits + row * in.classes, in.classes, in.ids[row], gradient + row * in.classes,
                             right + row);
  });
}

}  // namespace
}  // namespace PRETEXT_VARIANT
}  // namespace pretext
