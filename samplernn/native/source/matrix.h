// Matrices packed for products with rows. A tile is a few vectors of outputs; its weights lie one behind the other in
// the order in which they are used. Every output is one running sum over the inputs in their order, whatever the number
// of clips or threads: so a clip is the same, bit for bit, in any company.

// How many sums a product keeps in registers: a tile of outputs for some clips, or several tiles for one.
constexpr int most_sums = DC_SET >= DC_AVX512 || defined_neon ? 24 : 10;
constexpr int tile_vectors = 2;
constexpr long worth_fetching = 32 << 10;

struct Matrix {
    Form form = Form::floats;
    long inputs = 0, steps = 0;
    int vectors = 0, tile = 1, tiles = 0;
    Buffer<char> weights;
    Buffer<float> scales;  // of each output, for bytes
    Buffer<int32_t> sums;  // of the weights of each output, for bytes

    long columns() const { return static_cast<long>(vectors) * lanes; }
    int vectors_of(long place) const { return place == tiles - 1 ? vectors - (tiles - 1) * tile : tile; }
    const char* weights_of(long place) const { return weights.get() + place * tile * steps * (lanes * 4); }
};

constexpr int values_per_step(Form form) { return form == Form::floats ? 1 : form == Form::halves ? 2 : 4; }

// Each form says how a step of weights becomes vectors, and how they are multiplied with the step of a row. A step
// holds a vector of 32-bit words; `parts` of them are used one after another. `fetched` says that even for one clip the
// weights come in time only where they are asked for early, and from one place at a time.
struct InFloats {
    using Sum = Floats;
    using Word = Floats;
    static constexpr int parts = 1, row_bytes = 4, sums = 1;
    static constexpr bool fetched = false;
    static const char* begin(const Taken& x) { return reinterpret_cast<const char*>(x.floats); }
    static long stride(const Taken& x) { return x.stride * 4; }
    DC_INLINE Floats weight(const char* w, int) { return floats_of(load_ints(w)); }
    DC_INLINE Word word(const char* x, long, int) { return floats_of(all_bits(x)); }
    DC_INLINE void add(Sum& sum, Floats w, Word x) { sum = fma(w, x, sum); }
    DC_INLINE Floats total(Sum sum, const Matrix&, long, float) { return sum; }
};

#if DC_SET == DC_AVX512_BF16

struct InHalves {
    using Sum = Floats;
    using Word = Ints;
    static constexpr int parts = 1, row_bytes = 4, sums = 1;
    static constexpr bool fetched = false;
    static const char* begin(const Taken& x) { return reinterpret_cast<const char*>(x.halves); }
    static long stride(const Taken& x) { return x.stride * 2; }
    DC_INLINE Ints weight(const char* w, int) { return load_ints(w); }
    DC_INLINE Word word(const char* x, long, int) { return all_bits(x); }
    DC_INLINE void add(Sum& sum, Ints w, Word x) {
        sum = _mm512_dpbf16_ps(sum, reinterpret_cast<__m512bh>(w), reinterpret_cast<__m512bh>(x));
    }
    DC_INLINE Floats total(Sum sum, const Matrix&, long, float) { return sum; }
};

struct InBytes {
    struct Sum {
        Ints upper, lower;
    };
    using Word = Sum;
    static constexpr int parts = 1, row_bytes = 4, sums = 2;
    static constexpr bool fetched = false;
    static const char* begin(const Taken& x) { return reinterpret_cast<const char*>(x.bytes); }
    static long stride(const Taken& x) { return x.stride * 2; }
    DC_INLINE Ints weight(const char* w, int) { return load_ints(w); }
    DC_INLINE Word word(const char* x, long stride, int) { return {all_bits(x), all_bits(x + stride / 2)}; }
    DC_INLINE void add(Sum& sum, Ints w, Word x) {
        sum.upper = (Ints)_mm512_dpbusd_epi32((__m512i)sum.upper, (__m512i)x.upper, (__m512i)w);
        sum.lower = (Ints)_mm512_dpbusd_epi32((__m512i)sum.lower, (__m512i)x.lower, (__m512i)w);
    }
    DC_INLINE Floats total(Sum sum, const Matrix& m, long column, float scale) {
        const Ints upper = sum.upper - (load_ints(m.sums.get() + column) << 7);
        const Floats lower = __builtin_convertvector(sum.lower, Floats);
        const Floats exact = fma(__builtin_convertvector(upper, Floats), all(256.0f), lower);
        return exact * (load(m.scales.get() + column) * scale);
    }
};

#else

struct InHalves : InFloats {
    static constexpr int parts = 2, row_bytes = 8;
    DC_INLINE Floats weight(const char* w, int part) {
        const Ints both = load_ints(w);
        return floats_of(part ? both & static_cast<int32_t>(0xffff0000) : both << 16);
    }
    DC_INLINE Word word(const char* x, long, int part) { return floats_of(all_bits(x + part * 4)); }
};

