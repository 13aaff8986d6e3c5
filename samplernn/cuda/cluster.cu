// What the blocks of a cluster send each other (see sample_layout.cu).

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
