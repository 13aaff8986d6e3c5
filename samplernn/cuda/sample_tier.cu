// The sample tier at work: RATIO samples of every clip in one launch, drawn on the device.
//
// A cluster of CLUSTER blocks makes the sound of CLIPS clips. Its blocks share the outputs of the two products between
// them, each with its part of the weights in registers and shared memory, and hand each other what they find. As the
// first layer is linear, the second is folded into the tables and into what the tier above says (see cuda_sampler.py).
//
// REAL     bf16: tensor cores; float: plain sums        UNITS    of every layer, a multiple of 16
// LEVELS   of a code                                    OUTPUTS  LEVELS, two more with a predictor
// LOOK     codes seen through tables                    ORDER, SURPRISES  of the predictor, or 0
// RATIO    samples                                      TOP      samples of a frame that is left for the tiers
// HELD     1 when the weights of the third layer fit in the registers
// STORED   1 when those of the output fit in shared memory

constexpr int WARPS = 16, THREADS = 32 * WARPS;
constexpr int COLUMNS = (CLIPS + 7) / 8 * 8;
constexpr int OWN = (CLIPS + CLUSTER - 1) / CLUSTER;  // clips that a block draws for
__host__ __device__ constexpr int power_below(int n) { return n < 2 ? 1 : 2 * power_below(n / 2); }
__host__ __device__ constexpr int power_above(int n) { return n < 2 ? 1 : 2 * power_above((n + 1) / 2); }
__host__ __device__ constexpr int most(int a, int b) { return a > b ? a : b; }
constexpr int SHARERS = WARPS / (power_above(OWN) < WARPS ? power_above(OWN) : WARPS);  // warps that do the same clip
constexpr int ROUNDS = (OWN * SHARERS + WARPS - 1) / WARPS;
constexpr int PAIRS = (UNITS + 64 * SHARERS - 1) / (64 * SHARERS);  // of units that a lane gathers
constexpr bool TENSOR = sizeof(REAL) == 2;
constexpr int STEPS = UNITS / 16;
constexpr int ROW = UNITS + 16 / sizeof(REAL);  // so that the rows of eight clips lie in different banks
constexpr int EACH = (LEVELS + 31) / 32;
constexpr int HEARD = 2 * SURPRISES, RING = HEARD ? HEARD : 1, TAPS = ORDER ? ORDER : 1;
#if CLUSTER > 1
#define IN_CLUSTER __cluster_dims__(CLUSTER, 1, 1)
#else
#define IN_CLUSTER
#endif

template <int OUTS>
struct Split {  // how one product is shared by the warps of a block
    static constexpr int tiles = ((OUTS + 15) / 16 + CLUSTER - 1) / CLUSTER, rows = 16 * tiles;
    static constexpr int across = TENSOR ? power_below(tiles < WARPS ? tiles : WARPS) : WARPS;
    static constexpr int parts = TENSOR ? WARPS / across : 1, steps = (STEPS + parts - 1) / parts;
    static constexpr int stride = rows + 4;
    static constexpr int scratch = parts * COLUMNS * stride;
};
using Third = Split<UNITS>;
using Output = Split<OUTPUTS>;
static_assert(!HELD || (Third::across == Third::tiles && STEPS % Third::parts == 0), "the weights cannot be held");

struct Shared {
    REAL first[COLUMNS * ROW], second[COLUMNS * ROW];
    float scratch[most(most(Third::scratch, Output::scratch), SHARERS > 1 ? WARPS * 32 * EACH : 1)];
    float logits[OWN][32 * EACH + 4];
    int seen[OWN][LOOK + RATIO + 1];
    float values[OWN][ORDER + 1], wrong[OWN][HEARD + 1], taps[ORDER + 1];
    uint4 output[STORED ? Output::tiles * STEPS * 32 : 1];
};

extern "C" __global__ void shared_bytes(whole* to) { *to = sizeof(Shared); }

