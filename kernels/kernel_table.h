// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "kernels/kernels.h"

// What each instruction set implements: serial kernels on a range of rows or of outputs. The public
// functions of kernels.h check their arguments, split the work over the team, and call these.

namespace nelumbo {

/// Output features in one panel of a PackedMatrix.
constexpr int64_t kPanel = 64;
constexpr int64_t panels_of(int64_t n) {
  return (n + kPanel - 1) / kPanel;
}

/// Cells, of two inputs each, in one padded row of a bf16 matrix: whole tiles of 32 inputs.
constexpr int64_t pairs_of(int64_t k) {
  return (k + 31) / 32 * 16;
}

/// Inputs that share a scale in an int8 matrix: a tile of them.
constexpr int64_t kGroup = 64;
/// Their cells, of four inputs each.
constexpr int64_t kGroupQuads = kGroup / 4;
/// Groups in one padded row of an int8 matrix.
constexpr int64_t groups_of(int64_t k) {
  return (k + kGroup - 1) / kGroup;
}
/// Cells in one group of a panel: its quads, and one for each output's scale and sum.
constexpr int64_t kPanelGroup = (kGroupQuads + 1) * kPanel;

/// Floats, or what takes as many bytes, in one panel.
constexpr int64_t panel_size(Precision precision, int64_t k) {
  switch (precision) {
    case Precision::kBfloat16:
      return pairs_of(k) * kPanel;
    case Precision::kInt8:
      return groups_of(k) * kPanelGroup;
    case Precision::kFloat32:
      break;
  }
  return k * kPanel;
}

/// Half open.
struct Range {
  int64_t begin = 0;
  int64_t end = 0;
};

struct LinearArgs {
  const float* x = nullptr;
  const PackedMatrix* w = nullptr;
  const float* bias = nullptr;  ///< may be null
  float* y = nullptr;
};

struct WeightGradientArgs {
  const float* dy = nullptr;
  const float* x = nullptr;
  int64_t m = 0, n = 0, k = 0;
  float* dw = nullptr;
  float* dbias = nullptr;  ///< may be null
};

struct NormArgs {
  const float* x = nullptr;
  const float* w = nullptr;
  const float* b = nullptr;  ///< layer norm only
  int64_t k = 0;
  float eps = 0;
  float* y = nullptr;
};

/// dw and db are overwritten with the sums over the rows of one call.
struct NormBackwardArgs {
  const float* dy = nullptr;
  const float* x = nullptr;
  const float* w = nullptr;
  int64_t k = 0;
  float eps = 0;
  float* dx = nullptr;
  float* dw = nullptr;
  float* db = nullptr;  ///< layer norm only
};

/// Rotation of rows [heads, D]; row i turns by angles[i], which holds D/2 cosines, then D/2 sines.
struct RopeArgs {
  float* x = nullptr;
  const float* const* angles = nullptr;
  int64_t heads = 0, d = 0;
  int direction = 1;
};

/// Rows [count, heads, D] of queries, and the keys that each sees.
struct AttentionRows {
  AttentionShape shape;
  const float* q = nullptr;
  const KeyRange* ranges = nullptr;
  int64_t count = 0;
  float* out = nullptr;
  float* lse = nullptr;  ///< [count, heads], may be null

