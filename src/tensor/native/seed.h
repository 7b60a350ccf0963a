// How TensorFlow's stateless draws come from a seed of two numbers to the key and counter of their generator.
#pragma once

#include <cstdint>

#include "kernels.h"

namespace pretext {

/** Philox 4×32 with 10 rounds (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"). */
inline void philoxOnce(const uint32_t (&key)[2], uint32_t (&counter)[4]) {
  uint32_t left = key[0], right = key[1];
  for (int round = 0; round < 10; round++) {
    const uint64_t a = uint64_t{0xD2511F53u} * counter[0], b = uint64_t{0xCD9E8D57u} * counter[2];
    const uint32_t next[4] = {static_cast<uint32_t>(b >> 32) ^ counter[1] ^ left, static_cast<uint32_t>(b),
                              static_cast<uint32_t>(a >> 32) ^ counter[3] ^ right, static_cast<uint32_t>(a)};
    for (int word = 0; word < 4; word++) counter[word] = next[word];
    left += 0x9E3779B9u, right += 0xBB67AE85u;
  }
}

/** As TensorFlow's `GenerateKey`: the seed is scrambled, so that no part of it need be strong. */
inline NoiseSeed noiseSeed(const int32_t* seed) {
  const uint64_t wide[2] = {static_cast<uint64_t>(int64_t{seed[0]}), static_cast<uint64_t>(int64_t{seed[1]})};
  uint32_t mix[4];
  for (int part = 0; part < 4; part++) mix[part] = static_cast<uint32_t>(wide[part / 2] >> (part % 2 * 32));
  const uint32_t key[2] = {0x3EC8F720u, 0x02461E29u};
  philoxOnce(key, mix);
  return {{mix[0], mix[1]}, {0, 0, mix[2], mix[3]}};
}

}  // namespace pretext
