// SPDX-License-Identifier: Apache-2.0
//
// Attention over blocks of 16 keys. Both entries end in one kernel, `attend`, which sees only
// blocks: the paged form is given them; the packed form lays its keys and values out in the blocks
// that paged storage would hold, block b of a sequence at positions [16 b, 16 b + 16), the parent's
// positions included. A child shares the parent's full blocks and has its own copy of the last one
// where that is partial.
#include <algorithm>
#include <array>
#include <limits>
#include <vector>

#include "base/check.h"
#include "kernels/kernel_table.h"
#include "kernels/kernels.h"
#include "kernels/split.h"

namespace nelumbo {

namespace {

constexpr int64_t kRowsPerTask = 16;
constexpr int64_t kMaxLanes = 64;

void check_shape(const AttentionShape& shape) {
  NELUMBO_CHECK(shape.kv_heads >= 1 && shape.heads % shape.kv_heads == 0)
      << shape.heads << " heads on " << shape.kv_heads << " key-value heads";
  NELUMBO_CHECK(shape.d >= 1 && shape.d <= kMaxHeadSize) << "a head size of " << shape.d;
}

struct Rows {
  const float* q = nullptr;
  const KeyRange* ranges = nullptr;
  int64_t count = 0;
  float* out = nullptr;
  float* lse = nullptr;  // may be null
};

/// Collects lanes and hands them to the kernel in groups.
class Lanes {
 public:
  Lanes(const KernelTable& table, const AttentionShape& shape) : table_(table), shape_(shape) {}

  void put(const Rows& rows, int64_t row, int64_t head) {
    const int64_t at = row * shape_.heads + head;
    if (rows.ranges[row].keys == 0) {
      std::fill_n(rows.out + at * shape_.d, shape_.d, 0.0F);
      if (rows.lse != nullptr)
        rows.lse[at] = -std::numeric_limits<float>::infinity();
      return;
    }
    const int64_t kv_head = head / (shape_.heads / shape_.kv_heads);
    lanes_[static_cast<size_t>(count_)] = {rows.q + at * shape_.d,
                                           rows.ranges[row].blocks,
                                           kv_head * key_block_size(1, shape_.d),
                                           rows.ranges[row].keys,
                                           rows.out + at * shape_.d,
                                           rows.lse == nullptr ? nullptr : rows.lse + at};
    if (++count_ == kMaxLanes)
      flush();
  }

  void flush() {
    table_.attend(lanes_.data(), count_, shape_.d, shape_.scale);
    count_ = 0;
  }

 private:
  const KernelTable& table_;
  const AttentionShape& shape_;
  std::array<AttentionLane, kMaxLanes> lanes_;
  int64_t count_ = 0;
};

// Whether two rows read the same keys at first: of one sequence, or behind one prompt.
bool begin_alike(const KeyRange& a, const KeyRange& b) {
  return a.blocks == b.blocks || (a.keys > 0 && b.keys > 0 && a.blocks[0] == b.blocks[0]);
}

// Orders (row, head) so that neighbours share keys where they can: rows that begin alike go through
// one key-value head after the other.
void attend_rows(const KernelTable& table, const AttentionShape& shape, const Rows& rows) {
  Lanes lanes(table, shape);
  for (int64_t begin = 0; begin < rows.count;) {
    int64_t end = begin + 1;
    while (end < rows.count && begin_alike(rows.ranges[end], rows.ranges[begin]))
      ++end;
    const int64_t group = shape.heads / shape.kv_heads;
    for (int64_t first = 0; first < shape.heads; first += group) {
      for (int64_t row = begin; row < end; ++row)
        for (int64_t head = first; head < first + group; ++head)
          lanes.put(rows, row, head);
    }
    begin = end;
  }
  lanes.flush();
}

/// The blocks of all segments of one packed batch, and what each row sees of them.
class PackedBlocks {
 public:
  PackedBlocks(const AttentionShape& shape, std::span<const Segment> segments)
      : shape_(shape), segments_(segments) {
    chains_.resize(segments.size() + 1);
    own_.resize(segments.size() + 1);
    ranges_.resize(segments.size() + 1);
    for (size_t s = 0; s < segments.size(); ++s) {
      const Segment& segment = segments[s];
      NELUMBO_CHECK(segment.length >= 0 && segment.begin >= 0) << "segment " << s;
      if (segment.parent) {
        const auto parent = static_cast<size_t>(*segment.parent);
        NELUMBO_CHECK(parent < s && !segments[parent].parent)
            << "segment " << s << ": the parent must be an earlier one without a parent";
      }
      const int64_t blocks = blocks_of(prefix(segment) + segment.length);
      chains_[s + 1] = chains_[s] + blocks;
      own_[s + 1] = own_[s] + blocks - prefix(segment) / kKeyBlock;
      ranges_[s + 1] = ranges_[s] + segment.length;
    }
  }

  void fill(Team& team, const float* k, const float* v) {
    const int64_t floats = own_.back() * key_block_size(shape_.kv_heads, shape_.d);
    if (storage().size() < floats)
      storage() = Buffer(floats);
    base_ = storage().data();
    pointers_.resize(static_cast<size_t>(chains_.back()));
    rows_.resize(static_cast<size_t>(ranges_.back()));
    split(team, std::ssize(segments_), 1, [&](Range part) {
      for (int64_t s = part.begin; s < part.end; ++s)
        fill_segment(s, k, v);
    });
  }

  const KeyRange* ranges(int64_t s) const { return rows_.data() + ranges_[static_cast<size_t>(s)]; }

 private:
  // Reused from call to call, for fresh pages cost more than the attention.
  static Buffer& storage() {
    thread_local Buffer buffer;
    return buffer;
  }

  static int64_t blocks_of(int64_t positions) { return (positions + kKeyBlock - 1) / kKeyBlock; }

