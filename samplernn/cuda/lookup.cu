// The first layer of the sample tier as a sum of rows of tables, and the gradient of the tables.
//
// tables [LOOK * LEVELS, UNITS], LOOK tables one after the other; codes [streams, stride], int64.
// Sample t of a stream sees codes begin + t ... begin + t + LOOK - 1, each in the table of its place.

constexpr int PACK = 8;
constexpr int THREADS_PER_ROW = UNITS / PACK;

// out [streams * time, UNITS] = addend + the sum of the rows, with a ReLU where `relu` says. One thread does PACK units.
extern "C" __global__ void look_up(REAL* out, const REAL* addend, const REAL* tables, const whole* codes, whole begin,
                                   whole stride, whole time, whole rows, whole relu) {
    const whole index = static_cast<whole>(blockIdx.x) * blockDim.x + threadIdx.x;
    const whole row = index / THREADS_PER_ROW, unit = index % THREADS_PER_ROW * PACK;
    if (row >= rows) return;
    const whole* seen = codes + row / time * stride + begin + row % time;
    const Pack<REAL, PACK> start = load<PACK>(addend + row * UNITS + unit);
    float sum[PACK];
    for (int i = 0; i < PACK; ++i) sum[i] = value(start.at[i]);
#pragma unroll 16
    for (int k = 0; k < LOOK; ++k) {
        const Pack<REAL, PACK> part = load<PACK>(tables + (k * LEVELS + seen[k]) * UNITS + unit);
        for (int i = 0; i < PACK; ++i) sum[i] += value(part.at[i]);
    }
    Pack<REAL, PACK> result;
    for (int i = 0; i < PACK; ++i) set(result.at[i], relu ? fmaxf(sum[i], 0.0f) : sum[i]);
    store(out + row * UNITS + unit, result);
}

constexpr int COLUMNS = 4;
constexpr int AT_ONCE = LOOK < 16 ? LOOK : 16;

__device__ __forceinline__ void add(float* to, const float (&sums)[COLUMNS]) {
    for (int i = 0; i < COLUMNS; ++i) atomicAdd(to + i, sums[i]);
}

// Adds to gradient [LOOK * LEVELS, UNITS], float32, what the gradient `above` [streams * time, UNITS] of the sums says.
// `order` [count] are the places [streams, time + LOOK - 1] of codes, sorted by code. A warp goes through `chunk` of them
// for 32 * COLUMNS units and AT_ONCE tables; it adds up what has the same code, and hands it in when the code changes.
extern "C" __global__ void look_up_gradient(float* gradient, const REAL* above, const whole* order,
                                            const whole* codes, whole begin, whole stride, whole time, whole count,
                                            whole chunk) {
    const whole warp = blockIdx.x * (blockDim.x / 32) + threadIdx.x / 32;
    const whole unit = (blockIdx.y * 32 + threadIdx.x % 32) * COLUMNS;
    const int first = blockIdx.z * AT_ONCE;
    const whole end = min((warp + 1) * chunk, count);
    if (warp * chunk >= count || unit >= UNITS) return;
    float sums[AT_ONCE][COLUMNS] = {};
    whole held = -1;
    for (whole n = warp * chunk; n < end; ++n) {
        const whole at = order[n], stream = at / (time + LOOK - 1), place = at % (time + LOOK - 1);
        const whole code = codes[stream * stride + begin + place];
        if (code != held && held >= 0) {
            for (int k = 0; k < AT_ONCE; ++k) {
                if (first + k < LOOK) add(gradient + ((first + k) * LEVELS + held) * UNITS + unit, sums[k]);
                for (int i = 0; i < COLUMNS; ++i) sums[k][i] = 0.0f;
            }
        }
        held = code;
        const REAL* rows = above + (stream * time + place - first) * UNITS + unit;
        const whole newest = place - first;
        Pack<REAL, COLUMNS> part[AT_ONCE];
#pragma unroll
        for (int k = 0; k < AT_ONCE; ++k) {
            const whole sample = newest - k;
            if (sample >= 0 && sample < time && first + k < LOOK)
                part[k] = load<COLUMNS>(rows - k * UNITS);
            else
                part[k] = {};
        }
#pragma unroll
        for (int k = 0; k < AT_ONCE; ++k)
            for (int i = 0; i < COLUMNS; ++i) sums[k][i] += value(part[k].at[i]);
    }
    for (int k = 0; k < AT_ONCE; ++k)
        if (first + k < LOOK) add(gradient + ((first + k) * LEVELS + held) * UNITS + unit, sums[k]);
}
