// The recurrent state of the clips: loaded from outside, and read.

inline void Clips::load_state(const float* const* hidden, const float* const* cell, const int64_t* past, long all_clips) {
    const long width = network_.width, layers = static_cast<long>(network_.tiers[0].layers.size());
    for (size_t k = 0; k < tiers_.size(); ++k) {
        TierState& state = tiers_[k];
        for (long row = 0; row < layers * count_; ++row) {
            const size_t layer = static_cast<size_t>(row / count_);
            const long clip = row % count_, from = (row / count_ * all_clips + first_ + clip) * width;
            const Rows& rows = state.hidden[state.turn][layer];
            __builtin_memcpy(rows.row(clip), hidden[k] + from, static_cast<size_t>(width) * 4);
            __builtin_memcpy(state.cell[layer].row(clip), cell[k] + from, static_cast<size_t>(width) * 4);
            rows.halve(clip, 0, up_to(width, lanes));
            if (rows.in_bytes()) rows.weigh(clip);
        }
    }
    tape_.begin();
    for (long step = 0; step < network_.context_length; ++step) {
        tape_.prepare();
        const bool judged = network_.order && step >= network_.context_length - network_.residuals;
        for (int clip = 0; clip < count_; ++clip) {
            const long code = past[(first_ + clip) * network_.context_length + step];
            tape_.write(clip, static_cast<int>(code), judged ? tape_.predicted(clip) : 0.0f, network_.residual_scale);
        }
        tape_.advance();
    }
}

inline void Clips::read_state(float* const* hidden, float* const* cell, int64_t* past, long all_clips) const {
    const long width = network_.width, layers = static_cast<long>(network_.tiers[0].layers.size());
    for (size_t k = 0; k < tiers_.size(); ++k)
        for (long row = 0; row < layers * count_; ++row) {
            const size_t layer = static_cast<size_t>(row / count_);
            const long clip = row % count_, to = (row / count_ * all_clips + first_ + clip) * width;
            const Rows& rows = tiers_[k].hidden[tiers_[k].turn][layer];
            __builtin_memcpy(hidden[k] + to, rows.row(clip), static_cast<size_t>(width) * 4);
            __builtin_memcpy(cell[k] + to, tiers_[k].cell[layer].row(clip), static_cast<size_t>(width) * 4);
        }
    for (int clip = 0; clip < count_; ++clip)
        for (long k = 0; k < network_.context_length; ++k)
            past[(first_ + clip) * network_.context_length + k] = tape_.codes(clip)[k - network_.context_length];
}