  AttentionRows part(int64_t begin, int64_t size) const {
    const int64_t lanes = begin * shape.heads;
    return {shape, q + lanes * shape.d,   ranges + begin,
            size,  out + lanes * shape.d, lse == nullptr ? nullptr : lse + lanes};
  }
};

struct AttentionBackwardArgs {
  AttentionShape shape;
  const float *dout = nullptr, *q = nullptr, *k = nullptr, *v = nullptr;
  const float *out = nullptr, *lse = nullptr;
  const Segment* segments = nullptr;
  float *dq = nullptr, *dk = nullptr, *dv = nullptr;
};

/// A segment and the segments that have it as their parent: the only rows that meet one another.
struct Family {
  int64_t root = 0;
  const int64_t* children = nullptr;
  int64_t child_count = 0;
};

struct LogSoftmaxArgs {
  const float* logits = nullptr;
  const int32_t* targets = nullptr;
  int64_t v = 0;
  float inverse_temperature = 1;
  float *logprob = nullptr, *entropy = nullptr, *lse = nullptr;  ///< each may be null
};

struct SampleArgs {
  const float* logits = nullptr;
  const double* u = nullptr;  ///< null: the likeliest
  int64_t v = 0;
  float inverse_temperature = 1;
  int32_t* tokens = nullptr;
  float *logprob = nullptr, *entropy = nullptr;
};

/// Turns logits into the gradient of the logits, in place. `dentropy` may be null.
struct LogSoftmaxBackwardArgs {
  float* logits = nullptr;
  const int32_t* targets = nullptr;
  int64_t v = 0;
  float inverse_temperature = 1;
  const float *dlogprob = nullptr, *dentropy = nullptr;
};

struct SiluBackwardArgs {
  const float *dy = nullptr, *gate = nullptr, *up = nullptr;
  float *dgate = nullptr, *dup = nullptr;
};

struct KernelTable {
  /// The panel of `columns` rows [columns, K] of a weight, for kFloat32 and kBfloat16, as
  /// all pairs below.
  void (*pack[2])(const float* rows, int64_t columns, int64_t k, float* panel);
  /// The first rows of the panel of the transpose that holds the first `columns` columns of w[n,
  /// k], up to n padded.
  void (*pack_transposed[2])(const float* w, int64_t n, int64_t k, int64_t columns, float* panel);
  /// For each Precision.
  void (*linear[3])(const LinearArgs&, Range rows, Range panels);
  void (*weight_gradient[2])(const WeightGradientArgs&, Range outputs);
  void (*rms_norm)(const NormArgs&, Range rows);
  void (*rms_norm_backward)(const NormBackwardArgs&, Range rows);
  void (*layer_norm)(const NormArgs&, Range rows);
  void (*layer_norm_backward)(const NormBackwardArgs&, Range rows);
  void (*rope)(const RopeArgs&, Range rows);
  void (*gelu)(const float* x, int64_t size, float* y);
  void (*gelu_backward)(const float* dy, const float* x, int64_t size, float* dx);
  void (*exact_gelu)(const float* x, int64_t size, float* y);
  void (*exact_gelu_backward)(const float* dy, const float* x, int64_t size, float* dx);
  void (*silu_mul)(const float* gate, const float* up, int64_t size, float* y);
  void (*silu_mul_backward)(const SiluBackwardArgs&, Range elements);
  void (*add)(const float* a, const float* b, int64_t size, float* y);
  void (*attend[2])(const AttentionRows& rows);
  void (*attention_backward)(const AttentionBackwardArgs&, const Family&, int64_t kv_head);
  void (*log_softmax)(const LogSoftmaxArgs&, Range rows);
  void (*log_softmax_backward)(const LogSoftmaxBackwardArgs&, Range rows);
  void (*sample)(const SampleArgs&, Range rows);
  double (*sum_of_squares)(const float* x, int64_t size);
  void (*adamw)(const AdamW&, const float* gradient, int64_t size, float* w, float* m, float* v);
};

const KernelTable& reference_table();
const KernelTable& avx2_table();
const KernelTable& avx512_table();
const KernelTable& avx512_bf16_table();
const KernelTable& amx_table();

/// The table of the instruction set in use.
const KernelTable& kernel_table();

/// The buffer's floats, made anew where they are fewer than `size`.
float* at_least(int64_t size, Buffer& buffer);
/// At least `size` floats of the calling thread, for the length of one kernel call.
float* kernel_scratch(int64_t size);
/// The same for cells, beside those floats.
uint32_t* kernel_cells(int64_t size);

/// The largest head size that attention takes.
constexpr int64_t kMaxHeadSize = 256;

}  // namespace nelumbo