__device__ __forceinline__ unsigned rank_here() {
    unsigned rank = 0;
    if constexpr (CLUSTER > 1) asm volatile("mov.u32 %0, %%cluster_ctarank;" : "=r"(rank));
    return rank;
}

__device__ __forceinline__ void arrive() {
    if constexpr (CLUSTER > 1) asm volatile("barrier.cluster.arrive.release.aligned;" ::: "memory");
}

__device__ __forceinline__ void wait() {
    if constexpr (CLUSTER > 1)
        asm volatile("barrier.cluster.wait.acquire.aligned;" ::: "memory");
    else
        __syncthreads();
}

// Writes four bytes into the shared memory of another block of the cluster, at the place that `mine` has here.
__device__ __forceinline__ void put(void* mine, unsigned rank, unsigned bits) {
    if constexpr (CLUSTER > 1) {
        unsigned here = static_cast<unsigned>(__cvta_generic_to_shared(mine)), there;
        asm volatile("mapa.shared::cluster.u32 %0, %1, %2;" : "=r"(there) : "r"(here), "r"(rank));
        asm volatile("st.shared::cluster.b32 [%0], %1;" ::"r"(there), "r"(bits) : "memory");
    } else {
        *static_cast<unsigned*>(mine) = bits;
    }
}

__device__ __forceinline__ void put_pair(REAL* mine, unsigned rank, float low, float high) {
    Pack<REAL, 2> both;
    set(both.at[0], low), set(both.at[1], high);
    const unsigned* bits = reinterpret_cast<const unsigned*>(&both);
    put(mine, rank, bits[0]);
    if constexpr (!TENSOR) put(mine + 1, rank, bits[1]);
}

__device__ __forceinline__ void multiply(float (&sum)[4], const uint4& weights, unsigned low, unsigned high) {
#if __CUDA_ARCH__ >= 800
    asm volatile(
        "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
        : "+f"(sum[0]), "+f"(sum[1]), "+f"(sum[2]), "+f"(sum[3])
        : "r"(weights.x), "r"(weights.y), "r"(weights.z), "r"(weights.w), "r"(low), "r"(high));
#endif
}

// The tile `tile` of a product for the columns of `x`, over the part of the inputs that this warp does.
// `held` are weights in registers, else they are read from `weights` (tile after tile, packed as `multiply` takes them).
template <typename Of, bool IN_REGISTERS, int N>
__device__ __forceinline__ void tensor_tile(float* scratch, const REAL* x, const uint4* weights, const uint4 (&held)[N],
                                            int tile) {
    const int lane = threadIdx.x % 32, part = threadIdx.x / 32 / Of::across;
    const unsigned* words = reinterpret_cast<const unsigned*>(x) + lane / 4 * (ROW / 2) + lane % 4;
    float sums[COLUMNS / 8][2][4] = {};
#pragma unroll
    for (int k = 0; k < Of::steps; ++k) {
        const int step = part * Of::steps + k;
        if (STEPS % Of::parts && step >= STEPS) break;
        const uint4 taken = IN_REGISTERS ? held[k % N] : weights[(tile * STEPS + step) * 32 + lane];
#pragma unroll
        for (int n = 0; n < COLUMNS / 8; ++n) {
            const unsigned* at = words + n * 8 * (ROW / 2) + step * 8;
            multiply(sums[n][k % 2], taken, at[0], at[4]);
        }
    }
    const int row = tile * 16 + lane / 4, column = lane % 4 * 2;
    float* to = scratch + part * COLUMNS * Of::stride;
#pragma unroll
    for (int n = 0; n < COLUMNS / 8; ++n)
        for (int i = 0; i < 4; ++i)
            to[(n * 8 + column + i % 2) * Of::stride + row + i / 2 * 8] = sums[n][0][i] + sums[n][1][i];
}

