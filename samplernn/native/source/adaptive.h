// The filter of samplernn/network/adaptive.py, which goes on adapting to the last residuals.

// What it foretells, and one more than the power of what it hears; `taps` is a multiple of four vectors.
struct Foretold {
    float next, power;
};

DC_INLINE Foretold foretold(const float* heard, const float* weights, long taps) {
    return {filtered(heard, weights, taps), 1.0f + filtered(heard, heard, taps)};
}

// Brings it nearer to what came, as far as `step` says.
DC_INLINE void learn(float* weights, const float* heard, long taps, float step, float error, const Foretold& was) {
    const Floats gain = all(step * (error - was.next) / was.power);
    for (long k = 0; k < taps; k += lanes) store(weights + k, fma(gain, load(heard + k), load(weights + k)));
}

DC_INLINE float within(float value, float limit) {
    const float low = value < -limit ? -limit : value;
    return low > limit ? limit : low;
}

// Throws std::bad_alloc.
inline void adapt_of(const DeepcutsAdapting& asked) {
    const long taps = asked.taps, samples = asked.samples;
    Buffer<float> line(taps + samples);
    for (long stream = 0; stream < asked.streams; ++stream) {
        float* const weights = asked.weights + stream * taps;
        const float* const errors = asked.errors + stream * samples;
        const size_t of_taps = static_cast<size_t>(taps) * 4;
        __builtin_memcpy(line.get(), asked.last + stream * taps, of_taps);
        __builtin_memcpy(line.get() + taps, errors, static_cast<size_t>(samples) * 4);
        for (long t = 0; t < samples; ++t) {
            float moved = 0.0f;
            if (asked.there[stream * samples + t]) {
                const float* const heard = line.get() + t;
                const Foretold was = foretold(heard, weights, taps);
                learn(weights, heard, taps, asked.step, errors[t], was);
                moved = within(was.next, asked.most);
            }
            asked.moved[stream * samples + t] = moved;
        }
        __builtin_memcpy(asked.last + stream * taps, line.get() + samples, of_taps);
    }
}
