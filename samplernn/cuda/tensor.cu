// The tensor cores' product of 16 outputs, 16 inputs and 8 columns, bf16 with float sums.

__host__ __device__ constexpr int power_below(int n) { return n < 2 ? 1 : 2 * power_below(n / 2); }
__host__ __device__ constexpr int power_above(int n) { return n < 2 ? 1 : 2 * power_above((n + 1) / 2); }
__host__ __device__ constexpr int most(int a, int b) { return a > b ? a : b; }
__host__ __device__ constexpr int least(int a, int b) { return a < b ? a : b; }

// Lane l holds: of `weights` outputs l / 4 and 8 more, for inputs 2 * (l % 4) and the next (x, y), and those 8 further
// (z, w); of a column l / 4 the same inputs (low, high); of `sum` outputs l / 4 (0, 1) and 8 more (2, 3) in columns
// 2 * (l % 4) and the next.
__device__ __forceinline__ void multiply(float (&sum)[4], const uint4& weights, unsigned low, unsigned high) {
#if __CUDA_ARCH__ >= 800
    asm volatile(
        "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
        : "+f"(sum[0]), "+f"(sum[1]), "+f"(sum[2]), "+f"(sum[3])
        : "r"(weights.x), "r"(weights.y), "r"(weights.z), "r"(weights.w), "r"(low), "r"(high));
#endif
}

// A kernel that is launched early runs beside the one before it up to here, and must not touch what that one makes.
__device__ __forceinline__ void wait_for_others() {
#if __CUDA_ARCH__ >= 900
    asm volatile("griddepcontrol.wait;" ::: "memory");
#endif
}

__device__ __forceinline__ void let_others_begin() {
#if __CUDA_ARCH__ >= 900
    asm volatile("griddepcontrol.launch_dependents;");
#endif
}
