// From the weights of Python to packed ones.

// Which column of the source each packed output is; -1 for one that only fills a vector.
using Columns = Buffer<int32_t>;

// `groups` times `width` outputs, each group filled up to whole vectors.
static Columns in_groups(long groups, long width) {
    const long padded = up_to(width, lanes);
    Columns columns(groups * padded);
    for (long k = 0; k < columns.size(); ++k)
        columns[k] = k % padded < width ? static_cast<int32_t>(k / padded * width + k % padded) : -1;
    return columns;
}

// The gates of a few units side by side: a vector of each gate, then the next units.
static Columns by_units(long gates, long width) {
    const long units = up_to(width, lanes);
    Columns columns(gates * units);
    for (long k = 0; k < columns.size(); ++k) {
        const long gate = k / lanes % gates, unit = k / lanes / gates * lanes + k % lanes;
        columns[k] = unit < width ? static_cast<int32_t>(gate * width + unit) : -1;
    }
    return columns;
}

static uint16_t half_of(float value) {
    uint32_t bits;
    __builtin_memcpy(&bits, &value, 4);
    if (value != value) return static_cast<uint16_t>(bits >> 16 | 0x40);
    return static_cast<uint16_t>((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

static Buffer<float> pack_bias(const float* bias, const Columns& columns) {
    Buffer<float> packed(columns.size());
    for (long k = 0; k < columns.size(); ++k)
        if (bias && columns[k] >= 0) packed[k] = bias[columns[k]];
    return packed;
}

// Packs one tile of the `inputs` rows of `weights`, each with `width` numbers.
static void pack_tile(Matrix& m, long place, const float* weights, long width, const Columns& columns) {
    const int in_step = values_per_step(m.form), vectors = m.vectors_of(place);
    const long first = place * m.tile * lanes;
    char* to = m.weights.get() + place * m.tile * m.steps * (lanes * 4);
    float units[4 * lanes];
    for (long k = 0; m.form == Form::bytes && k < vectors * lanes; ++k) {
        const int32_t column = columns[first + k];
        float peak = 0.0f;
        for (long row = 0; column >= 0 && row < m.inputs; ++row) {
            const float size = __builtin_fabsf(weights[row * width + column]);
            peak = size > peak ? size : peak;
        }
        const bool sound = peak > 1e-30f && peak < 1e30f;
        units[k] = sound ? 127.0f / peak : 0.0f;
        m.scales[first + k] = sound ? peak / 127.0f : 0.0f;
    }
    for (long row = 0; row < m.inputs; ++row) {
        const float* source = weights + row * width;
        char* const step = to + row / in_step * vectors * (lanes * 4);
        const long part = row % in_step;
        for (long k = 0; k < vectors * lanes; ++k) {
            const int32_t column = columns[first + k];
            if (column < 0) continue;
            const float value = source[column];
            if (m.form == Form::floats) {
                reinterpret_cast<float*>(step)[k] = value;
            } else if (m.form == Form::halves) {
                reinterpret_cast<uint16_t*>(step)[k * 2 + part] = half_of(value);
            } else if (units[k] > 0.0f) {
                const float scaled = value * units[k];
                const float kept = scaled > -127.0f ? scaled < 127.0f ? scaled : 127.0f : -127.0f;
                const int32_t whole = static_cast<int32_t>(kept + (kept < 0.0f ? -0.5f : 0.5f));
                reinterpret_cast<int8_t*>(step)[k * 4 + part] = static_cast<int8_t>(whole);
                m.sums[first + k] += whole;
            }
        }
    }
}

template <class Work>
static void share(Team& team, int parts, const Work& work) {
    team.run(
        parts, [](void* context, int part, int worker) { (*static_cast<const Work*>(context))(part, worker); },
        const_cast<void*>(static_cast<const void*>(&work)));
}

// `tile` is how many vectors of outputs make a tile.
static Matrix pack(
    Team& team, const float* weights, long inputs, long width, const Columns& columns, Form form, int tile) {
    Matrix m;
    m.form = form;
    m.inputs = inputs;
    m.steps = up_to(inputs, values_per_step(form)) / values_per_step(form);
    m.vectors = static_cast<int>(columns.size() / lanes);
    m.tile = tile;
    m.tiles = (m.vectors + tile - 1) / tile;
    m.weights = Buffer<char>(m.steps * m.columns() * 4);
    if (form == Form::bytes) {
        m.scales = Buffer<float>(m.columns());
        m.sums = Buffer<int32_t>(m.columns());
    }
    share(team, m.tiles, [&](int part, int) { pack_tile(m, part, weights, width, columns); });
    return m;
}
