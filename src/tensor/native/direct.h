// Convolutions of any size and stride as sums over their places, without copies of the image: every place of the
// kernel is a product of channels, read where they lie. Included by the variants, see vectors.h.
#pragma once

#include <vector>

#include "ahead.h"
#include "kernels.h"
#include "pool.h"
#include "vectors.h"

namespace pretext {
namespace PRETEXT_VARIANT {
namespace {

/** Outputs that one thread takes at a time. */
constexpr int kOutputs = 48;
/** Outputs over which a part of a kernel's gradient is summed in registers. */
constexpr int kDepth = 96;

/** A place of the kernel: where it looks, seen from the first place of an output, and its filters. */
struct Tap {
  int64_t row, column;
  size_t filter;
};

/** Sums of products over taps and channels: for Rows outputs, a panel of their channels. */
template <int Rows, int Beside>
inline void gather(const float* const* places, int64_t taps, int64_t depth, const float* const* filters,
                   size_t filterOffset, float* const* results, int64_t channel) {
  Sums<Rows, Beside> sums;
  for (int64_t tap = 0; tap < taps; tap++) {
    const float* from[Rows];
    for (int row = 0; row < Rows; row++) from[row] = places[tap * kRows + row];
    const float* panel = filters[tap] + filterOffset;
    for (int64_t place = 0; place < depth; place++) {
      Vector right[Beside];
      for (int beside = 0; beside < Beside; beside++) right[beside] = load(panel + beside * kLanes);
      panel += Beside * kLanes;
      for (int row = 0; row < Rows; row++)
        for (int beside = 0; beside < Beside; beside++) sums.values[row][beside] += from[row][place] * right[beside];
    }
  }
  for (int row = 0; row < Rows; row++)
    for (int beside = 0; beside < Beside; beside++)
      store(results[row] + channel + beside * kLanes, sums.values[row][beside]);
}

/** Filters of every tap, `[taps][panels][depth][panel]`, as `gather` reads them. */
template <typename Source>
void packFilters(int64_t taps, int64_t depth, int64_t outputs, float* packed, Source source) {
  inParallel(static_cast<int>(taps), [&](int tap) {
    overPanels(0, outputs, [&](int64_t channel, auto beside) {
      float* to = packed + tap * depth * outputs + channel * depth;
      source(tap, channel, beside.value * kLanes, to);
    });
  });
}

/**
 * Outputs that all look at the same taps: `rows` × `columns` of them in every sample, `step` places apart from the
 * first one on.
 */
struct Outputs {
  int64_t firstRow, firstColumn, rowStep, columnStep, rows, columns;
  std::vector<Tap> taps;
};

struct Image {
  const float* values;
  int64_t height, width, channels;
};

/** How an output's place leads to a place of the image: multiplied, then moved. */
struct Lead {
  int64_t rowFactor, columnFactor;
};

/** The place of an output, counted up without divisions. */
struct Place {
  int64_t sample, row, column;

  Place(int64_t index, int64_t rows, int64_t columns)
      : sample(index / (rows * columns)), row(index / columns % rows), column(index % columns) {}
  void next(int64_t rows, int64_t columns) {
    if (++column < columns) return;
    column = 0;
    if (++row < rows) return;
    row = 0;
    sample++;
  }
};

/** Where the taps of an output look: a zero where they look beside the image. */
class Window {
 public:
  Window(const Image& image, const std::vector<Tap>& taps) : image_(image) {
    for (const Tap& tap : taps) {
      offsets_.push_back((tap.row * image.width + tap.column) * image.channels);
      top_ = std::min(top_, tap.row), bottom_ = std::max(bottom_, tap.row);
      left_ = std::min(left_, tap.column), right_ = std::max(right_, tap.column);
    }
  }
  const float* at(int64_t sample, int64_t row, int64_t column) const {
    return image_.values + ((sample * image_.height + row) * image_.width + column) * image_.channels;
  }
  bool inside(int64_t row, int64_t column) const {
    return row + top_ >= 0 && row + bottom_ < image_.height && column + left_ >= 0 && column + right_ < image_.width;
  }
  const float* look(const float* place, bool whole, int64_t row, int64_t column, int64_t tap, const Tap& by,
                    const float* nothing) const {
    const int64_t y = row + by.row, x = column + by.column;
    if (whole || (y >= 0 && y < image_.height && x >= 0 && x < image_.width)) return place + offsets_[tap];
    return nothing;
  }

