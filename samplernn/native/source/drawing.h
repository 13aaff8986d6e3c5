// From logits to a code.

// Sums of products with `count` taps, a multiple of four vectors; always added up in the same order.
DC_INLINE float filtered(const float* sound, const float* taps, long count) {
    Floats sums[4] = {};
    for (long k = 0; k < count; k += 4 * lanes)
        for (int part = 0; part < 4; ++part)
            sums[part] = fma(load(sound + k + part * lanes), load(taps + k + part * lanes), sums[part]);
    return sum((sums[0] + sums[1]) + (sums[2] + sums[3]));
}

// The bell of samplernn/scoring.py: how far each level is from its middle, times its slope.
struct BellPlace {
    const float* values;  // null for no bell
    float middle, slope;
};

// Fills `odds` with the unscaled softmax of logits * coolness, up to whole vectors, and gives the code that is drawn.
struct Drawing {
    int levels;
    Buffer<float> odds, running;
    Buffer<int32_t> order;

    explicit Drawing(int count)
        : levels(count), odds(up_to(count, lanes)), running(up_to(count, lanes) / lanes), order(count) {}

    // Returns the sum of all odds.
    float weigh(const float* logits, const BellPlace& bell, float coolness) const {
        const long padded = up_to(levels, lanes);
        Floats highest = all(-3e38f);
        for (long k = 0; k < padded; k += lanes) {
            Floats x = load(logits + k);
            if (bell.values) {
                const Floats z = (load(bell.values + k) - bell.middle) * bell.slope;
                x = x - root(fma(z, z, all(1.0f)));
            }
            store(odds.get() + k, x * coolness);
        }
        for (long k = levels; k < padded; ++k) odds[k] = -3e38f;
        for (long k = 0; k < padded; k += lanes) highest = largest(load(odds.get() + k), highest);
        const float peak = maximum(highest);
        float total = 0.0f;
        for (long k = 0; k < padded; k += lanes) {
            const Floats below = load(odds.get() + k) - peak;
            const Floats e = below > -87.0f ? exponential(below) : Floats{};
            store(odds.get() + k, e);
            total += sum(e);
            running[k / lanes] = total;
        }
        return total;
    }

    // The first code whose running sum exceeds `wanted`; at the end of rounding, the last that is possible.
    int pick(float wanted) const {
        const long vectors = up_to(levels, lanes) / lanes;
        long v = 0;
        while (v < vectors - 1 && !(running[v] > wanted)) ++v;
        float so_far = v ? running[v - 1] : 0.0f;
        long last = v * lanes;
        for (long k = v * lanes; k < least(levels, (v + 1) * lanes); ++k) {
            so_far += odds[k];
            if (odds[k] > 0.0f) last = k;
            if (so_far > wanted) break;
        }
        return static_cast<int>(last);
    }
};
