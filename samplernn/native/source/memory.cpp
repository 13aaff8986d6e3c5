#include "memory.h"

#include <cstring>
#include <new>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace deepcuts {
namespace {

constexpr size_t line = 64, large_page = size_t{1} << 21;

std::align_val_t border_for(size_t bytes) { return std::align_val_t{bytes >= large_page ? large_page : line}; }

}  // namespace

void* allocate(size_t bytes) {
    void* memory = ::operator new(bytes, border_for(bytes));
#if defined(__linux__)
    if (bytes >= large_page) madvise(memory, bytes, MADV_HUGEPAGE);
#endif
    return std::memset(memory, 0, bytes);
}

void release(void* memory, size_t bytes) noexcept { ::operator delete(memory, border_for(bytes)); }

}  // namespace deepcuts
