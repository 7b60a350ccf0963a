#define PRETEXT_VARIANT avx2
#define PRETEXT_LANES 8
#define PRETEXT_BESIDE 2
#include "variant.h"
