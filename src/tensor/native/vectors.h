// Registers of one kind of processor, and loops over channels in units of them.
// Included by one file for every kind, each compiled with flags of its own (variant_*.cc): PRETEXT_VARIANT names the
// kind, PRETEXT_LANES is how many floats a register holds, PRETEXT_BESIDE how many registers of a row are summed up
// side by side. With 6 rows, sums and operands fill the registers there are.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace pretext {
namespace PRETEXT_VARIANT {
namespace {

constexpr int kLanes = PRETEXT_LANES;
constexpr int kBeside = PRETEXT_BESIDE;
constexpr int kRows = 6;
constexpr int kPanel = kBeside * kLanes;

typedef float Vector __attribute__((vector_size(kLanes * sizeof(float))));
typedef float Loose __attribute__((vector_size(kLanes * sizeof(float)), aligned(4), may_alias));

inline Vector load(const float* from) { return *reinterpret_cast<const Loose*>(from); }
inline void store(float* to, Vector value) { *reinterpret_cast<Loose*>(to) = value; }
inline Vector zero() { return Vector{}; }

/** Calls `body` with the number of rows as a constant. */
template <typename Body>
inline void withRows(int64_t rows, Body body) {
  switch (rows) {
    case 1: return body(std::integral_constant<int, 1>());
    case 2: return body(std::integral_constant<int, 2>());
    case 3: return body(std::integral_constant<int, 3>());
    case 4: return body(std::integral_constant<int, 4>());
    case 5: return body(std::integral_constant<int, 5>());
    default: return body(std::integral_constant<int, kRows>());
  }
}

/** The whole panels of some channels, then the narrower rest. */
template <typename Body>
inline void overPanels(int64_t begin, int64_t end, Body body) {
  int64_t channel = begin;
  for (; channel + kPanel <= end; channel += kPanel) body(channel, std::integral_constant<int, kBeside>());
  for (; channel < end; channel += kLanes) body(channel, std::integral_constant<int, 1>());
}

/** Sums in registers, taken from memory or from zero, and put back. */
template <int Rows, int Beside>
struct Sums {
  Vector values[Rows][Beside] = {};

  void take(const float* from, size_t stride) {
    for (int row = 0; row < Rows; row++)
      for (int beside = 0; beside < Beside; beside++) values[row][beside] = load(from + row * stride + beside * kLanes);
  }
  void put(float* to, size_t stride) const {
    for (int row = 0; row < Rows; row++)
      for (int beside = 0; beside < Beside; beside++) store(to + row * stride + beside * kLanes, values[row][beside]);
  }
};

}  // namespace
}  // namespace PRETEXT_VARIANT
}  // namespace pretext
