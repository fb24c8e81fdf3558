// SPDX-License-Identifier: Apache-2.0
#include <limits>

#include <gtest/gtest.h>

#include "base/half.h"
#include "tests/kernels/kernel_testing.h"

namespace nelumbo {
namespace {

/// Queries, keys and values of a packed batch.
struct Batch {
  AttentionShape shape;
  std::vector<Segment> segments;
  int64_t rows = 0;
  Floats q, k, v;
};

Batch batch_of(AttentionShape shape, std::vector<Segment> segments, uint64_t seed) {
  Batch b{shape, std::move(segments), 0, {}, {}, {}};
  for (Segment& segment : b.segments) {
    segment.begin = b.rows;
    b.rows += segment.length;
  }
  b.q = random_floats(b.rows * shape.heads * shape.d, seed);
  b.k = random_floats(b.rows * shape.kv_heads * shape.d, seed + 1);
  b.v = random_floats(b.rows * shape.kv_heads * shape.d, seed + 2);
  return b;
}

AttentionShape shape_of(int64_t heads, int64_t kv_heads, int64_t d) {
  return {heads, kv_heads, d, 1 / std::sqrt(static_cast<float>(d))};
}

struct Attended {
  Floats out, lse;
};

Attended packed(const Batch& b, int threads) {
  Team team(threads);
  Attended a{Floats(b.q.size()), Floats(static_cast<size_t>(b.rows * b.shape.heads))};
  attention_packed(team, b.shape, b.q.data(), b.k.data(), b.v.data(), b.segments, a.out.data(),
                   a.lse.data());
  return a;
}

// The packed rows that row i of a segment sees, in position order.
std::vector<int64_t> seen_by(const Batch& b, const Segment& segment, int64_t i) {
  std::vector<int64_t> rows;
  if (segment.parent) {
    const Segment& parent = b.segments[static_cast<size_t>(*segment.parent)];
    for (int64_t j = 0; j < parent.length; ++j)
      rows.push_back(parent.begin + j);
  }
  for (int64_t j = 0; j < (segment.causal ? i + 1 : segment.length); ++j)
    rows.push_back(segment.begin + j);
  return rows;
}

double scaled_score(const Batch& b, int64_t row, int64_t head, int64_t key) {
  const AttentionShape& s = b.shape;
  const int64_t kv_head = head / (s.heads / s.kv_heads);
  double sum = 0;
  for (int64_t f = 0; f < s.d; ++f)
    sum += double{b.q[static_cast<size_t>((row * s.heads + head) * s.d + f)]} *
           b.k[static_cast<size_t>((key * s.kv_heads + kv_head) * s.d + f)];
  return s.scale * sum;
}

// softmax(scale q k^T) v of one row and head, in double.
void naive_row(const Batch& b, const std::vector<int64_t>& keys, int64_t row, int64_t head,
               Attended& to) {
  const AttentionShape& s = b.shape;
  const int64_t kv_head = head / (s.heads / s.kv_heads);
  std::vector<double> sums(static_cast<size_t>(s.d));
  double total = 0;
  for (const int64_t key : keys) {
    const double p = std::exp(scaled_score(b, row, head, key));
    total += p;
    for (int64_t f = 0; f < s.d; ++f)
      sums[static_cast<size_t>(f)] +=
          p * b.v[static_cast<size_t>((key * s.kv_heads + kv_head) * s.d + f)];
  }
  for (int64_t f = 0; f < s.d; ++f)
    to.out[static_cast<size_t>((row * s.heads + head) * s.d + f)] =
        static_cast<float>(sums[static_cast<size_t>(f)] / total);
  to.lse[static_cast<size_t>(row * s.heads + head)] = static_cast<float>(std::log(total));
}

Attended naive(const Batch& b) {
  Attended a{Floats(b.q.size()), Floats(static_cast<size_t>(b.rows * b.shape.heads))};
  for (const Segment& segment : b.segments) {
    for (int64_t i = 0; i < segment.length; ++i) {
      for (int64_t head = 0; head < b.shape.heads; ++head)
        naive_row(b, seen_by(b, segment, i), segment.begin + i, head, a);
    }
  }
  return a;
}

/// Blocks as the engine would hold them for one row, with garbage in every slot not yet written.
class PagedRow {
 public:
  PagedRow(const Batch& b, const std::vector<int64_t>& rows) {
    const AttentionShape& s = b.shape;
    const int64_t size = key_block_size(s);
    for (size_t p = 0; p < rows.size(); ++p) {
      if (p % kKeyBlock == 0)
        blocks_.emplace_back(static_cast<size_t>(size), std::numeric_limits<float>::quiet_NaN());
      store_key_value(s, b.k.data() + rows[p] * s.kv_heads * s.d,
                      b.v.data() + rows[p] * s.kv_heads * s.d, static_cast<int64_t>(p) % kKeyBlock,
                      blocks_.back().data());
    }
    for (const Floats& block : blocks_)
      pointers_.push_back(block.data());
    range_ = {pointers_.data(), static_cast<int64_t>(rows.size())};
  }
  PagedRow(PagedRow&&) = default;

