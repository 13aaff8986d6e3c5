// The learned prior and the features of residuals: the formulas of samplernn/network/prior.py. The constants are macros
// that samplernn/cuda/compiler.py makes from samplernn/prior_constants.py.

__device__ __forceinline__ float clamped(float x, float limit) { return fminf(fmaxf(x, -limit), limit); }

__device__ __forceinline__ float prior_slope(float narrowness, float scale) {
    return expf(-clamped(narrowness, NARROWNESS_LIMIT)) / scale;
}

// sqrt(1 + z^2), which the prior takes away from the logit of a level at z = (value - centre) * slope.
__device__ __forceinline__ float prior_root(float z) { return sqrtf(1.0f + z * z); }

__device__ __forceinline__ float prior_inverse_root(float z) { return rsqrtf(1.0f + z * z); }

// prior_root, rounded less well but in fewer steps.
__device__ __forceinline__ float prior_root_quick(float z) {
    const float square = 1.0f + z * z;
    return square * rsqrtf(square);
}

// Both features of a residual in units of the scale.
__device__ __forceinline__ float signed_residual(float residual) {
    return clamped(residual, RESIDUAL_LIMIT) * RESIDUAL_GAIN;
}

__device__ __forceinline__ float residual_size(float residual) {
    return __logf(fabsf(residual) + RESIDUAL_FLOOR) * RESIDUAL_GAIN;
}
