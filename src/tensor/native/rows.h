// Rows of tables: their numbers and categories parted, cells replaced, and a dense layer of numbers beside vectors of
// categories, which is computed once for each category, not for each row. Included by the variants, see vectors.h.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>
#include <vector>

#include "dense.h"
#include "kernels.h"
#include "pool.h"
#include "products.h"
#include "vectors.h"

namespace pretext {
namespace PRETEXT_VARIANT {
namespace {

/** Rows that a thread takes at a time, of a dense layer. */
constexpr int64_t kTableRows = 64;
/** Cells that are done before another thread has heard of them. */
constexpr int64_t kFewCells = 1 << 14;

template <typename Body>
inline void overTableRows(int64_t rows, int64_t atATime, Body body) {
  inParallel(static_cast<int>(inUnits(rows, atATime)), [&](int part) {
    const int64_t begin = part * atATime;
    body(begin, std::min(atATime, rows - begin));
  });
}

inline int64_t rowsOfFewCells(int64_t width) { return std::max<int64_t>(1, kFewCells / std::max<int64_t>(1, width)); }

void partRows(const RowPartsInput& in, float* told, int32_t* codes) {
  const int64_t numbers = in.numbers.size(), categories = in.categories.size();
  overTableRows(in.rows, rowsOfFewCells(in.width), [&](int64_t begin, int64_t count) {
    for (int64_t row = begin; row < begin + count; row++) {
      const float* x = in.x + row * in.width;
      float *value = told + row * 2 * numbers, *missing = value + numbers;
      for (int64_t at = 0; at < numbers; at++) {
        const float found = x[in.numbers[at]];
        const bool unknown = std::isnan(found);
        const float held = in.limit > 0 ? std::max(-in.limit, std::min(in.limit, found)) : found;
        value[at] = unknown ? 0 : held;
        missing[at] = unknown ? 1 : 0;
      }
      for (int64_t at = 0; at < categories; at++) {
        const float found = x[in.categories[at]], size = static_cast<float>(in.sizes[at]);
        const float held = std::max(0.0f, std::min(size - 1, std::nearbyint(found)));
        codes[row * categories + at] = static_cast<int32_t>(std::isnan(found) ? size : held);
      }
    }
  });
}

/** Cells of a row up to which each is compared with all others, many at a time; beyond, they are parted. */
constexpr int64_t kCompared = 128;

/** 1 for each of the `count` greatest draws of a row, and what equals the last of them, else 0. */
inline void chooseGreatest(const float* draws, int64_t width, int64_t count, float* sorted, float* chosen) {
  if (width > kCompared && count > 0) {
    std::copy(draws, draws + width, sorted);
    std::nth_element(sorted, sorted + (count - 1), sorted + width, std::greater<float>());
    const float least = sorted[count - 1];
    for (int64_t at = 0; at < width; at++) chosen[at] = draws[at] >= least ? 1 : 0;
    return;
  }
  float above[kCompared] = {};
  if (count > 0)
    for (int64_t other = 0; other < width; other++)
      for (int64_t at = 0; at < width; at++) above[at] += draws[other] > draws[at] ? 1 : 0;
  const float most = static_cast<float>(count);
  for (int64_t at = 0; at < width; at++) chosen[at] = above[std::min(at, kCompared - 1)] < most ? 1 : 0;
}

void replaceCells(const ReplaceInput& in, float* y, float* replaced) {
  overTableRows(in.rows, rowsOfFewCells(in.width), [&](int64_t begin, int64_t count) {
    Memory sorted(in.width);
    for (int64_t row = begin; row < begin + count; row++) {
      float* chosen = replaced + row * in.width;
      chooseGreatest(in.draws + row * in.width, in.width, in.count, sorted, chosen);
      const int32_t* picked = in.picked + row * in.width;
      for (int64_t at = 0; at < in.width; at++)
        y[row * in.width + at] = chosen[at] > 0 ? in.sources[picked[at] * in.width + at] : in.x[row * in.width + at];
    }
  });
}

/** Calls `body` with the first of at most kRows of so many rows, and their number as a constant. */
template <typename Body>
inline void overRowBlocks(int64_t count, Body body) {
  for (int64_t begin = 0; begin < count; begin += kRows)
    withRows(std::min<int64_t>(kRows, count - begin), [&](auto number) { body(begin, number); });
}

/** Where the table's rows of a column begin, and its rows of the kernel. */
struct ColumnPlace {
  int64_t first, count, kernelRow;
};

inline std::vector<ColumnPlace> placesOf(const CategoryDenseInput& in) {
  std::vector<ColumnPlace> places;
  int64_t first = 0, kernelRow = in.numbers;
  for (const int64_t count : in.sizes) {
    places.push_back({first, count, kernelRow});
    first += count, kernelRow += in.size;
  }
  return places;
}

/** One panel of what each row of the table adds to the outputs, [entries, padded]: itself times its column's kernel. */
inline void categoryTerms(const CategoryDenseInput& in, const std::vector<ColumnPlace>& places, int64_t first,
                          int64_t padded, float* terms) {
  Memory panel(in.size * kPanel);
  for (const ColumnPlace& place : places) {
    packPanel(in.kernel + place.kernelRow * in.out, in.size, in.out, first, panel);
    overRowBlocks(place.count, [&](int64_t row, auto number) {
      product<number.value, kBeside>(in.table + (place.first + row) * in.size, in.size, panel, in.size,
                                     terms + (place.first + row) * padded + first, padded);
    });
  }
}

/** Adds bias and categories to what the numbers gave in one panel, and rectifies; `to` may be `tile`. */
inline void finishRow(const CategoryDenseInput& in, const std::vector<ColumnPlace>& places, const int32_t* codes,
                      const float* terms, int64_t padded, const float* bias, const float* tile, float* to) {
  Vector sums[kBeside];
  for (int beside = 0; beside < kBeside; beside++) sums[beside] = load(tile + beside * kLanes) + load(bias + beside * kLanes);
  for (size_t column = 0; column < places.size(); column++) {
    const float* term = terms + (places[column].first + codes[column]) * padded;
    for (int beside = 0; beside < kBeside; beside++) sums[beside] += load(term + beside * kLanes);
  }
  for (int beside = 0; beside < kBeside; beside++)
    store(to + beside * kLanes, in.rectified ? rectify(sums[beside]) : sums[beside]);
}

void categoryDense(const CategoryDenseInput& in, float* y) {
  const int64_t panels = inUnits(in.out, kPanel), padded = panels * kPanel;
  const int64_t columns = in.sizes.size();
  const std::vector<ColumnPlace> places = placesOf(in);
  Memory terms(in.entries * padded), packed(padded * in.numbers + padded);
  float* bias = packed + padded * in.numbers;
  std::fill(bias, bias + padded, 0.0f);
  std::memcpy(bias, in.bias, in.out * sizeof(float));
  inParallel(static_cast<int>(panels), [&](int panel) {
    categoryTerms(in, places, panel * kPanel, padded, terms);
    packPanel(in.kernel, in.numbers, in.out, panel * kPanel, packed + panel * kPanel * in.numbers);
  });
  overTableRows(in.rows, kTableRows, [&](int64_t begin, int64_t count) {
    for (int64_t first = 0; first < in.out; first += kPanel) {
      const int64_t width = std::min<int64_t>(kPanel, in.out - first);
      overRowBlocks(count, [&](int64_t block, auto number) {
        float tile[number.value * kPanel];
        const int64_t from = begin + block;
        product<number.value, kBeside>(in.x + from * in.numbers, in.numbers, packed + first * in.numbers, in.numbers,
                                       tile, kPanel);
        for (int row = 0; row < number.value; row++) {
          float *own = tile + row * kPanel, *to = y + (from + row) * in.out + first;
          const int32_t* codes = in.codes + (from + row) * columns;
          finishRow(in, places, codes, terms + first, padded, bias + first, own, width == kPanel ? to : own);
          if (width < kPanel) std::memcpy(to, own, width * sizeof(float));
        }
      });
    }
  });
}

/** columns [depth, count], `stride` apart, transposed times a panel of values [depth, padded], to rows of a kernel. */
inline void panelOfKernel(const float* columns, int64_t stride, int64_t count, const float* values, int64_t padded,
                          int64_t depth, int64_t out, int64_t width, float* dKernel) {
  overRowBlocks(count, [&](int64_t begin, auto number) {
    float tile[number.value * kPanel] = {};
    outerProduct<number.value, kBeside>(columns + begin, stride, values, padded, depth, tile, kPanel);
    for (int row = 0; row < number.value; row++)
      std::memcpy(dKernel + (begin + row) * out, tile + row * kPanel, width * sizeof(float));
  });
}

/** Sums of a panel of gradients over rows: of all (the bias), and over those of each row of the table. */
inline void sumGradients(const CategoryDenseInput& in, const std::vector<ColumnPlace>& places, const float* gradients,
                         int64_t padded, float* terms, float* bias) {
  const int64_t columns = places.size();
  for (int64_t entry = 0; entry < in.entries; entry++)
    for (int beside = 0; beside < kBeside; beside++) store(terms + entry * padded + beside * kLanes, zero());
  Vector all[kBeside] = {};
  for (int64_t row = 0; row < in.rows; row++) {
    Vector values[kBeside];
    for (int beside = 0; beside < kBeside; beside++)
      all[beside] += values[beside] = load(gradients + row * padded + beside * kLanes);
    for (int64_t column = 0; column < columns; column++) {
      float* term = terms + (places[column].first + in.codes[row * columns + column]) * padded;
      for (int beside = 0; beside < kBeside; beside++)
        store(term + beside * kLanes, load(term + beside * kLanes) + values[beside]);
    }
  }
  for (int beside = 0; beside < kBeside; beside++) store(bias + beside * kLanes, all[beside]);
}

/** Gradients of a column's rows of the table: those of what they add, times its kernel transposed. */
inline void towardsTable(const CategoryDenseInput& in, const ColumnPlace& place, const float* terms, int64_t padded,
                         float* dTable) {
  Memory turned(in.out * kLanes);
  for (int64_t first = 0; first < in.size; first += kLanes) {
    const int64_t width = std::min<int64_t>(kLanes, in.size - first);
    const float* from = in.kernel + (place.kernelRow + first) * in.out;
    for (int64_t at = 0; at < in.out; at++)
      for (int64_t column = 0; column < kLanes; column++)
        turned[at * kLanes + column] = column < width ? from[column * in.out + at] : 0;
    overRowBlocks(place.count, [&](int64_t begin, auto number) {
      float tile[number.value * kLanes];
      const int64_t entry = place.first + begin;
      product<number.value, 1>(terms + entry * padded, padded, turned, in.out, tile, kLanes);
      for (int row = 0; row < number.value; row++)
        std::memcpy(dTable + (entry + row) * in.size + first, tile + row * kLanes, width * sizeof(float));
    });
  }
}

void categoryDenseGradient(const CategoryDenseInput& in, const CategoryDenseGradients& out) {
  const int64_t panels = inUnits(in.out, kPanel), padded = panels * kPanel;
  const std::vector<ColumnPlace> places = placesOf(in);
  Memory gradients(in.rows * padded), terms(in.entries * padded);
  overTableRows(in.rows, kTableRows, [&](int64_t begin, int64_t count) {
    gradientRows(in.dy + begin * in.out, in.y + begin * in.out, in.rectified, count, in.out, padded,
                 gradients + begin * padded);
  });
  // Every sum is one thread's: the result does not depend on who computes what.
  inParallel(static_cast<int>(panels), [&](int panel) {
    const int64_t first = panel * kPanel, width = std::min<int64_t>(kPanel, in.out - first);
    float bias[kPanel];
    sumGradients(in, places, gradients + first, padded, terms + first, bias);
    std::memcpy(out.bias + first, bias, width * sizeof(float));
    panelOfKernel(in.x, in.numbers, in.numbers, gradients + first, padded, in.rows, in.out, width, out.kernel + first);
    for (const ColumnPlace& place : places)
      panelOfKernel(in.table + place.first * in.size, in.size, in.size, terms + place.first * padded + first, padded,
                    place.count, in.out, width, out.kernel + place.kernelRow * in.out + first);
  });
  inParallel(static_cast<int>(places.size()),
             [&](int column) { towardsTable(in, places[column], terms, padded, out.table); });
}

}  // namespace
}  // namespace PRETEXT_VARIANT
}  // namespace pretext
