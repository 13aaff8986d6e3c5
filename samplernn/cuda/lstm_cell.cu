// The cells of an LSTM stack, for the layers that are active in one wave (see wavefront.py).
//
// gates  [batch, layers + 1, 4 * width]  in, forget, cell, out; replaced by their values, then by their gradients
// cells  [layers, batch, width]          float32
// hidden [batch, layers + 1, width]      layer k in place k + 1
// Every thread does four units.

constexpr int EACH = 4;

struct Place {
    whole gates, cell, hidden, gradient;
    bool inside;
};

__device__ __forceinline__ Place place(whole first, whole active, whole batch, whole width, whole layers) {
    const whole index = static_cast<whole>(blockIdx.x) * blockDim.x + threadIdx.x;
    const whole unit = index % (width / EACH) * EACH, row = index / (width / EACH);
    const whole clip = row % batch, layer = first + row / batch;
    return {(clip * (layers + 1) + layer) * 4 * width + unit, (layer * batch + clip) * width + unit,
            (clip * (layers + 1) + layer + 1) * width + unit, (clip * layers + layer) * width + unit,
            row < active * batch};
}

extern "C" __global__ void lstm_forward(REAL* gates, const float* before, float* after, REAL* hidden, whole first,
                                        whole active, whole batch, whole width, whole layers) {
    const Place at = place(first, active, batch, width, layers);
    if (!at.inside) return;
    Pack<REAL, EACH> gate[4];
    for (int k = 0; k < 4; ++k) gate[k] = load<EACH>(gates + at.gates + k * width);
    Pack<float, EACH> cell = load<EACH>(before + at.cell);
    Pack<REAL, EACH> out;
    for (int i = 0; i < EACH; ++i) {
        const float enter = sigmoid(value(gate[0].at[i])), forget = sigmoid(value(gate[1].at[i]));
        const float fresh = tanhf(value(gate[2].at[i])), leave = sigmoid(value(gate[3].at[i]));
        cell.at[i] = forget * cell.at[i] + enter * fresh;
        set(out.at[i], leave * tanhf(cell.at[i]));
        set(gate[0].at[i], enter), set(gate[1].at[i], forget), set(gate[2].at[i], fresh), set(gate[3].at[i], leave);
    }
    for (int k = 0; k < 4; ++k) store(gates + at.gates + k * width, gate[k]);
    store(after + at.cell, cell);
    store(hidden + at.hidden, out);
}

// gradient [batch, layers, width] of the hidden values; carried [layers, batch, width] of the cells, float32
extern "C" __global__ void lstm_backward(REAL* gates, const float* before, const float* after, const REAL* gradient,
                                         float* carried, whole first, whole active, whole batch, whole width,
                                         whole layers) {
    const Place at = place(first, active, batch, width, layers);
    if (!at.inside) return;
    Pack<REAL, EACH> gate[4];
    for (int k = 0; k < 4; ++k) gate[k] = load<EACH>(gates + at.gates + k * width);
    const Pack<float, EACH> old = load<EACH>(before + at.cell), now = load<EACH>(after + at.cell);
    const Pack<REAL, EACH> hidden = load<EACH>(gradient + at.gradient);
    Pack<float, EACH> carry = load<EACH>(carried + at.cell);
    for (int i = 0; i < EACH; ++i) {
        const float enter = value(gate[0].at[i]), forget = value(gate[1].at[i]);
        const float fresh = value(gate[2].at[i]), leave = value(gate[3].at[i]);
        const float bent = tanhf(now.at[i]), above = value(hidden.at[i]);
        const float cell = carry.at[i] + above * leave * (1.0f - bent * bent);
        set(gate[0].at[i], cell * fresh * enter * (1.0f - enter));
        set(gate[1].at[i], cell * old.at[i] * forget * (1.0f - forget));
        set(gate[2].at[i], cell * enter * (1.0f - fresh * fresh));
        set(gate[3].at[i], above * bent * leave * (1.0f - leave));
        carry.at[i] = cell * forget;
    }
    for (int k = 0; k < 4; ++k) store(gates + at.gates + k * width, gate[k]);
    store(carried + at.cell, carry);
}
