// The headers of the system, and the names of the instruction sets, for the files that build one of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

#include "generator.h"
#include "memory.h"
#include "team.h"

#define DC_PLAIN 0
#define DC_AVX2 1
#define DC_AVX512 2
#define DC_AVX512_BF16 3
