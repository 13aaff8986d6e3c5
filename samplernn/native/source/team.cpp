#include "team.h"

#include <algorithm>
#include <chrono>
#include <system_error>

#if defined(__x86_64__) || defined(_M_X64)
#include <immintrin.h>
#endif

namespace deepcuts {
namespace {

void breathe() {
#if defined(__x86_64__) || defined(_M_X64)
    _mm_pause();
#elif defined(__aarch64__)
    __asm__ __volatile__("yield");
#endif
}

constexpr auto before_helping = std::chrono::microseconds(2);
constexpr auto before_yielding = std::chrono::microseconds(10);
constexpr auto before_sleeping = std::chrono::microseconds(300);
constexpr auto nap = std::chrono::microseconds(50);
// A wait that long, and so many times as long as the work, is for a thread that lost its core. It is followed by some
// times as long alone: few at first, twice as many wherever that happens again too soon.
constexpr auto long_wait = std::chrono::microseconds(100);
constexpr int waits_per_work = 4, least_alone = 2, most_alone = 32;
constexpr int breaths_per_look = 16;
constexpr int most_parts = 0xffff;

}  // namespace

Team::Team(int threads) : lanes_(static_cast<size_t>(threads)) {
    threads_.reserve(lanes_.size());
    try {
        for (int worker = 1; worker < threads; ++worker) threads_.emplace_back([this, worker] { follow(worker); });
    } catch (const std::system_error&) {
        // The system gives no more threads: those that are there do the parts of the others, too.
    }
}

Team::~Team() {
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        over_.store(true);
    }
    awake_.notify_all();
    for (auto& thread : threads_) thread.join();
}

int Team::size() const { return static_cast<int>(lanes_.size()); }

void Team::run(int parts, Work work, void* context) {
    if (parts < 2 || size() < 2 || parts > most_parts || rather_alone()) {
        for (int part = 0; part < parts; ++part) work(context, part, 0);
        return;
    }
    const auto begun = Clock::now();
    const uint32_t step = step_.load(std::memory_order_relaxed) + 1;
    work_ = work;
    context_ = context;
    left_.store(parts, std::memory_order_relaxed);
    const uint64_t count = lanes_.size();
    for (uint64_t k = 0; k < count; ++k) {
        const uint64_t all = static_cast<uint64_t>(parts), begin = all * k / count, end = all * (k + 1) / count;
        lanes_[k].waiting.store(static_cast<uint64_t>(step) << 32 | begin << 16 | end, std::memory_order_release);
    }
    step_.store(step, std::memory_order_seq_cst);
    if (asleep_.load(std::memory_order_seq_cst) > 0) {
        { const std::lock_guard<std::mutex> lock(mutex_); }
        awake_.notify_all();
    }
    finish(lanes_[0], step, 0);
    wait_for_the_rest(step, begun);
}

// Begins and does one part of a lane, if there is one left of this step.
bool Team::take(Lane& lane, uint32_t step, int worker) {
    uint64_t waiting = lane.waiting.load(std::memory_order_acquire);
    do {
        const uint64_t next = waiting >> 16 & 0xffff, end = waiting & 0xffff;
        if (static_cast<uint32_t>(waiting >> 32) != step || next >= end) return false;
    } while (!lane.waiting.compare_exchange_weak(waiting, waiting + 0x10000, std::memory_order_acq_rel));
    // The step cannot end before this part is done, so work and context are those of this step.
    work_(context_, static_cast<int>(waiting >> 16 & 0xffff), worker);
    return true;
}

// Does all parts of a lane that are left, and tells so once.
void Team::finish(Lane& lane, uint32_t step, int worker) {
    int done = 0;
    while (take(lane, step, worker)) ++done;
    if (done) left_.fetch_sub(done, std::memory_order_release);
}

bool Team::rather_alone() {
    if (alone_ && Clock::now() >= alone_until_) alone_ = false;
    return alone_;
}

// `begun` is when the step was.
void Team::wait_for_the_rest(uint32_t step, Clock::time_point begun) {
    for (int k = 0; k < breaths_per_look; ++k) {
        if (left_.load(std::memory_order_acquire) == 0) return;
        breathe();
    }
    const auto done = Clock::now();
    while (left_.load(std::memory_order_acquire) > 0) {
        const auto waited = Clock::now() - done;
        if (waited > before_helping)
            for (auto& lane : lanes_) finish(lane, step, 0);
        // A thread that has to share this core goes on now; one that lost its own in the middle of a part is brought
        // here by the system if this one is idle for a while.
        if (waited > before_sleeping) std::this_thread::sleep_for(nap);
        else if (waited > before_yielding) std::this_thread::yield();
        for (int k = 0; k < breaths_per_look && left_.load(std::memory_order_acquire) > 0; ++k) breathe();
    }
    const auto now = Clock::now();
    const auto waited = now - done;
    if (waited > long_wait && waited > waits_per_work * (done - begun)) {
        const bool too_soon = now - alone_until_ < 4 * alone_for_;
        alone_per_wait_ = too_soon ? std::min(2 * alone_per_wait_, most_alone) : least_alone;
        alone_for_ = alone_per_wait_ * waited;
        alone_until_ = now + alone_for_;
        alone_ = true;
    }
}

// Waits for a step after `seen`; `seen` itself when all is over.
uint32_t Team::next_step(uint32_t seen) {
    const auto begun = Clock::now();
    for (;;) {
        for (int k = 0; k < breaths_per_look; ++k) {
            const uint32_t step = step_.load(std::memory_order_acquire);
            if (step != seen) return step;
            breathe();
        }
        if (over_.load(std::memory_order_relaxed)) return seen;
        const auto waited = Clock::now() - begun;
        if (waited < before_sleeping) {
            if (waited > before_yielding) std::this_thread::yield();
            continue;
        }
        std::unique_lock<std::mutex> lock(mutex_);
        asleep_.fetch_add(1, std::memory_order_seq_cst);
        awake_.wait(lock, [&] { return over_.load() || step_.load(std::memory_order_seq_cst) != seen; });
        asleep_.fetch_sub(1, std::memory_order_seq_cst);
    }
}

void Team::follow(int worker) {
    uint32_t seen = 0;
    for (;;) {
        const uint32_t step = next_step(seen);
        if (step == seen) return;
        seen = step;
        finish(lanes_[static_cast<size_t>(worker)], step, worker);
        const auto done = Clock::now();
        while (left_.load(std::memory_order_acquire) > 0 && step_.load(std::memory_order_relaxed) == step) {
            for (int k = 0; k < breaths_per_look; ++k) breathe();
            if (Clock::now() - done < before_helping) continue;
            for (auto& lane : lanes_) finish(lane, step, worker);
            break;
        }
    }
}

}  // namespace deepcuts
