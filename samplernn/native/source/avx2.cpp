#include "sets.h"

#if defined(__x86_64__)

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma")
#endif

#define DC_SET DC_AVX2
#define DC_NAME avx2
#define DC_OPEN open_avx2
#define DC_LOSS loss_avx2
#define DC_LEVINSON levinson_avx2
#define DC_ADAPT adapt_avx2
#include "set.h"

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

#endif