template <typename Of>
__device__ __forceinline__ void plain_rows(float* scratch, const REAL* x, const float* weights, int begin, int outs) {
    const int lane = threadIdx.x % 32;
    for (int row = threadIdx.x / 32; row < Of::rows && begin + row < outs; row += WARPS) {
        float sums[COLUMNS] = {};
        for (int k = lane; k < UNITS; k += 32) {
            const float weight = weights[static_cast<whole>(begin + row) * UNITS + k];
            for (int c = 0; c < COLUMNS; ++c) sums[c] += weight * value(x[c * ROW + k]);
        }
        for (int c = 0; c < COLUMNS; ++c) {
            const float sum = warp_sum(sums[c]);
            if (lane == 0) scratch[c * Of::stride + row] = sum;
        }
    }
}

template <typename Of>
__device__ __forceinline__ float gathered(const float* scratch, int column, int row) {
    float sum = 0.0f;
#pragma unroll
    for (int part = 0; part < Of::parts; ++part) sum += scratch[(part * COLUMNS + column) * Of::stride + row];
    return sum;
}

// Which of the codes were left by top-k and top-p; `odds` [LEVELS] sum to anything. The odds of the others become 0.
__device__ void cut(float (&mine)[EACH], float* odds, int top_k, float top_p) {
    const int lane = threadIdx.x % 32;
    for (int i = 0; i < EACH; ++i) odds[lane * EACH + i] = mine[i];
    __syncwarp();
    float before[EACH], kept = 0.0f;
    for (int i = 0; i < EACH; ++i) {
        const int level = lane * EACH + i;
        int place = 0;
        before[i] = 0.0f;
        for (int other = 0; other < LEVELS; ++other) {
            const float odd = odds[other];
            const bool ahead = odd > mine[i] || (odd == mine[i] && other < level);
            place += ahead;
            before[i] += ahead ? odd : 0.0f;
        }
        if (level >= LEVELS || (top_k > 0 && place >= top_k)) mine[i] = 0.0f;
        kept += mine[i];
    }
    kept = top_p * warp_sum(kept);
    for (int i = 0; i < EACH; ++i)
        if (before[i] >= kept) mine[i] = 0.0f;
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
    for (int step = 16; step; step >>= 1) below += __shfl_xor_sync(~0u, below, step);
    return min(below, LEVELS - 1);
}

struct Arguments {
    int* codes;              // [clips, capacity]
    whole capacity, now;     // the first sample to make is at `now`
    const REAL* said;        // [clips, RATIO, UNITS] by the tier above, through the second layer
    const REAL* tables;      // [LOOK, LEVELS, UNITS], through the second layer
    const REAL* third;       // weights, packed for tensor cores, or [UNITS, UNITS] by outputs
    const float* third_bias;
    const REAL* output;
    const float* output_bias;
    const float* chances;    // [clips, span], from `at` on
    const float* temperature;
    whole span, at;
    const int* top_k;
    const float* top_p;
    float* odds;             // [clips, span, LEVELS] or null
    REAL* frame;             // [clips, frame_stride]: the last TOP samples, scaled
    whole frame_stride;
    const float* taps;       // [ORDER]
    const float* values;     // [LEVELS]
    const REAL* hear;        // [HEARD, UNITS], through the second layer
    float* wrong;            // [clips, HEARD], oldest first
    float typical;           // (eight bytes, like all others)
    whole clips;
};

// One clip that this warp draws for, alone or beside others that do the same for other units.
struct Clip {
    int own, sharer;  // which of the block's clips; which of the warps at it
    whole number;
    float sums[PAIRS][2];  // what is known already of the next first layer
    float predicted, partly, chance, coolness, top_p;
    int top_k;
    bool there;

    __device__ int unit(int pair) const { return ((pair * SHARERS + sharer) * 32 + threadIdx.x % 32) * 2; }

