#define PRETEXT_VARIANT neon
#define PRETEXT_LANES 4
#define PRETEXT_BESIDE 4
#include "variant.h"
