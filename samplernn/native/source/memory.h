// Memory for weights and states: zeroed, on borders of cache lines, in large pages where there are any.
#pragma once

#include <cstddef>

namespace deepcuts {

void* allocate(size_t bytes);  // throws std::bad_alloc
void release(void* memory, size_t bytes) noexcept;

}  // namespace deepcuts