    // Everything about sample t but what the code right before it brings.
    __device__ void prepare(const Arguments& of, Shared& shared, int t) {
        if (!there || t >= RATIO) return;
#pragma unroll
        for (int p = 0; p < PAIRS; ++p) {
            if (unit(p) >= UNITS) break;
            const Pack<REAL, 2> start = load<2>(of.said + (number * RATIO + t) * UNITS + unit(p));
            float low = value(start.at[0]), high = value(start.at[1]);
#pragma unroll
            for (int k = 0; k < LOOK - 1; ++k) {
                const REAL* row = of.tables + (static_cast<whole>(k) * LEVELS + shared.seen[own][t + k]) * UNITS;
                const Pack<REAL, 2> both = load<2>(row + unit(p));
                low += value(both.at[0]), high += value(both.at[1]);
            }
            for (int k = 0; k < HEARD - 2; ++k) {  // the oldest surprise is at place t
                const Pack<REAL, 2> both = load<2>(of.hear + k * UNITS + unit(p));
                const float wrong = shared.wrong[own][(k + 2 * t) % RING];
                low += wrong * value(both.at[0]), high += wrong * value(both.at[1]);
            }
            sums[p][0] = low, sums[p][1] = high;
        }
        if constexpr (ORDER > 0) {
            partly = 0.0f;
            for (int k = threadIdx.x % 32; k < ORDER - 1; k += 32)
                partly += shared.taps[k] * shared.values[own][(k + t) % TAPS];
            partly = warp_sum(partly);
        }
    }

    // Adds what the code right before sample t brings, and sends the first layer of sample t to all blocks.
    __device__ void send(const Arguments& of, Shared& shared, unsigned rank, int t) {
        if (!there || t >= RATIO) return;
        chance = of.chances[number * of.span + of.at + t];
        coolness = 1.0f / of.temperature[number * of.span + of.at + t];
        const float* wrong = shared.wrong[own] + (HEARD ? (HEARD - 2 + 2 * t) % RING : 0);
#pragma unroll
        for (int p = 0; p < PAIRS; ++p) {
            if (unit(p) >= UNITS) break;
            float low = sums[p][0], high = sums[p][1];
            if constexpr (LOOK > 0) {
                const int code = shared.seen[own][t + LOOK - 1];
                const REAL* row = of.tables + ((LOOK - 1) * LEVELS + code) * static_cast<whole>(UNITS);
                const Pack<REAL, 2> both = load<2>(row + unit(p));
                low += value(both.at[0]), high += value(both.at[1]);
            }
            for (int k = 0; k < (HEARD ? 2 : 0); ++k) {
                const Pack<REAL, 2> both = load<2>(of.hear + (HEARD - 2 + k) * UNITS + unit(p));
                low += wrong[k] * value(both.at[0]), high += wrong[k] * value(both.at[1]);
            }
            low = fmaxf(low, 0.0f), high = fmaxf(high, 0.0f);
            REAL* to = shared.first + (own * CLUSTER + rank) * ROW + unit(p);
#pragma unroll
            for (int other = 0; other < CLUSTER; ++other) put_pair(to, other, low, high);
        }
        if constexpr (ORDER > 0)
            predicted = partly + shared.taps[ORDER - 1] * shared.values[own][(ORDER - 1 + t) % TAPS];
    }

