// Convolutions along lines by the algorithm of Toom and Cook with eight points (Winograd's minimal filtering along one
// axis; Lavin and Gray 2016 use it along two): a tile of eight places gives 9 − R outputs of a kernel of R places with
// 8 multiplications, where the plain sum needs R · (9 − R): 20 for five places. In 32 bits its error is some 1e-6 of
// the largest value. Strides are folded into the channels: every so many places of a line, side by side in memory,
// count as one place of so many times the channels. Included by the variants, see vectors.h.
#pragma once

#include <algorithm>
#include <vector>

#include "kernels.h"
#include "pool.h"
#include "products.h"
#include "vectors.h"

namespace pretext {
namespace PRETEXT_VARIANT {
namespace {

/** The points: 0, 1, −1, 2, −2, ½, −½ and infinity. */
constexpr int kPoints = 8;
/** What the kernel's values at each point are multiplied by: one over the product of its distances from the others. */
constexpr float kScales[kPoints] = {1, -2.0f / 9, -2.0f / 9, 1.0f / 90, 1.0f / 90, 32.0f / 45, 32.0f / 45, 1};

/** `base` to the power of `exponent`. */
constexpr float power(float base, int exponent) { return exponent == 0 ? 1 : base * power(base, exponent - 1); }

/** The values of the polynomial of these Count coefficients at the points. */
template <int Count>
inline void evaluate(const Vector* coefficients, Vector* values) {
  Vector even[3] = {coefficients[0], coefficients[0], coefficients[0]}, odd[3] = {};
  for (int index = 1; index < Count; index++) {
    Vector* sums = index % 2 ? odd : even;
    sums[0] += coefficients[index];
    sums[1] += power(2, index) * coefficients[index];
    sums[2] += power(0.5f, index) * coefficients[index];
  }
  values[0] = coefficients[0];
  for (int pair = 0; pair < 3; pair++) {
    values[1 + 2 * pair] = even[pair] + odd[pair];
    values[2 + 2 * pair] = even[pair] - odd[pair];
  }
  values[7] = coefficients[Count - 1];
}

/** The transpose of `evaluate`. */
template <int Count>
inline void gatherPoints(const Vector* values, Vector* coefficients) {
  Vector even[3], odd[3];
  for (int pair = 0; pair < 3; pair++) {
    even[pair] = values[1 + 2 * pair] + values[2 + 2 * pair];
    odd[pair] = values[1 + 2 * pair] - values[2 + 2 * pair];
  }
  for (int index = 0; index < Count; index++) {
    const Vector* sums = index % 2 ? odd : even;
    coefficients[index] = sums[0] + power(2, index) * sums[1] + power(0.5f, index) * sums[2];
  }
  coefficients[0] += values[0];
  coefficients[Count - 1] += values[7];
}

/** Eight places of a line as the algorithm multiplies them. */
inline void spread(const Vector* d, Vector* values) {
  values[0] = d[0] - d[6] + 5.25f * (d[4] - d[2]);
  values[7] = d[7] - d[1] + 5.25f * (d[3] - d[5]);
  const Vector even[3] = {d[2] + d[6] - 4.25f * d[4], 0.25f * d[2] - 1.25f * d[4] + d[6], 4 * d[2] - 5 * d[4] + d[6]};
  const Vector odd[3] = {d[1] + d[5] - 4.25f * d[3], 0.5f * d[1] - 2.5f * d[3] + 2 * d[5],
                         2 * d[1] - 2.5f * d[3] + 0.5f * d[5]};
  for (int pair = 0; pair < 3; pair++) {
    values[1 + 2 * pair] = even[pair] + odd[pair];
    values[2 + 2 * pair] = even[pair] - odd[pair];
  }
}

/** A convolution along lines with stride 1, that of a larger stride folded; `kernel` is [size, in, out]. */
struct Lines {
  int64_t count, length, in, out, size, before, outLength;
};

/** How the places of a kernel, `stride` of them side by side, become those of the folded one. */
struct Fold {
  int64_t stride, size, before, foldedSize, foldedBefore;

