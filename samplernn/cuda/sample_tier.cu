// The sample tier at work: RATIO samples of every clip in one launch, drawn on the device.
//
// A cluster of CLUSTER blocks makes the sound of CLIPS clips. Every block has its slice of the units: of the first
// layer, which it gathers from tables and sends to all blocks, and of the third, of which it works out the logits'
// share. One block for each clip adds the shares up, draws, and tells the code to all. As the first layer is linear,
// the second is folded into the tables and into what the tier above says (see sample_steps.py).
//
// REAL     bf16: tensor cores; float: plain sums        UNITS    of every layer, a multiple of 16 * CLUSTER
// LEVELS   of a code                                    OUTPUTS  LEVELS, two more with a predictor
// LOOK     codes seen through tables                    ORDER, SURPRISES  of the predictor, or 0
// RATIO    samples                                      TOP      samples of a frame that is left for the tiers
// HELD     1 when the weights of the third layer fit in the registers
// STORED   1 when those of the output fit in shared memory
// NEAR     1 when the table of the newest code does
// FAR      1 when the first layer is sent through memory, which is better for many clips
// ASYNC    1 when what is sent tells by itself that it has arrived; else all blocks wait for one another. Nothing is
//          overwritten too soon, as no block sends anything before it has what came of all that was sent before

constexpr int WARPS = 16, THREADS = 32 * WARPS;
constexpr int COLUMNS = (CLIPS + 7) / 8 * 8;
constexpr int SHARERS = WARPS / least(power_above(CLIPS), WARPS);  // warps that do the same clip
constexpr int ROUNDS = (CLIPS * SHARERS + WARPS - 1) / WARPS;
constexpr int SLICE = UNITS / CLUSTER, PAIRS = (SLICE + 63) / 64;  // units of a block; pairs of them of a lane
constexpr int ROWS = LOOK > 1 ? (LOOK - 2) / SHARERS + 1 : 0;     // of tables, but the newest, that a warp adds up
constexpr bool EARLY = ROUNDS * PAIRS * ROWS <= 4;                // whether the registers hold them
constexpr bool TENSOR = sizeof(REAL) == 2;
constexpr int STEPS = UNITS / 16, TILES = SLICE / 16;            // of 16 inputs, and of 16 of a block's units
constexpr int OUTPUT_TILES = (OUTPUTS + 15) / 16;
// so that the rows of eight clips lie in different banks
constexpr int ROW = UNITS + 16 / sizeof(REAL), PART_ROW = SLICE + 16 / sizeof(REAL);
constexpr int EACH = (LEVELS + 31) / 32, WIDE = EACH % 4 ? 1 : 4;  // codes of a lane, and how they are read
constexpr int PITCH = 32 * EACH + 4, SHARE = (OUTPUTS + 3) / 4 * 4;  // of the logits of a clip
constexpr int HEARD = 2 * SURPRISES, RING = HEARD ? HEARD : 1, TAPS = ORDER ? ORDER : 1;
static_assert(UNITS % (16 * CLUSTER) == 0, "the units cannot be shared");
#if CLUSTER > 1
#define IN_CLUSTER __cluster_dims__(CLUSTER, 1, 1)
#else
#define IN_CLUSTER
#endif

// How the third layer's product is shared by the warps of a block.
constexpr int ACROSS = TENSOR ? power_below(least(TILES, WARPS)) : WARPS, PARTS = TENSOR ? WARPS / ACROSS : 1;
constexpr int PART_STEPS = (STEPS + PARTS - 1) / PARTS, STRIDE = SLICE + 4;
constexpr int OWN = (CLIPS + CLUSTER - 1) / CLUSTER;  // clips that a block draws for
static_assert(!HELD || (ACROSS == TILES && STEPS % PARTS == 0), "the weights cannot be held");