 private:
  const Image& image_;
  std::vector<int64_t> offsets_;
  int64_t top_ = 0, bottom_ = 0, left_ = 0, right_ = 0;
};

/** So many groups of outputs later is what is fetched while one is computed. */
constexpr int64_t kGroupsAhead = 4;

/** result[n, place] = Σ over taps of image[n, place · factor + tap] · filters of the tap. */
void gatherAll(const Image& image, int64_t batch, const Outputs& outputs, Lead lead, const float* filters,
               float* result, int64_t height, int64_t width, int64_t channels) {
  const int64_t taps = static_cast<int64_t>(outputs.taps.size());
  const int64_t count = batch * outputs.rows * outputs.columns;
  const int64_t blocks = (count + kOutputs - 1) / kOutputs;
  const Window window(image, outputs.taps);
  std::vector<const float*> tapFilters;
  for (const Tap& tap : outputs.taps) tapFilters.push_back(filters + tap.filter);
  inParallel(static_cast<int>(blocks), [&](int block) {
    const Memory nothing(image.channels);
    std::fill_n(nothing.data(), image.channels, 0.0f);
    thread_local std::vector<const float*> places;
    places.resize(std::max<size_t>(places.size(), taps * kRows));
    const int64_t begin = int64_t{block} * kOutputs, end = std::min<int64_t>(count, begin + kOutputs);
    Place place(begin, outputs.rows, outputs.columns);
    for (int64_t first = begin; first < end; first += kRows) {
      const int64_t rows = std::min<int64_t>(kRows, end - first);
      float* results[kRows];
      for (int64_t row = 0; row < rows; row++, place.next(outputs.rows, outputs.columns)) {
        const int64_t outRow = outputs.firstRow + place.row * outputs.rowStep;
        const int64_t outColumn = outputs.firstColumn + place.column * outputs.columnStep;
        results[row] = result + ((place.sample * height + outRow) * width + outColumn) * channels;
        const int64_t y = place.row * lead.rowFactor, x = place.column * lead.columnFactor;
        const float* at = window.at(place.sample, y, x);
        const bool whole = window.inside(y, x);
        fetch(results[row] + kGroupsAhead * kRows * outputs.columnStep * channels, channels);
        fetch(at + kGroupsAhead * kRows * lead.columnFactor * image.channels, image.channels);
        for (int64_t tap = 0; tap < taps; tap++)
          places[tap * kRows + row] = window.look(at, whole, y, x, tap, outputs.taps[tap], nothing);
      }
      overPanels(0, channels, [&](int64_t channel, auto beside) {
        withRows(rows, [&](auto number) {
          gather<number.value, beside.value>(places.data(), taps, image.channels, tapFilters.data(),
                                             channel * image.channels, results, channel);
        });
      });
    }
  });
}

/** All places of a kernel. */
std::vector<Tap> tapsOf(const ConvolutionShape& shape) {
  std::vector<Tap> taps;
  for (int64_t row = 0; row < shape.kernelHeight; row++)
    for (int64_t column = 0; column < shape.kernelWidth; column++)
      taps.push_back({row - shape.before[0], column - shape.before[1],
                      static_cast<size_t>((row * shape.kernelWidth + column) * shape.in * shape.out)});
  return taps;
}

void directForward(const float* x, const float* kernel, float* y, const ConvolutionShape& shape) {
  const int64_t in = shape.in, out = shape.out, taps = shape.kernelHeight * shape.kernelWidth;
  const Memory filters(taps * in * out);
  packFilters(taps, in, out, filters, [&](int64_t tap, int64_t channel, int64_t width, float* to) {
    const float* from = kernel + tap * in * out + channel;
    for (int64_t i = 0; i < in; i++, from += out, to += width) std::copy(from, from + width, to);
  });
  const Outputs outputs = {0, 0, 1, 1, shape.outHeight, shape.outWidth, tapsOf(shape)};
  gatherAll({x, shape.height, shape.width, in}, shape.batch, outputs, {shape.strides[0], shape.strides[1]}, filters, y,
            shape.outHeight, shape.outWidth, out);
}

/** The taps of a kernel that meet places at that distance from a whole number of strides. */
std::vector<std::pair<int64_t, int64_t>> meeting(int64_t size, int64_t before, int64_t stride, int64_t first) {
  std::vector<std::pair<int64_t, int64_t>> found;
  for (int64_t tap = 0; tap < size; tap++) {
    const int64_t reach = first + before - tap;
    // Rounded down also below zero; the place of dy that the first of these inputs meets by this tap.
    const int64_t remainder = ((reach % stride) + stride) % stride;
    if (remainder == 0) found.push_back({tap, reach / stride});
  }
  return found;
}

/** Inputs at the same distance from a whole number of strides meet the same taps, and are done together. */
void directTowardsInput(const float* dy, const float* kernel, float* dx, const ConvolutionShape& shape) {
  const int64_t in = shape.in, out = shape.out, taps = shape.kernelHeight * shape.kernelWidth;
  const Memory filters(taps * in * out);
  packFilters(taps, out, in, filters, [&](int64_t tap, int64_t channel, int64_t width, float* to) {
    const float* from = kernel + (tap * in + channel) * out;
    for (int64_t o = 0; o < out; o++, to += width)
      for (int64_t i = 0; i < width; i++) to[i] = from[i * out + o];
  });
  for (int64_t row = 0; row < std::min(shape.strides[0], shape.height); row++)
    for (int64_t column = 0; column < std::min(shape.strides[1], shape.width); column++) {
      Outputs inputs = {row,
                        column,
                        shape.strides[0],
                        shape.strides[1],
                        (shape.height - row + shape.strides[0] - 1) / shape.strides[0],
                        (shape.width - column + shape.strides[1] - 1) / shape.strides[1],
                        {}};
      for (const auto& [y, placeRow] : meeting(shape.kernelHeight, shape.before[0], shape.strides[0], row))
        for (const auto& [x, placeColumn] : meeting(shape.kernelWidth, shape.before[1], shape.strides[1], column))
          inputs.taps.push_back(
              {placeRow, placeColumn, static_cast<size_t>((y * shape.kernelWidth + x) * in * out)});
      gatherAll({dy, shape.outHeight, shape.outWidth, out}, shape.batch, inputs, {1, 1}, filters, dx, shape.height,
                shape.width, in);
    }
}

/** columns [depth][Rows], each where it lies, transposed times values [depth, Beside · lanes], added to the result. */
template <int Rows, int Beside>
inline void scatter(const float* const* columns, int64_t row, const float* values, size_t valueStride, int64_t depth,
                    float* result, size_t resultStride) {
  Sums<Rows, Beside> sums;
  sums.take(result, resultStride);
  for (int64_t place = 0; place < depth; place++) {
    const float* column = columns[place] + row;
    Vector right[Beside];
    for (int beside = 0; beside < Beside; beside++) right[beside] = load(values + beside * kLanes);
    values += valueStride;
    for (int index = 0; index < Rows; index++)
      for (int beside = 0; beside < Beside; beside++) sums.values[index][beside] += column[index] * right[beside];
  }
  sums.put(result, resultStride);
}

void directTowardsKernel(const float* x, const float* dy, float* dKernel, const ConvolutionShape& shape) {
  const int64_t in = shape.in, out = shape.out, taps = shape.kernelHeight * shape.kernelWidth;
  const int64_t count = shape.batch * shape.outHeight * shape.outWidth;
  const int64_t blocks = (count + kDepth - 1) / kDepth;
  const std::vector<Tap> places = tapsOf(shape);
  const Image image = {x, shape.height, shape.width, in};
  const Window window(image, places);
  // Every part adds up its own outputs in their order, so that the sum does not depend on which thread was first.
  const int64_t size = taps * in * out;
  const int parts = static_cast<int>(std::min<int64_t>(partCount(size * sizeof(float)), blocks));
  const Memory sums(parts * size);
  inParallel(parts, [&](int part) {
    float* own = sums + part * size;
    std::fill(own, own + size, 0.0f);
    const Memory nothing(in);
    std::fill_n(nothing.data(), in, 0.0f);
    const float* columns[kDepth];
    const float* middles[kDepth];
    int64_t rows[kDepth], lines[kDepth];
    bool whole[kDepth];
    const int64_t begin = blocks * part / parts * kDepth, end = std::min(count, blocks * (part + 1) / parts * kDepth);
    Place place(begin, shape.outHeight, shape.outWidth);
    for (int64_t first = begin; first < end; first += kDepth) {
      const int64_t depth = std::min<int64_t>(kDepth, end - first);
      for (int64_t at = 0; at < depth; at++, place.next(shape.outHeight, shape.outWidth)) {
        rows[at] = place.row * shape.strides[0], lines[at] = place.column * shape.strides[1];
        middles[at] = window.at(place.sample, rows[at], lines[at]);
        whole[at] = window.inside(rows[at], lines[at]);
        fetch(middles[at] + kDepth * shape.strides[1] * in, in);
        fetch(dy + (first + at + kDepth) * out, out);
      }
      for (int64_t tap = 0; tap < taps; tap++) {
        for (int64_t at = 0; at < depth; at++)
          columns[at] = window.look(middles[at], whole[at], rows[at], lines[at], tap, places[tap], nothing);
        overPanels(0, out, [&](int64_t channel, auto beside) {
          for (int64_t row = 0; row < in; row += kRows)
            withRows(std::min<int64_t>(kRows, in - row), [&](auto number) {
              scatter<number.value, beside.value>(columns, row, dy + first * out + channel, out, depth,
                                                  own + (tap * in + row) * out + channel, out);
            });
        });
      }
    }
  });
  std::copy_n(sums.data(), size, dKernel);
  for (int part = 1; part < parts; part++)
    for (int64_t at = 0; at < size; at++) dKernel[at] += sums[part * size + at];
}

}  // namespace
}  // namespace PRETEXT_VARIANT
}  // namespace pretext