#if DC_SET == DC_AVX2

// Weights become 16 bits wide, so that two products at a time add up to a whole number of 32 bits; nothing is rounded
// before the end. Four outputs lie in a vector, each as two sums: of the inputs 0 and 1, and 2 and 3, of every step.
struct InBytes {
    struct Sum {
        Ints first, second;
    };
    using Word = Ints;
    static constexpr int parts = 1, row_bytes = 8, sums = 2;
    static constexpr bool fetched = true;
    static const char* begin(const Taken& x) { return reinterpret_cast<const char*>(x.bytes); }
    static long stride(const Taken& x) { return x.stride * 2; }
    DC_INLINE Ints wide(const char* w) {
        return (Ints)_mm256_cvtepi8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(w)));
    }
    DC_INLINE Sum weight(const char* w, int) { return {wide(w), wide(w + 16)}; }
    DC_INLINE Word word(const char* x, long, int) {
        long long four;
        __builtin_memcpy(&four, x, 8);
        return (Ints)_mm256_set1_epi64x(four);
    }
    DC_INLINE void add(Sum& sum, Sum w, Word x) {
        sum.first += (Ints)_mm256_madd_epi16((__m256i)w.first, (__m256i)x);
        sum.second += (Ints)_mm256_madd_epi16((__m256i)w.second, (__m256i)x);
    }
    DC_INLINE Floats total(Sum sum, const Matrix& m, long column, float scale) {
        const __m256i both = _mm256_hadd_epi32((__m256i)sum.first, (__m256i)sum.second);
        const Ints whole = (Ints)_mm256_permute4x64_epi64(both, 0xd8);
        return __builtin_convertvector(whole, Floats) * (load(m.scales.get() + column) * scale);
    }
};

#else

struct InBytes : InFloats {
    static constexpr int parts = 4, row_bytes = 16;
    DC_INLINE Floats weight(const char* w, int part) {
        return __builtin_convertvector(load_ints(w) << (24 - 8 * part) >> 24, Floats);
    }
    DC_INLINE Word word(const char* x, long, int part) { return floats_of(all_bits(x + part * 4)); }
    DC_INLINE Floats total(Sum sum, const Matrix& m, long column, float) { return sum * load(m.scales.get() + column); }
};

#endif

#endif

// Where the results go and what they are added to, for the first clip and the first column of the first tile.
struct Onto {
    const float* start;
    long start_stride;
    float* to;
    long stride;
};

// What is fetched into the cache meanwhile: some lines during every few steps, for each tile.
struct Ahead {
    static constexpr long steps = 4, line = 64, distance = 8 << 10;
    const char* from;
    long lines;

    template <int T>
    void fetch(long next_tile) {
        for (long k = 0; k < lines; ++k)
            for (int t = 0; t < T; ++t) __builtin_prefetch(from + t * next_tile + k * line, 0, 2);
        from += lines * line;
    }
};

// V vectors of outputs in each of T tiles, for C clips.
template <class F, int V, int C, int T>
static void block(
    const Matrix& m, long tile, const char* x, long stride, const float* scales, const Onto& onto, Ahead ahead) {
    typename F::Sum sums[T][C][V] = {};
    const char* w = m.weights_of(tile);
    const long next_tile = static_cast<long>(V) * m.steps * (lanes * 4);
    for (long step = 0; step < m.steps; ++step) {
        if (step % Ahead::steps == 0) ahead.fetch<T>(next_tile);
#pragma GCC unroll 4
        for (int part = 0; part < F::parts; ++part) {
#pragma GCC unroll 8
            for (int t = 0; t < T; ++t) {
                decltype(F::weight(w, 0)) weights[V];
#pragma GCC unroll 4
                for (int v = 0; v < V; ++v) weights[v] = F::weight(w + t * next_tile + v * (lanes * 4), part);
#pragma GCC unroll 24
                for (int c = 0; c < C; ++c) {
                    const typename F::Word word = F::word(x + c * stride, stride, part);
#pragma GCC unroll 4
                    for (int v = 0; v < V; ++v) F::add(sums[t][c][v], weights[v], word);
                }
            }
        }
        w += V * (lanes * 4);
        x += F::row_bytes;
    }
#pragma GCC unroll 24
    for (int c = 0; c < C; ++c) {
        const float scale = scales ? scales[c] : 1.0f;
#pragma GCC unroll 16
        for (int k = 0; k < T * V; ++k) {
            const float* from = onto.start + c * onto.start_stride + k * lanes;
            const Floats total = F::total(sums[k / V][c][k % V], m, tile * m.tile * lanes + k * lanes, scale);
            store(onto.to + c * onto.stride + k * lanes, load(from) + total);
        }
    }
}