struct Shared {
    REAL first[COLUMNS * ROW], third[COLUMNS * PART_ROW];
    __align__(8) whole arrived[3];  // told of the first layer, of shares of logits, and of codes
    float scratch[most(PARTS * COLUMNS * STRIDE, WARPS * 32 * EACH)];
    __align__(16) float share[CLIPS][PITCH], shares[OWN][CLUSTER][PITCH];  // of the logits: ours, and of all blocks
    __align__(16) float logits[OWN][PITCH];
    __align__(8) float sums[CLIPS][SHARERS][64 * PAIRS];
    float partly[CLIPS][SHARERS];
    __align__(16) float output_bias[PITCH];
    float third_bias[SLICE];
    int seen[CLIPS][LOOK + RATIO + 1];
    float values[CLIPS][TAPS], wrong[CLIPS][RING], taps[TAPS];
    uint4 output[STORED ? OUTPUT_TILES * TILES * 32 : 1];
    REAL near[NEAR ? LEVELS * SLICE : 1];
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

// The address of `mine` in the shared memory of another block of the cluster.
__device__ __forceinline__ unsigned at_block(const void* mine, unsigned rank) {
    unsigned there = static_cast<unsigned>(__cvta_generic_to_shared(mine));
    if constexpr (CLUSTER > 1)
        asm volatile("mapa.shared::cluster.u32 %0, %1, %2;" : "=r"(there) : "r"(there), "r"(rank));
    return there;
}

#if CLUSTER > 1
#define TO_BLOCK "st.shared::cluster"
#else
#define TO_BLOCK "st.shared"
#endif

__device__ __forceinline__ void put(unsigned there, unsigned bits) {
    asm volatile(TO_BLOCK ".b32 [%0], %1;" ::"r"(there), "r"(bits) : "memory");
}

__device__ __forceinline__ void put(unsigned there, const uint4& bits) {
    asm volatile(TO_BLOCK ".v4.b32 [%0], {%1, %2, %3, %4};" ::"r"(there), "r"(bits.x), "r"(bits.y), "r"(bits.z),
                 "r"(bits.w)
                 : "memory");
}

#define SEND "st.async.weak.shared::cluster.mbarrier::complete_tx::bytes"

// The same, and `arrived` in the block `rank` is told of the bytes.
__device__ __forceinline__ void send(unsigned there, unsigned bits, whole* arrived, unsigned rank) {
#if ASYNC
    asm volatile(SEND ".b32 [%0], %1, [%2];" ::"r"(there), "r"(bits), "r"(at_block(arrived, rank)) : "memory");
#else
    put(there, bits);
#endif
}

__device__ __forceinline__ void send(unsigned there, const uint4& bits, whole* arrived, unsigned rank) {
#if ASYNC
    asm volatile(SEND ".v4.b32 [%0], {%1, %2, %3, %4}, [%5];" ::"r"(there), "r"(bits.x), "r"(bits.y), "r"(bits.z),
                 "r"(bits.w), "r"(at_block(arrived, rank))
                 : "memory");
#else
    put(there, bits);
#endif
}

// By one thread, before anything is sent.
__device__ __forceinline__ void open(whole* arrived) {
#if ASYNC
    const unsigned here = static_cast<unsigned>(__cvta_generic_to_shared(arrived));
    asm volatile("mbarrier.init.shared::cta.b64 [%0], 1;" ::"r"(here) : "memory");
    asm volatile("fence.mbarrier_init.release.cluster;" ::: "memory");
#endif
}

// By one thread: how much is to come in the next round.
__device__ __forceinline__ void expect(whole* arrived, unsigned bytes) {
#if ASYNC
    const unsigned here = static_cast<unsigned>(__cvta_generic_to_shared(arrived));
    asm volatile("mbarrier.arrive.expect_tx.shared::cta.b64 _, [%0], %1;" ::"r"(here), "r"(bytes) : "memory");
#endif
}

__device__ __forceinline__ void await(whole* arrived, unsigned round) {
#if ASYNC
    const unsigned here = static_cast<unsigned>(__cvta_generic_to_shared(arrived));
    unsigned done = 0;
    while (!done)
        asm volatile(
            "{\n.reg .pred p;\nmbarrier.try_wait.parity.shared::cta.b64 p, [%1], %2;\nselp.b32 %0, 1, 0, p;\n}"
            : "=r"(done)
            : "r"(here), "r"(round & 1)
            : "memory");
#endif
}

// Two units per lane of a warp's slice, those of lane 0 at `mine` and `memory`, to all blocks or into memory.
__device__ __forceinline__ void send_units(REAL* mine, REAL* memory, whole* arrived, float low, float high) {
    const int lane = threadIdx.x % 32;
    Pack<REAL, 2> both;
    set(both.at[0], low), set(both.at[1], high);
    const unsigned* bits = reinterpret_cast<const unsigned*>(&both);
    if constexpr (FAR) {
        store(memory + 2 * lane, both);
    } else if constexpr (TENSOR && SLICE % 64 == 0) {  // four lanes' in one piece, each piece to every fourth block
        uint4 four;
        four.x = __shfl_sync(~0u, bits[0], lane % 8 * 4), four.y = __shfl_sync(~0u, bits[0], lane % 8 * 4 + 1);
        four.z = __shfl_sync(~0u, bits[0], lane % 8 * 4 + 2), four.w = __shfl_sync(~0u, bits[0], lane % 8 * 4 + 3);
#pragma unroll
        for (int other = lane / 8; other < CLUSTER; other += 4)
            send(at_block(mine + lane % 8 * 8, other), four, arrived, other);
    } else {
#pragma unroll 1
        for (int other = 0; other < CLUSTER; ++other) {
            put(at_block(mine + 2 * lane, other), bits[0]);
            if constexpr (!TENSOR) put(at_block(mine + 2 * lane + 1, other), bits[1]);
        }
    }
}

// Fetches the first layer of all clips from memory, by all threads.
__device__ __forceinline__ void take(REAL* here, const REAL* memory) {
    constexpr int many = 16 / sizeof(REAL);
#pragma unroll 1
    for (int k = threadIdx.x; k < CLIPS * (UNITS / many); k += THREADS) {
        const int row = k / (UNITS / many), at = k % (UNITS / many) * many;
        const unsigned to = static_cast<unsigned>(__cvta_generic_to_shared(here + row * ROW + at));
        asm volatile("cp.async.cg.shared.global [%0], [%1], 16;" ::"r"(to), "l"(memory + row * UNITS + at));
    }
    asm volatile("cp.async.wait_all;" ::: "memory");
    __syncthreads();
}

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
    REAL* handed;            // [clusters, CLIPS, UNITS], for the first layer
    const float* taps;       // [ORDER]
    const float* values;     // [LEVELS]
    const REAL* hear;        // [HEARD, UNITS], through the second layer
    float* wrong;            // [clips, HEARD], oldest first
    float typical;           // (eight bytes, like all others)
    whole clips;
};

