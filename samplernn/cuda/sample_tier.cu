// The sample tier at work (see sample_layout.cu).

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
    for (int k = threadIdx.x; k < ORDER; k += THREADS) shared.lpc[k] = of.lpc[k];
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
