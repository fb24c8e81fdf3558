// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "kernels/team.h"

// Maths on raw fp32 buffers, row-major. Letters in shapes: M rows (tokens), K input features,
// N output features, H heads, G key-value heads, D head size, V vocabulary.
//
// The contract that everything above relies on: each element of a *forward* result is computed in
// one fixed order that depends on its own row only. It does not depend on M, on how rows are
// packed, on the number of threads, or on where keys and values are stored. So the rollout engine,
// which sees a token alone, and the learner, which sees it among thousands, get equal bits within
// one instruction set. Backward results promise the same bits for the same call, no more.

namespace nelumbo {

/// The instruction sets with a path of their own; every one of them computes every kernel. The last
/// two differ from kAvx512 in products of bf16 weights alone.
enum class Isa { kReference, kAvx2, kAvx512, kAvx512Bf16, kAmx };

/// The path in use: the best that this CPU has, unless `use_isa` chose another.
Isa isa();
/// Chooses a path for the whole process, or says no when the CPU lacks it. For tests, benchmarks.
bool use_isa(Isa isa);
std::string to_string(Isa isa);

/// Floats on a 64-byte boundary. Fresh memory is not zeroed.
class Buffer {
 public:
  Buffer() = default;
  explicit Buffer(int64_t size);
  Buffer(Buffer&& other) noexcept
      : own_(std::move(other.own_)),
        data_(std::exchange(other.data_, nullptr)),
        size_(std::exchange(other.size_, 0)) {}
  Buffer& operator=(Buffer&& other) noexcept {
    own_ = std::move(other.own_);
    data_ = std::exchange(other.data_, nullptr);
    size_ = std::exchange(other.size_, 0);
    return *this;
  }
  float* data() { return data_; }
  const float* data() const { return data_; }
  int64_t size() const { return size_; }
  /// `size` of its floats from `begin` on, as a buffer that this one must outlive: what lies in one
  /// buffer shares its large pages. REQUIRES: `begin` is a multiple of 16.
  Buffer part(int64_t begin, int64_t size);

 private:
  struct Free {
    void operator()(float* p) const;
  };
  std::unique_ptr<float[], Free> own_;  // null for a part
  float* data_ = nullptr;
  int64_t size_ = 0;
};

/// What a matrix product multiplies. With kBfloat16 both factors are rounded to bf16 (to nearest,
/// ties to even) and their products summed in fp32. With kInt8 they are whole numbers of -127 to
/// 127 times a scale, one of each 64 weights of an output and one of each 64 inputs of a row (the
/// largest size there over 127, rounded up to a bf16); every instruction set gives the same bits,
/// see int8_impl.h. Forward only.
enum class Precision { kFloat32, kBfloat16, kInt8 };

/// A weight matrix in the order in which `linear` reads it: panels of 64 output features, K floats
/// for each, K/2 pairs of bf16 or K/4 quads of int8; zero padded. Each 16 quads are followed by one
/// cell, see scale_cell() in cells.h.
struct PackedMatrix {
  int64_t k = 0;  ///< input features
  int64_t n = 0;  ///< output features
  Precision precision = Precision::kFloat32;
  Buffer panels;

