// SPDX-License-Identifier: GPL-3.0-or-later
// Replaces operator new of the whole program. A source of its own: where the replacements are visible, GCC 12
// takes inlined pairs of new and free for a mistake.
#include "allocation_counter.hpp"

#include <atomic>
#include <cstdlib>
#include <new>

namespace {
std::atomic<std::uint64_t> allocations{0};
}  // namespace

void* operator new(std::size_t size) {
    allocations.fetch_add(1, std::memory_order_relaxed);
    if (void* const memory = std::malloc(size == 0 ? 1 : size)) return memory;
    throw std::bad_alloc();
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}

namespace almon::media {

std::uint64_t allocations_so_far() noexcept {
    return allocations.load();
}

}  // namespace almon::media
