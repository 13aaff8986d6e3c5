// The sample tier at work: RATIO samples of every clip in one launch, drawn on the device.
//
// A cluster of CLUSTER blocks makes the sound of CLIPS clips. Its blocks share the units of every layer between them,
// each with its part of the weights in registers and shared memory, and send each other what they find, so that all
// have all of it; each draws every code for itself. As the first layer is linear, the second is folded into the tables
// and into what the tier above says (see sample_steps.py).
//
// REAL     bf16: tensor cores; float: plain sums        UNITS    of every layer, a multiple of 16
// LEVELS   of a code                                    OUTPUTS  LEVELS, two more with a predictor
// LOOK     codes seen through tables                    ORDER, SURPRISES  of the predictor, or 0
// RATIO    samples                                      TOP      samples of a frame that is left for the tiers
// HELD     1 when the weights of the third layer fit in the registers
// STORED   1 when those of the output fit in shared memory
// NEAR     1 when the table of the newest code does

constexpr int WARPS = 16, THREADS = 32 * WARPS;
constexpr int COLUMNS = (CLIPS + 7) / 8 * 8;
constexpr int SHARERS = WARPS / least(power_above(CLIPS), WARPS);  // warps that do the same clip
constexpr int ROUNDS = (CLIPS * SHARERS + WARPS - 1) / WARPS;
constexpr int SLICE = UNITS / CLUSTER, PAIRS = (SLICE + 63) / 64;  // units of a block; pairs of them of a lane
constexpr int ROWS = LOOK > 1 ? (LOOK - 2) / SHARERS + 1 : 0;     // of tables, but the newest, that a warp adds up
constexpr bool EARLY = ROUNDS * PAIRS * ROWS <= 4;                // whether the registers hold them
constexpr bool TENSOR = sizeof(REAL) == 2;
constexpr int STEPS = UNITS / 16;
constexpr int ROW = UNITS + 16 / sizeof(REAL);  // so that the rows of eight clips lie in different banks
constexpr int EACH = (LEVELS + 31) / 32, WIDE = EACH % 4 ? 1 : 4;  // codes of a lane, and how they are read
constexpr int PITCH = 32 * EACH + 4;  // of the logits of a clip
constexpr int HEARD = 2 * SURPRISES, RING = HEARD ? HEARD : 1, TAPS = ORDER ? ORDER : 1;
static_assert(UNITS % (2 * CLUSTER) == 0, "the units cannot be shared");
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
    float scratch[most(most(Third::scratch, Output::scratch), WARPS * 32 * EACH)];
    __align__(16) float logits[CLIPS][PITCH];
    float sums[CLIPS][SHARERS][64 * PAIRS], partly[CLIPS][SHARERS];
    float third_bias[Third::rows], output_bias[Output::rows];
    int seen[CLIPS][LOOK + RATIO + 1];
    float values[CLIPS][TAPS], wrong[CLIPS][RING], taps[TAPS];
    uint4 output[STORED ? Output::tiles * STEPS * 32 : 1];
    REAL near[NEAR ? LEVELS * SLICE : 1];
};

#ifdef PROFILE
__device__ whole marks[16];
extern "C" __global__ void read_marks(whole* to) { for (int k = 0; k < 16; ++k) to[k] = marks[k], marks[k] = 0; }
#define MARK(n) if (threadIdx.x == 0) { const int now_ = clock(); mark_[n] += now_ - last_; last_ = now_; }
#else
#define MARK(n)
#endif

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

// Copies this block's part of every clip's row, PARTS times 16 bytes from `rows` on but no more than `bytes`, to the same
// place in the shared memory of all other blocks of the cluster.
template <int PARTS, typename T>
__device__ __forceinline__ void spread(const T* rows, int pitch, int bytes, unsigned rank) {
    __syncthreads();
    if constexpr (CLUSTER > 1) {
#pragma unroll 2
        for (int k = threadIdx.x; k < PARTS * CLIPS * CLUSTER; k += THREADS) {
            const int other = k / (PARTS * CLIPS), clip = k / PARTS % CLIPS, part = k % PARTS * 16;
            if (other == rank || part >= bytes) continue;
            const char* from = reinterpret_cast<const char*>(rows + clip * pitch) + part;
            const uint4 bits = *reinterpret_cast<const uint4*>(from);
            const unsigned here = static_cast<unsigned>(__cvta_generic_to_shared(from));
            unsigned there;
            asm volatile("mapa.shared::cluster.u32 %0, %1, %2;" : "=r"(there) : "r"(here), "r"(other));
            asm volatile("st.shared::cluster.v4.b32 [%0], {%1, %2, %3, %4};" ::"r"(there), "r"(bits.x), "r"(bits.y),
                         "r"(bits.z), "r"(bits.w)
                         : "memory");
        }
    }
}

