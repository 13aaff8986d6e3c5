// The C interface (models, sampling requests, losses), and what every generator can do. Plain C types: nothing here depends on
// Python or torch.
#pragma once

#include <cstddef>
#include <cstdint>

#include "team.h"

extern "C" {

// x to x * weights + bias; weights lie row by row, one row for each input.
struct DeepcutsAffine {
    const float* weights;
    const float* bias;
    int32_t inputs, outputs;
};

struct DeepcutsCell {
    DeepcutsAffine inward;
    const float* recurrent;
};

struct DeepcutsTier {
    int32_t size, ratio;  // samples per frame; frames or samples of the tier below per frame
    DeepcutsAffine expand, skip_projection, upsample;  // the first two without weights where there are none
    const DeepcutsCell* cells;
};

// Everything is as in samplernn/engines/folded.py; what is not there is null.
struct DeepcutsModel {
    int32_t levels, width, units, layers, tier_count, gru, lookback, context_length, order, residuals;
    const DeepcutsTier* tiers;
    const float* tables;
    DeepcutsAffine third, output;
    const float* hear;
    const float* lpc;
    const float* values;
    float residual_scale;
};

struct DeepcutsSamplingRequest {
    int64_t samples;
    const float* chances;
    const float* temperature;
    const int32_t* top_k;
    const float* top_p;
    int64_t* codes;
    float* odds;  // may be null
};

// What a network with guides is told of the next samples, as samplernn/network/conditioning.py: a frame for every `hop`
// samples, a multiple of what the slowest tier hears at once. All [clips, frames, ...]; where a scale is 0 there is no
// guide.
struct DeepcutsGuide {
    int64_t frames;
    int32_t hop, order, count;
    const float* filters;   // `order` coefficients, the newest sample last; the order is not above that of the model
    const float* scales;
    const float* features;  // `count` numbers for the slowest tier
};

// As samplernn/network/loss.py has it; with a prior its shift and narrowness come after the levels of each row.
struct DeepcutsLoss {
    int64_t rows;
    int32_t levels, halves;  // halves: the logits are bfloat16, else float32
    void* logits;  // [rows, levels], or [rows, levels + 2] with a prior; the gradient takes their place
    const int64_t* target;
    const float* values;  // null for no prior
    const float* predicted;
    float residual_scale;
};

// As samplernn/guides/conditioning.py:levinson has it, but for the order of the numbers in memory.
struct DeepcutsLevinson {
    int64_t frames;  // a multiple of 16
    int32_t order;
    float largest_reflection;
    const float* lags;  // [order + 1, frames]
    float* predictors;  // [order, frames], the newest sample first
    float* left;        // [frames], the variance of what the predictors leave
};

// Residuals, in units of their scales and clamped, and filters that run over them: samplernn/network/adaptive.py.
struct DeepcutsAdapting {
    int64_t streams, samples;
    int32_t taps;  // a multiple of 64
    float step, most;
    const float* errors;   // [streams, samples]
    const uint8_t* there;  // [streams, samples]: whether there is a guide
    float* weights;        // [streams, taps]
    float* last;           // [streams, taps]: the residuals before, then the last of these
    float* moved;          // [streams, samples]
};

}  // extern "C"

namespace deepcuts {

enum Precision : int32_t { in_floats = 0, in_halves = 1, in_bytes = 2 };

class Generator {
public:
    virtual ~Generator();
    // Arrays of each tier, [layers, clips, width], and codes [clips, context_length].
    virtual void load_state(const float* const* hidden, const float* const* cell, const int64_t* past) = 0;
    virtual void read_state(float* const* hidden, float* const* cell, int64_t* past) const = 0;
    // The features of the last residuals, [clips, residuals, 2].
    virtual void load_residuals(const float* from) = 0;
    virtual void read_residuals(float* to) const = 0;
    // What the next request is to follow; null for no guide. The arrays have to stay until it is made.
    virtual void follow(const DeepcutsGuide* guide) = 0;
    // From now on an adaptive filter of so many taps moves the prior; see samplernn/network/adaptive.py.
    virtual void adapt_by(int taps, float step, float most) = 0;
    // Its weights and the last residuals, [clips, taps] each, and how far the last priors were moved, [clips, residuals].
    virtual void load_adapted(const float* weights, const float* errors, const float* moved) = 0;
    virtual void read_adapted(float* weights, float* errors, float* moved) const = 0;
    virtual void make(const DeepcutsSamplingRequest& request) = 0;
    // Bytes of weights that are read for each frame of the slowest tier, tables not counted.
    virtual int64_t weight_bytes() const = 0;
};

// One for each instruction set; the caller owns what they return.
Generator* open_plain(const DeepcutsModel& model, int clips, int threads, Precision precision);
Generator* open_avx2(const DeepcutsModel& model, int clips, int threads, Precision precision);
Generator* open_avx512(const DeepcutsModel& model, int clips, int threads, Precision precision);
Generator* open_avx512_bf16(const DeepcutsModel& model, int clips, int threads, Precision precision);

// Sum of the bits of all rows.
double loss_plain(const DeepcutsLoss& loss);
double loss_avx2(const DeepcutsLoss& loss);
double loss_avx512(const DeepcutsLoss& loss);
double loss_avx512_bf16(const DeepcutsLoss& loss);

void levinson_plain(const DeepcutsLevinson& asked);
void levinson_avx2(const DeepcutsLevinson& asked);
void levinson_avx512(const DeepcutsLevinson& asked);
void levinson_avx512_bf16(const DeepcutsLevinson& asked);

void adapt_plain(const DeepcutsAdapting& asked);
void adapt_avx2(const DeepcutsAdapting& asked);
void adapt_avx512(const DeepcutsAdapting& asked);
void adapt_avx512_bf16(const DeepcutsAdapting& asked);

// The code that is drawn once `top_k` and `top_p` have left some out; `order` has room for a number per level.
int draw_likely(const float* odds, int levels, float chance, int top_k, float top_p, int32_t* order);

}  // namespace deepcuts
