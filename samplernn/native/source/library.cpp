// The functions that Python calls, by ctypes: none of them needs the interpreter, so it goes on meanwhile.
#include <exception>

#include "generator.h"

#if defined(_WIN32)
#define DEEPCUTS_PUBLIC extern "C" __declspec(dllexport)
#else
#define DEEPCUTS_PUBLIC extern "C" __attribute__((visibility("default")))
#endif

namespace {

using deepcuts::Generator;
using deepcuts::Precision;
using Opener = Generator* (*)(const DeepcutsModel&, int, int, Precision);
using Judge = double (*)(const DeepcutsLoss&);
using Predict = void (*)(const DeepcutsLevinson&);
using Adapt = void (*)(const DeepcutsAdapting&);

// From the least to the best.
constexpr const char* set_names[] = {"plain", "avx2", "avx512", "avx512-bf16"};

bool has(int set) {
#if defined(__x86_64__)
    const bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
    switch (set) {
        case 0: return true;
        case 1: return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
        case 2: return avx512;
        case 3: return avx512 && __builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("avx512bf16");
        default: return false;
    }
#else
    return set == 0;
#endif
}

// What the library does by an instruction set that the processor has.
struct Set {
    Opener open;
    Judge loss;
    Predict levinson;
    Adapt adapt;
};

const Set& of_set(int set) {
    static constexpr Set all[] = {
        {deepcuts::open_plain, deepcuts::loss_plain, deepcuts::levinson_plain, deepcuts::adapt_plain},
#if defined(__x86_64__)
        {deepcuts::open_avx2, deepcuts::loss_avx2, deepcuts::levinson_avx2, deepcuts::adapt_avx2},
        {deepcuts::open_avx512, deepcuts::loss_avx512, deepcuts::levinson_avx512, deepcuts::adapt_avx512},
        {deepcuts::open_avx512_bf16, deepcuts::loss_avx512_bf16, deepcuts::levinson_avx512_bf16, deepcuts::adapt_avx512_bf16},
#endif
    };
    return all[set];
}

}  // namespace

namespace deepcuts {

Generator::~Generator() = default;

}  // namespace deepcuts

// The name of an instruction set, or null where this processor does not have it.
DEEPCUTS_PUBLIC const char* deepcuts_set(int32_t set) {
    return set >= 0 && set < 4 && has(set) ? set_names[set] : nullptr;
}

// What the caller has to agree on: a library of another version is not to be used.
DEEPCUTS_PUBLIC int64_t deepcuts_layout() {
    const uint64_t loss = sizeof(DeepcutsLoss), model = sizeof(DeepcutsModel), tier = sizeof(DeepcutsTier);
    return static_cast<int64_t>(loss << 48 | model << 32 | tier << 16 | sizeof(DeepcutsSamplingRequest));
}

// The constants that the library was built with, in the order of NAMES of samplernn/prior_constants.py.
DEEPCUTS_PUBLIC const float* deepcuts_constants() {
    static constexpr float all[] = {
        RESIDUAL_LIMIT, RESIDUAL_FLOOR, RESIDUAL_GAIN, NARROWNESS_LIMIT, LEAST_PROBABILITY};
    return all;
}

// Null when there is not enough memory. The arrays of the model are not needed afterwards.
DEEPCUTS_PUBLIC void* deepcuts_open(
    const DeepcutsModel* model, int32_t clips, int32_t threads, int32_t precision, int32_t set) {
    try {
        return of_set(set).open(*model, clips, threads, static_cast<Precision>(precision));
    } catch (const std::exception&) {
        return nullptr;
    }
}

DEEPCUTS_PUBLIC void deepcuts_close(void* generator) { delete static_cast<Generator*>(generator); }

DEEPCUTS_PUBLIC int64_t deepcuts_weight_bytes(const void* generator) {
    return static_cast<const Generator*>(generator)->weight_bytes();
}

DEEPCUTS_PUBLIC void deepcuts_go_to(
    void* generator, const float* const* hidden, const float* const* cell, const int64_t* past) {
    static_cast<Generator*>(generator)->load_state(hidden, cell, past);
}

DEEPCUTS_PUBLIC void deepcuts_tell(const void* generator, float* const* hidden, float* const* cell, int64_t* past) {
    static_cast<const Generator*>(generator)->read_state(hidden, cell, past);
}

DEEPCUTS_PUBLIC void deepcuts_load_residuals(void* generator, const float* from) {
    static_cast<Generator*>(generator)->load_residuals(from);
}

DEEPCUTS_PUBLIC void deepcuts_read_residuals(const void* generator, float* to) {
    static_cast<const Generator*>(generator)->read_residuals(to);
}

// What the next request is to follow; null for no guide.
DEEPCUTS_PUBLIC void deepcuts_follow(void* generator, const DeepcutsGuide* guide) {
    static_cast<Generator*>(generator)->follow(guide);
}

DEEPCUTS_PUBLIC void deepcuts_make(void* generator, const DeepcutsSamplingRequest* request) {
    static_cast<Generator*>(generator)->make(*request);
}

// Sum of the bits of all rows, whose logits become the gradient of that sum in nats; NaN when there is not enough
// memory.
DEEPCUTS_PUBLIC double deepcuts_loss(const DeepcutsLoss* loss, int32_t set) {
    try {
        return of_set(set).loss(*loss);
    } catch (const std::exception&) {
        return __builtin_nan("");
    }
}

// 0 when there is not enough memory, else 1.
DEEPCUTS_PUBLIC int32_t deepcuts_levinson(const DeepcutsLevinson* asked, int32_t set) {
    try {
        of_set(set).levinson(*asked);
        return 1;
    } catch (const std::exception&) {
        return 0;
    }
}

// 0 when there is not enough memory, else 1.
DEEPCUTS_PUBLIC int32_t deepcuts_adapt(const DeepcutsAdapting* asked, int32_t set) {
    try {
        of_set(set).adapt(*asked);
        return 1;
    } catch (const std::exception&) {
        return 0;
    }
}

DEEPCUTS_PUBLIC void deepcuts_adapt_by(void* generator, int32_t taps, float step, float most) {
    static_cast<Generator*>(generator)->adapt_by(taps, step, most);
}

DEEPCUTS_PUBLIC void deepcuts_load_adapted(
    void* generator, const float* weights, const float* errors, const float* moved) {
    static_cast<Generator*>(generator)->load_adapted(weights, errors, moved);
}

DEEPCUTS_PUBLIC void deepcuts_read_adapted(const void* generator, float* weights, float* errors, float* moved) {
    static_cast<const Generator*>(generator)->read_adapted(weights, errors, moved);
}

// The library is built as a module of Python, the only kind of library that every installer can build.
DEEPCUTS_PUBLIC void* PyInit__generator() { return nullptr; }