  Fold(int64_t stride, int64_t size, int64_t before)
      : stride(stride),
        size(size),
        before(before),
        foldedSize((before + stride - 1) / stride + (size - 1 - before + stride) / stride),
        foldedBefore((before + stride - 1) / stride) {}
  /** Counted from the first place of the folded kernel on, in places that are not folded. */
  int64_t place(int64_t tap) const { return tap + foldedBefore * stride - before; }
};

/** Tiles of all lines, one line after the other. */
struct LineTiles {
  int64_t outputs, inLine, count;

  explicit LineTiles(const Lines& lines)
      : outputs(kPoints + 1 - lines.size),
        inLine((lines.outLength + outputs - 1) / outputs),
        count(lines.count * inLine) {}
  /** Where a tile lies among the places of all lines of that length. */
  int64_t place(int64_t tile, int64_t length) const { return tile / inLine * length + tile % inLine * outputs; }
};

/** Channels `begin` to `end` of `from` [lines, length, width], where some tiles lie, to be fetched in so many turns. */
inline Ahead placesAhead(const float* from, const LineTiles& tiles, int64_t first, int64_t count, int64_t lines,
                         int64_t length, int64_t width, int64_t begin, int64_t end, int64_t turns) {
  const int64_t place = tiles.place(first, length);
  const int64_t rows = std::max<int64_t>(0, std::min(count * tiles.outputs, lines * length - place));
  return {from + place * width + begin, rows, end - begin, width, turns};
}

/** Calls `body(tile, line, first output)` for some tiles, tile counting from 0. */
template <typename Body>
inline void overTiles(const LineTiles& tiles, int64_t first, int64_t count, Body body) {
  int64_t line = first / tiles.inLine, place = first % tiles.inLine;
  for (int64_t tile = 0; tile < count; tile++) {
    body(tile, line, place * tiles.outputs);
    if (++place < tiles.inLine) continue;
    place = 0;
    line++;
  }
}

/** The places that some tiles look at, as eight matrices [tiles, in]; `nothing` holds zeros. */
inline void spreadTiles(const float* x, const Lines& lines, const LineTiles& tiles, int64_t first, int64_t count,
                        float* to, size_t matrix, const float* nothing) {
  overTiles(tiles, first, count, [&](int64_t tile, int64_t line, int64_t output) {
    const int64_t begin = output - lines.before;
    const float* places[kPoints];
    for (int index = 0; index < kPoints; index++) {
      const int64_t at = begin + index;
      places[index] = at >= 0 && at < lines.length ? x + (line * lines.length + at) * lines.in : nothing;
    }
    for (int64_t from = 0; from < lines.in; from += kLanes) {
      // The last register begins early enough to end with the channels.
      const int64_t channel = std::min<int64_t>(from, lines.in - kLanes);
      Vector d[kPoints], values[kPoints];
      for (int index = 0; index < kPoints; index++) d[index] = load(places[index] + channel);
      spread(d, values);
      for (int index = 0; index < kPoints; index++) store(to + index * matrix + tile * lines.in + channel, values[index]);
    }
  });
}

/** A kernel's values at the points, in panels as `product` reads them. */
template <int Size>
void spreadKernel(const float* kernel, int64_t in, int64_t out, float* to, size_t matrix) {
  const auto panelsOf = [&](int64_t begin, int64_t end) {
    overPanels(begin, end, [&](int64_t channel, auto beside) {
      for (int64_t row = 0; row < in; row++)
        for (int next = 0; next < beside.value; next++) {
          Vector taps[Size], values[kPoints];
          const float* from = kernel + row * out + channel + next * kLanes;
          for (int tap = 0; tap < Size; tap++) taps[tap] = load(from + tap * in * out);
          evaluate<Size>(taps, values);
          float* place = to + channel * in + (row * beside.value + next) * kLanes;
          for (int index = 0; index < kPoints; index++) store(place + index * matrix, kScales[index] * values[index]);
        }
    });
  };
  // A small kernel is done before another thread has heard of it.
  if (in * out < 64 * 64) return panelsOf(0, out);
  inParallel(static_cast<int>((out + kPanel - 1) / kPanel), [&](int panel) {
    panelsOf(int64_t{panel} * kPanel, std::min<int64_t>(out, (int64_t{panel} + 1) * kPanel));
  });
}

template <int Size>
void convolveLines(const float* x, const float* kernel, float* y, const Lines& lines) {
  constexpr int kOutputs = kPoints + 1 - Size;
  const int64_t in = lines.in, out = lines.out;
  const size_t filterMatrix = matrixSize(in, out);
  const Memory filters(kPoints * filterMatrix);
  spreadKernel<Size>(kernel, in, out, filters, filterMatrix);
  const LineTiles tiles(lines);
  // Of few tiles fewer at a time, so that no thread waits long for the last.
  const int64_t share = tiles.count / (12 * threadCount()) / kRows * kRows;
  const int64_t atATime = std::min<int64_t>(kTiles, std::max<int64_t>(4 * kRows, share));
  inParallel(static_cast<int>((tiles.count + atATime - 1) / atATime), [&](int block) {
    const int64_t first = block * atATime, count = std::min<int64_t>(atATime, tiles.count - first);
    const size_t tileMatrix = matrixSize(kTiles, in);
    const size_t productMatrix = matrixSize(kTiles, std::min<int64_t>(out, kOutBlock));
    const Memory spreadOnes(kPoints * tileMatrix), products(kPoints * productMatrix), nothing(in);
    std::fill_n(nothing.data(), in, 0.0f);
    spreadTiles(x, lines, tiles, first, count, spreadOnes, tileMatrix, nothing);
    // What this thread is likely to read next.
    Ahead next = placesAhead(x, tiles, first + atATime * threadCount(), atATime, lines.count, lines.length, in, 0, in,
                             turnsOf(kPoints, count, out));
    for (int64_t begin = 0; begin < out; begin += kOutBlock) {
      const int64_t end = std::min<int64_t>(out, begin + kOutBlock);
      Ahead results = placesAhead(y, tiles, first, count, lines.count, lines.outLength, out, begin, end,
                                  turnsOf(kPoints, count, end - begin));
      multiplyTiles(kPoints, spreadOnes, tileMatrix, count, in, filters, filterMatrix, begin, end, products,
                    productMatrix, [&] { results.turn(), next.turn(); });
      overTiles(tiles, first, count, [&](int64_t tile, int64_t line, int64_t output) {
        const int64_t present = std::min<int64_t>(kOutputs, lines.outLength - output);
        float* to = y + (line * lines.outLength + output) * out;
        for (int64_t channel = begin; channel < end; channel += kLanes) {
          Vector values[kPoints], outputs[kOutputs];
          const float* from = products + tile * (end - begin) + channel - begin;
          for (int index = 0; index < kPoints; index++) values[index] = load(from + index * productMatrix);
          gatherPoints<kOutputs>(values, outputs);
          for (int index = 0; index < kOutputs; index++)
            if (index < present) store(to + index * out + channel, outputs[index]);
        }
      });
    }
  });
}

/** The gradients of some tiles' outputs at the points: eight matrices [tiles, out]. */
template <int Size>
inline void spreadGradients(const float* dy, const Lines& lines, const LineTiles& tiles, int64_t first, int64_t count,
                            float* to, size_t matrix) {
  constexpr int kOutputs = kPoints + 1 - Size;
  overTiles(tiles, first, count, [&](int64_t tile, int64_t line, int64_t output) {
    const int64_t present = std::min<int64_t>(kOutputs, lines.outLength - output);
    const float* from = dy + (line * lines.outLength + output) * lines.out;
    for (int64_t channel = 0; channel < lines.out; channel += kLanes) {
      Vector outputs[kOutputs], values[kPoints];
      for (int index = 0; index < kOutputs; index++)
        outputs[index] = index < present ? load(from + index * lines.out + channel) : zero();
      evaluate<kOutputs>(outputs, values);
      for (int index = 0; index < kPoints; index++) store(to + index * matrix + tile * lines.out + channel, values[index]);
    }
  });
}

template <int Size>
void lineKernelGradient(const float* x, const float* dy, float* dKernel, const Lines& lines) {
  const int64_t in = lines.in, out = lines.out;
  const LineTiles tiles(lines);
  const int64_t blocks = (tiles.count + kTiles - 1) / kTiles;
  // Every part adds up its own tiles in their order, so that the sum does not depend on which thread was first.
  const size_t matrix = matrixSize(in, out);
  const int parts = static_cast<int>(std::min<int64_t>(partCount(kPoints * matrix * sizeof(float)), blocks));
  const Memory sums(parts * kPoints * matrix);
  inParallel(parts, [&](int part) {
    const size_t tileMatrix = matrixSize(kTiles, in), gradientMatrix = matrixSize(kTiles, out);
    const Memory spreadOnes(kPoints * tileMatrix), gradients(kPoints * gradientMatrix), nothing(in);
    std::fill_n(nothing.data(), in, 0.0f);
    float* own = sums + part * kPoints * matrix;
    std::fill(own, own + kPoints * matrix, 0.0f);
    for (int64_t block = blocks * part / parts; block < blocks * (part + 1) / parts; block++) {
      const int64_t first = block * kTiles, count = std::min<int64_t>(kTiles, tiles.count - first);
      spreadTiles(x, lines, tiles, first, count, spreadOnes, tileMatrix, nothing);
      spreadGradients<Size>(dy, lines, tiles, first, count, gradients, gradientMatrix);
      const int64_t next = first + kTiles, turns = turnsOf(kPoints, in, out);
      Ahead inputs = placesAhead(x, tiles, next, kTiles, lines.count, lines.length, in, 0, in, turns);
      Ahead outputs = placesAhead(dy, tiles, next, kTiles, lines.count, lines.outLength, out, 0, out, turns);
      addOuterProducts(kPoints, spreadOnes, tileMatrix, in, gradients, gradientMatrix, out, count, own, matrix,
                       [&] { inputs.turn(), outputs.turn(); });
    }
  });
  constexpr int64_t kRowsOfSums = 8;
  inParallel(static_cast<int>((in + kRowsOfSums - 1) / kRowsOfSums), [&](int block) {
    const int64_t begin = block * kRowsOfSums, end = std::min(in, begin + kRowsOfSums);
    for (int64_t at = begin * out; at < end * out; at += kLanes) {
      Vector values[kPoints] = {}, taps[Size];
      for (int part = 0; part < parts; part++)
        for (int index = 0; index < kPoints; index++) values[index] += load(sums + (part * kPoints + index) * matrix + at);
      for (int index = 0; index < kPoints; index++) values[index] *= kScales[index];
      gatherPoints<Size>(values, taps);
      for (int tap = 0; tap < Size; tap++) store(dKernel + tap * in * out + at, taps[tap]);
    }
  });
}

/** Calls `body` with the size of a kernel as a constant; of 2 to 7 places. */
template <typename Body>
inline void withSize(int64_t size, Body body) {
  switch (size) {
    case 2: return body(std::integral_constant<int, 2>());
    case 3: return body(std::integral_constant<int, 3>());
    case 4: return body(std::integral_constant<int, 4>());
    case 5: return body(std::integral_constant<int, 5>());
    case 6: return body(std::integral_constant<int, 6>());
    default: return body(std::integral_constant<int, 7>());
  }
}

Fold foldOf(const ConvolutionShape& shape) { return {shape.strides[1], shape.kernelWidth, shape.before[1]}; }

Lines linesOf(const ConvolutionShape& shape, const Fold& fold) {
  return {shape.batch * shape.height, shape.width / fold.stride, shape.in * fold.stride, shape.out, fold.foldedSize,
          fold.foldedBefore, shape.outWidth};
}

/**
 * Whether a convolution is one of those along lines that take clearly fewer multiplications this way, whose channels
 * `of`, which are spread, fill a register.
 */
bool isAlongLines(const ConvolutionShape& shape, int64_t of) {
  if (shape.kernelHeight != 1 || shape.strides[0] != 1 || shape.before[0] != 0 || shape.outHeight != shape.height)
    return false;
  const Fold fold = foldOf(shape);
  if (shape.width % fold.stride != 0 || fold.before >= fold.size || of < kLanes) return false;
  if (fold.foldedSize < 2 || fold.foldedSize > 7) return false;
  constexpr double kGain = 1.6;
  return shape.kernelWidth * (kPoints + 1 - fold.foldedSize) >= kGain * kPoints * fold.stride;
}

/** The folded kernel [size, stride · in, out]. */
void foldKernel(const float* kernel, const ConvolutionShape& shape, const Fold& fold, float* to) {
  const int64_t place = shape.in * shape.out;
  std::fill_n(to, fold.foldedSize * fold.stride * place, 0.0f);
  for (int64_t tap = 0; tap < fold.size; tap++) std::copy_n(kernel + tap * place, place, to + fold.place(tap) * place);
}

/** The folded kernel with its places in reverse order, its inputs and outputs exchanged: [size, out, stride · in]. */
void turnKernel(const float* kernel, const ConvolutionShape& shape, const Fold& fold, float* to) {
  const int64_t in = shape.in, out = shape.out, width = in * fold.stride;
  std::fill_n(to, fold.foldedSize * width * out, 0.0f);
  for (int64_t tap = 0; tap < fold.size; tap++) {
    const int64_t place = fold.place(tap);
    float* turned = to + (fold.foldedSize - 1 - place / fold.stride) * out * width + place % fold.stride * in;
    const float* from = kernel + tap * in * out;
    for (int64_t o = 0; o < out; o++)
      for (int64_t i = 0; i < in; i++) turned[o * width + i] = from[i * out + o];
  }
}

void lineForward(const float* x, const float* kernel, float* y, const ConvolutionShape& shape) {
  const Fold fold = foldOf(shape);
  const Lines lines = linesOf(shape, fold);
  const Memory folded(lines.size * lines.in * lines.out);
  foldKernel(kernel, shape, fold, folded);
  withSize(lines.size, [&](auto size) { convolveLines<size.value>(x, folded, y, lines); });
}

void lineTowardsInput(const float* dy, const float* kernel, float* dx, const ConvolutionShape& shape) {
  const Fold fold = foldOf(shape);
  const Lines lines = linesOf(shape, fold);
  const Memory turned(lines.size * lines.in * lines.out);
  turnKernel(kernel, shape, fold, turned);
  const Lines back = {lines.count,   lines.outLength,  lines.out, lines.in, lines.size, lines.size - 1 - lines.before,
                      lines.length};
  withSize(back.size, [&](auto size) { convolveLines<size.value>(dy, turned, dx, back); });
}

void lineTowardsKernel(const float* x, const float* dy, float* dKernel, const ConvolutionShape& shape) {
  const Fold fold = foldOf(shape);
  const Lines lines = linesOf(shape, fold);
  const Memory folded(lines.size * lines.in * lines.out);
  withSize(lines.size, [&](auto size) { lineKernelGradient<size.value>(x, dy, folded, lines); });
  const int64_t place = shape.in * shape.out;
  for (int64_t tap = 0; tap < fold.size; tap++) std::copy_n(folded + fold.place(tap) * place, place, dKernel + tap * place);
}

}  // namespace
}  // namespace PRETEXT_VARIANT
}  // namespace pretext
