// Matrix products of the sample tier, shared by the warps of a block (see sample_layout.cu).

// One tile of a product for all columns of `x`, over `count` steps from `from` on, all STEPS_HERE unless CUT_SHORT.
// `weights` gives those of a step.
template <int STEPS_HERE, bool CUT_SHORT, int PITCH_HERE, typename Weights>
__device__ __forceinline__ void tensor_tile(float (&sums)[COLUMNS / 8][2][4], const REAL* x, int from,
                                            int count, Weights weights) {
    const int lane = threadIdx.x % 32;
    const unsigned* words = reinterpret_cast<const unsigned*>(x) + lane / 4 * (PITCH_HERE / 2) + lane % 4;
#pragma unroll
    for (int k = 0; k < STEPS_HERE; ++k) {
        if (CUT_SHORT && k >= count) break;
        const uint4 taken = weights(k);
#pragma unroll
        for (int n = 0; n < COLUMNS / 8; ++n) {
            const unsigned* at = words + n * 8 * (PITCH_HERE / 2) + (from + k) * 8;
            multiply(sums[n][k % 2], taken, at[0], at[4]);
        }
    }
}

// Hands what a warp has of a tile to `keep(row within the tile, column, sum)`.
template <typename Keep>
__device__ __forceinline__ void each_sum(const float (&sums)[COLUMNS / 8][2][4], Keep keep) {
    const int lane = threadIdx.x % 32;
#pragma unroll
    for (int n = 0; n < COLUMNS / 8; ++n)
#pragma unroll
        for (int i = 0; i < 4; ++i)
            keep(lane / 4 + i / 2 * 8, n * 8 + lane % 4 * 2 + i % 2, sums[n][0][i] + sums[n][1][i]);
}

// The same without tensor cores: rows of `weights` [.., UNITS] with `count` inputs from `weights` and `x` on.
template <int PITCH_HERE, typename Keep>
__device__ __forceinline__ void plain_rows(const float* weights, int rows, const REAL* x, int count, Keep keep) {
    const int lane = threadIdx.x % 32;
    for (int row = threadIdx.x / 32; row < rows; row += WARPS) {
        float sums[COLUMNS] = {};
        for (int k = lane; k < count; k += 32) {
            const float weight = weights[static_cast<whole>(row) * UNITS + k];
            for (int c = 0; c < COLUMNS; ++c) sums[c] += weight * value(x[c * PITCH_HERE + k]);
        }
        for (int c = 0; c < COLUMNS; ++c) {
            const float sum = warp_sum(sums[c]);
            if (lane == 0) keep(row, c, sum);
        }
    }
}
