// Which kernels compute.
#pragma once

#include <string>

#include "kernels.h"
#include "operation.h"

namespace pretext {

/** Channels whose kernels are taken where their number makes no difference. */
constexpr int kUsualChannels = 16;

inline const Kernels& kernelsOf(int64_t channels) {
  const Kernels* kernels = kernelsFor(channels);
  if (kernels) return *kernels;
  throw Failure{"There is no kernel for " + std::to_string(channels) + " channels on this processor."};
}

}  // namespace pretext
