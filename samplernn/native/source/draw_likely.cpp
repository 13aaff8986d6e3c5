#include <algorithm>
#include <numeric>

#include "generator.h"

namespace deepcuts {

int draw_likely(const float* odds, int levels, float chance, int top_k, float top_p, int32_t* order) {
    int kept = top_k > 0 ? std::min(top_k, levels) : levels;
    std::iota(order, order + levels, 0);
    const auto likelier = [odds](int32_t a, int32_t b) { return odds[a] > odds[b] || (odds[a] == odds[b] && a < b); };
    if (top_k > 0 && kept < levels) std::nth_element(order, order + kept - 1, order + levels, likelier);
    if (top_p < 1.0f) {
        std::sort(order, order + kept, likelier);
        float all = 0.0f, before = 0.0f;
        for (int k = 0; k < kept; ++k) all += odds[order[k]];
        int enough = 1;
        for (before = odds[order[0]]; enough < kept && before < top_p * all; ++enough) before += odds[order[enough]];
        kept = enough;
    }
    std::sort(order, order + kept);
    float total = 0.0f, running = 0.0f;
    for (int k = 0; k < kept; ++k) total += odds[order[k]];
    int last = order[0];
    for (int k = 0; k < kept; ++k) {
        const float share = odds[order[k]];
        running += share;
        if (share > 0.0f) last = order[k];
        if (running > chance * total) break;
    }
    return last;
}

}  // namespace deepcuts
