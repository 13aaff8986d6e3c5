// The sample tier at work: RATIO samples of every clip in one launch, drawn on the device.
//
// A cluster of CLUSTER blocks makes the sound of CLIPS clips. Every block has its slice of the units: of the first
// layer, which it gathers from tables and sends to all blocks, and of the third, of which it works out the logits'
// share. One block for each clip adds the shares up, draws, and tells the code to all. As the first layer is linear,
// the second is folded into the tables and into what the tier above says (see sample_steps.py).
//
// REAL     bf16: tensor cores; float: plain sums        UNITS    of every layer, a multiple of 16 * CLUSTER
// LEVELS   of a code                                    OUTPUTS  LEVELS, two more with a predictor
// LOOK     codes seen through tables                    ORDER, RESIDUALS  of the predictor, or 0
// RATIO    samples                                      TOP      samples of a frame that is left for the tiers
// HELD     1 when the weights of the third layer fit in the registers
// STORED   1 when those of the output fit in shared memory
// NEAR     1 when the table of the newest code does
// FAR      1 when the first layer is sent through memory, which is better for many clips
// ASYNC    1 when what is sent tells by itself that it has arrived; else all blocks wait for one another. Nothing is
//          overwritten too soon, as no block sends anything before it has what came of all that was sent before

constexpr int WARPS = 16, THREADS = 32 * WARPS;
constexpr int COLUMNS = (CLIPS + 7) / 8 * 8;
constexpr int SHARERS = WARPS / least(power_above(CLIPS), WARPS);  // warps that do the same clip
constexpr int ROUNDS = (CLIPS * SHARERS + WARPS - 1) / WARPS;
constexpr int SLICE = UNITS / CLUSTER, PAIRS = (SLICE + 63) / 64;  // units of a block; pairs of them of a lane
constexpr int ROWS = LOOK > 1 ? (LOOK - 2) / SHARERS + 1 : 0;     // of tables, but the newest, that a warp adds up
constexpr bool EARLY = ROUNDS * PAIRS * ROWS <= 4;                // whether the registers hold them
constexpr bool TENSOR = sizeof(REAL) == 2;
constexpr int STEPS = UNITS / 16, TILES = SLICE / 16;            // of 16 inputs, and of 16 of a block's units
constexpr int OUTPUT_TILES = (OUTPUTS + 15) / 16;
// so that the rows of eight clips lie in different banks
constexpr int ROW = UNITS + 16 / sizeof(REAL), PART_ROW = SLICE + 16 / sizeof(REAL);
constexpr int EACH = (LEVELS + 31) / 32, WIDE = EACH % 4 ? 1 : 4;  // codes of a lane, and how they are read
constexpr int PITCH = 32 * EACH + 4, SHARE = (OUTPUTS + 3) / 4 * 4;  // of the logits of a clip
constexpr int HEARD = 2 * RESIDUALS, RING = HEARD ? HEARD : 1, LPC = ORDER ? ORDER : 1;
static_assert(UNITS % (16 * CLUSTER) == 0, "the units cannot be shared");
#if CLUSTER > 1
#define IN_CLUSTER __cluster_dims__(CLUSTER, 1, 1)
#else
#define IN_CLUSTER
#endif

// How the third layer's product is shared by the warps of a block.
constexpr int ACROSS = TENSOR ? power_below(least(TILES, WARPS)) : WARPS, PARTS = TENSOR ? WARPS / ACROSS : 1;
constexpr int PART_STEPS = (STEPS + PARTS - 1) / PARTS, STRIDE = SLICE + 4;
constexpr int OWN = (CLIPS + CLUSTER - 1) / CLUSTER;  // clips that a block draws for
static_assert(!HELD || (ACROSS == TILES && STEPS % PARTS == 0), "the weights cannot be held");

struct Shared {
    REAL first[COLUMNS * ROW], third[COLUMNS * PART_ROW];
    __align__(8) whole arrived[3];  // told of the first layer, of shares of logits, and of codes
    float scratch[most(PARTS * COLUMNS * STRIDE, WARPS * 32 * EACH)];
    __align__(16) float share[CLIPS][PITCH], shares[OWN][CLUSTER][PITCH];  // of the logits: ours, and of all blocks
    __align__(16) float logits[OWN][PITCH];
    __align__(8) float sums[CLIPS][SHARERS][64 * PAIRS];
    float partly[CLIPS][SHARERS];
    __align__(16) float output_bias[PITCH];
    float third_bias[SLICE];
    int seen[CLIPS][LOOK + RATIO + 1];
    float values[CLIPS][LPC], residuals[CLIPS][RING], lpc[LPC];
    uint4 output[STORED ? OUTPUT_TILES * TILES * 32 : 1];
    REAL near[NEAR ? LEVELS * SLICE : 1];
};

extern "C" __global__ void shared_bytes(whole* to) { *to = sizeof(Shared); }
