// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdlib>
#include <vector>

#include <sys/mman.h>

#include "base/check.h"
#include "base/half.h"
#include "kernels/cells.h"
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
  const int64_t size = packed_size(n, k, out.precision);
  if (out.panels.size() != size)
    out.panels = Buffer(size);
  out.n = n;
  out.k = k;
}

// Writes a group of one output, every panel's width a cell: its quads, and its scale beside the sum
// of its whole numbers.
void put_group(const uint32_t* quads, float scale, uint32_t* to) {
  int32_t sum = 0;
  for (int64_t q = 0; q < kGroupQuads; ++q) {
    to[q * kPanel] = quads[q];
    for (int at = 0; at < 4; ++at)
      sum += int8_at(quads[q], at);
  }
  to[kGroupQuads * kPanel] = scale_cell(scale, sum);
}

// The panel of `columns` rows [columns, K] as groups along K.
void pack_groups(const float* rows, int64_t columns, int64_t k, uint32_t* to) {
  const int64_t groups = groups_of(k);
  std::vector<uint32_t> row(static_cast<size_t>(groups * kGroupQuads));
  std::vector<float> scales(static_cast<size_t>(groups));
  if (columns < kPanel)
    std::fill_n(to, groups * kPanelGroup, 0U);
  for (int64_t c = 0; c < columns; ++c) {
    quantise_row(rows + c * k, k, row.data(), scales.data());
    for (int64_t g = 0; g < groups; ++g)
      put_group(row.data() + g * kGroupQuads, scales[static_cast<size_t>(g)],
                to + g * kPanelGroup + c);
  }
}

// Rows of w_NK that go into the transpose together: they are read in the order of memory.
constexpr int64_t kRowsPerTask = 64;

void pack_columns(const float* w_NK, Range rows, PackedMatrix& out) {
  const auto pack = kernel_table().pack_transposed[static_cast<size_t>(out.precision)];
  const int64_t cells = panel_size(out.precision, rows.begin);
  for (int64_t first = 0; first < out.n; first += kPanel)
    pack(w_NK + rows.begin * out.n + first, rows.end - rows.begin, out.n,
         std::min(kPanel, out.n - first),
         out.panels.data() + first / kPanel * panel_size(out.precision, out.k) + cells);
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
  data_ = static_cast<float*>(memory);
  own_.reset(data_);
}

Buffer Buffer::part(int64_t begin, int64_t size) {
  NELUMBO_CHECK(begin >= 0 && size >= 0 && begin + size <= size_ && begin % 16 == 0)
      << "floats " << begin << " to " << begin + size << " of " << size_;
  Buffer view;
  view.data_ = data_ + begin;
  view.size_ = size;
  return view;
}

void Buffer::Free::operator()(float* p) const {
  std::free(p);
}

float* at_least(int64_t size, Buffer& buffer) {
  if (buffer.size() < size)
    buffer = Buffer(size);
  return buffer.data();
}

// NOLINTBEGIN(clang-analyzer-unix.Malloc): it takes a thread_local for an automatic variable

float* kernel_scratch(int64_t size) {
  thread_local Buffer buffer;
  return at_least(size, buffer);
}

uint32_t* kernel_cells(int64_t size) {
  thread_local Buffer buffer;
  return reinterpret_cast<uint32_t*>(at_least(size, buffer));
}

// NOLINTEND(clang-analyzer-unix.Malloc)

int64_t packed_size(int64_t n, int64_t k, Precision precision) {
  return panels_of(n) * panel_size(precision, k);
}

PackedMatrix unpacked(int64_t n, int64_t k, Precision precision) {
  PackedMatrix out;
  out.precision = precision;
  shape(n, k, out);
  return out;
}

void pack_panel(const float* rows, int64_t first, PackedMatrix& out) {
  const int64_t k = out.k;
  const int64_t columns = std::min(kPanel, out.n - first);
  float* to = out.panels.data() + first / kPanel * panel_size(out.precision, k);
  if (out.precision == Precision::kInt8)
    return pack_groups(rows, columns, k, reinterpret_cast<uint32_t*>(to));
  kernel_table().pack[static_cast<size_t>(out.precision)](rows, columns, k, to);
}

void unpack_row(const PackedMatrix& w, int64_t row, float* out_K) {
  const int64_t at = row / kPanel * panel_size(w.precision, w.k) + row % kPanel;
  const float* from = w.panels.data() + at;
  const uint32_t* cells = w.cells() + at;
  switch (w.precision) {
    case Precision::kFloat32:
      for (int64_t i = 0; i < w.k; ++i)
        out_K[i] = from[i * kPanel];
      return;
    case Precision::kBfloat16:
      for (int64_t i = 0; i < w.k; ++i)
        out_K[i] = from_bf16(static_cast<uint16_t>(cells[i / 2 * kPanel] >> (i % 2 * 16)));
      return;
    case Precision::kInt8:
      for (int64_t i = 0; i < w.k; ++i) {
        const uint32_t* group = cells + i / kGroup * kPanelGroup;
        const uint32_t quad = group[i % kGroup / 4 * kPanel];
        out_K[i] = static_cast<float>(int8_at(quad, static_cast<int>(i % 4))) *
                   scale_of(group[kGroupQuads * kPanel]);
      }
      return;
  }
}

void pack(const float* w_NK, int64_t n, int64_t k, PackedMatrix& out) {
  Team alone(1);
  pack(alone, w_NK, n, k, out);
}

void pack(Team& team, const float* w_NK, int64_t n, int64_t k, PackedMatrix& out) {
  shape(n, k, out);
  team.run(panels_of(n),
           [&](int64_t panel) { pack_panel(w_NK + panel * kPanel * k, panel * kPanel, out); });
}

void pack_transposed(const float* w_NK, int64_t n, int64_t k, PackedMatrix& out) {
  Team alone(1);
  pack_transposed(alone, w_NK, n, k, out);
}

void pack_transposed(Team& team, const float* w_NK, int64_t n, int64_t k, PackedMatrix& out) {
  NELUMBO_CHECK(out.precision != Precision::kInt8) << "int8 weights have no gradient";
  shape(k, n, out);
  team.run((n + kRowsPerTask - 1) / kRowsPerTask, [&](int64_t task) {
    const int64_t row = task * kRowsPerTask;
    pack_columns(w_NK, {row, std::min(row + kRowsPerTask, n)}, out);
  });
}

}  // namespace nelumbo
