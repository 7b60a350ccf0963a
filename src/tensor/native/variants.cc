#include "kernels.h"

namespace pretext {

#if defined(PRETEXT_WITH_AVX512)
namespace avx512 {
extern const Kernels kernels;
}
#endif
#if defined(PRETEXT_WITH_AVX2)
namespace avx2 {
extern const Kernels kernels;
}
#endif
#if defined(PRETEXT_WITH_NEON)
namespace neon {
extern const Kernels kernels;
}
#endif

namespace {

bool fits(const Kernels& kernels, int64_t channels) { return channels % kernels.lanes == 0; }

}  // namespace

const Kernels* kernelsFor(int64_t channels) {
#if defined(PRETEXT_WITH_AVX512) || defined(PRETEXT_WITH_AVX2)
  // Asked for before the first constructors of the process may have run.
  __builtin_cpu_init();
#endif
#if defined(PRETEXT_WITH_AVX512)
  static const bool wide = __builtin_cpu_supports("avx512f");
  if (wide && fits(avx512::kernels, channels)) return &avx512::kernels;
#endif
#if defined(PRETEXT_WITH_AVX2)
  static const bool usual = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  if (usual && fits(avx2::kernels, channels)) return &avx2::kernels;
#endif
#if defined(PRETEXT_WITH_NEON)
  if (fits(neon::kernels, channels)) return &neon::kernels;
#endif
  return nullptr;
}

}  // namespace pretext
