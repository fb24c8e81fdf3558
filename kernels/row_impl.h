// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "kernels/kernel_table.h"
#include "kernels/vector_math.h"

// Kernels that reduce along one row: 16 sums stride over the row, then join in a fixed order.

namespace nelumbo {

/// The sum over a row of f(offset, io), whose lanes past the end must be 0.
template <class V, class F>
[[gnu::always_inline]] inline float sum_over(int64_t size, const F& f) {
  V sum = V::zero();
  for_vectors<V>(size, [&](int64_t i, auto io) { sum = sum + f(i, io); });
  return reduce_add(sum);
}

template <class V>
[[gnu::always_inline]] inline float mean_of(const float* x, int64_t k) {
  return sum_over<V>(k, [&](int64_t i, auto io) { return io.load(x + i); }) / static_cast<float>(k);
}

/// 1 / sqrt(mean((x - centre)^2) + eps)
template <class V>
[[gnu::always_inline]] inline float inverse_deviation(const float* x, int64_t k, float centre,
                                                      float eps) {
  const float squares = sum_over<V>(k, [&](int64_t i, auto io) {
    const V y = io.keep(io.load(x + i) - V::set1(centre), V::zero());
    return y * y;
  });
  return 1.0F / __builtin_sqrtf(squares / static_cast<float>(k) + eps);
}

template <class V>
void fast_rms_norm(const NormArgs& args, Range rows) {
  for (int64_t row = rows.begin; row < rows.end; ++row) {
    const float* x = args.x + row * args.k;
    float* y = args.y + row * args.k;
    const V r = V::set1(inverse_deviation<V>(x, args.k, 0, args.eps));
    for_vectors<V>(args.k, [&](int64_t i, auto io) {
      io.store(y + i, io.load(x + i) * r * io.load(args.w + i));
    });
  }
}

template <class V>
void fast_layer_norm(const NormArgs& args, Range rows) {
  for (int64_t row = rows.begin; row < rows.end; ++row) {
    const float* x = args.x + row * args.k;
    float* y = args.y + row * args.k;
    const float mean = mean_of<V>(x, args.k);
    const V r = V::set1(inverse_deviation<V>(x, args.k, mean, args.eps));
    for_vectors<V>(args.k, [&](int64_t i, auto io) {
      const V xhat = (io.load(x + i) - V::set1(mean)) * r;
      io.store(y + i, fma(xhat, io.load(args.w + i), io.load(args.b + i)));
    });
  }
}

/// dx = r (g - [centred] mean(g) - xhat mean(g xhat)) with g = w dy, xhat = r (x - centre);
/// dw += dy xhat, db += dy.
template <class V, bool kCentred>
void norm_row_backward(const NormBackwardArgs& args, int64_t row) {
  const int64_t k = args.k;
  const float* x = args.x + row * k;
  const float* dy = args.dy + row * k;
  float* dx = args.dx + row * k;
  const float centre = kCentred ? mean_of<V>(x, k) : 0.0F;
  const float scale = inverse_deviation<V>(x, k, centre, args.eps);
  const V r = V::set1(scale);
  V sum_g = V::zero();
  V sum_gx = V::zero();
  for_vectors<V>(k, [&](int64_t i, auto io) {
    const V d = io.load(dy + i);
    const V xhat = (io.load(x + i) - V::set1(centre)) * r;
    const V g = io.load(args.w + i) * d;
    sum_g = sum_g + g;
    sum_gx = fma(g, xhat, sum_gx);
    io.store(args.dw + i, fma(d, xhat, io.load(args.dw + i)));
    if constexpr (kCentred)
      io.store(args.db + i, io.load(args.db + i) + d);
  });
  const V mean_g = V::set1(kCentred ? reduce_add(sum_g) / static_cast<float>(k) : 0.0F);
  const V mean_gx = V::set1(reduce_add(sum_gx) / static_cast<float>(k));
  for_vectors<V>(k, [&](int64_t i, auto io) {
    const V xhat = (io.load(x + i) - V::set1(centre)) * r;
    const V g = io.load(args.w + i) * io.load(dy + i);
    io.store(dx + i, (g - mean_g - xhat * mean_gx) * r);
  });
}

template <class V, bool kCentred>
void fast_norm_backward(const NormBackwardArgs& args, Range rows) {
  for_vectors<V>(args.k, [&](int64_t i, auto io) {
    io.store(args.dw + i, V::zero());
    if constexpr (kCentred)
      io.store(args.db + i, V::zero());
  });
  for (int64_t row = rows.begin; row < rows.end; ++row)
    norm_row_backward<V, kCentred>(args, row);
}

constexpr int64_t kDrawBlock = 256;  // tokens between two sums that a draw looks at

/// Of one row of z = logits / temperature: the largest z, sum exp(z - top), and the same sum
/// weighted by z - top.
template <class V>
struct RowSoftmax {
  float top;
  float sum;
  float weighted = 0;

  /// `sums_so_far`, which may be null, gets the sum behind each block of kDrawBlock tokens.
  [[gnu::always_inline]] RowSoftmax(const float* logits, int64_t v, V inverse_temperature,
                                    bool with_entropy, float* sums_so_far = nullptr) {
    V largest = V::set1(-__builtin_inff());
    for_vectors<V>(v, [&](int64_t i, auto io) {
      const V z = io.load(logits + i) * inverse_temperature;
      largest = max(largest, io.keep(z, largest));
    });
    top = reduce_max(largest);
    V sums = V::zero();
    V weighted_sums = V::zero();
    for_vectors<V>(v, [&](int64_t i, auto io) {
      const V z = io.load(logits + i) * inverse_temperature - V::set1(top);
      const V e = io.keep(exponential(z), V::zero());
      sums = sums + e;
      // A logit of -inf has e = 0 and must add 0, not NaN.
      if (with_entropy)
        weighted_sums = fma(e, max(V::set1(-100.0F), z), weighted_sums);
      if (sums_so_far != nullptr && (i + kLanes >= v || (i + kLanes) % kDrawBlock == 0))
        sums_so_far[i / kDrawBlock] = reduce_add(sums);
    });
    sum = reduce_add(sums);
    if (with_entropy)
      weighted = reduce_add(weighted_sums);
  }