// How many tiles to take at once, a power of two, so that enough sums are under way.
constexpr int tiles_for(int sums) {
    return sums * 8 <= most_sums ? 8 : sums * 4 <= most_sums ? 4 : sums * 2 <= most_sums ? 2 : 1;
}

// Some tiles of V vectors for C clips; what is fetched is further on in them if `ahead` says nothing else. There is only
// one tile of a single vector.
template <class F, int V, int C, int T = V == 1 || F::fetched ? 1 : tiles_for(F::sums * V * C)>
static void tiles_block(
    const Matrix& m, long begin, long end, const char* x, long stride, const float* scales, Onto onto, Ahead ahead) {
    for (; begin + T <= end; begin += T) {
        const Ahead same{m.weights_of(begin) + Ahead::distance / T, ahead.lines};
        block<F, V, C, T>(m, begin, x, stride, scales, onto, ahead.from ? ahead : same);
        onto.start += T * V * lanes;
        onto.to += T * V * lanes;
    }
    constexpr int fewer = C == 1 ? T / 2 : 1;
    if constexpr (T > 1) tiles_block<F, V, C, fewer>(m, begin, end, x, stride, scales, onto, ahead);
}

template <class F, int V, int C>
static void clips_block(
    long clips, const Matrix& m, long begin, long end, const char* x, long stride, const float* scales,
    const Onto& onto, Ahead ahead) {
    if constexpr (C > 1) {
        if (clips < C) return clips_block<F, V, C - 1>(clips, m, begin, end, x, stride, scales, onto, ahead);
    }
    tiles_block<F, V, C>(m, begin, end, x, stride, scales, onto, ahead);
}

// Tiles of V vectors for all clips: if those are few, many tiles at once, otherwise one tile after another.
template <class F, int V>
static void tiles_product(const Matrix& m, long begin, long end, const Taken& x, long clips, const Onto& onto) {
    constexpr int at_once = most_sums / F::sums / (V == 1 ? 2 : V);
    const long stride = F::stride(x);
    if (clips <= at_once) {
        // The processor itself fetches well for one clip or two, but too late where much is done with each weight.
        const long lines = clips >= 4 || F::fetched ? Ahead::steps * V * (lanes * 4) / Ahead::line : 0;
        return clips_block<F, V, at_once>(clips, m, begin, end, F::begin(x), stride, x.scales, onto, {nullptr, lines});
    }
    const long blocks = (clips + at_once - 1) / at_once;
    // The next tile comes while this one is used.
    const long bytes = V * m.steps * (lanes * 4), rounds = blocks * (m.steps / Ahead::steps + 1);
    const long lines = bytes >= worth_fetching ? bytes / (rounds * Ahead::line) + 1 : 0;
    for (long tile = begin; tile < end; ++tile) {
        const long moved = (tile - begin) * V * lanes;
        for (long k = 0; k < blocks; ++k) {
            const long clip = clips * k / blocks, clip_end = clips * (k + 1) / blocks;
            const Onto here{
                onto.start + clip * onto.start_stride + moved, onto.start_stride, onto.to + clip * onto.stride + moved,
                onto.stride};
            const Ahead ahead{m.weights_of(tile) + bytes * (blocks + k) / blocks, lines};
            const float* const scales = x.scales ? x.scales + clip : nullptr;
            clips_block<F, V, at_once>(
                clip_end - clip, m, tile, tile + 1, F::begin(x) + clip * stride, stride, scales, here, ahead);
        }
    }
}

template <class F>
static void any_product(const Matrix& m, long begin, long end, const Taken& x, long clips, const Onto& onto) {
    const bool narrow = end == m.tiles && m.vectors_of(end - 1) < m.tile;
    const long whole = narrow ? end - 1 : end;
    if (m.tile == 3) tiles_product<F, 3>(m, begin, whole, x, clips, onto);
    else tiles_product<F, tile_vectors>(m, begin, whole, x, clips, onto);
    if (!narrow) return;
    const long moved = (whole - begin) * m.tile * lanes;
    const Onto rest{onto.start + moved, onto.start_stride, onto.to + moved, onto.stride};
    tiles_product<F, 1>(m, whole, end, x, clips, rest);
}

// The outputs of the tiles `begin` to `end` for some clips.
static void product(const Matrix& m, long begin, long end, const Taken& x, long clip, long clips, const Onto& onto) {
    const long moved = clip * x.stride;
    const Taken here{
        x.floats + moved, x.halves ? x.halves + moved : nullptr, x.bytes ? x.bytes + 2 * moved : nullptr,
        x.scales ? x.scales + clip : nullptr, x.stride};
    if (m.form == Form::floats) any_product<InFloats>(m, begin, end, here, clips, onto);
    if (m.form == Form::halves) any_product<InHalves>(m, begin, end, here, clips, onto);
    if (m.form == Form::bytes) any_product<InBytes>(m, begin, end, here, clips, onto);
}
