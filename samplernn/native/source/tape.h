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
        }
        now_ = kept;
    }

    // Writes the next code of a clip; `advance` makes it the last one.
    void write(int clip, int code, float predicted) {
        codes_[clip * room_ + now_] = code;
        if (!network_.order) return;
        const float value = network_.values[code];
        values_[clip * (before_ + room_) + before_ + now_] = value;
        const long place = 2 * (clip * room_ + now_);
        write_features((value - predicted) / network_.residual_scale, residuals_.get() + place);
        if (!halves_.get()) return;
        halves_[place] = half_of(residuals_[place]);
        halves_[place + 1] = half_of(residuals_[place + 1]);
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
    float predicted(int clip) const {
        const float* window = values_.get() + clip * (before_ + room_) + now_ - network_.order;
        return filtered(window, network_.lpc.get(), network_.filter);
    }

private:
    template <class T>
    static void move(Buffer<T>& of, long row, long from, long count) {
        __builtin_memmove(of.get() + row, of.get() + row + from, static_cast<size_t>(count) * sizeof(T));
    }

    const Network& network_;
    const long clips_, room_;
    long before_ = 0, now_ = 0;
    Buffer<int32_t> codes_;
    Buffer<float> values_, residuals_;
    Buffer<uint16_t> halves_;
};