// One clip, at which a warp works alone or beside others.
struct Clip {
    int column, sharer;  // which of the cluster's clips; which of the warps at it
    whole number;
    bool there, works, owns;  // works: sends what the warps at it have found; owns: draws
    float predicted, chance, temperature, top_p;
    int top_k;
    float values[ORDER ? EACH : 1];  // of the codes that this lane judges
    Pack<REAL, 2> said[PAIRS], rows[PAIRS][EARLY ? most(ROWS, 1) : 1];

    __device__ static int place(int pair) { return (pair * 32 + threadIdx.x % 32) * 2; }  // within the slice

    __device__ Pack<REAL, 2> row(const Arguments& of, const Shared& shared, unsigned rank, int t, int pair, int n) {
        const int k = LOOK - 2 - sharer - n * SHARERS;
        if (k < 0) return {};
        const whole at = static_cast<whole>(k * LEVELS + shared.seen[column][t + k]) * UNITS + rank * SLICE;
        return load<2>(of.tables + at + place(pair));
    }

    // Asks for what sample t needs of the tier above and of the tables.
    __device__ void fetch(const Arguments& of, const Shared& shared, unsigned rank, int t) {
        if (!there || t >= RATIO) return;
#pragma unroll
        for (int p = 0; p < PAIRS; ++p) {
            if (place(p) >= SLICE) break;
            if (sharer == 0) said[p] = load<2>(of.said + (number * RATIO + t) * UNITS + rank * SLICE + place(p));
            if constexpr (EARLY)
#pragma unroll
                for (int n = 0; n < ROWS; ++n) rows[p][n] = row(of, shared, rank, t, p, n);
        }
    }

