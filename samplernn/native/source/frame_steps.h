// The steps of the frame tiers.

DC_INLINE void rectify(float* row, long begin, long end) {
    for (long k = begin; k < end; k += lanes) store(row + k, largest(load(row + k), Floats{}));
}

inline double Clips::cost_of(const Term* terms, int count) const {
    double cost = 0.0;
    for (int k = 0; k < count; ++k)
        cost += static_cast<double>(count_) * terms[k].matrix->inputs * terms[k].matrix->columns();
    return cost;
}

inline void Clips::affine(
    const Term* terms, int count, const float* start, long start_stride, bool rectified, const Rows& to) {
    const Parts parts(terms[0].matrix->tiles, count_, team_.size(), cost_of(terms, count));
    const long columns = static_cast<long>(terms[0].matrix->tile) * lanes, last = terms[0].matrix->columns();
    share(team_, parts.count(), [&](int part, int) {
        const long tile = parts.tile(part), tile_end = parts.tile_end(part);
        const long clip = parts.clip(part), end = parts.clip_end(part);
        const long column = tile * columns, column_end = least(tile_end * columns, last);
        Onto onto{start + clip * start_stride + column, start_stride, to.row(clip) + column, to.stride()};
        for (int k = 0; k < count; ++k) {
            product(*terms[k].matrix, tile, tile_end, terms[k].rows->taken(), clip, end - clip, onto);
            onto.start = onto.to;
            onto.start_stride = onto.stride;
        }
        for (long row = clip; row < end; ++row) {
            float* const out = to.row(row);
            if (rectified) rectify(out, column, column_end);
            to.halve(row, column, column_end);
        }
    });
    weigh(to);
}

inline void Clips::weigh(const Rows& rows) {
    if (!rows.in_bytes()) return;
    if (count_ == 1) return rows.weigh(0);
    share(team_, static_cast<int>(count_), [&](int clip, int) { rows.weigh(clip); });
}

inline void Clips::cells_of_lstm(
    const float* gates, const Rows& cell, const Rows& hidden, long clip, long block) const {
    const long unit = block * lanes;
    float* const memory = cell.row(clip) + unit;
    const Floats enter = sigmoid(load(gates)), forget = sigmoid(load(gates + lanes));
    const Floats fresh = tangent(load(gates + 2 * lanes)), out = sigmoid(load(gates + 3 * lanes));
    const Floats kept = fma(forget, load(memory), enter * fresh);
    store(memory, kept);
    store(hidden.row(clip) + unit, out * tangent(kept));
}

inline void Clips::cells_of_gru(
    const float* gates, const float* old, const Rows& before, const Rows& hidden, long clip, long block) const {
    const long unit = block * lanes;
    const Floats reset = sigmoid(load(gates) + load(old)), update = sigmoid(load(gates + lanes) + load(old + lanes));
    const Floats fresh = tangent(fma(reset, load(old + 2 * lanes), load(gates + 2 * lanes)));
    store(hidden.row(clip) + unit, fma(update, load(before.row(clip) + unit) - fresh, fresh));
}

inline void Clips::step_layer(const Tier& tier, TierState& state, size_t place) {
    const Layer& layer = tier.layers[place];
    const Rows &before = state.hidden[state.turn][place], &hidden = state.hidden[1 - state.turn][place];
    Term terms[3];
    int count = 0;
    if (layer.below.tiles) terms[count++] = {&layer.below, &state.hidden[1 - state.turn][place - 1]};
    if (layer.input.tiles) terms[count++] = {&layer.input, &state.input()};
    terms[count++] = {&layer.recurrent, &before};
    const long blocks = up_to(network_.width, lanes) / lanes, across = static_cast<long>(network_.gates) * lanes;
    const long tiles_each = network_.gates / layer.recurrent.tile;
    const Parts parts(blocks, count_, team_.size(), cost_of(terms, count), 2);
    share(team_, parts.count(), [&](int part, int worker) {
        const long block = parts.tile(part), block_end = parts.tile_end(part);
        const long clip = parts.clip(part), end = parts.clip_end(part);
        const long stride = across * (block_end - block);
        float* const gates = gates_[static_cast<size_t>(worker)].get();
        float* const old = gates + (end - clip) * stride;  // what a GRU keeps apart
        Onto onto{layer.bias.get() + block * across, 0, gates, stride};
        for (int k = 0; k < count; ++k) {
            if (network_.gru && k == count - 1) onto = {none_.get(), 0, old, stride};
            const long tile = block * tiles_each, tile_end = block_end * tiles_each;
            product(*terms[k].matrix, tile, tile_end, terms[k].rows->taken(), clip, end - clip, onto);
            onto.start = onto.to;
            onto.start_stride = onto.stride;
        }
        for (long row = clip; row < end; ++row) {
            for (long b = block; b < block_end; ++b) {
                const long at = (row - clip) * stride + (b - block) * across;
                if (network_.gru) cells_of_gru(gates + at, old + at, before, hidden, row, b);
                else cells_of_lstm(gates + at, state.cell[place], hidden, row, b);
            }
            hidden.halve(row, block * lanes, block_end * lanes);
        }
    });
    weigh(hidden);
}

inline void Clips::step_tier(size_t place, long step) {
    const Tier& tier = network_.tiers[place];
    TierState& state = tiers_[place];
    const float scale = static_cast<float>(2.0 / network_.levels);
    for (int clip = 0; clip < count_; ++clip) {
        const int32_t* codes = tape_.codes(clip) - tier.size;
        float* const frame = state.frame.row(clip);
        for (long k = 0; k < tier.size; ++k) frame[k] = (static_cast<float>(codes[k]) * scale - 1.0f) * 2.0f;
        hear_guide(tier, frame, clip, step);
        state.frame.halve(clip, 0, up_to(tier.size + tier.guide_inputs, lanes));
    }
    weigh(state.frame);
    if (tier.expand.tiles) {
        const Rows& above = tiers_[place - 1].conditioning;
        const Tier& slower = network_.tiers[place - 1];
        const long offset = step % slower.size / slower.step * slower.output_width;
        const Term term{&tier.expand, &state.frame};
        affine(&term, 1, above.row(0) + offset, above.stride(), false, state.expanded);
    }
    for (size_t k = 0; k < tier.layers.size(); ++k) step_layer(tier, state, k);
    state.turn = 1 - state.turn;
    const auto& hidden = state.hidden[state.turn];
    const Rows* out = &hidden.back();
    if (!tier.skip_projection.empty()) {
        Term terms[64];
        for (size_t k = 0; k < tier.skip_projection.size(); ++k) terms[k] = {&tier.skip_projection[k], &hidden[k]};
        affine(terms, static_cast<int>(tier.skip_projection.size()), tier.skip_bias.get(), 0, false, state.skip_output);
        out = &state.skip_output;
    }
    const Term term{&tier.upsample, out};
    affine(&term, 1, tier.upsample_bias.get(), 0, false, state.conditioning);
}