  KeyRange range() const { return range_; }

 private:
  std::vector<Floats> blocks_;
  std::vector<const float*> pointers_;
  KeyRange range_;
};

Floats paged(const Batch& b, int threads) {
  std::vector<PagedRow> rows;
  for (const Segment& segment : b.segments) {
    for (int64_t i = 0; i < segment.length; ++i)
      rows.emplace_back(b, seen_by(b, segment, i));
  }
  std::vector<KeyRange> ranges;
  ranges.reserve(rows.size());
  for (const PagedRow& row : rows)
    ranges.push_back(row.range());
  Team team(threads);
  Floats out(b.q.size());
  attention_paged(team, b.shape, b.q.data(), b.rows, ranges.data(), out.data());
  return out;
}

std::vector<Batch> batches() {
  std::vector<Batch> all;
  for (const int64_t prefix : {1, 15, 16, 17, 36})
    all.push_back(batch_of(shape_of(4, 2, 24),
                           {{0, prefix, {}, true}, {0, 7, 0, true}, {0, 21, 0, true}}, 1));
  all.push_back(batch_of(shape_of(4, 4, 32), {{0, 50, {}, false}, {0, 5, 0, true}}, 2));
  all.push_back(batch_of(shape_of(2, 1, 2), {{0, 3, {}, false}, {0, 144, {}, false}}, 3));
  all.push_back(batch_of(shape_of(3, 3, 70), {{0, 19, {}, true}, {0, 2, {}, true}}, 4));
  all.push_back(batch_of(shape_of(1, 1, 128), {{0, 33, {}, true}, {0, 0, 0, true}}, 5));
  all.push_back(batch_of(shape_of(10, 2, 7), {{0, 20, {}, true}, {0, 5, 0, true}}, 14));
  return all;
}

/// The same in fp32 and in bf16.
std::vector<Batch> batches_of_both() {
  std::vector<Batch> all = batches();
  for (Batch& b : batches()) {
    b.shape.precision = Precision::kBfloat16;
    all.push_back(std::move(b));
  }
  return all;
}

/// In fp32, of rows as bf16 has them.
Batch rounded(Batch b) {
  b.shape.precision = Precision::kFloat32;
  for (Floats* rows : {&b.q, &b.k, &b.v})
    for (float& value : *rows)
      value = from_bf16(to_bf16(value));
  return b;
}

TEST(Attention, IsSoftmaxOfScoresTimesValues) {
  for (const Batch& b : batches()) {
    const Attended expected = naive(b);
    on_each_isa([&] {
      const Attended a = packed(b, 2);
      EXPECT_LE(difference(a.out, expected.out), 2e-6);
      EXPECT_LE(difference(a.lse, expected.lse), 2e-6);
    });
  }
}

TEST(Attention, RoundsToBf16AndSumsInFp32) {
  for (const Batch& b : batches()) {
    Batch half = b;
    half.shape.precision = Precision::kBfloat16;
    const Attended expected = naive(rounded(b));
    on_each_isa([&] {
      const Attended a = packed(half, 2);
      EXPECT_LE(difference(a.out, expected.out), 4e-3);  // weights of values are rounded as well
      EXPECT_LE(difference(a.lse, expected.lse), 2e-6);
    });
  }
}

TEST(Attention, HasTheSameBitsPagedAndPackedWhateverUnusedSlotsHold) {
  for (const Batch& b : batches_of_both())
    on_each_isa([&] { EXPECT_TRUE(same_bits(paged(b, 2), packed(b, 1).out)); });
}

TEST(Attention, HasTheSameBitsForAnyNumberOfThreads) {
  for (const Batch& b : batches_of_both())
    on_each_isa([&] {
      const Attended expected = packed(b, 1);
      for (const int threads : {2, 3}) {
        EXPECT_TRUE(same_bits(packed(b, threads).out, expected.out));
        EXPECT_TRUE(same_bits(packed(b, threads).lse, expected.lse));
        EXPECT_TRUE(same_bits(paged(b, threads), expected.out));
      }
    });
}

TEST(Attention, HasTheSameBitsForASequenceAloneAndInABatch) {
  const Batch b = batch_of(shape_of(4, 2, 24), {{0, 23, {}, true}, {0, 9, {}, true}}, 6);
  Batch alone = b;
  alone.segments.resize(1);
  alone.rows = 23;
  alone.q.resize(static_cast<size_t>(alone.rows * 4 * 24));
  on_each_isa([&] {
    const Floats expected = packed(b, 1).out;
    EXPECT_TRUE(same_bits(packed(alone, 1).out, {expected.data(), alone.q.size()}));
  });
}

TEST(Attention, GivesZeroToARowThatSeesNothing) {
  on_each_isa([] {
    Team team(1);
    const Floats q = random_floats(8, 7);
    const KeyRange nothing;
    Floats out(8, 5.0F);
    attention_paged(team, shape_of(2, 1, 4), q.data(), 1, &nothing, out.data());
    EXPECT_EQ(out, Floats(8, 0.0F));
  });
}

TEST(Attention, TakesTheLargestScoreAloneWhenScoresDifferWidely) {
  // Scores 0, 500, 1000, ...: only the last key that a row sees has weight.
  Batch b = batch_of(shape_of(1, 1, 1), {{0, 40, {}, true}}, 8);
  for (size_t i = 0; i < b.q.size(); ++i) {
    b.q[i] = 1;
    b.k[i] = 500.0F * static_cast<float>(i);
  }
  on_each_isa([&] { EXPECT_EQ(packed(b, 1).out, b.v); });
}

TEST(AttentionDeathTest, RefusesAParentThatHasAParent) {
  EXPECT_EXIT(
      packed(batch_of(shape_of(1, 1, 4), {{0, 2, {}, true}, {0, 2, 0, true}, {0, 2, 1, true}}, 9),
             1),
      testing::ExitedWithCode(70), "without a parent");
}

struct Gradients {
  Floats dq, dk, dv;
};

Gradients backward(const Batch& b, const Attended& a, const Floats& dout, int threads) {
  Team team(threads);
  Gradients g{Floats(b.q.size(), 9.0F), Floats(b.k.size(), 9.0F), Floats(b.v.size(), 9.0F)};
  attention_packed_backward(team, b.shape, dout.data(), b.q.data(), b.k.data(), b.v.data(),
                            a.out.data(), a.lse.data(), b.segments, g.dq.data(), g.dk.data(),
                            g.dv.data());
  return g;
}

void expect_same_bits(const Gradients& a, const Gradients& b) {
  EXPECT_TRUE(same_bits(a.dq, b.dq));
  EXPECT_TRUE(same_bits(a.dk, b.dk));
  EXPECT_TRUE(same_bits(a.dv, b.dv));
}

double weighted_output(const Batch& b, const Floats& dout) {
  const Attended a = naive(b);
  double sum = 0;
  for (size_t i = 0; i < dout.size(); ++i)
    sum += double{dout[i]} * a.out[i];
  return sum;
}

TEST(AttentionBackward, MatchesCentralDifferences) {
  const Batch b =
      batch_of(shape_of(2, 1, 6), {{0, 17, {}, false}, {0, 3, 0, true}, {0, 2, 0, true}}, 10);
  const Floats dout = random_floats(std::ssize(b.q), 11);
  const double h = 1e-2;
  const Floats dq = central_differences(b.q, h, [&](const Floats& q) {
    Batch moved = b;
    moved.q = q;
    return weighted_output(moved, dout);
  });
  const Floats dk = central_differences(b.k, h, [&](const Floats& k) {
    Batch moved = b;
    moved.k = k;
    return weighted_output(moved, dout);
  });
  const Floats dv = central_differences(b.v, h, [&](const Floats& v) {
    Batch moved = b;
    moved.v = v;
    return weighted_output(moved, dout);
  });
  on_each_isa([&] {
    const Gradients g = backward(b, packed(b, 1), dout, 2);
    EXPECT_LE(difference(g.dq, dq), 2e-4);
    EXPECT_LE(difference(g.dk, dk), 2e-4);
    EXPECT_LE(difference(g.dv, dv), 2e-4);
  });
}

TEST(AttentionBackward, AgreesWithTheReferenceOnEveryLayout) {
  for (const Batch& b : batches()) {
    const Floats dout = random_floats(std::ssize(b.q), 12);
    const Attended a = on_isa(Isa::kReference, [&] { return packed(b, 1); });
    const Gradients expected = on_isa(Isa::kReference, [&] { return backward(b, a, dout, 1); });
    on_each_isa([&] {
      const Gradients g = backward(b, a, dout, 2);
      EXPECT_LE(difference(g.dq, expected.dq), 5e-6);
      EXPECT_LE(difference(g.dk, expected.dk), 5e-6);
      EXPECT_LE(difference(g.dv, expected.dv), 5e-6);
    });
  }
}

TEST(AttentionBackward, OfBf16IsThatAtTheRoundedRows) {
  Batch b = batches()[3];
  const Batch at = rounded(b);
  b.shape.precision = Precision::kBfloat16;
  const Floats dout = random_floats(std::ssize(b.q), 12);
  on_each_isa([&] {
    const Attended a = packed(b, 1);
    const Gradients g = backward(b, a, dout, 2);
    const Gradients expected = backward(at, a, dout, 1);
    expect_same_bits(g, expected);
  });
}

TEST(AttentionBackward, HasTheSameBitsForAnyNumberOfThreads) {
  const Batch b = batches()[4];
  const Floats dout = random_floats(std::ssize(b.q), 13);
  on_each_isa([&] {
    const Attended a = packed(b, 1);
    const Gradients expected = backward(b, a, dout, 1);
    const Gradients g = backward(b, a, dout, 3);
    expect_same_bits(g, expected);
  });
}

}  // namespace
}  // namespace nelumbo