    // Adds up everything about sample t but what the code right before it brings, this warp's part of it.
    __device__ void prepare(const Arguments& of, Shared& shared, unsigned rank, int t) {
        if (!there || t >= RATIO) return;
#pragma unroll
        for (int p = 0; p < PAIRS; ++p) {
            if (place(p) >= SLICE) break;
            float low = sharer ? 0.0f : value(said[p].at[0]), high = sharer ? 0.0f : value(said[p].at[1]);
#pragma unroll
            for (int n = 0; n < ROWS; ++n) {
                const Pack<REAL, 2> both = EARLY ? rows[p][EARLY ? n : 0] : row(of, shared, rank, t, p, n);
                low += value(both.at[0]), high += value(both.at[1]);
            }
#pragma unroll 4
            for (int k = sharer; k < HEARD - 2; k += SHARERS) {  // the oldest surprise is at place t
                const Pack<REAL, 2> both = load<2>(of.hear + k * UNITS + rank * SLICE + place(p));
                const float wrong = shared.wrong[column][(k + 2 * t) % RING];
                low += wrong * value(both.at[0]), high += wrong * value(both.at[1]);
            }
            store(shared.sums[column][sharer] + place(p), Pack<float, 2>{low, high});
        }
        if constexpr (ORDER > 0) {
            float partly = 0.0f;
#pragma unroll 4
            for (int k = sharer * 32 + threadIdx.x % 32; k < ORDER - 1; k += 32 * SHARERS)
                partly += shared.taps[k] * shared.values[column][(k + t) % TAPS];
            partly = warp_sum(partly);
            if (threadIdx.x % 32 == 0) shared.partly[column][sharer] = partly;
        }
    }

    // Adds what the code right before sample t brings to this block's slice of the first layer, and sends it to all.
    __device__ void finish(const Arguments& of, Shared& shared, REAL* handed, unsigned rank, int t) {
        if (!works || t > RATIO) return;
        const int lane = threadIdx.x % 32, newest = (HEARD - 2 + 2 * t) % RING;
        if (ORDER > 0 && t > 0) {
            if (lane == 0) {
                const float amplitude = of.values[shared.seen[column][t + LOOK - 1]];
                const float wrong = (amplitude - predicted) / of.typical;
                shared.wrong[column][newest] = fminf(fmaxf(wrong, -6.0f), 6.0f) * 0.5f;
                shared.wrong[column][newest + 1] = __logf(fabsf(wrong) + CLOSE) * 0.5f;
                shared.values[column][(t - 1) % TAPS] = amplitude;
            }
            __syncwarp();
        }
        if (t == RATIO) return;
        if (owns) {
            chance = of.chances[number * of.span + of.at + t];
            temperature = of.temperature[number * of.span + of.at + t];
        }
#pragma unroll
        for (int p = 0; p < PAIRS; ++p) {
            float low = 0.0f, high = 0.0f;
            if (place(p) < SLICE) {
                if constexpr (LOOK > 0) {
                    const int code = shared.seen[column][t + LOOK - 1];
                    const REAL* from = NEAR ? shared.near + code * SLICE
                                            : of.tables + ((LOOK - 1) * LEVELS + code) * static_cast<whole>(UNITS) +
                                                  rank * SLICE;
                    const Pack<REAL, 2> both = load<2>(from + place(p));
                    low = value(both.at[0]), high = value(both.at[1]);
                }
                for (int k = 0; k < (HEARD ? 2 : 0); ++k) {
                    const Pack<REAL, 2> both = load<2>(of.hear + (HEARD - 2 + k) * UNITS + rank * SLICE + place(p));
                    const float wrong = shared.wrong[column][newest + k];
                    low += wrong * value(both.at[0]), high += wrong * value(both.at[1]);
                }
#pragma unroll
                for (int other = 0; other < SHARERS; ++other) {
                    const Pack<float, 2> part = load<2>(shared.sums[column][other] + place(p));
                    low += part.at[0], high += part.at[1];
                }
            }
            if (SLICE % 64 && place(p) >= SLICE) continue;
            const int unit = rank * SLICE + p * 64;
            send_units(shared.first + column * ROW + unit, handed + column * UNITS + unit, shared.arrived,
                       fmaxf(low, 0.0f), fmaxf(high, 0.0f));
        }
        if constexpr (ORDER > 0) {
            predicted = shared.taps[ORDER - 1] * shared.values[column][(ORDER - 1 + t) % TAPS];
#pragma unroll
            for (int other = 0; other < SHARERS; ++other) predicted += shared.partly[column][other];
        }
    }

