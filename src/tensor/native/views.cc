// The kernels of views as operations of TensorFlow, see operations.cc.
#include "chosen.h"
#include "operation.h"
#include "seed.h"

namespace pretext {
namespace {

/** Channels whose kernels waste least on samples of few channels. */
constexpr int kFewChannels = 8;

const Kernels& kernelsOfViews(int64_t channels) {
  return kernelsOf(channels < kUsualChannels ? kFewChannels : kUsualChannels);
}

void signalView(Call& call, const NoAttributes&) {
  const Tensor x = call.input(0), means = call.input(1), factors = call.input(2), cuts = call.input(3),
               deviations = call.input(4), scales = call.input(5), seed = call.input(6), gaps = call.input(7);
  if (x.rank() != 3) throw Failure{"x must be [samples, length, channels]. Found: " + shapeOf(x) + "."};
  const int64_t samples = x.length(0), length = x.length(1), channels = x.length(2);
  requireEqual(means.count(), channels, "The number of means");
  requireEqual(factors.count(), samples * channels, "The number of factors");
  requireEqual(cuts.count(), samples * 2, "The number of ends of cuts");
  requireEqual(deviations.count(), samples, "The number of deviations");
  requireEqual(scales.count(), channels, "The number of scales");
  requireEqual(seed.count(), 2, "The size of the seed");
  requireEqual(gaps.count(), samples * 2, "The number of ends of gaps");
  const Tensor y = call.output(0, x.shape());
  if (x.count() == 0) return;
  kernelsOfViews(channels).signalView({samples, length, channels, x.data(), means.data(), factors.data(), cuts.data(),
                                       gaps.data(), deviations.data(), scales.data(), noiseSeed(seed.integers())},
                                      y.data());
}

void scaleChannels(Call& call, const NoAttributes&) {
  const Tensor x = call.input(0), shifts = call.input(1), factors = call.input(2);
  const int64_t channels = shifts.count();
  requireEqual(factors.count(), channels, "The number of factors");
  if (x.rank() < 1 || channels < 1 || x.length(x.rank() - 1) != channels)
    throw Failure{"x must be [..., " + std::to_string(channels) + "]. Found: " + shapeOf(x) + "."};
  const Tensor y = call.outputIn(0, 0, x.shape());
  kernelsOf(kUsualChannels).scaleChannels(
      {x.count() / channels, channels, x.data(), shifts.data(), factors.data()}, y.data());
}

bool registerAll() {
  if (!kernelsFor(kFewChannels) || !kernelsFor(kUsualChannels)) return false;
  return registerOperation<NoAttributes, signalView>(
             {"PretextSignalView",
              {"x: float", "means: float", "factors: float", "cuts: float", "deviations: float", "scales: float",
               "seed: int32", "gaps: float"},
              {"y: float"},
              {}}) &&
         registerOperation<NoAttributes, scaleChannels>(
             {"PretextScaleChannels", {"x: float", "shifts: float", "factors: float"}, {"y: float"}, {}});
}

const bool registered = registerAll();

}  // namespace
}  // namespace pretext
