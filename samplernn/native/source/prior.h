// The learned prior and the features of residuals: the formulas of samplernn/network/prior.py. The constants are macros
// that setup.py makes from samplernn/prior_constants.py.

struct Prior {
    const float* values;  // the amplitudes of the codes; null for no prior
    float centre, slope;
};

DC_INLINE float clamped(float x, float limit) { return x > limit ? limit : x < -limit ? -limit : x; }

DC_INLINE Prior prior_of(const float* values, float predicted, float scale, float shift, float narrowness) {
    const float slope = exponential(all(-clamped(narrowness, NARROWNESS_LIMIT)))[0] / scale;
    return {values, predicted + shift * scale, slope};
}

DC_INLINE Floats prior_z(const Prior& prior, long level) { return (load(prior.values + level) - prior.centre) * prior.slope; }

// The logits x of a vector of levels with the prior.
DC_INLINE Floats add_prior(Floats x, const Prior& prior, long level) {
    const Floats z = prior_z(prior, level);
    return x - root(fma(z, z, all(1.0f)));
}

// The same, and `bend` becomes z / sqrt(1 + z^2), for the gradient.
DC_INLINE Floats add_prior(Floats x, const Prior& prior, long level, float* bend) {
    const Floats z = prior_z(prior, level), square = fma(z, z, all(1.0f)), curve = inverse_root(square);
    store(bend, z * curve);
    return fma(-square, curve, x);
}

// Writes the two features of a residual, in units of the scale.
DC_INLINE void write_features(float residual, float* to) {
    to[0] = clamped(residual, RESIDUAL_LIMIT) * RESIDUAL_GAIN;
    to[1] = __builtin_logf(__builtin_fabsf(residual) + RESIDUAL_FLOOR) * RESIDUAL_GAIN;
}