    // Draws sample t, and tells it to all blocks.
    __device__ void draw(const Arguments& of, Shared& shared, int t) {
        if (!owns) return;
        const int lane = threadIdx.x % 32;
        const float coolness = 1.0f / temperature, *logits = shared.logits[column / CLUSTER];
        float odds[EACH], highest = -3e38f;
#pragma unroll
        for (int i = 0; i < EACH; i += WIDE) {  // what lies beyond the last level is never looked at
            const Pack<float, WIDE> some = load<WIDE>(logits + lane * EACH + i);
            for (int k = 0; k < WIDE; ++k) odds[i + k] = some.at[k];
        }
        if constexpr (ORDER > 0) {
            const float middle = predicted + logits[LEVELS] * of.typical;
            const float slope = expf(-fminf(fmaxf(logits[LEVELS + 1], -5.0f), 5.0f)) / of.typical;
            for (int i = 0; i < EACH; ++i) {
                const float z = (values[i] - middle) * slope, root = 1.0f + z * z;
                odds[i] -= root * rsqrtf(root);
            }
        }
        for (int i = 0; i < EACH; ++i) {
            odds[i] = lane * EACH + i < LEVELS ? odds[i] * coolness : -3e38f;
            highest = fmaxf(highest, odds[i]);
        }
        highest = warp_highest(highest);
        float total = 0.0f;
        for (int i = 0; i < EACH; ++i) {
            odds[i] = lane * EACH + i < LEVELS ? __expf(odds[i] - highest) : 0.0f;
            total += odds[i];
        }
        if (of.odds) {
            total = warp_sum(total);
            float* to = of.odds + (number * of.span + of.at + t) * LEVELS;
            for (int i = 0; i < EACH; ++i)
                if (lane * EACH + i < LEVELS) to[lane * EACH + i] = odds[i] / total;
        }
        if (top_k > 0 || top_p < 1.0f) {
            float* scratch = shared.scratch + threadIdx.x / 32 * (32 * EACH);
            for (int i = 0; i < EACH; ++i) scratch[lane * EACH + i] = odds[i];
            __syncwarp();
            cut(scratch, top_k, top_p);
            for (int i = 0; i < EACH; ++i) odds[i] = scratch[lane * EACH + i];
        }
        const int code = drawn(odds, chance);
        if (lane < CLUSTER) send(at_block(&shared.seen[column][t + LOOK], lane), code, shared.arrived + 2, lane);
    }

    __device__ void begin(const Arguments& of, Shared& shared) {
        const int lane = threadIdx.x % 32;
        const int* past = of.codes + number * of.capacity + of.now;
        top_k = of.top_k[number], top_p = of.top_p[number];
        if constexpr (ORDER > 0)
            for (int i = 0; i < EACH; ++i) values[i] = of.values[least(lane * EACH + i, LEVELS - 1)];
        for (int k = lane; k < LOOK; k += 32) shared.seen[column][k] = past[k - LOOK];
        for (int k = lane; k < ORDER; k += 32) shared.values[column][k] = of.values[past[k - ORDER]];
        for (int k = lane; k < HEARD; k += 32) shared.wrong[column][k] = of.wrong[number * HEARD + k];
    }

    __device__ void end(const Arguments& of, const Shared& shared) const {
        const int lane = threadIdx.x % 32;
        int* codes = of.codes + number * of.capacity + of.now;
        for (int k = lane; k < RATIO; k += 32) codes[k] = shared.seen[column][LOOK + k];
        for (int k = lane; k < TOP; k += 32) {
            const int at = RATIO - TOP + k, code = at < 0 ? codes[at] : shared.seen[column][LOOK + at];
            set(of.frame[number * of.frame_stride + k], (code * (2.0f / LEVELS) - 1.0f) * 2.0f);
        }
        for (int k = lane; k < HEARD; k += 32)
            of.wrong[number * HEARD + k] = shared.wrong[column][(k + 2 * RATIO) % RING];
    }
};