    // Draws sample t from the logits and keeps it. All warps at a clip find and write the same.
    __device__ void draw(const Arguments& of, Shared& shared, int t) {
        if (!there) return;
        const int lane = threadIdx.x % 32;
        float* logits = shared.logits[own];
        const whole asked = number * of.span + of.at + t;
        float middle = 0.0f, slope = 0.0f;
        if constexpr (ORDER > 0) {
            middle = predicted + logits[LEVELS] * of.typical;
            slope = expf(-fminf(fmaxf(logits[LEVELS + 1], -5.0f), 5.0f)) / of.typical;
        }
        float odds[EACH], highest = -3e38f;
        for (int i = 0; i < EACH; ++i) {
            const int level = lane * EACH + i;
            odds[i] = level < LEVELS ? logits[level] : -3e38f;
            if (ORDER > 0 && level < LEVELS) {
                const float z = (of.values[level] - middle) * slope;
                odds[i] -= sqrtf(1.0f + z * z);
            }
            odds[i] *= coolness;
            highest = fmaxf(highest, odds[i]);
        }
        for (int step = 16; step; step >>= 1) highest = fmaxf(highest, __shfl_xor_sync(~0u, highest, step));
        float total = 0.0f;
        for (int i = 0; i < EACH; ++i) {
            odds[i] = lane * EACH + i < LEVELS ? expf(odds[i] - highest) : 0.0f;
            total += odds[i];
        }
        if (of.odds) {
            total = warp_sum(total);
            for (int i = 0; i < EACH; ++i)
                if (lane * EACH + i < LEVELS) of.odds[asked * LEVELS + lane * EACH + i] = odds[i] / total;
        }
        if (top_k > 0 || top_p < 1.0f) {
            if constexpr (SHARERS > 1)
                cut(odds, shared.scratch + threadIdx.x / 32 * (32 * EACH), top_k, top_p);
            else
                cut(odds, logits, top_k, top_p);
        }
        const int code = drawn(odds, chance);
        if (lane == 0) {
            shared.seen[own][t + LOOK] = code;
            if (sharer == 0) of.codes[number * of.capacity + of.now + t] = code;
            if constexpr (ORDER > 0) {
                const float amplitude = of.values[code], wrong = (amplitude - predicted) / of.typical;
                float* surprise = shared.wrong[own] + 2 * t % RING;
                surprise[0] = fminf(fmaxf(wrong, -6.0f), 6.0f) * 0.5f;
                surprise[1] = logf(fabsf(wrong) + CLOSE) * 0.5f;
                shared.values[own][t % TAPS] = amplitude;
            }
        }
        __syncwarp();
    }
};

__device__ void begin_clip(const Arguments& of, Shared& shared, Clip& clip) {
    const int lane = threadIdx.x % 32;
    const int* past = of.codes + clip.number * of.capacity + of.now;
    for (int k = lane; k < LOOK; k += 32) shared.seen[clip.own][k] = past[k - LOOK];
    for (int k = lane; k < ORDER; k += 32) shared.values[clip.own][k] = of.values[past[k - ORDER]];
    for (int k = lane; k < HEARD; k += 32) shared.wrong[clip.own][k] = of.wrong[clip.number * HEARD + k];
}

__device__ void end_clip(const Arguments& of, Shared& shared, const Clip& clip) {
    const int lane = threadIdx.x % 32;
    const int* codes = of.codes + clip.number * of.capacity + of.now + RATIO - TOP;
    for (int k = lane; k < TOP; k += 32)
        set(of.frame[clip.number * of.frame_stride + k], (codes[k] * (2.0f / LEVELS) - 1.0f) * 2.0f);
    for (int k = lane; k < HEARD; k += 32)
        of.wrong[clip.number * HEARD + k] = shared.wrong[clip.own][(k + 2 * RATIO) % RING];
}

