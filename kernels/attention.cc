// SPDX-License-Identifier: Apache-2.0
//
// Attention over blocks of 16 keys. Both entries end in one kernel, `attend`, which sees only
// blocks: the paged form is given them; the packed form lays its keys and values out in the blocks
// that paged storage would hold, block b of a sequence at positions [16 b, 16 b + 16), the parent's
// positions included. A child shares the parent's full blocks and has its own copy of the last one
// where that is partial.
#include <algorithm>
#include <vector>

#include "base/check.h"
#include "base/half.h"
#include "kernels/kernel_table.h"
#include "kernels/kernels.h"
#include "kernels/split.h"

namespace nelumbo {

namespace {

constexpr int64_t kRowsPerTask = 16;
constexpr int64_t kRoundedPerTask = 16384;

void check_shape(const AttentionShape& shape) {
  NELUMBO_CHECK(shape.kv_heads >= 1 && shape.heads % shape.kv_heads == 0)
      << shape.heads << " heads on " << shape.kv_heads << " key-value heads";
  NELUMBO_CHECK(shape.d >= 1 && shape.d <= kMaxHeadSize) << "a head size of " << shape.d;
  NELUMBO_CHECK(shape.precision != Precision::kInt8) << "attention knows no int8";
}

auto attend_of(const AttentionShape& shape) {
  check_shape(shape);
  return kernel_table().attend[static_cast<size_t>(shape.precision)];
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
    const int64_t floats = own_.back() * key_block_size(shape_);
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
    const int64_t block_size = key_block_size(shape_);
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
      store_key_value(shape_, k + row * row_size, v + row * row_size, p % kKeyBlock,
                      own + (p / kKeyBlock - shared) * block_size);
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

void store_floats(const float* k, const float* v, int64_t d, int64_t slot, float* block) {
  for (int64_t i = 0; i < d; ++i)
    block[i * kKeyBlock + slot] = k[i];
  std::copy_n(v, d, block + (kKeyBlock + slot) * d);
}

void store_pairs(const float* k, const float* v, int64_t d, int64_t slot, uint32_t* block) {
  uint32_t halves[kMaxHeadSize + 1];
  for (int64_t i = 0; i < d; ++i)
    halves[i] = to_bf16(k[i]);
  halves[d] = 0;
  for (int64_t i = 0; i < d; i += 2)
    block[i / 2 * kKeyBlock + slot] = halves[i] | halves[i + 1] << 16;
  uint32_t* values = block + (d + 1) / 2 * kKeyBlock + slot / 2 * d;
  const uint32_t kept = slot % 2 == 0 ? 0 : 0xFFFFU;  // a fresh block may hold anything
  const uint32_t shift = slot % 2 * 16;
  for (int64_t i = 0; i < d; ++i)
    values[i] = (values[i] & kept) | uint32_t{to_bf16(v[i])} << shift;
}

int64_t rows_behind(std::span<const Segment> segments) {
  int64_t rows = 0;
  for (const Segment& segment : segments)
    rows = std::max(rows, segment.begin + segment.length);
  return rows;
}

/// Puts rounded copies in the place of q, k and v; they live in what is returned.
Buffer round_rows(Team& team, int64_t rows, AttentionBackwardArgs& args) {
  const AttentionShape& shape = args.shape;
  const int64_t q_size = rows * shape.heads * shape.d, k_size = rows * shape.kv_heads * shape.d;
  Buffer rounded(q_size + 2 * k_size);
  float* to = rounded.data();
  const auto round = [&](const float*& rows_at, int64_t size) {
    split(team, size, kRoundedPerTask, [&](Range part) {
      for (int64_t i = part.begin; i < part.end; ++i)
        to[i] = from_bf16(to_bf16(rows_at[i]));
    });
    rows_at = to;
    to += size;
  };
  round(args.q, q_size);
  round(args.k, k_size);
  round(args.v, k_size);
  return rounded;
}

}  // namespace

void store_key_value(const AttentionShape& shape, const float* k_GD, const float* v_GD,
                     int64_t slot, float* block) {
  const int64_t d = shape.d;
  for (int64_t g = 0; g < shape.kv_heads;
       ++g, k_GD += d, v_GD += d, block += head_block_size(shape))
    if (shape.precision == Precision::kFloat32)
      store_floats(k_GD, v_GD, d, slot, block);
    else
      store_pairs(k_GD, v_GD, d, slot, reinterpret_cast<uint32_t*>(block));
}

void attention_paged(Team& team, const AttentionShape& shape, const float* q, int64_t m,
                     const KeyRange* ranges_M, float* out) {
  const auto attend = attend_of(shape);
  const AttentionRows rows{shape, q, ranges_M, m, out, nullptr};
  split(team, m, 2, [&](Range part) { attend(rows.part(part.begin, part.end - part.begin)); });
}

// NOLINTBEGIN(readability-function-size): attention has this many arrays

void attention_packed(Team& team, const AttentionShape& shape, const float* q, const float* k,
                      const float* v, std::span<const Segment> segments, float* out, float* lse) {
  const auto attend = attend_of(shape);
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
      const int64_t first = (segment.begin + task.begin) * shape.heads;
      attend({shape, q + first * shape.d, blocks.ranges(task.segment) + task.begin,
              std::min(kRowsPerTask, segment.length - task.begin), out + first * shape.d,
              lse + first});
    }
  });
}

void attention_packed_backward(Team& team, const AttentionShape& shape, const float* dout,
                               const float* q, const float* k, const float* v, const float* out,
                               const float* lse, std::span<const Segment> segments, float* dq,
                               float* dk, float* dv) {
  check_shape(shape);
  const KernelTable& table = kernel_table();
  AttentionBackwardArgs args{shape, dout, q, k, v, out, lse, segments.data(), dq, dk, dv};
  Buffer rounded;
  if (shape.precision == Precision::kBfloat16)
    rounded = round_rows(team, rows_behind(segments), args);
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