  float log_sum() const { return __builtin_logf(sum); }
  float logprob(float logit, float inverse_temperature) const {
    return logit * inverse_temperature - top - log_sum();
  }
  float entropy() const { return log_sum() - weighted / sum; }
};

template <class V>
void fast_log_softmax(const LogSoftmaxArgs& args, Range rows) {
  const V inverse_temperature = V::set1(args.inverse_temperature);
  for (int64_t row = rows.begin; row < rows.end; ++row) {
    const float* logits = args.logits + row * args.v;
    const int32_t target = args.targets[row];
    const RowSoftmax<V> s(logits, args.v, inverse_temperature, args.entropy != nullptr);
    if (args.lse != nullptr)
      args.lse[row] = s.top + s.log_sum();
    if (args.entropy != nullptr)
      args.entropy[row] = target < 0 ? 0.0F : s.entropy();
    if (args.logprob != nullptr)
      args.logprob[row] = target < 0 ? 0.0F : s.logprob(logits[target], args.inverse_temperature);
  }
}

/// The first token whose sum is above `reach`. Sums only grow, so the block that holds it is the
/// first that ends above; rounding may leave no such token there, then it is the last that adds.
template <class V>
int32_t token_at(double reach, const float* logits, int64_t v, V inverse_temperature,
                 const RowSoftmax<V>& s, const float* sums_so_far) {
  const int64_t last = (v - 1) / kDrawBlock;
  int64_t block = 0;
  while (block < last && static_cast<double>(sums_so_far[block]) <= reach &&
         sums_so_far[block] < s.sum)
    ++block;
  const int64_t first = block * kDrawBlock;
  const int64_t size = v - first < kDrawBlock ? v - first : kDrawBlock;
  alignas(64) float e[kDrawBlock];
  for_vectors<V>(size, [&](int64_t i, auto io) {
    io.store(e + i,
             exponential(io.load(logits + first + i) * inverse_temperature - V::set1(s.top)));
  });
  double sum = block == 0 ? 0.0 : static_cast<double>(sums_so_far[block - 1]);
  int64_t token = first;
  for (int64_t i = 0; i < size && sum <= reach; ++i)
    if (e[i] > 0) {
      sum += static_cast<double>(e[i]);
      token = first + i;
    }
  return static_cast<int32_t>(token);
}

template <class V>
int32_t likeliest(const float* logits, int64_t v, float inverse_temperature, float top) {
  for (int64_t i = 0; i < v; ++i)
    if (logits[i] * inverse_temperature == top)
      return static_cast<int32_t>(i);
  return 0;
}

template <class V>
void fast_sample(const SampleArgs& args, Range rows) {
  const V inverse_temperature = V::set1(args.inverse_temperature);
  float* sums_so_far = kernel_scratch((args.v - 1) / kDrawBlock + 1);
  for (int64_t row = rows.begin; row < rows.end; ++row) {
    const float* logits = args.logits + row * args.v;
    const RowSoftmax<V> s(logits, args.v, inverse_temperature, true, sums_so_far);
    const int32_t token = args.u == nullptr
                              ? likeliest<V>(logits, args.v, args.inverse_temperature, s.top)
                              : token_at(args.u[row] * static_cast<double>(s.sum), logits, args.v,
                                         inverse_temperature, s, sums_so_far);
    args.tokens[row] = token;
    args.logprob[row] = s.logprob(logits[token], args.inverse_temperature);
    args.entropy[row] = s.entropy();
  }
}

template <class V>
void fast_log_softmax_backward(const LogSoftmaxBackwardArgs& args, Range rows) {
  const V inverse_temperature = V::set1(args.inverse_temperature);
  for (int64_t row = rows.begin; row < rows.end; ++row) {
    float* logits = args.logits + row * args.v;
    const int32_t target = args.targets[row];
    if (target < 0) {
      for_vectors<V>(args.v, [&](int64_t i, auto io) { io.store(logits + i, V::zero()); });
      continue;
    }
    const float dentropy = args.dentropy == nullptr ? 0.0F : args.dentropy[row];
    const RowSoftmax<V> s(logits, args.v, inverse_temperature, dentropy != 0);
    const V log_sum = V::set1(s.log_sum());
    const V top = V::set1(s.top);
    const V entropy = V::set1(dentropy != 0 ? s.entropy() : 0.0F);
    const V by_p = V::set1(args.dlogprob[row] * args.inverse_temperature);
    const V by_entropy = V::set1(dentropy * args.inverse_temperature);
    const V inverse_sum = V::set1(1.0F / s.sum);
    for_vectors<V>(args.v, [&](int64_t i, auto io) {
      const V z = io.load(logits + i) * inverse_temperature - top;
      const V p = exponential(z) * inverse_sum;
      const V log_p = max(V::set1(-100.0F), z) - log_sum;
      io.store(logits + i, V::zero() - p * fma(by_entropy, log_p + entropy, by_p));
    });
    logits[target] += args.dlogprob[row] * args.inverse_temperature;
  }
}

}  // namespace nelumbo