extern "C" __global__ void IN_CLUSTER __launch_bounds__(THREADS, 1) make_samples(const Arguments of) {
    extern __shared__ __align__(16) unsigned char memory[];
    Shared& shared = *reinterpret_cast<Shared*>(memory);
    const int warp = threadIdx.x / 32, lane = threadIdx.x % 32;
    const unsigned rank = rank_here();
    const whole first_clip = static_cast<whole>(blockIdx.x / CLUSTER) * CLIPS;

    Clip clips[ROUNDS];
#pragma unroll
    for (int round = 0; round < ROUNDS; ++round) {
        Clip& clip = clips[round];
        clip.own = warp / SHARERS + round * (WARPS / SHARERS), clip.sharer = warp % SHARERS;
        const int column = clip.own * CLUSTER + rank;
        clip.number = first_clip + column;
        clip.there = clip.own < OWN && column < CLIPS && clip.number < of.clips;
        if (!clip.there) continue;
        clip.top_k = of.top_k[clip.number], clip.top_p = of.top_p[clip.number];
        begin_clip(of, shared, clip);
    }
    for (int k = threadIdx.x; k < ORDER; k += THREADS) shared.taps[k] = of.taps[k];
    const uint4* third = reinterpret_cast<const uint4*>(of.third) + rank * Third::tiles * STEPS * 32;
    const uint4* output = reinterpret_cast<const uint4*>(of.output) + rank * Output::tiles * STEPS * 32;
    uint4 held[HELD ? Third::steps : 1];
    if constexpr (HELD) {
#pragma unroll
        for (int k = 0; k < Third::steps; ++k)
            held[k] = third[(warp % Third::across * STEPS + warp / Third::across * Third::steps + k) * 32 + lane];
    }
    if constexpr (STORED)
        for (int k = threadIdx.x; k < Output::tiles * STEPS * 32; k += THREADS) shared.output[k] = output[k];
    __syncthreads();
#pragma unroll
    for (int k = 0; k < ROUNDS; ++k) {
        clips[k].prepare(of, shared, 0);
        clips[k].send(of, shared, rank, 0);
    }
    constexpr int SPREAD = power_below(THREADS / (Third::rows / 2 * CLIPS) ? THREADS / (Third::rows / 2 * CLIPS) : 1);
    constexpr int GROUPS = SPREAD < CLUSTER ? SPREAD : CLUSTER;  // groups of blocks that different threads write to
#pragma unroll 1
    for (int t = 0; t < RATIO; ++t) {
        arrive();
#pragma unroll
        for (int k = 0; k < ROUNDS; ++k) clips[k].prepare(of, shared, t + 1);
        wait();
        if constexpr (TENSOR) {
            const int across = warp % Third::across;
            if constexpr (HELD)
                tensor_tile<Third, true>(shared.scratch, shared.first, third, held, across);
            else
                for (int tile = across; tile < Third::tiles; tile += Third::across)
                    tensor_tile<Third, false>(shared.scratch, shared.first, third, held, tile);
        } else {
            plain_rows<Third>(shared.scratch, shared.first, reinterpret_cast<const float*>(of.third),
                              rank * Third::rows, UNITS);
        }
        __syncthreads();
        for (int k = threadIdx.x; k < Third::rows / 2 * CLIPS * GROUPS; k += THREADS) {
            const int row = k % (Third::rows / 2) * 2, column = k / (Third::rows / 2) % CLIPS;
            const int group = k / (Third::rows / 2) / CLIPS, unit = rank * Third::rows + row;
            if (unit >= UNITS) continue;
            const float low = gathered<Third>(shared.scratch, column, row) + of.third_bias[unit];
            const float high = gathered<Third>(shared.scratch, column, row + 1) + of.third_bias[unit + 1];
#pragma unroll
            for (int other = 0; other < CLUSTER / GROUPS; ++other)
                put_pair(shared.second + column * ROW + unit, group * (CLUSTER / GROUPS) + other, fmaxf(low, 0.0f),
                         fmaxf(high, 0.0f));
        }
        arrive();
        wait();
        if constexpr (TENSOR)
            for (int tile = warp % Output::across; tile < Output::tiles; tile += Output::across)
                tensor_tile<Output, false>(shared.scratch, shared.second, STORED ? shared.output : output, held, tile);
        else
            plain_rows<Output>(shared.scratch, shared.second, reinterpret_cast<const float*>(of.output),
                               rank * Output::rows, OUTPUTS);
        __syncthreads();
        for (int k = threadIdx.x; k < Output::rows * CLIPS; k += THREADS) {
            const int row = k % Output::rows, column = k / Output::rows, level = rank * Output::rows + row;
            if (level >= OUTPUTS) continue;
            const float logit = gathered<Output>(shared.scratch, column, row) + of.output_bias[level];
            put(&shared.logits[column / CLUSTER][level], column % CLUSTER, __float_as_uint(logit));
        }
        arrive();
        wait();
#pragma unroll
        for (int k = 0; k < ROUNDS; ++k) {
            clips[k].draw(of, shared, t);
            clips[k].send(of, shared, rank, t + 1);
        }
    }
    __syncthreads();
#pragma unroll
    for (int k = 0; k < ROUNDS; ++k)
        if (clips[k].there && clips[k].sharer == 0) end_clip(of, shared, clips[k]);
}
