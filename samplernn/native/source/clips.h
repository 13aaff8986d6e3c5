// Some clips that are made together by one team.

// A product cut into parts for a team: some tiles for some clips each.
struct Parts {
    int groups = 1, rounds = 1;
    long tiles, clips;

    Parts(long tile_count, long clip_count, int threads, double cost, long most_grain = 4) : tiles(tile_count), clips(clip_count) {
        constexpr double worth_sharing = 100e3, large = 1e6;  // multiplications
        if (threads == 1 || cost < worth_sharing) return;
        // Small parts can be taken over from a thread that is late; but each costs a little.
        const long pieces = cost < large ? threads : 4L * threads;
        const long grain = most(1, least(tile_count / pieces, cost < large ? tile_count : most_grain));
        groups = static_cast<int>((tile_count + grain - 1) / grain);
        rounds = static_cast<int>(least((2 * threads + groups - 1) / groups, (clip_count + 7) / 8));
    }
    int count() const { return groups * rounds; }
    long tile(int part) const { return tiles * (part % groups) / groups; }
    long tile_end(int part) const { return tiles * (part % groups + 1) / groups; }
    long clip(int part) const { return clips * (part / groups) / rounds; }
    long clip_end(int part) const { return clips * (part / groups + 1) / rounds; }
};

class Clips {
public:
    Clips(const Network& network, Team& team, int first, int count)
        : first_(first), count_(count), network_(network), team_(team), tape_(network, count),
          entering_(count, network.units, network.third.form), third_(count, network.units, network.output.form),
          logits_(count, network.output.columns(), Form::floats), none_(network.gates * up_to(network.width, lanes)) {
        for (const Tier& tier : network.tiers) tiers_.emplace_back(network, tier, count);
        const long room = count * 2L * network.gates * up_to(network.width, lanes);
        for (int worker = 0; worker < team.size(); ++worker) {
            gates_.emplace_back(room);
            drawings_.emplace_back(network.levels);
        }
    }

    void go_to(const float* const* hidden, const float* const* cell, const int64_t* past, long all_clips);
    void tell(float* const* hidden, float* const* cell, int64_t* past, long all_clips) const;
    void make(const DeepcutsDraw& draw);

private:
    struct TierState {
        TierState(const Network& network, const Tier& tier, int clips)
            : frame(clips, tier.size, network.form_of(tier.size)),
              heard(clips, network.width, network.form_of(network.width)),
              said(clips, tier.upsample.columns(), Form::floats) {
            if (tier.expand.tiles) expanded = Rows(clips, network.width, network.form_of(network.width));
            for (size_t k = 0; k < tier.layers.size(); ++k) {
                for (auto& turn : hidden) turn.emplace_back(clips, network.width, network.form_of(network.width));
                cell.emplace_back(clips, network.width, Form::floats);
            }
        }
        const Rows& input() const { return expanded.width() ? expanded : frame; }
        Rows frame, expanded, heard, said;
        std::vector<Rows> hidden[2], cell;
        int turn = 0;  // which of the two is the newest
    };
    struct Term {
        const Matrix* matrix;
        const Rows* rows;
    };

    void step_tier(size_t place, long step);
    void step_layer(const Tier& tier, TierState& state, size_t place);
    void affine(const Term* terms, int count, const float* start, long start_stride, bool rectified, const Rows& to);
    void cells_of_lstm(const float* gates, const Rows& cell, const Rows& hidden, long clip, long block) const;
    void cells_of_gru(const float* gates, const float* old, const Rows& before, const Rows& hidden, long clip, long block) const;
    void weigh(const Rows& rows);
    template <int V>
    void look_up(const int32_t* codes, long column, const float* from, float* to) const;
    void enter(long begin, long end, long step, long ahead);
    void draw(long clip, long step, const DeepcutsDraw& draw, int worker);

    const long first_, count_;
    const Network& network_;
    Team& team_;
    Tape tape_;
    Rows entering_, third_, logits_;
    Buffer<float> none_;
    std::vector<TierState> tiers_;
    std::vector<Buffer<float>> gates_;  // of each worker
    std::vector<Drawing> drawings_;     // the same
};

