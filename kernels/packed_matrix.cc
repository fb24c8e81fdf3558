// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdlib>

#include <sys/mman.h>

#include "base/check.h"
#include "kernels/kernel_table.h"
#include "kernels/kernels.h"
#include "kernels/packed_rows.h"

namespace nelumbo {

namespace {

constexpr int64_t kCacheLine = 64, kHugePage = int64_t{2} << 20;
static_assert(kPanelRows == kPanel);

// Gives `out` the shape, keeping its memory where that is unchanged.
void shape(int64_t n, int64_t k, PackedMatrix& out) {
  NELUMBO_CHECK(n >= 0 && k >= 0) << "a weight of shape [" << n << ", " << k << "]";
  const int64_t size = panels_of(n) * k * kPanel;
  if (out.panels.size() != size)
    out.panels = Buffer(size);
  out.n = n;
  out.k = k;
}

}  // namespace

Buffer::Buffer(int64_t size) : size_(size) {
  NELUMBO_CHECK(size >= 0) << "a buffer of " << size << " floats";
  if (size == 0)
    return;
  const int64_t bytes = size * static_cast<int64_t>(sizeof(float));
  const int64_t unit = bytes < 2 * kHugePage ? kCacheLine : kHugePage;
  const int64_t rounded = (bytes + kCacheLine - 1) / kCacheLine * kCacheLine;
  void* memory = nullptr;
  const int failed =
      ::posix_memalign(&memory, static_cast<size_t>(unit), static_cast<size_t>(rounded));
  NELUMBO_CHECK(failed == 0) << "no memory for a buffer of " << size << " floats";
  if (unit == kHugePage)  // fewer faults and fewer misses of the table of pages; a mere hint
    ::madvise(memory, static_cast<size_t>(bytes / kHugePage * kHugePage), MADV_HUGEPAGE);
  data_.reset(static_cast<float*>(memory));
}

void Buffer::Free::operator()(float* p) const {
  std::free(p);
}

float* kernel_scratch(int64_t size) {
  thread_local Buffer buffer;
  if (buffer.size() < size)
    buffer = Buffer(size);
  // NOLINTNEXTLINE(clang-analyzer-unix.Malloc): it takes a thread_local for an automatic variable
  return buffer.data();
}

PackedMatrix unpacked(int64_t n, int64_t k) {
  PackedMatrix out;
  shape(n, k, out);
  return out;
}

void pack_panel(const float* rows, int64_t first, PackedMatrix& out) {
  const int64_t k = out.k;
  float* to = out.panels.data() + first / kPanel * k * kPanel;
  const int64_t columns = std::min(kPanel, out.n - first);
  if (columns < kPanel)
    std::fill_n(to, k * kPanel, 0.0F);
  // Strips of features keep the written lines in the first-level cache.
  constexpr int64_t kStrip = 32;
  for (int64_t k0 = 0; k0 < k; k0 += kStrip) {
    const int64_t k1 = std::min(k0 + kStrip, k);
    for (int64_t c = 0; c < columns; ++c) {
      const float* from = rows + c * k;
      for (int64_t i = k0; i < k1; ++i)
        to[i * kPanel + c] = from[i];
    }
  }
}

void unpack_row(const PackedMatrix& w, int64_t row, float* out_K) {
  const float* from = w.panels.data() + row / kPanel * w.k * kPanel + row % kPanel;
  for (int64_t i = 0; i < w.k; ++i)
    out_K[i] = from[i * kPanel];
}

void pack(const float* w_NK, int64_t n, int64_t k, PackedMatrix& out) {
  shape(n, k, out);
  for (int64_t first = 0; first < n; first += kPanel)
    pack_panel(w_NK + first * k, first, out);
}

void pack_transposed(const float* w_NK, int64_t n, int64_t k, PackedMatrix& out) {
  shape(k, n, out);
  for (int64_t panel = 0; panel < panels_of(k); ++panel) {
    float* to = out.panels.data() + panel * n * kPanel;
    const int64_t columns = std::min(kPanel, k - panel * kPanel);
    for (int64_t i = 0; i < n; ++i) {
      std::copy_n(w_NK + i * k + panel * kPanel, columns, to + i * kPanel);
      std::fill(to + i * kPanel + columns, to + (i + 1) * kPanel, 0.0F);
    }
  }
}

}  // namespace nelumbo
