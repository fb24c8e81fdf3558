// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "kernels/kernel_table.h"
#include "kernels/vector_math.h"

namespace nelumbo {

constexpr float kGeluSlope = 1.5957691216057308F;  // 2 sqrt(2 / pi)
constexpr float kGeluCubicTerm = 0.044715F;

/// 2 u = 2 sqrt(2/pi) (x + 0.044715 x^3), so that 0.5 (1 + tanh u) = sigmoid(2 u).
template <class V>
[[gnu::always_inline]] inline V gelu_gate(V x) {
  const V cubic = fma(x * x * V::set1(kGeluCubicTerm), x, x);
  return sigmoid(cubic * V::set1(kGeluSlope));
}

template <class V>
void fast_gelu(const float* x, int64_t size, float* y) {
  for_vectors<V>(size, [&](int64_t i, auto io) {
    const V z = io.load(x + i);
    io.store(y + i, z * gelu_gate(z));
  });
}

template <class V>
void fast_gelu_backward(const float* dy, const float* x, int64_t size, float* dx) {
  const V one = V::set1(1.0F);
  for_vectors<V>(size, [&](int64_t i, auto io) {
    const V z = io.load(x + i);
    const V s = gelu_gate(z);
    const V slope = fma(z * z, V::set1(3 * kGeluCubicTerm * kGeluSlope), V::set1(kGeluSlope));
    io.store(dx + i, io.load(dy + i) * fma(z * s * (one - s), slope, s));
  });
}

/// The share of a normal distribution that lies below x, from the tail beyond z = |x| / sqrt(2):
/// erfc(z) = t exp(-z^2 + P(t)) with t = 1 / (1 + z/2), the form of Press et al., Numerical
/// Recipes. P fits log(erfc(z) / t) + z^2 within 3e-8 for z <= 7 (weighted least squares over
/// Chebyshev nodes); beyond, the tail is below 1e-22.
template <class V>
[[gnu::always_inline]] inline V normal_share(V x) {
  const V z = max(x, V::zero() - x) * V::set1(0.707106781F);
  const V t = V::set1(1.0F) / fma(z, V::set1(0.5F), V::set1(1.0F));
  V p = V::set1(0.105521582F);
  p = fma(p, t, V::set1(-0.460618287F));
  p = fma(p, t, V::set1(0.623237610F));
  p = fma(p, t, V::set1(0.0376749635F));
  p = fma(p, t, V::set1(-0.710671365F));
  p = fma(p, t, V::set1(0.351027936F));
  p = fma(p, t, V::set1(-0.0904532373F));
  p = fma(p, t, V::set1(0.414363444F));
  p = fma(p, t, V::set1(0.995181859F));
  p = fma(p, t, V::set1(-1.26526451F));
  const V tail = V::set1(0.5F) * t * exponential(p - z * z);
  return select_less(x, V::zero(), tail, V::set1(1.0F) - tail);
}

template <class V>
void fast_exact_gelu(const float* x, int64_t size, float* y) {
  for_vectors<V>(size, [&](int64_t i, auto io) {
    const V z = io.load(x + i);
    io.store(y + i, z * normal_share(z));
  });
}

template <class V>
void fast_exact_gelu_backward(const float* dy, const float* x, int64_t size, float* dx) {
  constexpr float kPeak = 0.398942280F;  // 1 / sqrt(2 pi)
  for_vectors<V>(size, [&](int64_t i, auto io) {
    const V z = io.load(x + i);
    const V density = V::set1(kPeak) * exponential(z * z * V::set1(-0.5F));
    io.store(dx + i, io.load(dy + i) * fma(z, density, normal_share(z)));
  });
}

template <class V>
void fast_silu_mul(const float* gate, const float* up, int64_t size, float* y) {
  for_vectors<V>(size, [&](int64_t i, auto io) {
    const V g = io.load(gate + i);
    io.store(y + i, g * sigmoid(g) * io.load(up + i));
  });
}

template <class V>
void fast_silu_mul_backward(const SiluBackwardArgs& args, Range elements) {
  const V one = V::set1(1.0F);
  for_vectors<V>(elements.end - elements.begin, [&](int64_t offset, auto io) {
    const int64_t i = elements.begin + offset;
    const V g = io.load(args.gate + i);
    const V dy = io.load(args.dy + i);
    const V up = io.load(args.up + i);
    const V s = sigmoid(g);
    io.store(args.dgate + i, dy * up * s * fma(g, one - s, one));
    io.store(args.dup + i, dy * g * s);
  });
}

template <class V>
void fast_add(const float* a, const float* b, int64_t size, float* y) {
  for_vectors<V>(size,
                 [&](int64_t i, auto io) { io.store(y + i, io.load(a + i) + io.load(b + i)); });
}

template <class V>
void fast_rope(const RopeArgs& args, Range rows) {
  const int64_t half = args.d / 2;
  const V direction = V::set1(static_cast<float>(args.direction));
  for (int64_t row = rows.begin; row < rows.end; ++row) {
    const float* angles = args.angles[row];
    for (int64_t head = 0; head < args.heads; ++head) {
      float* x = args.x + (row * args.heads + head) * args.d;
      for_vectors<V>(half, [&](int64_t i, auto io) {
        const V cosine = io.load(angles + i);
        const V sine = direction * io.load(angles + half + i);
        const V first = io.load(x + i);
        const V second = io.load(x + half + i);
        io.store(x + i, fma(first, cosine, V::zero() - second * sine));
        io.store(x + half + i, fma(second, cosine, first * sine));
      });
    }
  }
}

/// The squares of 16 strided sums are joined in lane order.
template <class V>
double fast_sum_of_squares(const float* x, int64_t size) {
  double lanes[kLanes] = {};
  int64_t i = 0;
  for (; i + kLanes <= size; i += kLanes) {
    for (int64_t c = 0; c < kLanes; ++c)
      lanes[c] += static_cast<double>(x[i + c]) * static_cast<double>(x[i + c]);
  }
  for (int64_t c = 0; i + c < size; ++c)
    lanes[c] += static_cast<double>(x[i + c]) * static_cast<double>(x[i + c]);
  double sum = 0;
  for (int64_t c = 0; c < kLanes; ++c)
    sum += lanes[c];
  return sum;
}

// NOLINTNEXTLINE(readability-function-size): the four arrays of one optimizer state
template <class V>
void fast_adamw(const AdamW& options, const float* gradient, int64_t size, float* w, float* m,
                float* v) {
  const auto step = static_cast<double>(options.step);
  const double correction1 = 1 - __builtin_pow(static_cast<double>(options.beta1), step);
  const double correction2 = 1 - __builtin_pow(static_cast<double>(options.beta2), step);
  const V beta1 = V::set1(options.beta1);
  const V beta2 = V::set1(options.beta2);
  const V rest1 = V::set1(static_cast<float>(1 - static_cast<double>(options.beta1)));
  const V rest2 = V::set1(static_cast<float>(1 - static_cast<double>(options.beta2)));
  const V unbias1 = V::set1(static_cast<float>(1 / correction1));
  const V unbias2 = V::set1(static_cast<float>(1 / correction2));
  for_vectors<V>(size, [&](int64_t i, auto io) {
    const V g = io.load(gradient + i) * V::set1(options.gradient_scale);
    const V first = fma(rest1, g, beta1 * io.load(m + i));
    const V second = fma(rest2 * g, g, beta2 * io.load(v + i));
    io.store(m + i, first);
    io.store(v + i, second);
    const V direction = first * unbias1 / (sqrt(second * unbias2) + V::set1(options.eps));
    const V weight = io.load(w + i);
    const V change = fma(V::set1(options.decay), weight, direction);
    io.store(w + i, fma(V::set1(-options.lr), change, weight));
  });
}

}  // namespace nelumbo
