// Normal noise that is added to samples, each with a deviation of its own: the numbers of TensorFlow's
// StatelessRandomNormal (Philox 4×32 with 10 rounds, Salmon et al. 2011; Box and Muller's transform), up to rounding, in
// a tenth of the time. Included by the variants, see vectors.h.
#pragma once

#include <cstring>
#include <vector>

#include "kernels.h"
#include "pool.h"
#include "vectors.h"

namespace pretext {
namespace PRETEXT_VARIANT {
namespace {

typedef uint32_t Words __attribute__((vector_size(kLanes * sizeof(float))));
typedef int32_t Integers __attribute__((vector_size(kLanes * sizeof(float))));

/** Four words of each of kLanes counters that follow each other. */
struct Draws {
  uint32_t words[4][kLanes];
};

/** Numbers that one call of the generator gives. */
constexpr int64_t kGroup = 4;
constexpr int kRounds = 10;

/** `first` is added to the lower 64 bits of the counter, one more for every lane. */
inline void philox(const NoiseSeed& seed, uint64_t first, Draws& draws) {
  const uint64_t base = (uint64_t{seed.counter[1]} << 32 | seed.counter[0]) + first;
  uint32_t key[2] = {seed.key[0], seed.key[1]};
  for (int lane = 0; lane < kLanes; lane++) {
    const uint64_t at = base + lane;
    draws.words[0][lane] = static_cast<uint32_t>(at);
    draws.words[1][lane] = static_cast<uint32_t>(at >> 32);
    draws.words[2][lane] = seed.counter[2];
    draws.words[3][lane] = seed.counter[3];
  }
  for (int round = 0; round < kRounds; round++) {
    for (int lane = 0; lane < kLanes; lane++) {
      const uint64_t left = uint64_t{0xD2511F53u} * draws.words[0][lane];
      const uint64_t right = uint64_t{0xCD9E8D57u} * draws.words[2][lane];
      const uint32_t odd = draws.words[1][lane], last = draws.words[3][lane];
      draws.words[0][lane] = static_cast<uint32_t>(right >> 32) ^ odd ^ key[0];
      draws.words[1][lane] = static_cast<uint32_t>(right);
      draws.words[2][lane] = static_cast<uint32_t>(left >> 32) ^ last ^ key[1];
      draws.words[3][lane] = static_cast<uint32_t>(left);
    }
    key[0] += 0x9E3779B9u;
    key[1] += 0xBB67AE85u;
  }
}

inline Vector asFloats(Words words) { return reinterpret_cast<Vector>(words); }
inline Words asWords(Vector values) { return reinterpret_cast<Words>(values); }

/** From 0 (included) to 1, of 23 bits. */
inline Vector unit(const uint32_t* words) {
  Words bits;
  std::memcpy(&bits, words, sizeof(bits));
  return asFloats((bits & 0x7FFFFFu) | 0x3F800000u) - 1.0f;
}

/** The logarithm of numbers that are above 0 and no denormal ones (Cephes' polynomial). */
inline Vector logarithm(Vector x) {
  // Mantissas from √½ to √2.
  const Words bits = asWords(x) - 0x3F3504F3u;
  const Vector exponent = __builtin_convertvector(reinterpret_cast<Integers>(bits) >> 23, Vector);
  const Vector m = asFloats((bits & 0x7FFFFFu) + 0x3F3504F3u) - 1.0f;
  const Vector square = m * m;
  Vector sum = zero() + 7.0376836292e-2f;
  constexpr float kTerms[] = {-1.1514610310e-1f, 1.1676998740e-1f,  -1.2420140846e-1f, 1.4249322787e-1f,
                              -1.6668057665e-1f, 2.0000714765e-1f, -2.4999993993e-1f, 3.3333331174e-1f};
  for (const float term : kTerms) sum = sum * m + term;
  return m - 0.5f * square + sum * m * square + exponent * 0.69314718056f;
}

/** The root of numbers not below 0, by Newton's steps towards one over it. */
inline Vector root(Vector x) {
  Vector inverse = asFloats(0x5F3759DFu - (asWords(x) >> 1));
  for (int step = 0; step < 4; step++) inverse = inverse * (1.5f - 0.5f * x * inverse * inverse);
  return x * inverse;
}

/** Sine and cosine of 2π · turns, of 0 to 1. */
inline void turned(Vector turns, Vector& sine, Vector& cosine) {
  // The nearest quarter turn, and what is left, from −⅛ to ⅛ of a turn.
  const Integers quarter = __builtin_convertvector(turns * 4.0f + 0.5f, Integers);
  const Vector angle = (turns - 0.25f * __builtin_convertvector(quarter, Vector)) * 6.283185307179586f;
  const Vector square = angle * angle;
  const Vector s = angle + angle * square * (-1.6666654611e-1f + square * (8.3321608736e-3f + square * -1.9515295891e-4f));
  const Vector c = 1.0f - 0.5f * square +
                   square * square * (4.166664568298827e-2f + square * (-1.388731625493765e-3f + square * 2.443315711809948e-5f));
  const Integers odd = (quarter & 1) != 0;
  const Words flipSine = reinterpret_cast<Words>((quarter & 2) << 30);
  const Words flipCosine = reinterpret_cast<Words>(((quarter + 1) & 2) << 30);
  const Words swap = reinterpret_cast<Words>(odd);
  sine = asFloats(((asWords(c) & swap) | (asWords(s) & ~swap)) ^ flipSine);
  cosine = asFloats(((asWords(s) & swap) | (asWords(c) & ~swap)) ^ flipCosine);
}

/** kGroup · kLanes normal numbers, from those of group `first` on. */
inline void normals(const NoiseSeed& seed, uint64_t first, float* to) {
  Draws draws;
  philox(seed, first, draws);
  for (int pair = 0; pair < 2; pair++) {
    const Vector given = unit(draws.words[2 * pair]);
    const Vector least = zero() + 1.0e-7f;
    const Words small = reinterpret_cast<Words>(given < least);
    const Vector u = asFloats((asWords(least) & small) | (asWords(given) & ~small));
    const Vector length = root(-2.0f * logarithm(u));
    Vector sine, cosine;
    turned(unit(draws.words[2 * pair + 1]), sine, cosine);
    const Vector both[2] = {length * sine, length * cosine};
    for (int part = 0; part < 2; part++)
      for (int lane = 0; lane < kLanes; lane++) to[lane * kGroup + 2 * pair + part] = both[part][lane];
  }
}

/** The numbers `begin` to `end` of the stream, times a deviation and the scales of a sample's values, added to them. */
inline void addNormals(const NoiseSeed& seed, int64_t begin, int64_t end, float deviation, const float* scales,
                       const float* x, float* y) {
  constexpr int64_t kChunk = kGroup * kLanes;
  float numbers[kChunk];
  for (int64_t chunk = begin / kGroup * kGroup; chunk < end; chunk += kChunk) {
    normals(seed, chunk / kGroup, numbers);
    const int64_t from = std::max(begin, chunk), to = std::min(end, chunk + kChunk);
    for (int64_t at = from; at < to; at++)
      y[at - begin] = x[at - begin] + numbers[at - chunk] * (deviation * scales[at - begin]);
  }
}

/** The deviations of the channels, over one whole sample. */
inline std::vector<float> overSample(const float* scales, int64_t channels, int64_t size) {
  std::vector<float> all(size);
  for (int64_t at = 0; at < size; at++) all[at] = scales[at % channels];
  return all;
}

void addNoise(const NoiseInput& in, float* y) {
  const std::vector<float> scales = overSample(in.scales, in.channels, in.size);
  inParallel(static_cast<int>(in.samples), [&](int sample) {
    const int64_t begin = int64_t{sample} * in.size, end = begin + in.size;
    if (in.deviations[sample] != 0)
      addNormals(in.seed, begin, end, in.deviations[sample], scales.data(), in.x + begin, y + begin);
    else if (y != in.x) std::copy(in.x + begin, in.x + end, y + begin);
  });
}

}  // namespace
}  // namespace PRETEXT_VARIANT
}  // namespace pretext
