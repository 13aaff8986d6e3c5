#include "sets.h"

#if defined(__x86_64__)

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma")
#endif

#define DC_SET DC_AVX512
#define DC_NAME avx512
#define DC_OPEN open_avx512
#define DC_LOSS loss_avx512
#define DC_LEVINSON levinson_avx512
#define DC_ADAPT adapt_avx512
#include "set.h"

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

#endif