  /// Its cells where the precision is not kFloat32.
  uint32_t* cells() { return reinterpret_cast<uint32_t*>(panels.data()); }
  const uint32_t* cells() const { return reinterpret_cast<const uint32_t*>(panels.data()); }
};

/// Packs w_NK (the layout of a Hugging Face linear weight) for y = x w^T in the precision of `out`,
/// whose memory is used again where the shape is unchanged.
void pack(Team& team, const float* w_NK, int64_t n, int64_t k, PackedMatrix& out);
void pack(const float* w_NK, int64_t n, int64_t k, PackedMatrix& out);
/// Packs w_NK for dx = dy w: the packed matrix has N input and K output features.
void pack_transposed(Team& team, const float* w_NK, int64_t n, int64_t k, PackedMatrix& out);
void pack_transposed(const float* w_NK, int64_t n, int64_t k, PackedMatrix& out);

/// y_MN = x_MK w^T + bias_N (`bias` may be null). In fp32 each element is fma-accumulated over k in
/// order, starting from 0; in bf16 the order is the instruction set's. The bias is added last. An
/// input that is not finite makes its row's results NaN in int8.
void linear(Team& team, const float* x_MK, int64_t m, const PackedMatrix& w, const float* bias,
            float* y_MN);
/// dw_NK += dy_MN^T x_MK, and dbias_N += column sums of dy (`dbias` may be null).
void linear_weight_gradient(Team& team, const float* dy_MN, const float* x_MK, int64_t m, int64_t n,
                            int64_t k, float* dw_NK, float* dbias_N,
                            Precision precision = Precision::kFloat32);

/// y = x / sqrt(mean(x^2) + eps) * w, per row of K.
void rms_norm(Team& team, const float* x_MK, const float* w_K, int64_t m, int64_t k, float eps,
              float* y_MK);
/// dx_MK is written, dw_K is added to.
void rms_norm_backward(Team& team, const float* dy_MK, const float* x_MK, const float* w_K,
                       int64_t m, int64_t k, float eps, float* dx_MK, float* dw_K);

/// y = (x - mean) / sqrt(var + eps) * w + b, per row of K.
void layer_norm(Team& team, const float* x_MK, const float* w_K, const float* b_K, int64_t m,
                int64_t k, float eps, float* y_MK);
/// dx_MK is written, dw_K and db_K are added to.
void layer_norm_backward(Team& team, const float* dy_MK, const float* x_MK, const float* w_K,
                         int64_t m, int64_t k, float eps, float* dx_MK, float* dw_K, float* db_K);

/// What rotary positions turn by: each pair of a head has a frequency, in radians for each step
/// along the axis of positions that it follows.
struct Rotary {
  std::vector<float> frequencies;  ///< [D/2]
  std::vector<uint8_t> axes;       ///< [D/2] each below `axis_count`; none: all follow the only one
  int64_t axis_count = 1;          ///< positions of one row
};

/// Rotary positions, Hugging Face's "rotate half" form, in place on x[M, heads, D]:
/// angle = position * frequency of each pair. `positions` is [M, axes]. `direction` is +1 forward,
/// -1 backward.
void rope(Team& team, float* x, const int32_t* positions, int64_t m, int64_t heads,
          const Rotary& rotary, int direction);

/// y = 0.5 x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))), elementwise.
void gelu(Team& team, const float* x, int64_t size, float* y);
void gelu_backward(Team& team, const float* dy, const float* x, int64_t size, float* dx);

/// y = 0.5 x (1 + erf(x / sqrt(2))), elementwise: what `gelu` approximates.
void exact_gelu(Team& team, const float* x, int64_t size, float* y);
void exact_gelu_backward(Team& team, const float* dy, const float* x, int64_t size, float* dx);

/// y = gate * sigmoid(gate) * up, elementwise.
void silu_mul(Team& team, const float* gate, const float* up, int64_t size, float* y);
void silu_mul_backward(Team& team, const float* dy, const float* gate, const float* up,
                       int64_t size, float* dgate, float* dup);

/// y = a + b, elementwise; y may be a or b.
void add(Team& team, const float* a, const float* b, int64_t size, float* y);

/// Keys and values are attended in blocks of this many positions, aligned to absolute positions.
constexpr int64_t kKeyBlock = 16;

struct AttentionShape {
  int64_t heads = 0;     ///< H, a multiple of kv_heads
  int64_t kv_heads = 0;  ///< G
  int64_t d = 0;         ///< D
  float scale = 0;       ///< usually 1/sqrt(D)
  /// Of both products; kBfloat16 rounds queries, keys, values and the weights of values, and sums
  /// in fp32. Not kInt8.
  Precision precision = Precision::kFloat32;
};

/// How many floats, or what takes as many bytes, the keys and values of one head take in a block:
/// keys as [D][16] and then values as [16][D], or, in bf16, pairs [D/2][16] along D and pairs
/// [8][D] along positions.
constexpr int64_t head_block_size(const AttentionShape& shape) {
  return shape.precision == Precision::kFloat32
             ? 2 * shape.d * kKeyBlock
             : (shape.d + 1) / 2 * kKeyBlock + kKeyBlock / 2 * shape.d;
}
/// The same of all heads: a block.
constexpr int64_t key_block_size(const AttentionShape& shape) {
  return shape.kv_heads * head_block_size(shape);
}

/// Writes the key and value rows [G, D] of one position into slot `slot` of a block. A block is
/// filled in the order of its slots.
void store_key_value(const AttentionShape& shape, const float* k_GD, const float* v_GD,
                     int64_t slot, float* block);

/// What one query row attends to: the first `keys` positions behind `blocks`, block b holding
/// positions [16 b, 16 b + 16).
struct KeyRange {
  const float* const* blocks = nullptr;
  int64_t keys = 0;
};

/// out[M, H, D] = softmax(scale q k^T) v over each row's range: block by block in position order
/// with a running maximum and sum. One of the two entries to the same inner function.
void attention_paged(Team& team, const AttentionShape& shape, const float* q, int64_t m,
                     const KeyRange* ranges_M, float* out);

/// A run of rows of a packed batch that belong to one sequence. Its rows attend to all rows of the
/// parent (a shared prefix, itself without a parent), then to its own: up to and including
/// themselves if `causal`, else to all. The first row's position is the parent's length.
struct Segment {
  int64_t begin = 0;
  int64_t length = 0;
  std::optional<int64_t> parent;  ///< index of an earlier segment
  bool causal = true;
};

/// The same attention on packed rows q[M, H, D], k and v[M, G, D]; equal in bits to the paged form.
/// lse[M, H] gets log sum exp(scale q k^T), which the backward pass needs.
void attention_packed(Team& team, const AttentionShape& shape, const float* q, const float* k,
                      const float* v, std::span<const Segment> segments, float* out, float* lse);
/// Writes dq, dk and dv (every row that belongs to a segment). In bf16 it is the gradient at the
/// rounded rows, in fp32.
void attention_packed_backward(Team& team, const AttentionShape& shape, const float* dout,
                               const float* q, const float* k, const float* v, const float* out,
                               const float* lse, std::span<const Segment> segments, float* dq,
                               float* dk, float* dv);

/// logprob = z_a - lse and entropy = lse - sum p z over z = logits * inverse_temperature of each
/// row, a its target; any of the three outputs may be null. A row with target < 0 gives 0, 0, lse.
void log_softmax_gather(Team& team, const float* logits_MV, const int32_t* targets_M, int64_t m,
                        int64_t v, float inverse_temperature, float* logprob_M, float* entropy_M,
                        float* lse_M);

/// Draws a token from softmax(z) of each row, z = logits * inverse_temperature: the first, in the
/// order of ids, up to which the probabilities sum to more than its u_M in [0, 1). Without u_M it
/// is the likeliest, the first of equals. logprob_M and entropy_M have the bits that
/// `log_softmax_gather` gives for those tokens. A row with a NaN has log-prob NaN and some token.
void log_softmax_sample(Team& team, const float* logits_MV, const double* u_M, int64_t m, int64_t v,
                        float inverse_temperature, int32_t* tokens_M, float* logprob_M,
                        float* entropy_M);

/// The head on rows x_MK without storing logits [M, V]: `linear` and `log_softmax_gather` over
/// chunks of 64 rows; the same bits as calling the two.
void head(Team& team, const float* x_MK, int64_t m, const PackedMatrix& w, const int32_t* targets_M,
          float inverse_temperature, float* logprob_M, float* entropy_M);
/// Gradient of sum(dlogprob logprob + dentropy entropy): dx_MK is written, dw_VK is added to
/// and may be null. `w_transposed` is `pack_transposed` of the same weight.
void head_backward(Team& team, const float* x_MK, int64_t m, const PackedMatrix& w,
                   const PackedMatrix& w_transposed, const int32_t* targets_M,
                   float inverse_temperature, const float* dlogprob_M, const float* dentropy_M,
                   float* dx_MK, float* dw_VK);

/// Where a patch lies in its picture, in patches.
struct PatchPlace {
  int32_t row = 0, col = 0;
};

/// Patches of an image [C, height, width], each as [C, frames, p, p], `frames` times the same: the
/// rows that a strided convolution with flattened weights multiplies.
void patches(const float* image, int64_t channels, int64_t height, int64_t width, int64_t p,
             int64_t frames, std::span<const PatchPlace> places, float* rows);

/// Idefics3 pixel shuffle of a square map [side*side, K] by `factor`: out[(side/f)^2, K f^2], where
/// out row (i, j) is the concatenation over (di, dj) in raster order of rows (f i + di, f j + dj).
void pixel_shuffle(const float* x, int64_t side, int64_t k, int64_t factor, float* out);
/// The inverse permutation, which is also the backward pass.
void pixel_unshuffle(const float* x, int64_t side, int64_t k, int64_t factor, float* out);

/// The sum of squares, in double, in a fixed order.
double sum_of_squares(Team& team, const float* x, int64_t size);

/// One decoupled AdamW step (Loshchilov and Hutter, 2019) on w, in place:
/// m = b1 m + (1-b1) g, v = b2 v + (1-b2) g^2, w -= lr (m/c1 / (sqrt(v/c2) + eps) + decay w),
/// c_i = 1 - b_i^step, where g = gradient * gradient_scale.
struct AdamW {
  float lr = 0, beta1 = 0.9F, beta2 = 0.95F, eps = 1e-8F, decay = 0;
  int64_t step = 1;
  float gradient_scale = 1;
};
void adamw(Team& team, const AdamW& options, const float* gradient, int64_t size, float* w,
           float* m, float* v);

}  // namespace nelumbo
