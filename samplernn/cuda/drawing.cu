// How a warp draws a code; every lane judges EACH codes (see sample_layout.cu).

__device__ __forceinline__ int warp_count(int x) {
#if __CUDA_ARCH__ >= 800
    return __reduce_add_sync(~0u, x);
#else
    for (int step = 16; step; step >>= 1) x += __shfl_xor_sync(~0u, x, step);
    return x;
#endif
}

__device__ __forceinline__ float warp_highest(float x) {
#if __CUDA_ARCH__ >= 800
    int order = __float_as_int(x);  // turned so that whole numbers lie in the order of the floats
    order = __reduce_max_sync(~0u, order < 0 ? order ^ 0x7fffffff : order);
    return __int_as_float(order < 0 ? order ^ 0x7fffffff : order);
#else
    for (int step = 16; step; step >>= 1) x = fmaxf(x, __shfl_xor_sync(~0u, x, step));
    return x;
#endif
}

// Which of the codes are left by top-k and top-p: `odds` [LEVELS] sum to anything, and those of the others become 0.
__device__ __noinline__ void cut(float* odds, int top_k, float top_p) {
    const int lane = threadIdx.x % 32;
    float mine[EACH], before[EACH], kept = 0.0f;
#pragma unroll 1
    for (int i = 0; i < EACH; ++i) {
        const int level = lane * EACH + i;
        int place = 0;
        mine[i] = odds[level], before[i] = 0.0f;
#pragma unroll 4
        for (int other = 0; other < LEVELS; ++other) {
            const bool ahead = odds[other] > mine[i] || (odds[other] == mine[i] && other < level);
            place += ahead;
            before[i] += ahead ? odds[other] : 0.0f;
        }
        if (top_k > 0 && place >= top_k) mine[i] = 0.0f;
        kept += mine[i];
    }
    kept = top_p * warp_sum(kept);
    __syncwarp();
    for (int i = 0; i < EACH; ++i) odds[lane * EACH + i] = before[i] < kept ? mine[i] : 0.0f;
    __syncwarp();
}

// The first code whose running sum exceeds chance * total.
__device__ int drawn(const float (&odds)[EACH], float chance) {
    const int lane = threadIdx.x % 32;
    float running[EACH], sum = 0.0f;
    for (int i = 0; i < EACH; ++i) running[i] = sum += odds[i];
    float upto = sum;
    for (int step = 1; step < 32; step *= 2) {
        const float other = __shfl_up_sync(~0u, upto, step);
        if (lane >= step) upto += other;
    }
    const float goal = chance * __shfl_sync(~0u, upto, 31), before = __shfl_up_sync(~0u, upto, 1);
    int below = 0;
    for (int i = 0; i < EACH; ++i)
        below += lane * EACH + i < LEVELS && (lane ? before : 0.0f) + running[i] <= goal;
    return min(warp_count(below), LEVELS - 1);
}
