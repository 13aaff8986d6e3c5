// One step of a recurrent layer after its matrix products, for all clips; one thread per unit (see frame_steps.py).

// gates [clips, 4 * width]: in, forget, cell, out; memory [clips, width]
extern "C" __global__ void lstm_step(const REAL* gates, float* memory, whole clips, whole width, const Places places) {
    const whole index = static_cast<whole>(blockIdx.x) * blockDim.x + threadIdx.x;
    const whole clip = index / width, unit = index % width;
    carry(places, clips);
    if (clip >= clips) return;
    const REAL* gate = gates + clip * 4 * width + unit;
    const float enter = sigmoid(value(gate[0])), forget = sigmoid(value(gate[width]));
    const float fresh = tanhf(value(gate[2 * width])), leave = sigmoid(value(gate[3 * width]));
    memory[index] = forget * memory[index] + enter * fresh;
    hand_on(places, clip, unit, leave * tanhf(memory[index]));
}

// came, again [clips, 3 * width]: reset, update, new, from the input and from the state; memory [clips, width]
extern "C" __global__ void gru_step(const REAL* came, const REAL* again, float* memory, whole clips, whole width,
                                    const Places places) {
    const whole index = static_cast<whole>(blockIdx.x) * blockDim.x + threadIdx.x;
    const whole clip = index / width, unit = index % width;
    carry(places, clips);
    if (clip >= clips) return;
    const REAL *from = came + clip * 3 * width + unit, *old = again + clip * 3 * width + unit;
    const float reset = sigmoid(value(from[0]) + value(old[0]));
    const float update = sigmoid(value(from[width]) + value(old[width]));
    const float fresh = tanhf(value(from[2 * width]) + reset * value(old[2 * width]));
    memory[index] = fresh + update * (memory[index] - fresh);
    hand_on(places, clip, unit, memory[index]);
}