__device__ __forceinline__ void store_pair(REAL* to, float low, float high) {
    Pack<REAL, 2> both;
    set(both.at[0], fmaxf(low, 0.0f)), set(both.at[1], fmaxf(high, 0.0f));
    store(to, both);
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
    bool there, draws, tells;  // tells: writes what is drawn, for all blocks
    float predicted, chance, temperature, top_p;
    int top_k;
    float values[ORDER ? EACH : 1];  // of the codes that this lane judges
    Pack<REAL, 2> said[PAIRS], rows[PAIRS][EARLY ? most(ROWS, 1) : 1];

    __device__ static int place(int pair) { return (pair * 32 + threadIdx.x % 32) * 2; }  // within the slice

    __device__ Pack<REAL, 2> row(const Arguments& of, const Shared& shared, unsigned rank, int t, int pair, int n) {
        const int k = LOOK - 2 - sharer - n * SHARERS;  // the newest of them is for the warp that has drawn it
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
            shared.sums[column][sharer][place(p)] = low, shared.sums[column][sharer][place(p) + 1] = high;
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

    // Adds what the code right before sample t brings: this block's part of the first layer.
    __device__ void finish(const Arguments& of, Shared& shared, unsigned rank, int t) {
        if (!draws || t >= RATIO) return;
        chance = of.chances[number * of.span + of.at + t];
        temperature = of.temperature[number * of.span + of.at + t];
        const float* wrong = shared.wrong[column] + (HEARD ? (HEARD - 2 + 2 * t) % RING : 0);
#pragma unroll
        for (int p = 0; p < PAIRS; ++p) {
            if (place(p) >= SLICE) break;
            float low = 0.0f, high = 0.0f;
            if constexpr (LOOK > 0) {
                const int code = shared.seen[column][t + LOOK - 1];
                const REAL* newest = NEAR ? shared.near + code * SLICE
                                          : of.tables + ((LOOK - 1) * LEVELS + code) * static_cast<whole>(UNITS) +
                                                rank * SLICE;
                const Pack<REAL, 2> both = load<2>(newest + place(p));
                low = value(both.at[0]), high = value(both.at[1]);
            }
            for (int k = 0; k < (HEARD ? 2 : 0); ++k) {
                const Pack<REAL, 2> both = load<2>(of.hear + (HEARD - 2 + k) * UNITS + rank * SLICE + place(p));
                low += wrong[k] * value(both.at[0]), high += wrong[k] * value(both.at[1]);
            }
#pragma unroll
            for (int other = 0; other < SHARERS; ++other)
                low += shared.sums[column][other][place(p)], high += shared.sums[column][other][place(p) + 1];
            store_pair(shared.first + column * ROW + rank * SLICE + place(p), low, high);
        }
        if constexpr (ORDER > 0) {
            predicted = shared.taps[ORDER - 1] * shared.values[column][(ORDER - 1 + t) % TAPS];
#pragma unroll
            for (int other = 0; other < SHARERS; ++other) predicted += shared.partly[column][other];
        }
    }

    // Draws sample t from the logits and keeps it.
    __device__ void draw(const Arguments& of, Shared& shared, int t) {
        if (!draws) return;
        const int lane = threadIdx.x % 32;
        const float* logits = shared.logits[column];
        const float coolness = 1.0f / temperature;
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
        if (of.odds && tells) {
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
        if (lane == 0) {
            shared.seen[column][t + LOOK] = code;
            if (tells) of.codes[number * of.capacity + of.now + t] = code;
            if constexpr (ORDER > 0) {
                const float amplitude = of.values[code], wrong = (amplitude - predicted) / of.typical;
                float* surprise = shared.wrong[column] + 2 * t % RING;
                surprise[0] = fminf(fmaxf(wrong, -6.0f), 6.0f) * 0.5f;
                surprise[1] = __logf(fabsf(wrong) + CLOSE) * 0.5f;
                shared.values[column][t % TAPS] = amplitude;
            }
        }
        __syncwarp();
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
        const int* codes = of.codes + number * of.capacity + of.now + RATIO - TOP;
        for (int k = lane; k < TOP; k += 32)
            set(of.frame[number * of.frame_stride + k], (codes[k] * (2.0f / LEVELS) - 1.0f) * 2.0f);
        for (int k = lane; k < HEARD; k += 32)
            of.wrong[number * HEARD + k] = shared.wrong[column][(k + 2 * RATIO) % RING];
    }
};

extern "C" __global__ void IN_CLUSTER __launch_bounds__(THREADS, 1) make_samples(const Arguments of) {
    extern __shared__ __align__(16) unsigned char memory[];
    Shared& shared = *reinterpret_cast<Shared*>(memory);
    const int warp = threadIdx.x / 32, lane = threadIdx.x % 32;
    const unsigned rank = rank_here();
    let_others_begin();

#ifdef PROFILE
    int mark_[12] = {}, last_ = clock(); const int first_ = last_;
#endif
    Clip clips[ROUNDS];
#pragma unroll
    for (int round = 0; round < ROUNDS; ++round) {
        Clip& clip = clips[round];
        clip.column = warp / SHARERS + round * (WARPS / SHARERS), clip.sharer = warp % SHARERS;
        clip.number = static_cast<whole>(blockIdx.x / CLUSTER) * CLIPS + clip.column;
        clip.there = clip.column < CLIPS && clip.number < of.clips;
        clip.draws = clip.there && clip.sharer == 0;
        clip.tells = clip.draws && rank == 0;
    }
    for (int k = threadIdx.x; k < ORDER; k += THREADS) shared.taps[k] = of.taps[k];
    for (int k = threadIdx.x; k < Third::rows && rank * Third::rows + k < UNITS; k += THREADS)
        shared.third_bias[k] = of.third_bias[rank * Third::rows + k];
    for (int k = threadIdx.x; k < Output::rows && rank * Output::rows + k < OUTPUTS; k += THREADS)
        shared.output_bias[k] = of.output_bias[rank * Output::rows + k];
    if constexpr (NEAR)
        for (int k = threadIdx.x * 2; k < LEVELS * SLICE; k += THREADS * 2) {
            const whole row = (LOOK - 1) * LEVELS + k / SLICE;
            store(shared.near + k, load<2>(of.tables + row * UNITS + rank * SLICE + k % SLICE));
        }
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
    wait_for_others();
#pragma unroll
    for (int k = 0; k < ROUNDS; ++k)
        if (clips[k].draws) clips[k].begin(of, shared);
    __syncthreads();
#pragma unroll
    for (int k = 0; k < ROUNDS; ++k) clips[k].fetch(of, shared, rank, 0), clips[k].prepare(of, shared, rank, 0);
    arrive();  // no block is written to before it has begun
    wait();
    MARK(10);
#pragma unroll
    for (int k = 0; k < ROUNDS; ++k) clips[k].finish(of, shared, rank, 0);
#pragma unroll 1
    for (int t = 0; t < RATIO; ++t) {
        spread<SLICE * sizeof(REAL) / 16>(shared.first + rank * SLICE, ROW, SLICE * sizeof(REAL), rank);
        arrive();
#pragma unroll
        for (int k = 0; k < ROUNDS; ++k) clips[k].fetch(of, shared, rank, t + 1);
        wait();
        MARK(0);
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
        MARK(1);
        const int units = least(Third::rows, UNITS - static_cast<int>(rank) * Third::rows);
        for (int k = threadIdx.x; k < Third::rows / 2 * CLIPS; k += THREADS) {
            const int row = k % (Third::rows / 2) * 2, column = k / (Third::rows / 2);
            if (row >= units) continue;
            store_pair(shared.second + column * ROW + rank * Third::rows + row,
                       gathered<Third>(shared.scratch, column, row) + shared.third_bias[row],
                       gathered<Third>(shared.scratch, column, row + 1) + shared.third_bias[row + 1]);
        }
        spread<Third::rows * sizeof(REAL) / 16>(shared.second + rank * Third::rows, ROW,
                                                most(units, 0) * sizeof(REAL), rank);
        MARK(2);
        arrive();
#pragma unroll
        for (int k = 0; k < ROUNDS; ++k) clips[k].prepare(of, shared, rank, t + 1);
        wait();
        MARK(3);
        if constexpr (TENSOR)
            for (int tile = warp % Output::across; tile < Output::tiles; tile += Output::across)
                tensor_tile<Output, false>(shared.scratch, shared.second, STORED ? shared.output : output, held, tile);
        else
            plain_rows<Output>(shared.scratch, shared.second, reinterpret_cast<const float*>(of.output),
                               rank * Output::rows, OUTPUTS);
        __syncthreads();
        MARK(4);
        const int levels = least(Output::rows, OUTPUTS - static_cast<int>(rank) * Output::rows);
        for (int k = threadIdx.x; k < Output::rows * CLIPS; k += THREADS) {
            const int row = k % Output::rows, column = k / Output::rows;
            if (row < levels)
                shared.logits[column][rank * Output::rows + row] =
                    gathered<Output>(shared.scratch, column, row) + shared.output_bias[row];
        }
        spread<Output::rows / 4>(shared.logits[0] + rank * Output::rows, PITCH, most(levels, 0) * 4, rank);
        MARK(5);
        arrive();
        wait();
        MARK(6);
#pragma unroll
        for (int k = 0; k < ROUNDS; ++k) clips[k].draw(of, shared, t);
        MARK(7);
#pragma unroll
        for (int k = 0; k < ROUNDS; ++k) clips[k].finish(of, shared, rank, t + 1);
        MARK(8);
    }
    __syncthreads();
#ifdef PROFILE
    if (blockIdx.x == 0 && threadIdx.x == 0) { for (int k = 0; k < 12; ++k) marks[k] += mark_[k]; marks[15] += clock() - first_; }
#endif
#pragma unroll
    for (int k = 0; k < ROUNDS; ++k)
        if (clips[k].tells) clips[k].end(of, shared);
}
