// The steps of the sample tier, and how all follow each other.

// Adds what the lookup tables say of the last codes to `from`, for V vectors from `column` on.
template <int V>
inline void Clips::look_up(const int32_t* codes, long column, const float* from, float* to) const {
    const long units = up_to(network_.units, lanes);
    Floats sums[V];
    for (int v = 0; v < V; ++v) sums[v] = load(from + v * lanes);
    for (long k = 0; k < network_.lookback; ++k) {
        const long row = (k * network_.levels + codes[k]) * units + column;
        if (network_.half_tables.get()) {
            for (int v = 0; v < V; ++v) sums[v] += load_halves(network_.half_tables.get() + row + v * lanes);
        } else {
            for (int v = 0; v < V; ++v) sums[v] += load(network_.float_tables.get() + row + v * lanes);
        }
    }
    for (int v = 0; v < V; ++v) store(to + v * lanes, sums[v]);
}

// What enters the first ReLU of the sample tier, for some clips.
inline void Clips::enter(long begin, long end, long step, long ahead) {
    const Tier& tier = network_.tiers.back();
    const long units = up_to(network_.units, lanes);
    for (long clip = begin; clip < end; ++clip) {
        const float* conditioning = tiers_.back().conditioning.row(clip) + step % tier.size * tier.output_width;
        const int32_t* codes = tape_.codes(static_cast<int>(clip), ahead) - network_.lookback;
        float* const to = entering_.row(clip);
        constexpr long across = 8 * lanes;
        long column = 0;
        for (; column + across <= units; column += across)
            look_up<8>(codes, column, conditioning + column, to + column);
        for (; column < units; column += lanes) look_up<1>(codes, column, conditioning + column, to + column);
    }
    if (network_.order) {
        float* const to = entering_.row(begin);
        const Onto onto{to, entering_.stride(), to, entering_.stride()};
        product(network_.hear, 0, network_.hear.tiles, tape_.residuals(ahead), begin, end - begin, onto);
    }
    for (long clip = begin; clip < end; ++clip) {
        float* const to = entering_.row(clip);
        rectify(to, 0, units);
        entering_.halve(clip, 0, units);
        if (entering_.in_bytes()) entering_.weigh(clip);
    }
}

inline void Clips::draw(long clip, long step, const DeepcutsSamplingRequest& request, int worker) {
    const Drawing& drawing = drawings_[static_cast<size_t>(worker)];
    const float* const logits = logits_.row(clip);
    const int levels = network_.levels;
    float predicted = 0.0f, scale = network_.residual_scale, moved = 0.0f;
    bool adapts = false;
    Foretold was{};
    Prior prior{nullptr, 0.0f, 0.0f};
    if (network_.order) {
        if (const float guided = scale_of(clip, step); guided > 0.0f) {
            scale = guided;
            predicted = tape_.predicted(static_cast<int>(clip), filters_.get() + clip * filter_, filter_);
            adapts = taps_ > 0;
        } else {
            predicted = tape_.predicted(static_cast<int>(clip));
        }
        if (adapts) {
            was = foretold(tape_.errors(clip) - taps_, adaptive_.get() + clip * taps_, taps_);
            moved = within(was.next, most_);
        }
        const float middle = predicted + moved * scale;
        prior = prior_of(network_.values.get(), middle, scale, logits[levels], logits[levels + 1]);
    }
    const long place = (first_ + clip) * request.samples + step;
    const float total = drawing.weigh(logits, prior, 1.0f / request.temperature[place]);
    if (request.odds)
        for (long k = 0; k < levels; ++k) request.odds[place * levels + k] = drawing.odds[k] / total;
    const float chance = request.chances[place];
    const int top_k = request.top_k[first_ + clip];
    const float top_p = request.top_p[first_ + clip];
    const bool all_codes = top_k <= 0 && top_p >= 1.0f;
    const int code = all_codes ? drawing.pick(chance * total)
                               : draw_likely(drawing.odds.get(), levels, chance, top_k, top_p, drawing.order.get());
    request.codes[place] = code;
    tape_.write(static_cast<int>(clip), code, predicted, scale, moved);
    if (adapts) {
        const float* const newest = tape_.errors(clip);
        learn(adaptive_.get() + clip * taps_, newest - taps_, taps_, step_, *newest, was);
    }
}

inline void Clips::make(const DeepcutsSamplingRequest& request) {
    const long lowest = network_.tiers.back().size;
    const double each = (network_.lookback + 24.0) * network_.units + 8.0 * network_.levels + network_.filter;
    const Parts parts(1, count_, team_.size(), each * static_cast<double>(count_));
    const Term third{&network_.third, &entering_}, output{&network_.output, &third_};
    for (long step = 0; step < request.samples; ++step) {
        tape_.prepare();
        if (guide_ && step % guide_->hop == 0) take_filters(step);
        if (step % lowest == 0) {
            for (size_t k = 0; k < tiers_.size(); ++k)
                if (step % network_.tiers[k].size == 0) step_tier(k, step);
            share(team_, parts.count(), [&](int part, int) { enter(parts.clip(part), parts.clip_end(part), step, 0); });
        }
        affine(&third, 1, network_.third_bias.get(), 0, true, third_);
        affine(&output, 1, network_.output_bias.get(), 0, false, logits_);
        share(team_, parts.count(), [&](int part, int worker) {
            const long begin = parts.clip(part), end = parts.clip_end(part);
            for (long clip = begin; clip < end; ++clip) draw(clip, step, request, worker);
            if ((step + 1) % lowest) enter(begin, end, step + 1, 1);
        });
        tape_.advance();
    }
}