inline void Clips::affine(
    const Term* terms, int count, const float* start, long start_stride, bool rectified, const Rows& to) {
    double cost = 0.0;
    for (int k = 0; k < count; ++k) cost += static_cast<double>(count_) * terms[k].matrix->inputs * terms[k].matrix->columns();
    const Parts parts(terms[0].matrix->tiles, count_, team_.size(), cost);
    const long columns = static_cast<long>(terms[0].matrix->tile) * lanes, last = terms[0].matrix->columns();
    share(team_, parts.count(), [&](int part, int) {
        const long tile = parts.tile(part), tile_end = parts.tile_end(part), clip = parts.clip(part), end = parts.clip_end(part);
        const long column = tile * columns, column_end = least(tile_end * columns, last);
        Onto onto{start + clip * start_stride + column, start_stride, to.row(clip) + column, to.stride()};
        for (int k = 0; k < count; ++k) {
            product(*terms[k].matrix, tile, tile_end, terms[k].rows->taken(), clip, end - clip, onto);
            onto.start = onto.to;
            onto.start_stride = onto.stride;
        }
        for (long row = clip; row < end; ++row) {
            float* const out = to.row(row);
            for (long k = column; rectified && k < column_end; k += lanes) store(out + k, largest(load(out + k), Floats{}));
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

inline void Clips::cells_of_lstm(const float* gates, const Rows& cell, const Rows& hidden, long clip, long block) const {
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
    double cost = 0.0;
    for (int k = 0; k < count; ++k) cost += static_cast<double>(count_) * terms[k].matrix->inputs * terms[k].matrix->columns();
    const long blocks = up_to(network_.width, lanes) / lanes, across = static_cast<long>(network_.gates) * lanes;
    const long tiles_each = network_.gates / layer.recurrent.tile;
    const Parts parts(blocks, count_, team_.size(), cost, 2);
    share(team_, parts.count(), [&](int part, int worker) {
        const long block = parts.tile(part), block_end = parts.tile_end(part), clip = parts.clip(part), end = parts.clip_end(part);
        const long stride = across * (block_end - block);
        float* const gates = gates_[static_cast<size_t>(worker)].get();
        float* const old = gates + (end - clip) * stride;  // what a GRU keeps apart
        Onto onto{layer.bias.get() + block * across, 0, gates, stride};
        for (int k = 0; k < count; ++k) {
            if (network_.gru && k == count - 1) onto = {none_.get(), 0, old, stride};
            product(*terms[k].matrix, block * tiles_each, block_end * tiles_each, terms[k].rows->taken(), clip, end - clip, onto);
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
        state.frame.halve(clip, 0, up_to(tier.size, lanes));
    }
    weigh(state.frame);
    if (tier.expand.tiles) {
        const Rows& above = tiers_[place - 1].said;
        const Tier& slower = network_.tiers[place - 1];
        const long said = step % slower.size / slower.step * slower.said;
        const Term term{&tier.expand, &state.frame};
        affine(&term, 1, above.row(0) + said, above.stride(), false, state.expanded);
    }
    for (size_t k = 0; k < tier.layers.size(); ++k) step_layer(tier, state, k);
    state.turn = 1 - state.turn;
    const auto& hidden = state.hidden[state.turn];
    const Rows* heard = &hidden.back();
    if (!tier.heard.empty()) {
        Term terms[64];
        for (size_t k = 0; k < tier.heard.size(); ++k) terms[k] = {&tier.heard[k], &hidden[k]};
        affine(terms, static_cast<int>(tier.heard.size()), tier.heard_bias.get(), 0, false, state.heard);
        heard = &state.heard;
    }
    const Term term{&tier.upsample, heard};
    affine(&term, 1, tier.upsample_bias.get(), 0, false, state.said);
}

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
        const float* said = tiers_.back().said.row(clip) + step % tier.size * tier.said;
        const int32_t* codes = tape_.codes(static_cast<int>(clip), ahead) - network_.lookback;
        float* const to = entering_.row(clip);
        constexpr long across = 8 * lanes;
        long column = 0;
        for (; column + across <= units; column += across) look_up<8>(codes, column, said + column, to + column);
        for (; column < units; column += lanes) look_up<1>(codes, column, said + column, to + column);
    }
    if (network_.order) {
        float* const to = entering_.row(begin);
        const Onto onto{to, entering_.stride(), to, entering_.stride()};
        product(network_.hear, 0, network_.hear.tiles, tape_.surprises(ahead), begin, end - begin, onto);
    }
    for (long clip = begin; clip < end; ++clip) {
        float* const to = entering_.row(clip);
        for (long k = 0; k < units; k += lanes) store(to + k, largest(load(to + k), Floats{}));
        entering_.halve(clip, 0, units);
        if (entering_.in_bytes()) entering_.weigh(clip);
    }
}

inline void Clips::draw(long clip, long step, const DeepcutsDraw& asked, int worker) {
    const Drawing& drawing = drawings_[static_cast<size_t>(worker)];
    const float* const logits = logits_.row(clip);
    const int levels = network_.levels;
    float predicted = 0.0f;
    BellPlace bell{nullptr, 0.0f, 0.0f};
    if (network_.order) {
        predicted = tape_.predicted(static_cast<int>(clip));
        const float shift = logits[levels], narrow = logits[levels + 1];
        const float cut = narrow < -5.0f ? -5.0f : narrow > 5.0f ? 5.0f : narrow;
        bell = {network_.values.get(), predicted + shift * network_.typical, exponential(all(-cut))[0] / network_.typical};
    }
    const long place = (first_ + clip) * asked.samples + step;
    const float total = drawing.weigh(logits, bell, 1.0f / asked.temperature[place]);
    if (asked.odds)
        for (long k = 0; k < levels; ++k) asked.odds[place * levels + k] = drawing.odds[k] / total;
    const float chance = asked.chances[place];
    const int top_k = asked.top_k[first_ + clip];
    const float top_p = asked.top_p[first_ + clip];
    const bool all_codes = top_k <= 0 && top_p >= 1.0f;
    const int code = all_codes ? drawing.pick(chance * total)
                               : draw_likely(drawing.odds.get(), levels, chance, top_k, top_p, drawing.order.get());
    asked.codes[place] = code;
    tape_.write(static_cast<int>(clip), code, predicted);
}

inline void Clips::make(const DeepcutsDraw& asked) {
    const long lowest = network_.tiers.back().size;
    const double each = (network_.lookback + 24.0) * network_.units + 8.0 * network_.levels + network_.filter;
    const Parts parts(1, count_, team_.size(), each * static_cast<double>(count_));
    const Term third{&network_.third, &entering_}, output{&network_.output, &third_};
    for (long step = 0; step < asked.samples; ++step) {
        tape_.prepare();
        if (step % lowest == 0) {
            for (size_t k = 0; k < tiers_.size(); ++k)
                if (step % network_.tiers[k].size == 0) step_tier(k, step);
            share(team_, parts.count(), [&](int part, int) { enter(parts.clip(part), parts.clip_end(part), step, 0); });
        }
        affine(&third, 1, network_.third_bias.get(), 0, true, third_);
        affine(&output, 1, network_.output_bias.get(), 0, false, logits_);
        share(team_, parts.count(), [&](int part, int worker) {
            const long begin = parts.clip(part), end = parts.clip_end(part);
            for (long clip = begin; clip < end; ++clip) draw(clip, step, asked, worker);
            if ((step + 1) % lowest) enter(begin, end, step + 1, 1);
        });
        tape_.advance();
    }
}

inline void Clips::go_to(const float* const* hidden, const float* const* cell, const int64_t* past, long all_clips) {
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
    for (long step = 0; step < network_.reach; ++step) {
        tape_.prepare();
        const bool judged = network_.order && step >= network_.reach - network_.surprises;
        for (int clip = 0; clip < count_; ++clip) {
            const long code = past[(first_ + clip) * network_.reach + step];
            tape_.write(clip, static_cast<int>(code), judged ? tape_.predicted(clip) : 0.0f);
        }
        tape_.advance();
    }
}

inline void Clips::tell(float* const* hidden, float* const* cell, int64_t* past, long all_clips) const {
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
        for (long k = 0; k < network_.reach; ++k)
            past[(first_ + clip) * network_.reach + k] = tape_.codes(clip)[k - network_.reach];
}
