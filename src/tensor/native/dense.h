// Dense layers: products of small matrices with what follows them (bias, rectifier), and their gradients, each shared
// by all threads as a whole. Included by the variants, see vectors.h.
#pragma once

#include <algorithm>
#include <cstring>

#include "kernels.h"
#include "norm.h"
#include "pool.h"
#include "products.h"
#include "vectors.h"

namespace pretext {
namespace PRETEXT_VARIANT {
namespace {

/** Rows that a thread takes at a time: some tiles of registers. */
constexpr int64_t kDenseRows = 4 * kRows;
/** Rows that are summed up at a time for the gradient of a kernel, so that they stay in the caches. */
constexpr int64_t kDenseDepth = 64;

inline int64_t inUnits(int64_t count, int64_t unit) { return (count + unit - 1) / unit; }

/** One panel of a kernel [depth, columns], its columns side by side; zeros behind the last one. */
inline void packPanel(const float* kernel, int64_t depth, int64_t columns, int64_t first, float* panel) {
  const int64_t width = std::min<int64_t>(kPanel, columns - first);
  for (int64_t place = 0; place < depth; place++, panel += kPanel) {
    std::memcpy(panel, kernel + place * columns + first, width * sizeof(float));
    std::fill(panel + width, panel + kPanel, 0.0f);
  }
}

/** The same of the transpose of a kernel [columns, depth]. */
inline void packTurnedPanel(const float* kernel, int64_t depth, int64_t columns, int64_t first, float* panel) {
  const int64_t width = std::min<int64_t>(kPanel, columns - first);
  for (int64_t column = 0; column < kPanel; column++) {
    const float* from = kernel + (first + column) * depth;
    for (int64_t place = 0; place < depth; place++) panel[place * kPanel + column] = column < width ? from[place] : 0;
  }
}

/** rows [count, depth], `rowStride` apart, times all panels, to [count, columns]; `finish` changes what is stored. */
template <typename Finish>
inline void timesPanels(const float* rows, int64_t rowStride, int64_t count, int64_t depth, const float* panels,
                        int64_t columns, float* result, Finish finish) {
  for (int64_t first = 0; first < columns; first += kPanel) {
    const float* panel = panels + first * depth;
    const int64_t width = std::min<int64_t>(kPanel, columns - first);
    for (int64_t begin = 0; begin < count; begin += kRows)
      withRows(std::min<int64_t>(kRows, count - begin), [&](auto number) {
        constexpr int kNumber = number.value;
        float tile[kNumber * kPanel];
        const bool whole = width == kPanel;
        float* to = whole ? result + begin * columns + first : tile;
        const int64_t stride = whole ? columns : kPanel;
        product<kNumber, kBeside>(rows + begin * rowStride, rowStride, panel, depth, to, stride);
        for (int row = 0; row < kNumber; row++)
          for (int beside = 0; beside < kBeside; beside++) {
            float* place = to + row * stride + beside * kLanes;
            store(place, finish(load(place), first + beside * kLanes));
          }
        if (whole) return;
        for (int row = 0; row < kNumber; row++)
          std::memcpy(result + (begin + row) * columns + first, tile + row * kPanel, width * sizeof(float));
      });
  }
}

void denseForward(const DenseInput& in, float* y) {
  const int64_t panels = inUnits(in.out, kPanel);
  Memory packed(panels * kPanel * in.in + panels * kPanel);
  float* bias = packed + panels * kPanel * in.in;
  std::fill(bias, bias + panels * kPanel, 0.0f);
  if (in.bias) std::memcpy(bias, in.bias, in.out * sizeof(float));
  for (int64_t panel = 0; panel < panels; panel++)
    packPanel(in.kernel, in.in, in.out, panel * kPanel, packed + panel * kPanel * in.in);
  inParallel(static_cast<int>(inUnits(in.rows, kDenseRows)), [&](int part) {
    const int64_t begin = part * kDenseRows, count = std::min(kDenseRows, in.rows - begin);
    const float* rows = in.x + begin * in.in;
    float* to = y + begin * in.out;
    const auto moved = [bias](Vector value, int64_t column) { return value + load(bias + column); };
    const auto rectified = [bias](Vector value, int64_t column) { return rectify(value + load(bias + column)); };
    if (in.rectified) timesPanels(rows, in.in, count, in.in, packed, in.out, to, rectified);
    else timesPanels(rows, in.in, count, in.in, packed, in.out, to, moved);
  });
}

/** Gradients before the rectifier of some rows [count, out], each filled up with zeros to `padded`. */
inline void gradientRows(const float* dy, const float* y, bool rectified, int64_t count, int64_t out, int64_t padded,
                         float* to) {
  for (int64_t row = 0; row < count; row++, dy += out, y += out, to += padded) {
    if (rectified)
      for (int64_t at = 0; at < out; at++) to[at] = y[at] > 0 ? dy[at] : 0;
    else std::memcpy(to, dy, out * sizeof(float));
    std::fill(to + out, to + padded, 0.0f);
  }
}

void denseTowardsInput(const DenseGradientInput& in, float* dx) {
  const int64_t panels = inUnits(in.in, kPanel);
  Memory turned(panels * kPanel * in.out);
  inParallel(static_cast<int>(panels), [&](int panel) {
    packTurnedPanel(in.kernel, in.out, in.in, panel * kPanel, turned + panel * kPanel * in.out);
  });
  inParallel(static_cast<int>(inUnits(in.rows, kDenseRows)), [&](int part) {
    const int64_t begin = part * kDenseRows, count = std::min(kDenseRows, in.rows - begin);
    const float* rows = in.dy + begin * in.out;
    Memory own(in.rectified ? count * in.out : 1);
    if (in.rectified) gradientRows(rows, in.y + begin * in.out, true, count, in.out, in.out, own);
    timesPanels(in.rectified ? own.data() : rows, in.out, count, in.out, turned, in.in, dx + begin * in.in,
                [](Vector value, int64_t) { return value; });
  });
}

/** x [rows, in] transposed times gradients [rows, padded], for some rows of the kernel [in, out]. */
inline void kernelRows(const DenseGradientInput& in, const float* gradients, int64_t padded, int64_t first,
                       int64_t count, float* dKernel) {
  Memory sums(count * padded);
  std::fill(sums.data(), sums + count * padded, 0.0f);
  for (int64_t begin = 0; begin < in.rows; begin += kDenseDepth) {
    const int64_t depth = std::min(kDenseDepth, in.rows - begin);
    const float* values = gradients + begin * padded;
    overPanels(0, padded, [&](int64_t channel, auto beside) {
      for (int64_t row = 0; row < count; row += kRows)
        withRows(std::min<int64_t>(kRows, count - row), [&](auto number) {
          outerProduct<number.value, beside.value>(in.x + begin * in.in + first + row, in.in, values + channel, padded,
                                                   depth, sums + row * padded + channel, padded);
        });
    });
  }
  for (int64_t row = 0; row < count; row++)
    std::memcpy(dKernel + (first + row) * in.out, sums + row * padded, in.out * sizeof(float));
}

void denseTowardsKernel(const DenseGradientInput& in, float* dKernel, float* dBias) {
  const int64_t padded = inUnits(in.out, kLanes) * kLanes;
  const bool copied = in.rectified || padded != in.out;
  Memory own(copied ? in.rows * padded : 1);
  if (copied)
    inParallel(static_cast<int>(inUnits(in.rows, kDenseDepth)), [&](int part) {
      const int64_t begin = part * kDenseDepth, count = std::min(kDenseDepth, in.rows - begin);
      const float *dy = in.dy + begin * in.out, *y = in.y + (in.rectified ? begin * in.out : 0);
      gradientRows(dy, y, in.rectified, count, in.out, padded, own + begin * padded);
    });
  const float* gradients = copied ? own.data() : in.dy;
  const int parts = static_cast<int>(inUnits(in.in, kDenseRows));
  // Every sum is one thread's: the result does not depend on who computes what.
  inParallel(parts + 1, [&](int part) {
    if (part < parts) {
      const int64_t first = part * kDenseRows;
      return kernelRows(in, gradients, padded, first, std::min(kDenseRows, in.in - first), dKernel);
    }
    std::fill(dBias, dBias + in.out, 0.0f);
    for (int64_t row = 0; row < in.rows; row++)
      for (int64_t at = 0; at < in.out; at++) dBias[at] += gradients[row * padded + at];
  });
}

}  // namespace
}  // namespace PRETEXT_VARIANT
}  // namespace pretext
