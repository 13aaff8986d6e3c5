// One matrix product of a frame step for CLIPS clips, with what follows it: as fast as the weights come from memory.
//
// Every block does TILES times 16 outputs, its warps sharing the STEPS times 16 inputs. Before it waits for the kernel
// in front of it, a block asks for its weights, the first of them in registers and the others in the cache; two blocks
// fit on a processor, so that one asks while the other works. FRAME_CELL: the outputs are the gates of eight units of
// an LSTM, gate by gate, and its cells follow.

constexpr int WARPS = 16, THREADS = 32 * WARPS, PARTS = WARPS / TILES, EACH = (STEPS + PARTS - 1) / PARTS;
constexpr int COLUMNS = (CLIPS + 7) / 8 * 8, TALL = COLUMNS / 8;
constexpr int AT_ONCE = least(EACH, TALL > 1 ? 4 : 8), ROWS = 16 * TILES, STRIDE = ROWS + 4;
constexpr int INPUTS = 16 * STEPS, PITCH = INPUTS + 8;  // so that the rows of eight clips lie in different banks
constexpr bool STAGED = CLIPS * (PITCH * 2 + PARTS * STRIDE * 4) <= 46 * 1024;  // whether there is room for x

struct Arguments {
    const bf16* x;  // [CLIPS, stride]
    whole stride;
    const uint4* weights;  // tile after tile, packed as `multiply` takes them
    const float* bias;     // in the order of the rows
    bf16* out;             // [CLIPS, out_stride]; of a product alone
    whole out_stride;
    float* memory;  // of an LSTM, [CLIPS, width]
    whole width;
    Places places;
};

// Has the cache ask for memory, in a whole number of 16 bytes.
__device__ __forceinline__ void ask_for(const void* from, unsigned bytes) {
#if __CUDA_ARCH__ >= 900
    asm volatile("cp.async.bulk.prefetch.L2.global [%0], %1;" ::"l"(__cvta_generic_to_global(from)), "r"(bytes));
#endif
}

extern "C" __global__ void __launch_bounds__(THREADS, 2) product(const Arguments of) {
    __shared__ float scratch[PARTS][CLIPS][STRIDE];
    __shared__ __align__(16) bf16 staged[STAGED ? CLIPS * PITCH : 8];
    const int warp = threadIdx.x / 32, lane = threadIdx.x % 32;
    const int tile = warp % TILES, part = warp / TILES, begin = part * EACH, end = least(begin + EACH, STEPS);
    const uint4* block = of.weights + static_cast<whole>(blockIdx.x) * TILES * STEPS * 32;
    const uint4* weights = block + tile * STEPS * 32 + lane;
    let_others_begin();
    if (lane == 0 && begin + AT_ONCE < end)
        ask_for(weights + (begin + AT_ONCE) * 32, (end - begin - AT_ONCE) * 32 * sizeof(uint4));
    uint4 held[AT_ONCE];
#pragma unroll
    for (int k = 0; k < AT_ONCE; ++k)
        if (begin + k < end) held[k] = __ldcs(weights + (begin + k) * 32);
    wait_for_others();
    if constexpr (STAGED) {
        for (int k = threadIdx.x; k < CLIPS * (INPUTS / 8); k += THREADS) {
            const int clip = k / (INPUTS / 8), at = k % (INPUTS / 8) * 8;
            store(staged + clip * PITCH + at, load<8>(of.x + clip * of.stride + at));
        }
        __syncthreads();
    }
    const unsigned* columns[TALL];
#pragma unroll
    for (int n = 0; n < TALL; ++n) {
        const int clip = least(n * 8 + lane / 4, CLIPS - 1);
        const bf16* row = STAGED ? staged + clip * PITCH : of.x + clip * of.stride;
        columns[n] = reinterpret_cast<const unsigned*>(row) + lane % 4;
    }
    float sums[TALL][2][4] = {};
#pragma unroll 1
    for (int from = begin; from < end; from += AT_ONCE) {
#pragma unroll
        for (int k = 0; k < AT_ONCE; ++k) {
            if (from + k >= end) break;
#pragma unroll
            for (int n = 0; n < TALL; ++n) {
                const unsigned* at = columns[n] + (from + k) * 8;
                multiply(sums[n][k % 2], held[k], at[0], at[4]);
            }
            if (from + k + AT_ONCE < end) held[k] = __ldcs(weights + (from + k + AT_ONCE) * 32);
        }
    }
    const int row = tile * 16 + lane / 4, column = lane % 4 * 2;
#pragma unroll
    for (int n = 0; n < TALL; ++n)
        for (int i = 0; i < 4; ++i)
            if (n * 8 + column + i % 2 < CLIPS)
                scratch[part][n * 8 + column + i % 2][row + i / 2 * 8] = sums[n][0][i] + sums[n][1][i];
    __syncthreads();
    const auto found = [&](int clip, int at) {
        float sum = of.bias[blockIdx.x * ROWS + at];
#pragma unroll
        for (int other = 0; other < PARTS; ++other) sum += scratch[other][clip][at];
        return sum;
    };
#if FRAME_CELL
    for (int k = threadIdx.x; k < 8 * CLIPS; k += THREADS) {
        const int clip = k / 8, unit = blockIdx.x * 8 + k % 8;
        float& memory = of.memory[clip * of.width + unit];
        const float enter = sigmoid(found(clip, k % 8)), forget = sigmoid(found(clip, 8 + k % 8));
        memory = forget * memory + enter * tanhf(found(clip, 16 + k % 8));
        hand_on(of.places, clip, unit, sigmoid(found(clip, 24 + k % 8)) * tanhf(memory));
    }
#else
    for (int k = threadIdx.x; k < ROWS * CLIPS; k += THREADS)
        set(of.out[k / ROWS * of.out_stride + blockIdx.x * ROWS + k % ROWS], found(k / ROWS, k % ROWS));
#endif
    carry(of.places, CLIPS);
}
