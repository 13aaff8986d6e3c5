// What was made of each clip, as far back as anything looks: codes, their amplitudes, and the residuals of the linear
// predictor. Windows of it lie in one piece; now and then all moves back to the beginning.

class Tape {
public:
    Tape(const Network& network, int clips)
        : network_(network), clips_(clips), room_(network.context_length + up_to(network.context_length, 1024)),
          codes_(clips * room_) {
        if (!network.order) return;
        before_ = network.filter - network.order;
        values_ = Buffer<float>(clips * (before_ + room_));
        residuals_ = Buffer<float>(clips * 2 * room_);
        errors_ = Buffer<float>(clips * room_);
        moved_ = Buffer<float>(clips * room_);
        if (rows_in_halves && network.plain_form() == Form::halves) halves_ = Buffer<uint16_t>(clips * 2 * room_);
    }

    void begin() { now_ = 0; }

    // Makes sure that there is room for the next sample.
    void prepare() {
        if (now_ < room_) return;
        const long kept = network_.context_length, from = now_ - kept;
        for (long clip = 0; clip < clips_; ++clip) {
            move(codes_, clip * room_, from, kept);
            if (!network_.order) continue;
            move(values_, clip * (before_ + room_) + before_, from, kept);
            move(residuals_, clip * 2 * room_, 2 * from, 2 * kept);
            if (halves_.get()) move(halves_, clip * 2 * room_, 2 * from, 2 * kept);
            move(errors_, clip * room_, from, kept);
            move(moved_, clip * room_, from, kept);
        }
        now_ = kept;
    }

    // Writes the next code of a clip; `advance` makes it the last one.
    // `scale` is the usual size of a residual at this time; the adaptive filter has moved the prediction by `moved`.
    void write(int clip, int code, float predicted, float scale, float moved = 0.0f) {
        codes_[clip * room_ + now_] = code;
        if (!network_.order) return;
        const float value = network_.values[code];
        values_[clip * (before_ + room_) + before_ + now_] = value;
        const long place = 2 * (clip * room_ + now_);
        write_features((value - (predicted + moved * scale)) / scale, residuals_.get() + place);
        halve(place, 2);
        errors_[clip * room_ + now_] = within((value - predicted) / scale, RESIDUAL_LIMIT);
        moved_[clip * room_ + now_] = moved;
    }

    // What the adaptive filter hears: the last residuals without what it moved, up to this place.
    const float* errors(long clip) const { return errors_.get() + clip * room_ + now_; }
    float* errors(long clip) { return errors_.get() + clip * room_ + now_; }

    // How far the last priors were moved, up to this place.
    const float* moved(long clip) const { return moved_.get() + clip * room_ + now_; }
    float* moved(long clip) { return moved_.get() + clip * room_ + now_; }

    // The features of the last residuals of a clip.
    void load_residuals(int clip, const float* from) {
        const long count = 2L * network_.residuals, place = 2 * (clip * room_ + now_) - count;
        __builtin_memcpy(residuals_.get() + place, from, static_cast<size_t>(count) * 4);
        halve(place, count);
    }

    void read_residuals(int clip, float* to) const {
        const long count = 2L * network_.residuals, place = 2 * (clip * room_ + now_) - count;
        __builtin_memcpy(to, residuals_.get() + place, static_cast<size_t>(count) * 4);
    }

    void advance() { ++now_; }

    // The codes right before the next sample, or before the `ahead`th after it, are those right before this place.
    const int32_t* codes(int clip, long ahead = 0) const { return codes_.get() + clip * room_ + now_ + ahead; }

    // The last residuals of all clips, likewise.
    Taken residuals(long ahead) const {
        const long begin = 2 * (now_ + ahead - network_.residuals);
        return {residuals_.get() + begin, halves_.get() ? halves_.get() + begin : nullptr, nullptr, nullptr, 2 * room_};
    }

    // The amplitude that is predicted for the next sample.
    float predicted(int clip) const { return predicted(clip, network_.lpc.get(), network_.filter); }

    // The same by another filter of `length` coefficients, a multiple of four vectors, of a lower order.
    float predicted(int clip, const float* lpc, long length) const {
        const float* window = values_.get() + clip * (before_ + room_) + before_ + now_ - length;
        return filtered(window, lpc, length);
    }

private:
    void halve(long place, long count) {
        if (!halves_.get()) return;
        for (long k = place; k < place + count; ++k) halves_[k] = half_of(residuals_[k]);
    }

    template <class T>
    static void move(Buffer<T>& of, long row, long from, long count) {
        __builtin_memmove(of.get() + row, of.get() + row + from, static_cast<size_t>(count) * sizeof(T));
    }

    const Network& network_;
    const long clips_, room_;
    long before_ = 0, now_ = 0;
    Buffer<int32_t> codes_;
    Buffer<float> values_, residuals_, errors_, moved_;
    Buffer<uint16_t> halves_;
};
