// The weights of a whole model, packed.

struct Layer {
    Matrix below, input, recurrent;  // the first two without tiles where the layer does not take them
    Buffer<float> bias;
};

struct Tier {
    int size = 0, step = 0, ratio = 0;  // samples per frame, and per output
    int guide_inputs = 0;               // numbers of a guide that follow the samples of a frame
    long output_width = 0;              // numbers in each output, filled up to whole vectors
    Matrix expand, upsample;
    Buffer<float> skip_bias, upsample_bias;
    std::vector<Layer> layers;
    std::vector<Matrix> skip_projection;

    long bytes() const {
        long all = expand.weights.size() + upsample.weights.size();
        for (const Layer& layer : layers)
            all += layer.below.weights.size() + layer.input.weights.size() + layer.recurrent.weights.size();
        for (const Matrix& each : skip_projection) all += each.weights.size();
        return all;
    }
};

class Network {
public:
    Network(const DeepcutsModel& model, Team& team, Precision precision)
        : levels(model.levels), width(model.width), units(model.units), gates(model.gru ? 3 : 4), gru(model.gru),
          lookback(model.lookback), context_length(model.context_length), order(model.order),
          residuals(model.residuals), residual_scale(model.residual_scale), precision_(precision) {
        for (int k = 0; k < model.tier_count; ++k) add_tier(model, k, team);
        const Columns plain = in_groups(1, units), codes = in_groups(1, model.output.outputs);
        third = pack(team, model.third.weights, units, units, plain, form_of(units), tile_vectors);
        third_bias = pack_bias(model.third.bias, plain);
        output = pack(team, model.output.weights, units, model.output.outputs, codes, form_of(units), tile_vectors);
        output_bias = pack_bias(model.output.bias, codes);
        add_tables(model, team);
        if (order) {
            hear = pack(team, model.hear, 2L * residuals, units, plain, plain_form(), tile_vectors);
            filter = up_to(order, 4 * lanes);
            lpc = Buffer<float>(filter);
            __builtin_memcpy(lpc.get() + (filter - order), model.lpc, static_cast<size_t>(order) * 4);
            values = Buffer<float>(up_to(levels, lanes));
            __builtin_memcpy(values.get(), model.values, static_cast<size_t>(levels) * 4);
        }
    }

    // Of products with so many inputs: small ones stay in halves, where bytes would gain nothing.
    Form form_of(long inputs) const {
        return precision_ == in_bytes && inputs >= 64 && inputs <= 65536 ? Form::bytes : plain_form();
    }
    Form plain_form() const { return precision_ == in_floats ? Form::floats : Form::halves; }

    // Of weights, tables not counted: of the sample tier, and of all tiers.
    long sample_bytes() const { return third.weights.size() + output.weights.size() + hear.weights.size(); }
    long bytes() const {
        long all = sample_bytes();
        for (const Tier& tier : tiers) all += tier.bytes();
        return all;
    }

    const int levels, width, units, gates;
    const bool gru;
    const int lookback, context_length, order, residuals;
    const float residual_scale;
    std::vector<Tier> tiers;
    Matrix third, output, hear;
    Buffer<float> third_bias, output_bias, lpc, values;
    Buffer<float> float_tables;  // lookback * levels rows of whole vectors, one of the two kinds
    Buffer<uint16_t> half_tables;
    long filter = 0;  // LPC coefficients, with zeros before them

private:
    void add_tier(const DeepcutsModel& model, int place, Team& team) {
        const DeepcutsTier& from = model.tiers[place];
        const bool lowest = place == model.tier_count - 1;
        const long inputs = from.expand.weights ? width : from.cells[0].inward.inputs, below = lowest ? units : width;
        const Columns plain = in_groups(1, width), ups = in_groups(from.ratio, below), cells = by_units(gates, width);
        const auto plainly = [&](const float* weights, long rows) {
            return pack(team, weights, rows, width, plain, form_of(rows), tile_vectors);
        };
        const int cell_tile = gru ? 3 : tile_vectors;
        const auto gated = [&](const float* weights, long rows) {
            return pack(team, weights, rows, static_cast<long>(gates) * width, cells, form_of(rows), cell_tile);
        };
        Tier tier;
        tier.size = from.size;
        tier.guide_inputs = from.expand.weights ? 0 : static_cast<int>(inputs) - from.size;
        tier.ratio = from.ratio;
        tier.step = from.size / from.ratio;
        tier.output_width = up_to(below, lanes);
        if (from.expand.weights) tier.expand = plainly(from.expand.weights, from.size);
        for (int k = 0; k < model.layers; ++k) {
            const DeepcutsAffine& inward = from.cells[k].inward;
            Layer layer;
            const long below_width = k ? width : 0;
            if (below_width) layer.below = gated(inward.weights, below_width);
            if (inward.inputs > below_width) layer.input = gated(inward.weights + below_width * inward.outputs, inputs);
            layer.recurrent = gated(from.cells[k].recurrent, width);
            layer.bias = pack_bias(inward.bias, cells);
            tier.layers.push_back(static_cast<Layer&&>(layer));
        }
        const long square = static_cast<long>(width) * width;
        for (int k = 0; from.skip_projection.weights && k < model.layers; ++k)
            tier.skip_projection.push_back(plainly(from.skip_projection.weights + k * square, width));
        tier.skip_bias = pack_bias(from.skip_projection.bias, plain);
        const DeepcutsAffine& upsample = from.upsample;
        tier.upsample = pack(team, upsample.weights, width, upsample.outputs, ups, form_of(width), tile_vectors);
        tier.upsample_bias = pack_bias(from.upsample.bias, ups);
        tiers.push_back(static_cast<Tier&&>(tier));
    }

    void add_tables(const DeepcutsModel& model, Team& team) {
        if (!lookback) return;
        const long stride = up_to(units, lanes), rows = static_cast<long>(lookback) * levels;
        const bool halves = precision_ != in_floats;
        if (halves) half_tables = Buffer<uint16_t>(rows * stride);
        else float_tables = Buffer<float>(rows * stride);
        share(team, lookback, [&](int place, int) {
            for (long row = place * static_cast<long>(levels); row < (place + 1L) * levels; ++row)
                for (long k = 0; k < units; ++k) {
                    const float value = model.tables[row * units + k];
                    if (halves) half_tables[row * stride + k] = half_of(value);
                    else float_tables[row * stride + k] = value;
                }
        });
    }

    const Precision precision_;
};
