// The loss of samplernn/network/loss.py and its gradient, one row of logits after another, in place.

// How logits and their gradient lie in memory.
struct AsFloats {
    using Kind = float;
    DC_INLINE Floats read(const Kind* from) { return load(from); }
    DC_INLINE void write(Kind* to, Floats values) { store(to, values); }
};

struct AsHalves {
    using Kind = uint16_t;
    DC_INLINE Floats read(const Kind* from) { return load_halves(from); }
    DC_INLINE void write(Kind* to, Floats values) { store_halves(to, values); }
};

template <class As>
class Loss {
public:
    explicit Loss(const DeepcutsLoss& loss)
        : loss_(loss), levels_(loss.levels), padded_(up_to(levels_, lanes)), values_(padded_), odds_(padded_),
          bends_(padded_) {
        for (long k = 0; loss.values && k < levels_; ++k) values_[k] = loss.values[k];
    }

    double all_rows() const {
        const long width = levels_ + (loss_.values ? 2 : 0);
        double bits = 0.0;
        for (long n = 0; n < loss_.rows; ++n) bits += one(static_cast<Kind*>(loss_.logits) + n * width, n);
        return bits;
    }

private:
    using Kind = typename As::Kind;
    static constexpr float nothing = -3e38f;

    // The bits of row n; its logits become the gradient of that in nats.
    float one(Kind* row, long n) const {
        const bool with_prior = loss_.values;
        const float narrowness = with_prior ? value(row + levels_ + 1) : 0.0f;
        const Prior prior = with_prior ? prior_of(values_.get(), loss_.predicted[n], loss_.residual_scale,
                                                  value(row + levels_), narrowness)
                                       : Prior{nullptr, 0.0f, 0.0f};

        Floats highest = all(nothing), broken = all(narrowness * 0.0f);  // one that is no number makes all of the row none
        for (long k = 0; k < padded_; k += lanes) {
            Floats x = read(row, k);
            if (with_prior) x = add_prior(x, prior, k, bends_.get() + k);
            store(odds_.get() + k, x);
            highest = largest(highest, x);
            broken = fma(x, Floats{}, broken);
        }
        const float peak = maximum(highest);
        Floats sums = {};
        for (long k = 0; k < padded_; k += lanes) {
            const Floats odds = exponential(load(odds_.get() + k) - peak);
            store(odds_.get() + k, odds);
            sums = sums + odds;
        }
        const float scale = 1.0f / (sum(sums) + sum(broken));
        Floats moved = {}, narrowed = {};
        for (long k = 0; k < padded_; k += lanes) {
            const Floats odds = load(odds_.get() + k) * scale;
            write(row, k, odds);
            if (!with_prior) continue;
            const Floats bent = odds * load(bends_.get() + k);
            moved = moved + bent;
            narrowed = fma(bent, load(values_.get() + k) - prior.centre, narrowed);
        }
        const long wanted = loss_.target[n];
        const float share = odds_[wanted] * scale;
        set(row + wanted, share - 1.0f);
        if (with_prior) {
            const float bend = bends_[wanted];
            const float further = (sum(narrowed) - bend * (values_[wanted] - prior.centre)) * prior.slope;
            set(row + levels_, (sum(moved) - bend) * prior.slope * loss_.residual_scale);
            set(row + levels_ + 1, narrowness == clamped(narrowness, NARROWNESS_LIMIT) ? further : 0.0f);
        }
        return -__builtin_log2f(share < LEAST_PROBABILITY ? LEAST_PROBABILITY : share);
    }

    // The logits from place k on; what is beyond the last level has no part in a softmax.
    Floats read(const Kind* row, long k) const {
        if (levels_ - k >= lanes) return As::read(row + k);
        float rest[lanes];
        for (long i = 0; i < lanes; ++i) rest[i] = k + i < levels_ ? value(row + k + i) : nothing;
        return load(rest);
    }

    void write(Kind* row, long k, Floats values) const {
        if (levels_ - k >= lanes) return As::write(row + k, values);
        for (long i = 0; k + i < levels_; ++i) set(row + k + i, values[i]);
    }

    static float value(const float* from) { return *from; }
    static void set(float* to, float value) { *to = value; }
    static void set(uint16_t* to, float value) { *to = half_of(value); }
    static float value(const uint16_t* from) {
        const uint32_t bits = static_cast<uint32_t>(*from) << 16;
        float found;
        __builtin_memcpy(&found, &bits, 4);
        return found;
    }

    const DeepcutsLoss& loss_;
    const long levels_, padded_;
    Buffer<float> values_, odds_, bends_;
};

static double loss_of(const DeepcutsLoss& loss) {
    return loss.halves ? Loss<AsHalves>(loss).all_rows() : Loss<AsFloats>(loss).all_rows();
}
