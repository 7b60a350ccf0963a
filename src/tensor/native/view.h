// Views of signals in one pass over memory: each window is cut and stretched, scaled, made noisy and covered while it
// lies in the caches. Included by the variants, see vectors.h.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "kernels.h"
#include "noise.h"
#include "pool.h"
#include "vectors.h"

namespace pretext {
namespace PRETEXT_VARIANT {
namespace {

template <typename Number>
inline Number read(const float* from) {
  if constexpr (std::is_same_v<Number, float>) return *from;
  else return load(from);
}
inline void write(float* to, float value) { *to = value; }
inline void write(float* to, Vector value) { store(to, value); }

/**
 * Calls `body(number, channel)` for all channels, a register of them at a time; the last one begins early enough to end
 * with them, so `body` must not read what it writes. Of fewer channels one by one.
 */
template <typename Body>
inline void overChannels(int64_t channels, Body body) {
  if (channels < kLanes) {
    for (int64_t channel = 0; channel < channels; channel++) body(0.0f, channel);
    return;
  }
  for (int64_t channel = 0; channel < channels; channel += kLanes)
    body(zero(), std::min<int64_t>(channel, channels - kLanes));
}

/** One window, cut and stretched as TensorFlow's CropAndResize does it, around the means, times the factors. */
inline void stretchWindow(const ViewInput& in, int64_t sample, float* y) {
  const int64_t last = in.length - 1;
  const float *x = in.x + sample * in.length * in.channels, *factors = in.factors + sample * in.channels;
  const float begin = in.cuts[2 * sample], end = in.cuts[2 * sample + 1];
  const float step = last > 0 ? (end - begin) * last / last : 0;
  for (int64_t row = 0; row < in.length; row++, y += in.channels) {
    const float place = last > 0 ? begin * last + row * step : 0;
    // Where there is nothing, and what is no number.
    if (!(place >= 0 && place <= last)) {
      std::fill_n(y, in.channels, 0.0f);
      continue;
    }
    const float before = std::floor(place), along = place - before;
    const float *left = x + static_cast<int64_t>(before) * in.channels,
                *right = x + static_cast<int64_t>(std::ceil(place)) * in.channels;
    overChannels(in.channels, [&](auto number, int64_t channel) {
      using Number = decltype(number);
      const Number mean = read<Number>(in.means + channel), factor = read<Number>(factors + channel);
      const Number a = (read<Number>(left + channel) - mean) * factor;
      const Number b = (read<Number>(right + channel) - mean) * factor;
      write(y + channel, a + (b - a) * along);
    });
  }
}

/** The means again, and nothing but them in the gap. */
inline void finishWindow(const ViewInput& in, int64_t sample, float* y) {
  const float begin = in.gaps[2 * sample], end = in.gaps[2 * sample + 1];
  for (int64_t place = 0; place < in.length; place++, y += in.channels) {
    const float center = (place + 0.5f) / in.length;
    if (center >= begin && center < end) std::copy_n(in.means, in.channels, y);
    else
      for (int64_t channel = 0; channel < in.channels; channel++) y[channel] += in.means[channel];
  }
}

void signalView(const ViewInput& in, float* y) {
  const int64_t size = in.length * in.channels;
  const std::vector<float> scales = overSample(in.scales, in.channels, size);
  inParallel(static_cast<int>(in.samples), [&](int sample) {
    const int64_t begin = int64_t{sample} * size;
    float* own = y + begin;
    stretchWindow(in, sample, own);
    if (in.deviations[sample] != 0)
      addNormals(in.seed, begin, begin + size, in.deviations[sample], scales.data(), own, own);
    finishWindow(in, sample, own);
  });
}

void scaleChannels(const ChannelsInput& in, float* y) {
  // One register for each of so many that begin with another channel: then it begins again.
  const int64_t period = in.channels * kLanes;
  std::vector<float> shifts(period), factors(period);
  for (int64_t at = 0; at < period; at++)
    shifts[at] = in.shifts[at % in.channels], factors[at] = in.factors[at % in.channels];
  const int64_t size = in.rows * in.channels, atATime = std::max<int64_t>(1, 16384 / period) * period;
  inParallel(static_cast<int>((size + atATime - 1) / atATime), [&](int part) {
    const int64_t end = std::min(size, (part + 1) * atATime);
    for (int64_t begin = part * atATime; begin < end; begin += period) {
      const int64_t here = std::min(period, end - begin);
      const float* x = in.x + begin;
      int64_t at = 0;
      for (; at + kLanes <= here; at += kLanes)
        store(y + begin + at, (load(x + at) - load(shifts.data() + at)) * load(factors.data() + at));
      for (; at < here; at++) y[begin + at] = (x[at] - shifts[at]) * factors[at];
    }
  });
}

}  // namespace
}  // namespace PRETEXT_VARIANT
}  // namespace pretext
