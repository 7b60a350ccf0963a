#define PRETEXT_VARIANT avx512
#define PRETEXT_LANES 16
#define PRETEXT_BESIDE 2
#include "variant.h"
