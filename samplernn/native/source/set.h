// The whole generator, the loss and predictors, for one instruction set. The file that includes this says which (DC_SET)
// and what its namespace (DC_NAME) and the functions that open it (DC_OPEN), work out a loss (DC_LOSS), predictors
// (DC_LEVINSON) and adaptive filters (DC_ADAPT) are called; it has switched the set on after the headers of the system.

#if defined(__aarch64__)
#define defined_neon true
#else
#define defined_neon false
#endif

namespace deepcuts {
namespace DC_NAME {

#include "simd.h"

#include "rows.h"

#include "matrix.h"

#include "packing.h"

#include "prior.h"

#include "drawing.h"

#include "adaptive.h"

#include "network.h"

#include "tape.h"

#include "parts.h"

#include "clips.h"

#include "guide.h"

#include "frame_steps.h"

#include "sample_steps.h"

#include "recurrent_state.h"

#include "loss.h"

#include "levinson.h"

// A model that fits in a core's cache is shared out by clips: no thread has to wait for another. Otherwise all threads
// work on all clips, so that the weights are read only once.
constexpr long in_cache = 4L << 20;
constexpr int clips_in_group = 16;

class SetGenerator final : public Generator {
public:
    SetGenerator(const DeepcutsModel& model, int clips, int threads, Precision precision)
        : clips_(clips), team_(threads), alone_(1), network_(model, team_, precision) {
        const bool by_clips = threads > 1 && clips >= threads && network_.bytes() <= in_cache;
        const int each = by_clips ? static_cast<int>(least((clips + threads - 1) / threads, clips_in_group)) : clips;
        const int groups = (clips + each - 1) / each;
        groups_.reserve(static_cast<size_t>(groups));
        for (int k = 0; k < groups; ++k) {
            const int begin = clips * k / groups, end = clips * (k + 1) / groups;
            groups_.emplace_back(network_, by_clips ? alone_ : team_, begin, end - begin);
        }
    }

    void load_state(const float* const* hidden, const float* const* cell, const int64_t* past) override {
        for (Clips& group : groups_) group.load_state(hidden, cell, past, clips_);
    }

    void read_state(float* const* hidden, float* const* cell, int64_t* past) const override {
        for (const Clips& group : groups_) group.read_state(hidden, cell, past, clips_);
    }

    void load_residuals(const float* from) override {
        for (Clips& group : groups_) group.load_residuals(from);
    }

    void read_residuals(float* to) const override {
        for (const Clips& group : groups_) group.read_residuals(to);
    }

    void follow(const DeepcutsGuide* guide) override {
        for (Clips& group : groups_) group.follow(guide);
    }

    void adapt_by(int taps, float step, float most) override {
        for (Clips& group : groups_) group.adapt_by(taps, step, most);
    }

    void load_adapted(const float* weights, const float* errors, const float* moved) override {
        for (Clips& group : groups_) group.load_adapted(weights, errors, moved);
    }

    void read_adapted(float* weights, float* errors, float* moved) const override {
        for (const Clips& group : groups_) group.read_adapted(weights, errors, moved);
    }

    void make(const DeepcutsSamplingRequest& request) override {
        if (groups_.size() == 1) return groups_[0].make(request);
        share(team_, static_cast<int>(groups_.size()), [&](int group, int) {
            groups_[static_cast<size_t>(group)].make(request);
        });
    }

    int64_t weight_bytes() const override {
        int64_t bytes = network_.sample_bytes() * network_.tiers[0].size;
        for (const Tier& tier : network_.tiers) bytes += tier.bytes() * (network_.tiers[0].size / tier.size);
        return bytes;
    }

private:
    const int clips_;
    Team team_, alone_;
    const Network network_;
    std::vector<Clips> groups_;
};

}  // namespace DC_NAME

Generator* DC_OPEN(const DeepcutsModel& model, int clips, int threads, Precision precision) {
    return new DC_NAME::SetGenerator(model, clips, threads, precision);
}

double DC_LOSS(const DeepcutsLoss& loss) { return DC_NAME::loss_of(loss); }

void DC_LEVINSON(const DeepcutsLevinson& asked) { DC_NAME::levinson_of(asked); }

void DC_ADAPT(const DeepcutsAdapting& asked) { DC_NAME::adapt_of(asked); }

}  // namespace deepcuts
