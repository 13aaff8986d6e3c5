// How a product is shared out.

// A product cut into parts for a team: some tiles for some clips each.
struct Parts {
    int groups = 1, rounds = 1;
    long tiles, clips;

    // `cost` in multiplications.
    Parts(long tile_count, long clip_count, int threads, double cost, long most_grain = 4)
        : tiles(tile_count), clips(clip_count) {
        constexpr double worth_sharing = 100e3, large = 1e6;
        if (threads == 1 || cost < worth_sharing) return;
        // Small parts can be taken over from a thread that is late; but each costs a little.
        const long pieces = cost < large ? threads : 4L * threads;
        const long grain = most(1, least(tile_count / pieces, cost < large ? tile_count : most_grain));
        groups = static_cast<int>((tile_count + grain - 1) / grain);
        rounds = static_cast<int>(least((2 * threads + groups - 1) / groups, (clip_count + 7) / 8));
    }
    int count() const { return groups * rounds; }
    long tile(int part) const { return tiles * (part % groups) / groups; }
    long tile_end(int part) const { return tiles * (part % groups + 1) / groups; }
    long clip(int part) const { return clips * (part / groups) / rounds; }
    long clip_end(int part) const { return clips * (part / groups + 1) / rounds; }
};
