// Products of matrices in blocks that stay in the caches, as algorithms need them that transform an image's tiles,
// multiply what came out, matrix by matrix, and transform it back. Included by the variants, see vectors.h.
#pragma once

#include "ahead.h"
#include "vectors.h"

namespace pretext {
namespace PRETEXT_VARIANT {
namespace {

/** Tiles that are transformed together, so that they stay in the caches. */
constexpr int kTiles = 96;
/** Output channels whose products are kept until their tiles are complete. */
constexpr int kOutBlock = 64;

/**
 * rows [Rows, depth] times a panel [depth, Beside · lanes] of filters.
 */
template <int Rows, int Beside>
inline void product(const float* rows, size_t rowStride, const float* panel, int64_t depth, float* result,
                    size_t resultStride) {
  Sums<Rows, Beside> sums;
  for (int64_t place = 0; place < depth; place++) {
    Vector filters[Beside];
    for (int beside = 0; beside < Beside; beside++) filters[beside] = load(panel + beside * kLanes);
    panel += Beside * kLanes;
    for (int row = 0; row < Rows; row++) {
      const float value = rows[row * rowStride + place];
      for (int beside = 0; beside < Beside; beside++) sums.values[row][beside] += value * filters[beside];
    }
  }
  sums.put(result, resultStride);
}

/** columns [depth, Rows] transposed times values [depth, Beside · lanes], added to what is there. */
template <int Rows, int Beside>
inline void outerProduct(const float* columns, size_t columnStride, const float* values, size_t valueStride,
                         int64_t depth, float* result, size_t resultStride) {
  Sums<Rows, Beside> sums;
  sums.take(result, resultStride);
  for (int64_t place = 0; place < depth; place++) {
    Vector right[Beside];
    for (int beside = 0; beside < Beside; beside++) right[beside] = load(values + beside * kLanes);
    for (int row = 0; row < Rows; row++)
      for (int beside = 0; beside < Beside; beside++) sums.values[row][beside] += columns[row] * right[beside];
    columns += columnStride;
    values += valueStride;
  }
  sums.put(result, resultStride);
}

/** Floats of one matrix; a little more than needed, so that they do not fall on the same cache lines. */
inline size_t matrixSize(int64_t tiles, int64_t channels) { return tiles * channels + 16; }

/** How often the products below call `beside`. */
inline int64_t turnsOf(int parts, int64_t rows, int64_t channels) {
  return parts * ((rows + kRows - 1) / kRows) * ((channels + kPanel - 1) / kPanel);
}

/**
 * Products of one block of tiles with the filters of some outputs, in each of `parts` matrices; `beside` is called
 * before each of the small products.
 */
template <typename Beside = NothingAhead>
inline void multiplyTiles(int parts, const float* tiles, size_t tileMatrix, int64_t count, int64_t in,
                          const float* filters, size_t filterMatrix, int64_t begin, int64_t end,
                          float* products, size_t productMatrix, Beside&& beside = {}) {
  const int64_t outputs = end - begin;
  for (int part = 0; part < parts; part++)
    overPanels(begin, end, [&](int64_t channel, auto registers) {
      const float* panel = filters + part * filterMatrix + channel * in;
      for (int64_t tile = 0; tile < count; tile += kRows) {
        const float* rows = tiles + part * tileMatrix + tile * in;
        float* result = products + part * productMatrix + tile * outputs + channel - begin;
        beside();
        withRows(std::min<int64_t>(kRows, count - tile), [&](auto number) {
          product<number.value, registers.value>(rows, in, panel, in, result, outputs);
        });
      }
    });
}

/**
 * Tiles [count, in] transposed times their gradients [count, out], added to `sums`, in each of `parts` matrices;
 * `beside` is called before each of the small products.
 */
template <typename Beside = NothingAhead>
inline void addOuterProducts(int parts, const float* tiles, size_t tileMatrix, int64_t in, const float* gradients,
                             size_t gradientMatrix, int64_t out, int64_t count, float* sums, size_t sumMatrix,
                             Beside&& beside = {}) {
  for (int part = 0; part < parts; part++)
    overPanels(0, out, [&](int64_t channel, auto registers) {
      for (int64_t row = 0; row < in; row += kRows) {
        beside();
        withRows(std::min<int64_t>(kRows, in - row), [&](auto number) {
          outerProduct<number.value, registers.value>(tiles + part * tileMatrix + row, in,
                                                      gradients + part * gradientMatrix + channel, out, count,
                                                      sums + part * sumMatrix + row * out + channel, out);
        });
      }
    });
}

}  // namespace
}  // namespace PRETEXT_VARIANT
}  // namespace pretext
