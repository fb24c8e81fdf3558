// SPDX-License-Identifier: Apache-2.0
//
// Scaled dot-product attention as its formula says. With s_ij = scale q_i k_j, p = softmax(s),
// o_i = sum_j p_ij v_j:
//   dv_j = sum_i p_ij do_i
//   ds_ij = p_ij (do_i v_j - do_i o_i)
//   dq_i = scale sum_j ds_ij k_j,  dk_j = scale sum_i ds_ij q_i
#include <algorithm>
#include <bit>
#include <cmath>
#include <vector>

#include "base/half.h"
#include "kernels/kernel_table.h"
#include "kernels/reference.h"

namespace nelumbo {

namespace {

double dot(const float* a, const float* b, int64_t d) {
  double sum = 0;
  for (int64_t f = 0; f < d; ++f)
    sum += double{a[f]} * b[f];
  return sum;
}

/// One query head, and the keys and values that it sees, as floats.
class FloatKeys {
 public:
  FloatKeys(const AttentionRows& rows, int64_t row, int64_t head)
      : d_(rows.shape.d),
        q_(rows.q + (row * rows.shape.heads + head) * d_),
        blocks_(rows.ranges[row].blocks),
        offset_(head / (rows.shape.heads / rows.shape.kv_heads) * head_block_size(rows.shape)) {}

  double query(int64_t f) const { return q_[f]; }
  double key(int64_t j, int64_t f) const { return block(j)[f * kKeyBlock + j % kKeyBlock]; }
  double value(int64_t j, int64_t f) const {
    return block(j)[d_ * kKeyBlock + j % kKeyBlock * d_ + f];
  }

 protected:
  const float* block(int64_t j) const { return blocks_[j / kKeyBlock] + offset_; }

  int64_t d_;
  const float* q_;

 private:
  const float* const* blocks_;
  int64_t offset_;
};

/// The same of bf16.
class Bf16Keys : public FloatKeys {
 public:
  using FloatKeys::FloatKeys;

  double query(int64_t f) const { return from_bf16(to_bf16(q_[f])); }
  double key(int64_t j, int64_t f) const { return half(j, f / 2 * kKeyBlock + j % kKeyBlock, f); }
  double value(int64_t j, int64_t f) const {
    return half(j, (d_ + 1) / 2 * kKeyBlock + j % kKeyBlock / 2 * d_ + f, j);
  }

 private:
  double half(int64_t j, int64_t cell, int64_t at) const {
    const auto bits = std::bit_cast<uint32_t>(block(j)[cell]);
    return from_bf16(static_cast<uint16_t>(bits >> (at % 2 * 16)));
  }
};

template <class Keys>
void attend_one(const AttentionRows& rows, int64_t row, int64_t head) {
  const Keys lane(rows, row, head);
  const int64_t keys = rows.ranges[row].keys, d = rows.shape.d;
  const int64_t at = row * rows.shape.heads + head;
  std::vector<double> scores(static_cast<size_t>(keys));
  std::vector<double> sums(static_cast<size_t>(d));
  double top = -INFINITY;
  for (int64_t j = 0; j < keys; ++j) {
    double& s = scores[static_cast<size_t>(j)];
    for (int64_t f = 0; f < d; ++f)
      s += lane.query(f) * lane.key(j, f);
    s *= rows.shape.scale;
    top = std::max(top, s);
  }
  double total = 0;
  for (int64_t j = 0; j < keys; ++j) {
    const double p = std::exp(scores[static_cast<size_t>(j)] - top);
    total += p;
    for (int64_t f = 0; f < d; ++f)
      sums[static_cast<size_t>(f)] += p * lane.value(j, f);
  }
  for (int64_t f = 0; f < d; ++f)
    rows.out[at * d + f] = keys == 0 ? 0 : static_cast<float>(sums[static_cast<size_t>(f)] / total);
  if (rows.lse != nullptr)
    rows.lse[at] = static_cast<float>(top + std::log(total));
}

template <class Keys>
void attend_rows(const AttentionRows& rows) {
  for (int64_t row = 0; row < rows.count; ++row)
    for (int64_t head = 0; head < rows.shape.heads; ++head)
      attend_one<Keys>(rows, row, head);
}

/// Adds the gradients that query row i of head `head` sends through key row j.
class PairGradient {
 public:
  PairGradient(const AttentionBackwardArgs& args, int64_t head, int64_t i)
      : args_(args), d_(args.shape.d), i_(i * args.shape.heads + head) {
    kv_head_ = head / (args.shape.heads / args.shape.kv_heads);
    do_o_ = dot(args.dout + i_ * d_, args.out + i_ * d_, d_);
  }

  void add(int64_t row) {
    const int64_t j = row * args_.shape.kv_heads + kv_head_;
    const float* q = args_.q + i_ * d_;
    const float* k = args_.k + j * d_;
    const float* dout = args_.dout + i_ * d_;
    const double p = std::exp(args_.shape.scale * dot(q, k, d_) - args_.lse[i_]);
    const double ds = args_.shape.scale * p * (dot(dout, args_.v + j * d_, d_) - do_o_);
    for (int64_t f = 0; f < d_; ++f) {
      args_.dq[i_ * d_ + f] += static_cast<float>(ds * k[f]);
      args_.dk[j * d_ + f] += static_cast<float>(ds * q[f]);
      args_.dv[j * d_ + f] += static_cast<float>(p * dout[f]);
    }
  }

 private:
  const AttentionBackwardArgs& args_;
  int64_t d_;
  int64_t i_;
  int64_t kv_head_ = 0;
  double do_o_ = 0;
};

void clear(const AttentionBackwardArgs& args, const Segment& segment, int64_t kv_head) {
  const int64_t d = args.shape.d;
  const int64_t group = args.shape.heads / args.shape.kv_heads;
  for (int64_t row = segment.begin; row < segment.begin + segment.length; ++row) {
    std::fill_n(args.dq + (row * args.shape.heads + kv_head * group) * d, group * d, 0.0F);
    std::fill_n(args.dk + (row * args.shape.kv_heads + kv_head) * d, d, 0.0F);
    std::fill_n(args.dv + (row * args.shape.kv_heads + kv_head) * d, d, 0.0F);
  }
}

void add_segment(const AttentionBackwardArgs& args, const Segment& segment, int64_t head) {
  for (int64_t i = 0; i < segment.length; ++i) {
    PairGradient pair(args, head, segment.begin + i);
    if (segment.parent) {
      const Segment& parent = args.segments[*segment.parent];
      for (int64_t j = 0; j < parent.length; ++j)
        pair.add(parent.begin + j);
    }
    const int64_t seen = segment.causal ? i + 1 : segment.length;
    for (int64_t j = 0; j < seen; ++j)
      pair.add(segment.begin + j);
  }
}

}  // namespace

void reference_attend(const AttentionRows& rows) {
  attend_rows<FloatKeys>(rows);
}

void reference_attend_bf16(const AttentionRows& rows) {
  attend_rows<Bf16Keys>(rows);
}

void reference_attention_backward(const AttentionBackwardArgs& args, const Family& family,
                                  int64_t kv_head) {
  const int64_t group = args.shape.heads / args.shape.kv_heads;
  for (int64_t c = -1; c < family.child_count; ++c)
    clear(args, args.segments[c < 0 ? family.root : family.children[c]], kv_head);
  for (int64_t c = -1; c < family.child_count; ++c) {
    const Segment& segment = args.segments[c < 0 ? family.root : family.children[c]];
    for (int64_t head = kv_head * group; head < (kv_head + 1) * group; ++head)
      add_segment(args, segment, head);
  }
}

}  // namespace nelumbo
