// Some clips that are made together by one team. What its functions do is in the files below.

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

    void load_state(const float* const* hidden, const float* const* cell, const int64_t* past, long all_clips);
    void read_state(float* const* hidden, float* const* cell, int64_t* past, long all_clips) const;
    void load_residuals(const float* from);
    void read_residuals(float* to) const;
    void follow(const DeepcutsGuide* guide) { guide_ = guide; }
    void adapt_by(int taps, float step, float most);
    void load_adapted(const float* weights, const float* errors, const float* moved);
    void read_adapted(float* weights, float* errors, float* moved) const;
    void make(const DeepcutsSamplingRequest& request);

private:
    struct TierState {
        TierState(const Network& network, const Tier& tier, int clips)
            : frame(clips, tier.size + tier.guide_inputs, network.form_of(tier.size + tier.guide_inputs)),
              skip_output(clips, network.width, network.form_of(network.width)),
              conditioning(clips, tier.upsample.columns(), Form::floats) {
            if (tier.expand.tiles) expanded = Rows(clips, network.width, network.form_of(network.width));
            for (size_t k = 0; k < tier.layers.size(); ++k) {
                for (auto& turn : hidden) turn.emplace_back(clips, network.width, network.form_of(network.width));
                cell.emplace_back(clips, network.width, Form::floats);
            }
        }
        const Rows& input() const { return expanded.width() ? expanded : frame; }
        Rows frame, expanded, skip_output, conditioning;
        std::vector<Rows> hidden[2], cell;
        int turn = 0;  // which of the two is the newest
    };
    struct Term {
        const Matrix* matrix;
        const Rows* rows;
    };

    void take_filters(long step);
    float scale_of(long clip, long step) const;
    void hear_guide(const Tier& tier, float* frame, long clip, long step) const;
    void step_tier(size_t place, long step);
    void step_layer(const Tier& tier, TierState& state, size_t place);
    void affine(const Term* terms, int count, const float* start, long start_stride, bool rectified, const Rows& to);
    void cells_of_lstm(const float* gates, const Rows& cell, const Rows& hidden, long clip, long block) const;
    void cells_of_gru(
        const float* gates, const float* old, const Rows& before, const Rows& hidden, long clip, long block) const;
    double cost_of(const Term* terms, int count) const;
    void weigh(const Rows& rows);
    template <int V>
    void look_up(const int32_t* codes, long column, const float* from, float* to) const;
    void enter(long begin, long end, long step, long ahead);
    void draw(long clip, long step, const DeepcutsSamplingRequest& request, int worker);

    const long first_, count_;
    const Network& network_;
    Team& team_;
    Tape tape_;
    Rows entering_, third_, logits_;
    Buffer<float> none_;
    const DeepcutsGuide* guide_ = nullptr;
    Buffer<float> filters_;  // the guide's at this time, with zeros before them
    long filter_ = 0;        // length of each
    Buffer<float> adaptive_; // the weights of each clip's adaptive filter
    long taps_ = 0;          // length of each; 0 for none
    float step_ = 0.0f, most_ = 0.0f;
    std::vector<TierState> tiers_;
    std::vector<Buffer<float>> gates_;  // of each worker
    std::vector<Drawing> drawings_;     // the same
};
