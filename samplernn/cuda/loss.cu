// Cross entropy in bits and its gradient, one warp per row; see samplernn/network/loss.py.

// logits and gradient [rows, LEVELS]; target [rows]; bits [rows]. With a prior, -sqrt(1 + z^2) is added to the logits,
// z = (values - centre) * slope; values [LEVELS], centre and slope and their gradients [rows], all float32.
extern "C" __global__ void bits_and_gradient(float* bits, REAL* gradient, float* centre_gradient,
                                             float* slope_gradient, const REAL* logits, const whole* target,
                                             const float* values, const float* centre, const float* slope, float scale,
                                             whole rows) {
    constexpr int EACH = (LEVELS + 31) / 32;
    const whole row = static_cast<whole>(blockIdx.x) * (blockDim.x / 32) + threadIdx.x / 32;
    const int lane = threadIdx.x % 32;
    if (row >= rows) return;
    const int wanted = target[row];
    float odds[EACH], highest = -__int_as_float(0x7f800000);
    for (int i = 0; i < EACH; ++i) {
        const int level = lane + 32 * i;
        odds[i] = level < LEVELS ? value(logits[row * LEVELS + level]) : -__int_as_float(0x7f800000);
        if (centre && level < LEVELS) {
            const float z = (values[level] - centre[row]) * slope[row];
            odds[i] -= prior_root(z);
        }
        highest = fmaxf(highest, odds[i]);
    }
    for (int step = 16; step; step >>= 1) highest = fmaxf(highest, __shfl_xor_sync(~0u, highest, step));
    float total = 0.0f;
    for (int i = 0; i < EACH; ++i) total += odds[i] = expf(odds[i] - highest);
    total = 1.0f / warp_sum(total);
    float moved = 0.0f, narrowed = 0.0f;
    for (int i = 0; i < EACH; ++i) {
        const int level = lane + 32 * i;
        if (level >= LEVELS) break;
        const float share = odds[i] * total;
        if (level == wanted) bits[row] = -log2f(fmaxf(share, LEAST_PROBABILITY));
        const float grad = (share - (level == wanted ? 1.0f : 0.0f)) * scale;
        set(gradient[row * LEVELS + level], grad);
        if (centre) {
            const float z = (values[level] - centre[row]) * slope[row], bent = grad * z * prior_inverse_root(z);
            moved += bent, narrowed += bent * z;
        }
    }
    if (!centre) return;
    moved = warp_sum(moved), narrowed = warp_sum(narrowed);
    if (lane == 0) centre_gradient[row] = moved * slope[row], slope_gradient[row] = -narrowed / slope[row];
}
