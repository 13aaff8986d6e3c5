// Where the hidden values of a recurrent layer go, up to three places [clips, stride]; and what else is carried over by
// the way, as each of `carried` says: [clips, count] from one place to another.

struct Carried {
    const REAL* from;
    whole from_stride;
    REAL* to;
    whole to_stride, count;
};

struct Places {
    REAL* to[3];
    whole stride[3];
    Carried carried[2];
};

__device__ __forceinline__ void hand_on(const Places& places, whole clip, whole unit, float hidden) {
    for (int k = 0; k < 3; ++k)
        if (places.to[k]) set(places.to[k][clip * places.stride[k] + unit], hidden);
}

// By all threads of all blocks together.
__device__ __forceinline__ void carry(const Places& places, whole clips) {
    for (const Carried& part : places.carried) {
        if (!part.to) continue;
        const whole all = static_cast<whole>(gridDim.x) * blockDim.x;
        for (whole k = static_cast<whole>(blockIdx.x) * blockDim.x + threadIdx.x; k < clips * part.count; k += all)
            part.to[k / part.count * part.to_stride + k % part.count] =
                part.from[k / part.count * part.from_stride + k % part.count];
    }
}