extern "C" __global__ void IN_CLUSTER __launch_bounds__(THREADS, 1) make_samples(const Arguments of) {
    extern __shared__ __align__(16) unsigned char memory[];
    Shared& shared = *reinterpret_cast<Shared*>(memory);
    const int warp = threadIdx.x / 32, lane = threadIdx.x % 32;
    const unsigned rank = rank_here();
    REAL* handed = of.handed + static_cast<whole>(blockIdx.x / CLUSTER) * CLIPS * UNITS;
    let_others_begin();

    Clip clips[ROUNDS];
#pragma unroll
    for (int round = 0; round < ROUNDS; ++round) {
        Clip& clip = clips[round];
        clip.column = warp / SHARERS + round * (WARPS / SHARERS), clip.sharer = warp % SHARERS;
        clip.number = static_cast<whole>(blockIdx.x / CLUSTER) * CLIPS + clip.column;
        clip.there = clip.column < CLIPS && clip.number < of.clips;
        clip.works = clip.there && clip.sharer == 0;
        clip.owns = clip.works && clip.column % CLUSTER == rank;
    }
    for (int k = threadIdx.x; k < ORDER; k += THREADS) shared.taps[k] = of.taps[k];
    for (int k = threadIdx.x; k < SLICE; k += THREADS) shared.third_bias[k] = of.third_bias[rank * SLICE + k];
    for (int k = threadIdx.x; k < OUTPUTS; k += THREADS) shared.output_bias[k] = of.output_bias[k];
    if constexpr (NEAR)
        for (int k = threadIdx.x * 2; k < LEVELS * SLICE; k += THREADS * 2) {
            const whole row = (LOOK - 1) * LEVELS + k / SLICE;
            store(shared.near + k, load<2>(of.tables + row * UNITS + rank * SLICE + k % SLICE));
        }
    const uint4* third = reinterpret_cast<const uint4*>(of.third) + rank * TILES * STEPS * 32 + lane;
    const uint4* output = reinterpret_cast<const uint4*>(of.output) + rank * TILES * 32;
    uint4 held[HELD ? PART_STEPS : 1];
    if constexpr (HELD) {
#pragma unroll
        for (int k = 0; k < PART_STEPS; ++k)
            held[k] = third[(warp % ACROSS * STEPS + warp / ACROSS * PART_STEPS + k) * 32];
    }
    if constexpr (STORED)
        for (int k = threadIdx.x; k < OUTPUT_TILES * TILES * 32; k += THREADS)
            shared.output[k] = output[k / (TILES * 32) * STEPS * 32 + k % (TILES * 32)];
    wait_for_others();
#pragma unroll
    for (int k = 0; k < ROUNDS; ++k)
        if (clips[k].works) clips[k].begin(of, shared);
    __syncthreads();
#pragma unroll
    for (int k = 0; k < ROUNDS; ++k) clips[k].fetch(of, shared, rank, 0), clips[k].prepare(of, shared, rank, 0);
    const int clips_here = least(CLIPS, static_cast<int>(of.clips - clips[0].number + clips[0].column));
    const int mine = (CLIPS + CLUSTER - 1 - static_cast<int>(rank)) / CLUSTER;  // clips that this block draws for
    if (threadIdx.x == 0)
        for (whole& arrived : shared.arrived) open(&arrived);
    arrive();  // no block is written to before it has begun
    wait();
#pragma unroll
    for (int k = 0; k < ROUNDS; ++k) clips[k].finish(of, shared, handed, rank, 0);
#pragma unroll 1
    for (int t = 0; t < RATIO; ++t) {
        if (threadIdx.x == 0) {
            if constexpr (!FAR) expect(shared.arrived, clips_here * UNITS * sizeof(REAL));
            expect(shared.arrived + 1, mine * CLUSTER * SHARE * 4);
            expect(shared.arrived + 2, clips_here * 4);
        }
        if constexpr (FAR || !ASYNC) arrive();
#pragma unroll
        for (int k = 0; k < ROUNDS; ++k) clips[k].fetch(of, shared, rank, t + 1);
        if constexpr (FAR || !ASYNC) wait();
        if constexpr (FAR)
            take(shared.first, handed);
        else
            await(shared.arrived, t);
        if constexpr (TENSOR) {
            const int part = warp / ACROSS, from = part * PART_STEPS;
            for (int tile = warp % ACROSS; tile < TILES; tile += ACROSS) {
                float sums[COLUMNS / 8][2][4] = {};
                const auto weights = [&](int k) {
                    return HELD ? held[HELD ? k : 0] : third[(tile * STEPS + from + k) * 32];
                };
                tensor_tile<PART_STEPS, PARTS * PART_STEPS != STEPS, ROW>(sums, shared.first, from, STEPS - from,
                                                                          weights);
                each_sum(sums, [&](int row, int column, float sum) {
                    shared.scratch[(part * COLUMNS + column) * STRIDE + tile * 16 + row] = sum;
                });
            }
        } else {
            plain_rows<ROW>(reinterpret_cast<const float*>(of.third) + static_cast<whole>(rank) * SLICE * UNITS, SLICE,
                            shared.first, UNITS,
                            [&](int row, int column, float sum) { shared.scratch[column * STRIDE + row] = sum; });
        }
        __syncthreads();
        for (int k = threadIdx.x; k < SLICE * CLIPS; k += THREADS) {
            const int row = k % SLICE, column = k / SLICE;
            float sum = shared.third_bias[row];
#pragma unroll
            for (int part = 0; part < PARTS; ++part) sum += shared.scratch[(part * COLUMNS + column) * STRIDE + row];
            set(shared.third[column * PART_ROW + row], fmaxf(sum, 0.0f));
        }
        __syncthreads();
        const auto keep_share = [&](int level, int column, float sum) {
            if (level >= OUTPUTS || column >= CLIPS) return;
            (CLUSTER > 1 ? shared.share[column] : shared.shares[column % OWN][0])[level] = sum;
        };
        if constexpr (TENSOR) {
            for (int tile = warp; tile < OUTPUT_TILES; tile += WARPS) {
                float sums[COLUMNS / 8][2][4] = {};
                tensor_tile<TILES, false, PART_ROW>(sums, shared.third, 0, TILES, [&](int k) {
                    return STORED ? shared.output[(tile * TILES + k) * 32 + lane]
                                  : output[(tile * STEPS + k) * 32 + lane];
                });
                each_sum(sums, [&](int row, int column, float sum) { keep_share(tile * 16 + row, column, sum); });
            }
        } else {
            plain_rows<PART_ROW>(reinterpret_cast<const float*>(of.output) + rank * SLICE, OUTPUTS, shared.third, SLICE,
                                 keep_share);
        }
        if constexpr (CLUSTER > 1) {
            __syncthreads();
            constexpr int parts = SHARE / 4;
#pragma unroll 2
            for (int k = threadIdx.x; k < parts * CLIPS; k += THREADS) {
                const int column = k / parts, part = k % parts * 4;
                const uint4 bits = *reinterpret_cast<const uint4*>(shared.share[column] + part);
                send(at_block(shared.shares[column / CLUSTER][rank] + part, column % CLUSTER), bits, shared.arrived + 1,
                     column % CLUSTER);
            }
        }
        if constexpr (!ASYNC) arrive();
#pragma unroll
        for (int k = 0; k < ROUNDS; ++k) clips[k].prepare(of, shared, rank, t + 1);
        if constexpr (!ASYNC) wait();
        await(shared.arrived + 1, t);
        for (int k = threadIdx.x; k < mine * SHARE; k += THREADS) {
            const int own = k / SHARE, level = k % SHARE;
            float sum = shared.output_bias[level];
#pragma unroll
            for (int block = 0; block < CLUSTER; ++block) sum += shared.shares[own][block][level];
            shared.logits[own][level] = sum;
        }
        __syncthreads();
#pragma unroll
        for (int k = 0; k < ROUNDS; ++k) clips[k].draw(of, shared, t);
        if constexpr (!ASYNC) arrive(), wait();
        await(shared.arrived + 2, t);
#pragma unroll
        for (int k = 0; k < ROUNDS; ++k) clips[k].finish(of, shared, handed, rank, t + 1);
    }
#pragma unroll
    for (int k = 0; k < ROUNDS; ++k)
        if (clips[k].works && rank == 0) clips[k].end(of, shared);
}
