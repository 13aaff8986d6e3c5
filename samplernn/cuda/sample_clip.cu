// What a warp does for a clip: the first layer, and the draw (see sample_layout.cu).

struct Arguments {
    int* codes;              // [clips, capacity]
    whole capacity, now;     // the first sample to make is at `now`
    const REAL* conditioning; // [clips, RATIO, UNITS] of the tier above, through the second layer
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
    const float* lpc;        // [ORDER]
    const float* values;     // [LEVELS]
    const REAL* hear;        // [HEARD, UNITS], through the second layer
    float* residuals;        // [clips, HEARD], oldest first
    float residual_scale;    // (eight bytes, like all others)
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
    Pack<REAL, 2> conditioning[PAIRS], rows[PAIRS][EARLY ? most(ROWS, 1) : 1];

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
            if (sharer == 0)
                conditioning[p] = load<2>(of.conditioning + (number * RATIO + t) * UNITS + rank * SLICE + place(p));
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
            float low = sharer ? 0.0f : value(conditioning[p].at[0]);
            float high = sharer ? 0.0f : value(conditioning[p].at[1]);
#pragma unroll
            for (int n = 0; n < ROWS; ++n) {
                const Pack<REAL, 2> both = EARLY ? rows[p][EARLY ? n : 0] : row(of, shared, rank, t, p, n);
                low += value(both.at[0]), high += value(both.at[1]);
            }
#pragma unroll 4
            for (int k = sharer; k < HEARD - 2; k += SHARERS) {  // the oldest residual is at place t
                const Pack<REAL, 2> both = load<2>(of.hear + k * UNITS + rank * SLICE + place(p));
                const float residual = shared.residuals[column][(k + 2 * t) % RING];
                low += residual * value(both.at[0]), high += residual * value(both.at[1]);
            }
            store(shared.sums[column][sharer] + place(p), Pack<float, 2>{low, high});
        }
        if constexpr (ORDER > 0) {
            float partly = 0.0f;
#pragma unroll 4
            for (int k = sharer * 32 + threadIdx.x % 32; k < ORDER - 1; k += 32 * SHARERS)
                partly += shared.lpc[k] * shared.values[column][(k + t) % LPC];
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
                const float residual = (amplitude - predicted) / of.residual_scale;
                shared.residuals[column][newest] = signed_residual(residual);
                shared.residuals[column][newest + 1] = residual_size(residual);
                shared.values[column][(t - 1) % LPC] = amplitude;
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
                    const float residual = shared.residuals[column][newest + k];
                    low += residual * value(both.at[0]), high += residual * value(both.at[1]);
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
            predicted = shared.lpc[ORDER - 1] * shared.values[column][(ORDER - 1 + t) % LPC];
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
            const float centre = predicted + logits[LEVELS] * of.residual_scale;
            const float slope = prior_slope(logits[LEVELS + 1], of.residual_scale);
            for (int i = 0; i < EACH; ++i) odds[i] -= prior_root_quick((values[i] - centre) * slope);
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
        for (int k = lane; k < HEARD; k += 32) shared.residuals[column][k] = of.residuals[number * HEARD + k];
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
            of.residuals[number * HEARD + k] = shared.residuals[column][(k + 2 * RATIO) % RING];
    }
};
