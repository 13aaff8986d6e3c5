// Numbers in rows, one row for each clip, in every form that products take them in. Part of each instruction set's
// namespace, as all files below.

template <class T>
class Buffer {
public:
    Buffer() = default;
    explicit Buffer(long count) : count_(count), data_(static_cast<T*>(allocate(bytes()))) {}
    Buffer(Buffer&& other) noexcept : count_(other.count_), data_(other.data_) { other.data_ = nullptr; }
    Buffer& operator=(Buffer&& other) noexcept {
        T* const mine = data_;
        const long count = count_;
        data_ = other.data_;
        count_ = other.count_;
        other.data_ = mine;
        other.count_ = count;
        return *this;
    }
    ~Buffer() {
        if (data_) release(data_, bytes());
    }
    T* get() const { return data_; }
    T& operator[](long place) const { return data_[place]; }
    long size() const { return count_; }

private:
    // One cache line more: vectors may be read a little beyond the end.
    size_t bytes() const { return static_cast<size_t>(count_) * sizeof(T) + 64; }

    long count_ = 0;
    T* data_ = nullptr;
};

constexpr long up_to(long count, long multiple) { return (count + multiple - 1) / multiple * multiple; }
DC_INLINE long least(long a, long b) { return a < b ? a : b; }
DC_INLINE long most(long a, long b) { return a > b ? a : b; }

// How the weights of a product are held.
enum class Form { floats, halves, bytes };

// Whether rows are, too; otherwise the weights become floats as they are used.
constexpr bool rows_in_halves = DC_SET == DC_AVX512_BF16, rows_in_bytes = rows_in_halves || DC_SET == DC_AVX2;

// What a product takes of rows: where the first begins, in the form of its weights.
struct Taken {
    const float* floats = nullptr;
    const uint16_t* halves = nullptr;
    const uint8_t* bytes = nullptr;
    const float* scales = nullptr;
    long stride = 0;
};

// `width` numbers for each clip. Halves and bytes are there for products with weights of that kind. A row of bytes
// holds 16 bits for each number, in units of the row's scale: in AVX2 whole numbers with a sign, so small that a sum of
// `width` of them, 127 times each, is below 2^31; otherwise moved up by 2^15, first all upper bytes, then all lower ones.
class Rows {
public:
    Rows() = default;
    // For products with weights of that form.
    Rows(long clips, long width, Form form)
        : width_(width), stride_(up_to(width, 32) + 32), floats_(clips * stride_) {
        if (rows_in_halves && form == Form::halves) halves_ = Buffer<uint16_t>(clips * stride_);
        if (rows_in_bytes && form == Form::bytes) {
            bytes_ = Buffer<uint8_t>(clips * stride_ * 2);
            scales_ = Buffer<float>(clips);
        }
    }
    float* row(long clip) const { return floats_.get() + clip * stride_; }
    long stride() const { return stride_; }
    long width() const { return width_; }
    bool in_bytes() const { return bytes_.get() != nullptr; }
    Taken taken() const { return {floats_.get(), halves_.get(), bytes_.get(), scales_.get(), stride_}; }

    // Brings the halves of some columns, both ends multiples of the vector, up to date with the floats.
    void halve(long clip, long begin, long end) const {
        if (!halves_.get()) return;
        const float* from = row(clip);
        uint16_t* to = halves_.get() + clip * stride_;
        for (long k = begin; k < end; k += lanes) store_halves(to + k, load(from + k));
    }

    // The same for the bytes of a whole row.
    void weigh(long clip) const {
        const float* from = row(clip);
        const Ints size_bits = Ints{} + INT32_MAX;
        Floats peaks = {};
        for (long k = 0; k < width_; k += lanes) peaks = largest(floats_of(bits_of(load(from + k)) & size_bits), peaks);
        const float peak = maximum(peaks);
        const bool sound = peak > 1e-30f && peak < 1e30f;
#if DC_SET == DC_AVX2
        const float largest_number = static_cast<float>(least(32767, INT32_MAX / (127 * most(width_, 1))));
#else
        constexpr float largest_number = 32767.0f;
#endif
        const float unit = sound ? largest_number / peak : 0.0f;
        scales_[clip] = sound ? peak / largest_number : 0.0f;
        uint8_t* upper = bytes_.get() + clip * stride_ * 2;
        for (long k = 0; k < width_; k += lanes) {
#if DC_SET == DC_AVX2
            const Floats x = sound ? load(from + k) : Floats{};
            store_shorts(upper + k * 2, whole_numbers(smallest(largest(x, all(-peak)), all(peak)) * all(unit)));
#else
            const Floats magic = all(12582912.0f + 32768.0f);
            const Floats x = sound ? load(from + k) : Floats{};
            const Ints moved = bits_of(fma(smallest(largest(x, all(-peak)), all(peak)), all(unit), magic));
            store_bytes(upper + k, moved >> 8);
            store_bytes(upper + stride_ + k, moved);
#endif
        }
    }

private:
    long width_ = 0, stride_ = 0;
    Buffer<float> floats_;
    Buffer<uint16_t> halves_;
    Buffer<uint8_t> bytes_;
    Buffer<float> scales_;
};
