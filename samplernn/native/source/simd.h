// Vectors of floats for one instruction set. Included once by each file that builds the generator for such a set,
// inside its own namespace and with that set switched on; DC_SET says which one it is. No template of the standard
// library may be used from here on: its instances would be shared with code that runs on lesser processors.

constexpr int lanes = DC_SET >= DC_AVX512 ? 16 : DC_SET == DC_AVX2 ? 8 : 4;

typedef float Floats __attribute__((vector_size(lanes * 4)));
typedef int32_t Ints __attribute__((vector_size(lanes * 4)));
typedef float LooseFloats __attribute__((vector_size(lanes * 4), aligned(4), may_alias));
typedef int32_t LooseInts __attribute__((vector_size(lanes * 4), aligned(4), may_alias));
typedef uint16_t Halves __attribute__((vector_size(lanes * 2)));
typedef uint16_t LooseHalves __attribute__((vector_size(lanes * 2), aligned(2), may_alias));
typedef uint8_t LooseBytes __attribute__((vector_size(lanes), aligned(1), may_alias));

#define DC_INLINE static inline __attribute__((always_inline))

DC_INLINE Floats load(const float* from) { return *reinterpret_cast<const LooseFloats*>(from); }
DC_INLINE void store(float* to, Floats values) { *reinterpret_cast<LooseFloats*>(to) = values; }
DC_INLINE Ints load_ints(const void* from) { return *static_cast<const LooseInts*>(from); }
DC_INLINE Floats all(float value) { return Floats{} + value; }
DC_INLINE Floats floats_of(Ints bits) { return reinterpret_cast<Floats>(bits); }
DC_INLINE Ints bits_of(Floats values) { return reinterpret_cast<Ints>(values); }
DC_INLINE Floats largest(Floats a, Floats b) { return a > b ? a : b; }
DC_INLINE Floats smallest(Floats a, Floats b) { return a < b ? a : b; }

DC_INLINE Ints all_bits(const void* word) {
    int32_t bits;
    __builtin_memcpy(&bits, word, 4);
    return Ints{} + bits;
}

// a * b + c, rounded once where the processor can.
DC_INLINE Floats fma(Floats a, Floats b, Floats c) {
#if DC_SET >= DC_AVX512
    return _mm512_fmadd_ps(a, b, c);
#elif DC_SET == DC_AVX2
    return _mm256_fmadd_ps(a, b, c);
#elif defined(__aarch64__)
    return vfmaq_f32(c, a, b);
#else
    return a * b + c;
#endif
}

// For x from 1 up.
DC_INLINE Floats root(Floats x) {
#if DC_SET >= DC_AVX512
    const Floats guess = _mm512_rsqrt14_ps(x), near = x * guess;
    return fma(fma(near, -near, x), guess * 0.5f, near);
#elif DC_SET == DC_AVX2
    return _mm256_sqrt_ps(x);
#elif defined(__aarch64__)
    return vsqrtq_f32(x);
#elif defined(__SSE2__)
    return _mm_sqrt_ps(x);
#else
    for (int k = 0; k < lanes; ++k) x[k] = __builtin_sqrtf(x[k]);
    return x;
#endif
}

// 1 / root(x) for x from 1 up.
DC_INLINE Floats inverse_root(Floats x) {
#if DC_SET >= DC_AVX512
    const Floats guess = _mm512_rsqrt14_ps(x);
    return fma(fma(x * guess, -guess, all(1.0f)), guess * 0.5f, guess);
#else
    return 1.0f / root(x);
#endif
}

DC_INLINE float sum(Floats x) {
#if DC_SET >= DC_AVX512
    return _mm512_reduce_add_ps(x);
#else
    float each[lanes];
    store(each, x);
    for (int half = lanes / 2; half; half /= 2)
        for (int k = 0; k < half; ++k) each[k] += each[k + half];
    return each[0];
#endif
}

DC_INLINE float maximum(Floats x) {
#if DC_SET >= DC_AVX512
    return _mm512_reduce_max_ps(x);
#else
    float most = x[0];
    for (int k = 1; k < lanes; ++k) most = x[k] > most ? x[k] : most;
    return most;
#endif
}

// e^x for x up to 88, with a relative error below 2e-7 (the polynomial is that of Cephes); 0 below -87.
DC_INLINE Floats exponential(Floats x) {
    x = smallest(largest(x, all(-104.0f)), all(88.0f));
    const Floats magic = all(12582912.0f);
    const Floats shifted = fma(x, all(1.44269504f), magic);
    const Floats whole = shifted - magic;
    Floats rest = fma(whole, all(-0.693359375f), x);
    rest = fma(whole, all(2.12194440e-4f), rest);
    Floats y = all(1.9875691500e-4f);
    y = fma(y, rest, all(1.3981999507e-3f));
    y = fma(y, rest, all(8.3334519073e-3f));
    y = fma(y, rest, all(4.1665795894e-2f));
    y = fma(y, rest, all(1.6666665459e-1f));
    y = fma(y, rest, all(5.0000001201e-1f));
    y = fma(y, rest * rest, rest + 1.0f);
#if DC_SET >= DC_AVX512
    return _mm512_scalef_ps(y, whole);
#else
    return x > -87.0f ? floats_of(bits_of(y) + (bits_of(shifted) << 23)) : Floats{};
#endif
}

// 1 / x for x from 1 to 2e38.
DC_INLINE Floats inverse(Floats x) {
#if DC_SET >= DC_AVX512
    const Floats guess = _mm512_rcp14_ps(x);
    return fma(guess, fma(guess, -x, all(1.0f)), guess);
#else
    return 1.0f / x;
#endif
}

DC_INLINE Floats sigmoid(Floats x) { return inverse(1.0f + exponential(-x)); }

DC_INLINE Floats tangent(Floats x) {
    const Ints sign = bits_of(x) & INT32_MIN;
    const Floats e = exponential(floats_of(bits_of(x) | INT32_MIN) * 2.0f);
    return floats_of(bits_of((1.0f - e) * inverse(1.0f + e)) | sign);
}

// bfloat16 is the upper half of a float, rounded to the nearest even.
DC_INLINE Floats load_halves(const uint16_t* from) {
    const Halves halves = *reinterpret_cast<const LooseHalves*>(from);
    return floats_of(__builtin_convertvector(halves, Ints) << 16);
}

DC_INLINE void store_halves(uint16_t* to, Floats values) {
#if DC_SET == DC_AVX512_BF16
    *reinterpret_cast<LooseHalves*>(to) = reinterpret_cast<Halves>(_mm512_cvtneps_pbh(values));
#else
    const Ints bits = bits_of(values);
    const Ints rounded = bits + 0x7fff + ((bits >> 16) & 1);
    *reinterpret_cast<LooseHalves*>(to) = __builtin_convertvector((rounded >> 16) & 0xffff, Halves);
#endif
}

// The lowest byte of each number.
DC_INLINE void store_bytes(uint8_t* to, Ints values) {
    *reinterpret_cast<LooseBytes*>(to) = __builtin_convertvector(values & 255, LooseBytes);
}

#if DC_SET == DC_AVX2

// Rounded to the nearest.
DC_INLINE Ints whole_numbers(Floats x) { return (Ints)_mm256_cvtps_epi32(x); }

// The lower 16 bits of each number.
DC_INLINE void store_shorts(void* to, Ints values) {
    *static_cast<LooseHalves*>(to) = __builtin_convertvector(values & 0xffff, Halves);
}

#endif
