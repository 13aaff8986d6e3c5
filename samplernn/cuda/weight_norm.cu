// Weight norm, W = g V / ||V|| by rows, one block of 256 threads per row; without lengths W = V.
// The columns of a row up to `split` go to (come from) one matrix, the others to (from) another.

__device__ float block_sum(float x) {
    __shared__ float parts[8];
    x = warp_sum(x);
    __syncthreads();
    if (threadIdx.x % 32 == 0) parts[threadIdx.x / 32] = x;
    __syncthreads();
    float total = 0.0f;
    for (int k = 0; k < 8; ++k) total += parts[k];
    return total;
}

extern "C" __global__ void fold(REAL* left, whole left_stride, REAL* right, whole right_stride, const float* direction,
                                const float* length, whole columns, whole split) {
    const whole row = blockIdx.x;
    const float* from = direction + row * columns;
    float scale = 1.0f;
    if (length) {
        float squares = 0.0f;
        for (whole k = threadIdx.x; k < columns; k += 256) squares += from[k] * from[k];
        scale = length[row] / fmaxf(sqrtf(block_sum(squares)), 1e-12f);
    }
    for (whole k = threadIdx.x; k < columns; k += 256)
        set(k < split ? left[row * left_stride + k] : right[row * right_stride + k - split], from[k] * scale);
}

extern "C" __global__ void unfold(float* direction_gradient, float* length_gradient, const REAL* left,
                                  whole left_stride, const REAL* right, whole right_stride, const float* direction,
                                  const float* length, whole columns, whole split) {
    const whole row = blockIdx.x;
    const float* from = direction + row * columns;
    float scale = 1.0f, projection = 0.0f;
    if (length) {
        float squares = 0.0f, product = 0.0f;
        for (whole k = threadIdx.x; k < columns; k += 256) {
            const float above = value(k < split ? left[row * left_stride + k] : right[row * right_stride + k - split]);
            squares += from[k] * from[k];
            product += from[k] * above;
        }
        squares = block_sum(squares);
        product = block_sum(product);
        const float norm = fmaxf(sqrtf(squares), 1e-12f);
        scale = length[row] / norm;
        projection = product / (norm * norm);
        if (threadIdx.x == 0) length_gradient[row] = product / norm;
    }
    for (whole k = threadIdx.x; k < columns; k += 256) {
        const float above = value(k < split ? left[row * left_stride + k] : right[row * right_stride + k - split]);
        direction_gradient[row * columns + k] = scale * (above - projection * from[k]);
    }
}
