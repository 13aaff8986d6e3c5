// The recursion of samplernn/guides/conditioning.py:levinson, a vector of frames at a time.

// lags [order + 1, frames], predictors [order, frames], the newest sample first, left [frames]; `frames` is a multiple
// of `lanes`. Throws std::bad_alloc.
inline void levinson_of(const DeepcutsLevinson& asked) {
    const long order = asked.order, frames = asked.frames;
    Buffer<float> lags((order + 1) * lanes), predictor(order * lanes);
    const Floats limit = all(asked.largest_reflection);
    for (long frame = 0; frame < frames; frame += lanes) {
        for (long k = 0; k <= order; ++k) store(lags.get() + k * lanes, load(asked.lags + k * frames + frame));
        Floats left = largest(load(lags.get()), all(1e-30f));
        for (long k = 0; k < order; ++k) {
            // four sums: one alone would wait for itself
            Floats sums[4] = {};
            long j = 0;
            for (; j + 4 <= k; j += 4)
                for (long v = 0; v < 4; ++v)
                    sums[v] = fma(
                        load(predictor.get() + (j + v) * lanes), load(lags.get() + (k - j - v) * lanes), sums[v]);
            for (; j < k; ++j)
                sums[0] = fma(load(predictor.get() + j * lanes), load(lags.get() + (k - j) * lanes), sums[0]);
            const Floats missed = load(lags.get() + (k + 1) * lanes) - ((sums[0] + sums[1]) + (sums[2] + sums[3]));
            const Floats reflection = smallest(largest(missed / left, -limit), limit);
            for (long low = 0, high = k - 1; low <= high; ++low, --high) {
                const Floats a = load(predictor.get() + low * lanes), b = load(predictor.get() + high * lanes);
                store(predictor.get() + low * lanes, fma(-reflection, b, a));
                store(predictor.get() + high * lanes, fma(-reflection, a, b));
            }
            store(predictor.get() + k * lanes, reflection);
            left = left * (1.0f - reflection * reflection);
        }
        for (long k = 0; k < order; ++k) store(asked.predictors + k * frames + frame, load(predictor.get() + k * lanes));
        store(asked.left + frame, left);
    }
}
