// Threads that share the work of one step after another, many thousand steps a second.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace deepcuts {

// A step is cut into parts that may be done in any order. Each thread has parts of its own, always the same ones, so
// that what they read stays in its cache; a thread that is done takes over parts that another has not begun, so that a
// thread whose core was taken away holds up nobody for long. Where that happens in the middle of a part, there is nothing
// but to wait for it; after that the calling thread does everything alone for a while.
class Team {
public:
    using Work = void (*)(void* context, int part, int worker);

    // `threads` counts the one that calls `run`.
    explicit Team(int threads);
    ~Team();
    Team(const Team&) = delete;
    Team& operator=(const Team&) = delete;

    int size() const;

    // Does all `parts`, and returns when they are done. Only one thread may call this, and not from within a part.
    void run(int parts, Work work, void* context);

private:
    using Clock = std::chrono::steady_clock;

    // The parts of one thread that nobody has begun: step << 32 | next << 16 | end.
    struct alignas(64) Lane {
        std::atomic<uint64_t> waiting{0};
    };

    void follow(int worker);
    bool take(Lane& lane, uint32_t step, int worker);
    void finish(Lane& lane, uint32_t step, int worker);
    bool rather_alone();
    void wait_for_the_rest(uint32_t step, Clock::time_point begun);
    uint32_t next_step(uint32_t seen);

    std::vector<Lane> lanes_;
    std::vector<std::thread> threads_;
    alignas(64) std::atomic<uint32_t> step_{0};
    Work work_ = nullptr;
    void* context_ = nullptr;
    bool alone_ = false;
    int alone_per_wait_ = 0;
    Clock::duration alone_for_{0};
    Clock::time_point alone_until_;
    alignas(64) std::atomic<int> left_{0};
    alignas(64) std::atomic<int> asleep_{0};
    std::atomic<bool> over_{false};
    std::mutex mutex_;
    std::condition_variable awake_;
};

}  // namespace deepcuts
