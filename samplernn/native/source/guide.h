// What a guide says at a time: filters, scales, and what enters the slowest tier.

inline void Clips::load_residuals(const float* from) {
    for (long clip = 0; clip < count_; ++clip)
        tape_.load_residuals(static_cast<int>(clip), from + (first_ + clip) * 2 * network_.residuals);
}

inline void Clips::read_residuals(float* to) const {
    for (long clip = 0; clip < count_; ++clip)
        tape_.read_residuals(static_cast<int>(clip), to + (first_ + clip) * 2 * network_.residuals);
}

inline void Clips::adapt_by(int taps, float step, float most) {
    taps_ = taps;
    step_ = step;
    most_ = most;
    adaptive_ = Buffer<float>(count_ * taps_);
}

inline void Clips::load_adapted(const float* weights, const float* errors, const float* moved) {
    const size_t of_taps = static_cast<size_t>(taps_) * 4, of_moved = static_cast<size_t>(network_.residuals) * 4;
    for (long clip = 0; clip < count_; ++clip) {
        __builtin_memcpy(adaptive_.get() + clip * taps_, weights + (first_ + clip) * taps_, of_taps);
        __builtin_memcpy(tape_.errors(clip) - taps_, errors + (first_ + clip) * taps_, of_taps);
        __builtin_memcpy(
            tape_.moved(clip) - network_.residuals, moved + (first_ + clip) * network_.residuals, of_moved);
    }
}

inline void Clips::read_adapted(float* weights, float* errors, float* moved) const {
    const size_t of_taps = static_cast<size_t>(taps_) * 4, of_moved = static_cast<size_t>(network_.residuals) * 4;
    for (long clip = 0; clip < count_; ++clip) {
        __builtin_memcpy(weights + (first_ + clip) * taps_, adaptive_.get() + clip * taps_, of_taps);
        __builtin_memcpy(errors + (first_ + clip) * taps_, tape_.errors(clip) - taps_, of_taps);
        __builtin_memcpy(
            moved + (first_ + clip) * network_.residuals, tape_.moved(clip) - network_.residuals, of_moved);
    }
}

// At the beginning of each frame of the guide: its filters, filled up to whole vectors.
inline void Clips::take_filters(long step) {
    const long order = guide_->order, length = up_to(order, 4 * lanes);
    if (filter_ != length) {
        filter_ = length;
        filters_ = Buffer<float>(count_ * length);
    }
    for (long clip = 0; clip < count_; ++clip) {
        const float* from = guide_->filters + ((first_ + clip) * guide_->frames + step / guide_->hop) * order;
        float* const to = filters_.get() + clip * length;
        for (long k = 0; k < length - order; ++k) to[k] = 0.0f;
        __builtin_memcpy(to + (length - order), from, static_cast<size_t>(order) * 4);
    }
}

// The usual size of a residual at this time by the guide; 0 where there is none.
inline float Clips::scale_of(long clip, long step) const {
    return guide_ ? guide_->scales[(first_ + clip) * guide_->frames + step / guide_->hop] : 0.0f;
}

// Writes what the guide says behind the samples of a frame; zeros without one.
inline void Clips::hear_guide(const Tier& tier, float* frame, long clip, long step) const {
    if (!tier.guide_inputs) return;
    const size_t bytes = static_cast<size_t>(tier.guide_inputs) * 4;
    if (guide_)
        __builtin_memcpy(
            frame + tier.size,
            guide_->features + ((first_ + clip) * guide_->frames + step / guide_->hop) * tier.guide_inputs, bytes);
    else __builtin_memset(frame + tier.size, 0, bytes);
}
