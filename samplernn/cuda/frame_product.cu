// One matrix product of a frame step for a few clips, with what follows it: as fast as the weights come from memory.
//
// Every block does TILES times 16 outputs, its warps sharing the STEPS times 16 inputs; COLUMNS is a multiple of 8 that
// holds the clips. The weights of a warp are asked for before anything is waited for. FRAME_CELL: the outputs are the
// gates of eight units of an LSTM, gate by gate, and its cells follow.

constexpr int WARPS = 16, THREADS = 32 * WARPS, PARTS = WARPS / TILES, EACH = (STEPS + PARTS - 1) / PARTS;
constexpr int AT_ONCE = EACH < 20 ? EACH : 16, ROWS = 16 * TILES, STRIDE = ROWS + 4;

struct Arguments {
    const bf16* x;  // [clips, stride]
    whole stride;
    const uint4* weights;  // tile after tile, packed as `multiply` takes them
    const float* bias;     // in the order of the rows
    whole clips;
    bf16* out;  // [clips, out_stride]; of a product alone
    whole out_stride;
    float* memory;  // of an LSTM, [clips, width]
    whole width;
    Places places;
};

extern "C" __global__ void __launch_bounds__(THREADS, 1) product(const Arguments of) {
    __shared__ float scratch[PARTS][COLUMNS][STRIDE];
    const int warp = threadIdx.x / 32, lane = threadIdx.x % 32;
    const int tile = warp % TILES, part = warp / TILES, begin = part * EACH, end = least(begin + EACH, STEPS);
    const uint4* weights = of.weights + (static_cast<whole>(blockIdx.x) * TILES + tile) * STEPS * 32 + lane;
    float sums[COLUMNS / 8][2][4] = {};
    uint4 held[AT_ONCE];
    let_others_begin();
#pragma unroll
    for (int k = 0; k < AT_ONCE; ++k)
        if (begin + k < end) held[k] = __ldcs(weights + (begin + k) * 32);
    wait_for_others();
    const unsigned* columns[COLUMNS / 8];
#pragma unroll
    for (int n = 0; n < COLUMNS / 8; ++n) {
        const whole clip = least(n * 8 + lane / 4, static_cast<int>(of.clips) - 1);
        columns[n] = reinterpret_cast<const unsigned*>(of.x + clip * of.stride) + lane % 4;
    }
#pragma unroll 1
    for (int from = begin; from < end; from += AT_ONCE) {
#pragma unroll
        for (int k = 0; k < AT_ONCE; ++k) {
            if (from + k >= end) break;
#pragma unroll
            for (int n = 0; n < COLUMNS / 8; ++n) {
                const unsigned* at = columns[n] + (from + k) * 8;
                multiply(sums[n][k % 2], held[k], at[0], at[4]);
            }
            if (from + k + AT_ONCE < end) held[k] = __ldcs(weights + (from + k + AT_ONCE) * 32);
        }
    }
    const int row = tile * 16 + lane / 4, column = lane % 4 * 2;
#pragma unroll
    for (int n = 0; n < COLUMNS / 8; ++n)
        for (int i = 0; i < 4; ++i)
            scratch[part][n * 8 + column + i % 2][row + i / 2 * 8] = sums[n][0][i] + sums[n][1][i];
    __syncthreads();
    const auto found = [&](int clip, int at) {
        float sum = of.bias[blockIdx.x * ROWS + at];
#pragma unroll
        for (int other = 0; other < PARTS; ++other) sum += scratch[other][clip][at];
        return sum;
    };
#if FRAME_CELL
    for (int k = threadIdx.x; k < 8 * of.clips; k += THREADS) {
        const int clip = k / 8, unit = blockIdx.x * 8 + k % 8;
        float& memory = of.memory[clip * of.width + unit];
        memory = sigmoid(found(clip, 8 + k % 8)) * memory + sigmoid(found(clip, k % 8)) * tanhf(found(clip, 16 + k % 8));
        hand_on(of.places, clip, unit, sigmoid(found(clip, 24 + k % 8)) * tanhf(memory));
    }
#else
    for (int k = threadIdx.x; k < ROWS * of.clips; k += THREADS)
        set(of.out[k / ROWS * of.out_stride + blockIdx.x * ROWS + k % ROWS], found(k / ROWS, k % ROWS));
#endif
    carry(of.places, of.clips);
}
