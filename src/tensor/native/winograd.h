// Convolutions of 3 × 3 places with stride 1 and zeros around the image, by the minimal filtering algorithm
// F(2 × 2, 3 × 3) of Winograd, as Lavin and Gray 2016 (Fast Algorithms for Convolutional Neural Networks) use it.
// It needs 4 multiplications for an output where the plain sum needs 9, and is as exact in 32 bits.
// Included by the variants, see vectors.h.
#pragma once

#include "kernels.h"
#include "pool.h"
#include "products.h"
#include "vectors.h"

namespace pretext {
namespace PRETEXT_VARIANT {
namespace {

/** Where a tile of 2 × 2 outputs lies, counted up without divisions. */
struct Tile {
  int64_t sample, row, column;
};

struct Tiling {
  int64_t rows, columns, count;
  explicit Tiling(const ConvolutionShape& shape)
      : rows((shape.height + 1) / 2),
        columns((shape.width + 1) / 2),
        count(shape.batch * rows * columns) {}
  Tile at(int64_t index) const {
    const int64_t column = index % columns;
    const int64_t line = index / columns;
    return {line / rows, line % rows * 2, column * 2};
  }
  void next(Tile& tile) const {
    if ((tile.column += 2) < 2 * columns) return;
    tile.column = 0;
    if ((tile.row += 2) < 2 * rows) return;
    tile.row = 0;
    tile.sample++;
  }
};

/** Bᵀ d B of 4 × 4 inputs; `place(i, j)` is where the channels of one lie. */
template <typename Place>
inline void transformPlaces(int64_t channels, float* to, size_t matrix, Place place) {
  for (int64_t channel = 0; channel < channels; channel += kLanes) {
    Vector rows[4][4];
    for (int j = 0; j < 4; j++) {
      const Vector d0 = load(place(0, j) + channel), d1 = load(place(1, j) + channel),
                   d2 = load(place(2, j) + channel), d3 = load(place(3, j) + channel);
      rows[0][j] = d0 - d2;
      rows[1][j] = d1 + d2;
      rows[2][j] = d2 - d1;
      rows[3][j] = d1 - d3;
    }
    float* out = to + channel;
    for (int i = 0; i < 4; i++) {
      store(out, rows[i][0] - rows[i][2]);
      store(out + matrix, rows[i][1] + rows[i][2]);
      store(out + 2 * matrix, rows[i][2] - rows[i][1]);
      store(out + 3 * matrix, rows[i][1] - rows[i][3]);
      out += 4 * matrix;
    }
  }
}

/** The inputs that a tile looks at, transformed into 16 matrices [tiles, channels]; `nothing` holds zeros. */
inline void transformInputs(const float* x, const ConvolutionShape& shape, int64_t channels, const Tile& tile,
                            float* to, size_t matrix, const float* nothing) {
  const int64_t top = tile.row - 1, left = tile.column - 1, line = shape.width * channels;
  const float* corner = x + ((tile.sample * shape.height + top) * shape.width + left) * channels;
  if (top >= 0 && left >= 0 && top + 4 <= shape.height && left + 4 <= shape.width)
    return transformPlaces(channels, to, matrix,
                           [=](int i, int j) { return corner + i * line + j * channels; });
  const float* places[4][4];
  for (int i = 0; i < 4; i++)
    for (int j = 0; j < 4; j++) {
      const bool there = top + i >= 0 && top + i < shape.height && left + j >= 0 && left + j < shape.width;
      places[i][j] = there ? corner + i * line + j * channels : nothing;
    }
  transformPlaces(channels, to, matrix, [&](int i, int j) { return places[i][j]; });
}

/** Aᵀ m A: 2 × 2 outputs of 16 products. */
inline void transformOutputs(const float* from, size_t matrix, float* y, const ConvolutionShape& shape,
                             int64_t outputs, const Tile& tile, int64_t begin, int64_t end) {
  const bool below = tile.row + 1 < shape.height, right = tile.column + 1 < shape.width;
  float* place = y + ((tile.sample * shape.height + tile.row) * shape.width + tile.column) * outputs;
  float* next = place + shape.width * outputs;
  for (int64_t channel = begin; channel < end; channel += kLanes) {
    Vector upper[4], lower[4];
    for (int j = 0; j < 4; j++) {
      const float* in = from + j * matrix + channel - begin;
      const Vector m1 = load(in + 4 * matrix), m2 = load(in + 8 * matrix);
      upper[j] = load(in) + m1 + m2;
      lower[j] = m1 - m2 - load(in + 12 * matrix);
    }
    store(place + channel, upper[0] + upper[1] + upper[2]);
    if (right) store(place + outputs + channel, upper[1] - upper[2] - upper[3]);
    if (!below) continue;
    store(next + channel, lower[0] + lower[1] + lower[2]);
    if (right) store(next + outputs + channel, lower[1] - lower[2] - lower[3]);
  }
}

/** A d Aᵀ: 16 values of the gradients of 2 × 2 outputs. */
inline void transformGradients(const float* dy, const ConvolutionShape& shape, const Tile& tile, float* to,
                               size_t matrix) {
  const bool below = tile.row + 1 < shape.height, right = tile.column + 1 < shape.width;
  const float* place = dy + ((tile.sample * shape.height + tile.row) * shape.width + tile.column) * shape.out;
  const float* next = place + shape.width * shape.out;
  for (int64_t channel = 0; channel < shape.out; channel += kLanes) {
    const Vector a = load(place + channel);
    const Vector b = right ? load(place + shape.out + channel) : zero();
    const Vector c = below ? load(next + channel) : zero();
    const Vector d = below && right ? load(next + shape.out + channel) : zero();
    const Vector left[4] = {a, a + c, a - c, -c};
    const Vector other[4] = {b, b + d, b - d, -d};
    float* out = to + channel;
    for (int i = 0; i < 4; i++) {
      store(out, left[i]);
      store(out + matrix, left[i] + other[i]);
      store(out + 2 * matrix, left[i] - other[i]);
      store(out + 3 * matrix, -other[i]);
      out += 4 * matrix;
    }
  }
}

/** G g Gᵀ of one panel of filters, as `product` reads them: 16 times [in, panel]. */
template <int Beside>
inline void transformFilters(const float* kernel, int64_t in, int64_t out, int64_t begin, float* to,
                             size_t matrix) {
  const Vector half = zero() + 0.5f;
  for (int64_t channel = 0; channel < in; channel++)
    for (int beside = 0; beside < Beside; beside++) {
      const float* from = kernel + channel * out + begin + beside * kLanes;
      Vector rows[4][3];
      for (int j = 0; j < 3; j++) {
        const Vector g0 = load(from + j * in * out), g1 = load(from + (3 + j) * in * out),
                     g2 = load(from + (6 + j) * in * out);
        const Vector ends = half * (g0 + g2), middle = half * g1;
        rows[0][j] = g0;
        rows[1][j] = ends + middle;
        rows[2][j] = ends - middle;
        rows[3][j] = g2;
      }
      float* place = to + (channel * Beside + beside) * kLanes;
      for (int i = 0; i < 4; i++) {
        const Vector ends = half * (rows[i][0] + rows[i][2]), middle = half * rows[i][1];
        store(place + (4 * i) * matrix, rows[i][0]);
        store(place + (4 * i + 1) * matrix, ends + middle);
        store(place + (4 * i + 2) * matrix, ends - middle);
        store(place + (4 * i + 3) * matrix, rows[i][2]);
      }
    }
}

void winogradForward(const float* x, const float* kernel, float* y, const ConvolutionShape& shape) {
  const int64_t in = shape.in, out = shape.out;
  const size_t filterMatrix = in * out + 16;
  const Memory filters(16 * filterMatrix);
  const int64_t panels = (out + kPanel - 1) / kPanel;
  const auto transformPanel = [&](int64_t panel) {
    overPanels(panel * kPanel, std::min<int64_t>(out, (panel + 1) * kPanel), [&](int64_t channel, auto beside) {
      transformFilters<beside.value>(kernel, in, out, channel, filters + channel * in, filterMatrix);
    });
  };
  // Small filters are done before another thread has heard of it.
  if (in * out < 64 * 64)
    for (int64_t panel = 0; panel < panels; panel++) transformPanel(panel);
  else
    inParallel(static_cast<int>(panels), transformPanel);

  const Tiling tiling(shape);
  // Of few tiles fewer at a time, so that no thread waits long for the last.
  const int64_t share = tiling.count / (12 * threadCount()) / kRows * kRows;
  const int64_t atATime = std::min<int64_t>(kTiles, std::max<int64_t>(4 * kRows, share));
  const int64_t blocks = (tiling.count + atATime - 1) / atATime;
  inParallel(static_cast<int>(blocks), [&](int block) {
    const int64_t first = block * atATime, count = std::min<int64_t>(atATime, tiling.count - first);
    const size_t tileMatrix = matrixSize(kTiles, in), productMatrix = matrixSize(kTiles, std::min<int64_t>(out, kOutBlock));
    const Memory transformed(16 * tileMatrix);
    const Memory products(16 * productMatrix);
    const Memory nothing(in);
    std::fill_n(nothing.data(), in, 0.0f);
    Tile place = tiling.at(first);
    for (int64_t tile = 0; tile < count; tile++, tiling.next(place))
      transformInputs(x, shape, in, place, transformed + tile * in, tileMatrix, nothing);
    for (int64_t begin = 0; begin < out; begin += kOutBlock) {
      const int64_t end = std::min<int64_t>(out, begin + kOutBlock);
      multiplyTiles(16, transformed, tileMatrix, count, in, filters, filterMatrix, begin, end, products, productMatrix);
      place = tiling.at(first);
      for (int64_t tile = 0; tile < count; tile++, tiling.next(place))
        transformOutputs(products + tile * (end - begin), productMatrix, y, shape, out, place, begin, end);
    }
  });
}

/** The kernel turned by 180 degrees, its inputs and outputs exchanged. */
void turn(const float* kernel, int64_t in, int64_t out, float* turned) {
  inParallel(9, [&](int place) {
    const float* from = kernel + place * in * out;
    float* to = turned + (8 - place) * in * out;
    for (int64_t i = 0; i < in; i += 8)
      for (int64_t o = 0; o < out; o++)
        for (int64_t k = i; k < i + 8; k++) to[o * in + k] = from[k * out + o];
  });
}

void winogradTowardsInput(const float* dy, const float* kernel, float* dx, const ConvolutionShape& shape) {
  const Memory turned(9 * shape.in * shape.out);
  turn(kernel, shape.in, shape.out, turned);
  ConvolutionShape turnedShape = shape;
  std::swap(turnedShape.in, turnedShape.out);
  winogradForward(dy, turned, dx, turnedShape);
}

/** Gᵀ u G of the sum over all threads, for some channels. */
void transformSums(const float* sums, size_t matrix, int parts, int64_t in, int64_t out, int64_t begin, int64_t end,
                   float* dKernel) {
  const Vector half = zero() + 0.5f;
  for (int64_t at = begin * out; at < end * out; at += kLanes) {
    Vector rows[3][4];
    for (int j = 0; j < 4; j++) {
      Vector u[4];
      for (int i = 0; i < 4; i++) {
        u[i] = zero();
        for (int part = 0; part < parts; part++) u[i] += load(sums + (part * 16 + 4 * i + j) * matrix + at);
      }
      rows[0][j] = u[0] + half * (u[1] + u[2]);
      rows[1][j] = half * (u[1] - u[2]);
      rows[2][j] = half * (u[1] + u[2]) + u[3];
    }
    for (int i = 0; i < 3; i++) {
      float* to = dKernel + 3 * i * in * out + at;
      store(to, rows[i][0] + half * (rows[i][1] + rows[i][2]));
      store(to + in * out, half * (rows[i][1] - rows[i][2]));
      store(to + 2 * in * out, half * (rows[i][1] + rows[i][2]) + rows[i][3]);
    }
  }
}

void winogradTowardsKernel(const float* x, const float* dy, float* dKernel, const ConvolutionShape& shape) {
  const int64_t in = shape.in, out = shape.out;
  const Tiling tiling(shape);
  const int64_t blocks = (tiling.count + kTiles - 1) / kTiles;
  // Every part adds up its own tiles in their order, so that the sum does not depend on which thread was first.
  const size_t matrix = in * out + 16;
  const int parts = static_cast<int>(std::min<int64_t>(partCount(16 * matrix * sizeof(float)), blocks));
  const Memory sums(parts * 16 * matrix);
  inParallel(parts, [&](int part) {
    const size_t tileMatrix = matrixSize(kTiles, in), gradientMatrix = matrixSize(kTiles, out);
    const Memory transformed(16 * tileMatrix);
    const Memory gradients(16 * gradientMatrix);
    const Memory nothing(in);
    std::fill_n(nothing.data(), in, 0.0f);
    float* own = sums + part * 16 * matrix;
    std::fill(own, own + 16 * matrix, 0.0f);
    for (int64_t block = blocks * part / parts; block < blocks * (part + 1) / parts; block++) {
      const int64_t first = block * kTiles, count = std::min<int64_t>(kTiles, tiling.count - first);
      Tile place = tiling.at(first);
      for (int64_t tile = 0; tile < count; tile++, tiling.next(place)) {
        transformInputs(x, shape, in, place, transformed + tile * in, tileMatrix, nothing);
        transformGradients(dy, shape, place, gradients + tile * out, gradientMatrix);
      }
      addOuterProducts(16, transformed, tileMatrix, in, gradients, gradientMatrix, out, count, own, matrix);
    }
  });
  constexpr int64_t kRowsOfSums = 8;
  inParallel(static_cast<int>((in + kRowsOfSums - 1) / kRowsOfSums), [&](int block) {
    const int64_t begin = block * kRowsOfSums;
    transformSums(sums, matrix, parts, in, out, begin, std::min(in, begin + kRowsOfSums), dKernel);
  });
}

}  // namespace
}  // namespace PRETEXT_VARIANT
}  // namespace pretext
