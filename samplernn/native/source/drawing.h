// From logits to a code.

// Sums of products with `count` LPC coefficients, a multiple of four vectors; always added up in the same order.
DC_INLINE float filtered(const float* sound, const float* lpc, long count) {
    Floats sums[4] = {};
    for (long k = 0; k < count; k += 4 * lanes)
        for (int part = 0; part < 4; ++part)
            sums[part] = fma(load(sound + k + part * lanes), load(lpc + k + part * lanes), sums[part]);
    return sum((sums[0] + sums[1]) + (sums[2] + sums[3]));
}

struct Drawing {
    static constexpr long group = 4 * lanes;

    int levels;
    Buffer<float> odds, running;  // running: the sum of the odds up to the end of each group
    Buffer<int32_t> order;

    explicit Drawing(int count)
        : levels(count), odds(up_to(count, group)), running(up_to(count, group) / group), order(count) {}

    // Fills `odds` with the unscaled softmax of logits * coolness, and returns their sum.
    float weigh(const float* logits, const Prior& prior, float coolness) const {
        Floats highest[4];
        for (Floats& most : highest) most = all(-3e38f);
        for (long k = 0; k < odds.size(); k += lanes) store(odds.get() + k, all(-3e38f));
        for (long k = 0; k < levels; k += lanes) {
            Floats x = load(logits + k);
            if (prior.values) x = add_prior(x, prior, k);
            store(odds.get() + k, x * coolness);
        }
        for (long k = levels; k < up_to(levels, lanes); ++k) odds[k] = -3e38f;
        for (long k = 0; k < odds.size(); k += group)
            for (int v = 0; v < 4; ++v) highest[v] = largest(load(odds.get() + k + v * lanes), highest[v]);
        const float peak = maximum(largest(largest(highest[0], highest[1]), largest(highest[2], highest[3])));
        float total = 0.0f;
        for (long k = 0; k < odds.size(); k += group) {
            Floats each[4];
            for (int v = 0; v < 4; ++v) {
                each[v] = exponential(load(odds.get() + k + v * lanes) - peak);
                store(odds.get() + k + v * lanes, each[v]);
            }
            total += sum((each[0] + each[1]) + (each[2] + each[3]));
            running[k / group] = total;
        }
        return total;
    }

    // The first code whose running sum exceeds `wanted`; at the end of rounding, the last that is possible. Where the
    // weights are so large that no logit is a number, what fills the last vector may be likely, but is never drawn.
    int pick(float wanted) const {
        long place = 0;
        while (place < running.size() - 1 && !(running[place] > wanted)) ++place;
        float so_far = place ? running[place - 1] : 0.0f;
        long code = place * group;
        for (int v = 0; v < 3; ++v, code += lanes) {
            const float more = sum(load(odds.get() + code));
            if (so_far + more > wanted) break;
            so_far += more;
        }
        for (long last = code + lanes - 1; code < last; ++code) {
            so_far += odds[code];
            if (so_far > wanted) break;
        }
        while (code > 0 && (code >= levels || !(odds[code] > 0.0f))) --code;
        return static_cast<int>(code);
    }
};