  int64_t prefix(const Segment& segment) const {
    return segment.parent ? segments_[static_cast<size_t>(*segment.parent)].length : 0;
  }

  void fill_segment(int64_t s, const float* k, const float* v) {
    const auto at = static_cast<size_t>(s);
    const Segment& segment = segments_[at];
    const int64_t before = prefix(segment);
    const int64_t shared = before / kKeyBlock;
    const int64_t block_size = key_block_size(shape_.kv_heads, shape_.d);
    const int64_t row_size = shape_.kv_heads * shape_.d;
    const float** chain = pointers_.data() + chains_[at];
    float* own = base_ + own_[at] * block_size;
    if (segment.parent) {
      const float* parents = base_ + own_[static_cast<size_t>(*segment.parent)] * block_size;
      for (int64_t b = 0; b < shared; ++b)
        chain[b] = parents + b * block_size;
    }
    for (int64_t b = shared; b < chains_[at + 1] - chains_[at]; ++b)
      chain[b] = own + (b - shared) * block_size;
    for (int64_t p = shared * kKeyBlock; p < before + segment.length; ++p) {
      const int64_t row = p < before ? segments_[static_cast<size_t>(*segment.parent)].begin + p
                                     : segment.begin + p - before;
      store_key_value(k + row * row_size, v + row * row_size, shape_.kv_heads, shape_.d,
                      p % kKeyBlock, own + (p / kKeyBlock - shared) * block_size);
    }
    for (int64_t i = 0; i < segment.length; ++i)
      rows_[static_cast<size_t>(ranges_[at] + i)] = {
          chain, before + (segment.causal ? i + 1 : segment.length)};
  }

  const AttentionShape& shape_;
  std::span<const Segment> segments_;
  std::vector<int64_t> chains_;  // where each segment's block pointers begin
  std::vector<int64_t> own_;     // where each segment's own blocks begin
  std::vector<int64_t> ranges_;  // where each segment's rows begin
  std::vector<const float*> pointers_;
  std::vector<KeyRange> rows_;
  float* base_ = nullptr;
};

}  // namespace

void store_key_value(const float* k_GD, const float* v_GD, int64_t kv_heads, int64_t d,
                     int64_t slot, float* block) {
  for (int64_t g = 0; g < kv_heads; ++g) {
    float* keys = block + g * key_block_size(1, d);
    float* values = keys + d * kKeyBlock;
    for (int64_t i = 0; i < d; ++i)
      keys[i * kKeyBlock + slot] = k_GD[g * d + i];
    std::copy_n(v_GD + g * d, d, values + slot * d);
  }
}

void attention_paged(Team& team, const AttentionShape& shape, const float* q, int64_t m,
                     const KeyRange* ranges_M, float* out) {
  check_shape(shape);
  const KernelTable& table = kernel_table();
  const int64_t row_size = shape.heads * shape.d;
  split(team, m, 2, [&](Range part) {
    attend_rows(table, shape,
                {q + part.begin * row_size, ranges_M + part.begin, part.end - part.begin,
                 out + part.begin * row_size, nullptr});
  });
}

// NOLINTBEGIN(readability-function-size): attention has this many arrays

void attention_packed(Team& team, const AttentionShape& shape, const float* q, const float* k,
                      const float* v, std::span<const Segment> segments, float* out, float* lse) {
  check_shape(shape);
  const KernelTable& table = kernel_table();
  PackedBlocks blocks(shape, segments);
  blocks.fill(team, k, v);
  struct Task {
    int64_t segment, begin;
  };
  std::vector<Task> tasks;
  for (int64_t s = 0; s < std::ssize(segments); ++s) {
    for (int64_t i = 0; i < segments[static_cast<size_t>(s)].length; i += kRowsPerTask)
      tasks.push_back({s, i});
  }
  split(team, std::ssize(tasks), 1, [&](Range part) {
    for (int64_t t = part.begin; t < part.end; ++t) {
      const Task& task = tasks[static_cast<size_t>(t)];
      const Segment& segment = segments[static_cast<size_t>(task.segment)];
      const int64_t row = segment.begin + task.begin;
      attend_rows(table, shape,
                  {q + row * shape.heads * shape.d, blocks.ranges(task.segment) + task.begin,
                   std::min(kRowsPerTask, segment.length - task.begin),
                   out + row * shape.heads * shape.d, lse + row * shape.heads});
    }
  });
}

void attention_packed_backward(Team& team, const AttentionShape& shape, const float* dout,
                               const float* q, const float* k, const float* v, const float* out,
                               const float* lse, std::span<const Segment> segments, float* dq,
                               float* dk, float* dv) {
  check_shape(shape);
  const KernelTable& table = kernel_table();
  const AttentionBackwardArgs args{shape, dout, q, k, v, out, lse, segments.data(), dq, dk, dv};
  std::vector<std::vector<int64_t>> children(segments.size());
  std::vector<Family> families;
  for (size_t s = 0; s < segments.size(); ++s) {
    if (segments[s].parent)
      children[static_cast<size_t>(*segments[s].parent)].push_back(static_cast<int64_t>(s));
  }
  for (size_t s = 0; s < segments.size(); ++s) {
    if (!segments[s].parent)
      families.push_back({static_cast<int64_t>(s), children[s].data(), std::ssize(children[s])});
  }
  // No two tasks write the same rows of dq, dk or dv.
  split(team, std::ssize(families) * shape.kv_heads, 1, [&](Range part) {
    for (int64_t t = part.begin; t < part.end; ++t)
      table.attention_backward(args, families[static_cast<size_t>(t / shape.kv_heads)],
                               t % shape.kv_heads);
  });
}

// NOLINTEND(readability-function-size)

}  // namespace nelumbo
