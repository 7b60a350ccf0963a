// Batch normalisation over channels that lie last, together with what usually follows it: the other branch of a
// residual block is added, and what is negative becomes zero. Included by the variants, see vectors.h.
#pragma once

#include <cmath>
#include <vector>

#include "kernels.h"
#include "pool.h"
#include "vectors.h"

namespace pretext {
namespace PRETEXT_VARIANT {
namespace {

/** Rows whose sums are kept in 32 bits before they are added to those in 64. */
constexpr int64_t kRowsSummed = 128;
/** Registers of a row that are summed at a time. */
constexpr int kStrip = kLanes >= 16 ? 8 : 4;
/** Rows that one thread takes at a time; of wide rows fewer. */
int64_t rowsAtATime(int64_t channels) { return std::max<int64_t>(1, 16384 / channels); }

typedef int32_t Mask __attribute__((vector_size(kLanes * sizeof(float))));

/** The values where `by` is above 0, else 0. */
inline Vector where(Vector by, Vector values) {
  return reinterpret_cast<Vector>((by > zero()) & reinterpret_cast<Mask>(values));
}

/** What is not below 0: what is no number stays none, so that a run that goes wrong is noticed. */
inline Vector rectify(Vector values) {
  return reinterpret_cast<Vector>(~(values < zero()) & reinterpret_cast<Mask>(values));
}

/**
 * Two sums a channel over all rows; `terms(row, channel)` gives a pair of registers. The rows are parted by their
 * number alone and the parts added in order, so that threads make no difference.
 */
template <typename Terms>
void sumRows(int64_t rows, int64_t channels, double* first, double* second, Terms terms) {
  const int64_t most = rowsAtATime(channels) * 8;
  const int parts = static_cast<int>(std::min<int64_t>(64, (rows + most - 1) / most));
  std::vector<double> sums(size_t(parts) * 2 * channels, 0.0);
  inParallel(parts, [&](int part) {
    double* own = sums.data() + size_t(part) * 2 * channels;
    const int64_t end = rows * (part + 1) / parts;
    for (int64_t begin = rows * part / parts; begin < end; begin += kRowsSummed) {
      const int64_t stop = std::min(end, begin + kRowsSummed);
      const auto strip = [&](int64_t channel, auto width) {
        Vector a[width.value] = {}, b[width.value] = {};
        for (int64_t row = begin; row < stop; row++)
          for (int beside = 0; beside < width.value; beside++) {
            const auto [left, right] = terms(row, channel + beside * kLanes);
            a[beside] += left;
            b[beside] += right;
          }
        for (int beside = 0; beside < width.value; beside++)
          for (int lane = 0; lane < kLanes; lane++) {
            own[channel + beside * kLanes + lane] += a[beside][lane];
            own[channels + channel + beside * kLanes + lane] += b[beside][lane];
          }
      };
      int64_t channel = 0;
      for (; channel + kStrip * kLanes <= channels; channel += kStrip * kLanes)
        strip(channel, std::integral_constant<int, kStrip>());
      for (; channel + 4 * kLanes <= channels; channel += 4 * kLanes) strip(channel, std::integral_constant<int, 4>());
      for (; channel + 2 * kLanes <= channels; channel += 2 * kLanes)
        strip(channel, std::integral_constant<int, 2>());
      for (; channel < channels; channel += kLanes) strip(channel, std::integral_constant<int, 1>());
    }
  });
  for (int64_t channel = 0; channel < channels; channel++) {
    first[channel] = second[channel] = 0;
    for (int part = 0; part < parts; part++) {
      first[channel] += sums[size_t(part) * 2 * channels + channel];
      second[channel] += sums[(size_t(part) * 2 + 1) * channels + channel];
    }
  }
}

/**
 * Calls `body(offset, channel)` for every register of all rows. The last rows come first: these a pass over all of them
 * has just left in the caches, and the first ones are wanted first by what follows.
 */
template <typename Body>
void overRows(int64_t rows, int64_t channels, Body body) {
  const int64_t most = rowsAtATime(channels);
  const int64_t blocks = (rows + most - 1) / most;
  inParallel(static_cast<int>(blocks), [&](int index) {
    const int64_t block = blocks - 1 - index, end = std::min<int64_t>(rows, (block + 1) * most);
    for (int64_t row = block * most; row < end; row++)
      for (int64_t channel = 0; channel < channels; channel += kLanes) body(row * channels + channel, channel);
  });
}

void normForward(const NormInput& in, const NormOutput& out) {
  const int64_t channels = in.channels;
  std::vector<double> sum(channels), squares(channels);
  // Around the first row, so that large means cost no digits.
  std::vector<float> shift(in.x, in.x + channels);
  sumRows(in.rows, channels, sum.data(), squares.data(), [&](int64_t row, int64_t channel) {
    const Vector away = load(in.x + row * channels + channel) - load(shift.data() + channel);
    return std::pair<Vector, Vector>(away, away * away);
  });
  std::vector<float> factor(channels), term(channels);
  const double count = static_cast<double>(in.rows);
  for (int64_t channel = 0; channel < channels; channel++) {
    const double away = sum[channel] / count;
    const double found = squares[channel] / count - away * away;
    const double variance = found < 0 ? 0 : found;
    const double mean = shift[channel] + away;
    const double inverse = 1 / std::sqrt(variance + in.epsilon);
    // Moving averages want the variance of what the samples were drawn from.
    const double unbiased = in.rows > 1 ? variance * count / (count - 1) : variance;
    out.movingMean[channel] = static_cast<float>((1 - in.share) * in.movingMean[channel] + in.share * mean);
    out.movingVariance[channel] =
        static_cast<float>((1 - in.share) * in.movingVariance[channel] + in.share * unbiased);
    out.mean[channel] = static_cast<float>(mean);
    out.inverse[channel] = static_cast<float>(inverse);
    factor[channel] = static_cast<float>(in.scale[channel] * inverse);
    term[channel] = static_cast<float>(in.offset[channel] - mean * in.scale[channel] * inverse);
  }
  const auto normalise = [&](auto added, auto rectified) {
    overRows(in.rows, channels, [&](int64_t at, int64_t channel) {
      Vector y = load(in.x + at) * load(factor.data() + channel) + load(term.data() + channel);
      if (added.value) y += load(in.added + at);
      if (rectified.value) y = rectify(y);
      store(out.y + at, y);
    });
  };
  if (in.added) in.rectified ? normalise(std::true_type(), std::true_type()) : normalise(std::true_type(), std::false_type());
  else in.rectified ? normalise(std::false_type(), std::true_type()) : normalise(std::false_type(), std::false_type());
}

void normBackward(const NormGradientInput& in, const NormGradientOutput& out) {
  const int64_t channels = in.channels;
  std::vector<double> sum(channels), products(channels);
  const auto upstream = [&](int64_t at, auto rectified) {
    return rectified.value ? where(load(in.y + at), load(in.dy + at)) : load(in.dy + at);
  };
  const auto go = [&](auto rectified, auto added) {
    sumRows(in.rows, channels, sum.data(), products.data(), [&](int64_t row, int64_t channel) {
      const int64_t at = row * channels + channel;
      const Vector dy = upstream(at, rectified);
      const Vector normal = (load(in.x + at) - load(in.mean + channel)) * load(in.inverse + channel);
      return std::pair<Vector, Vector>(dy, dy * normal);
    });
    std::vector<float> factor(channels), slope(channels), term(channels);
    const double count = static_cast<double>(in.rows);
    for (int64_t channel = 0; channel < channels; channel++) {
      const double whole = double{in.scale[channel]} * in.inverse[channel];
      const double along = -whole * in.inverse[channel] * products[channel] / count;
      factor[channel] = static_cast<float>(whole);
      slope[channel] = static_cast<float>(along);
      term[channel] = static_cast<float>(-whole * sum[channel] / count - along * in.mean[channel]);
      out.dScale[channel] = static_cast<float>(products[channel]);
      out.dOffset[channel] = static_cast<float>(sum[channel]);
    }
    overRows(in.rows, channels, [&](int64_t at, int64_t channel) {
      const Vector dy = upstream(at, rectified);
      const Vector dx = dy * load(factor.data() + channel) + load(in.x + at) * load(slope.data() + channel) +
                        load(term.data() + channel);
      if (added.value) store(out.dAdded + at, dy);
      store(out.dx + at, dx);
    });
  };
  if (in.rectified) out.dAdded ? go(std::true_type(), std::true_type()) : go(std::true_type(), std::false_type());
  else out.dAdded ? go(std::false_type(), std::true_type()) : go(std::false_type(), std::false_type());
}

}  // namespace
}  // namespace PRETEXT_VARIANT
}  // namespace pretext
