// SPDX-License-Identifier: Apache-2.0
//
// Every kernel as its formula says: the oracle of the fast paths' tests, and the path of a CPU that
// has none of them. Attention is in reference_attention.cc.
#include "kernels/reference.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "base/half.h"
#include "kernels/cells.h"
#include "kernels/kernel_table.h"
#include "kernels/packed_rows.h"

namespace nelumbo {

namespace {

float same(float x) {
  return x;
}

float rounded(float x) {
  return from_bf16(to_bf16(x));
}

void linear(const LinearArgs& args, Range rows, Range panels, float (*in)(float)) {
  const int64_t k = args.w->k;
  const int64_t n = args.w->n;
  std::vector<float> w(static_cast<size_t>(k));
  for (int64_t j = panels.begin * kPanel; j < std::min(panels.end * kPanel, n); ++j) {
    unpack_row(*args.w, j, w.data());
    for (int64_t i = rows.begin; i < rows.end; ++i) {
      float sum = 0;
      for (int64_t f = 0; f < k; ++f)
        sum = std::fma(in(args.x[i * k + f]), w[static_cast<size_t>(f)], sum);
      args.y[i * n + j] = args.bias == nullptr ? sum : sum + args.bias[j];
    }
  }
}

// The sum of the products of a group's whole numbers.
int32_t sum_of_group(const uint32_t* x, const uint32_t* w) {
  int32_t sum = 0;
  for (int64_t q = 0; q < kGroupQuads; ++q)
    for (int place = 0; place < 4; ++place)
      sum += int8_at(x[q], place) * int8_at(w[q * kPanel], place);
  return sum;
}

// Sums of groups, times the scales of the row's group and of the output's.
void linear_int8(const LinearArgs& args, Range rows, Range panels) {
  const int64_t k = args.w->k, n = args.w->n, groups = groups_of(k);
  std::vector<uint32_t> x(static_cast<size_t>(groups * kGroupQuads));
  std::vector<float> scales(static_cast<size_t>(groups));
  for (int64_t i = rows.begin; i < rows.end; ++i) {
    quantise_row(args.x + i * k, k, x.data(), scales.data());
    for (int64_t j = panels.begin * kPanel; j < std::min(panels.end * kPanel, n); ++j) {
      const uint32_t* w = args.w->cells() + j / kPanel * groups * kPanelGroup + j % kPanel;
      float y = 0;
      for (int64_t g = 0; g < groups; ++g, w += kPanelGroup) {
        const int32_t sum = sum_of_group(x.data() + g * kGroupQuads, w);
        const float scale = scales[static_cast<size_t>(g)] * scale_of(w[kGroupQuads * kPanel]);
        y = std::fma(static_cast<float>(sum), scale, y);
      }
      args.y[i * n + j] = args.bias == nullptr ? y : y + args.bias[j];
    }
  }
}

void weight_gradient(const WeightGradientArgs& args, Range outputs, float (*in)(float)) {
  for (int64_t j = outputs.begin; j < outputs.end; ++j) {
    for (int64_t f = 0; f < args.k; ++f) {
      double sum = 0;
      for (int64_t i = 0; i < args.m; ++i)
        sum += double{in(args.dy[i * args.n + j])} * in(args.x[i * args.k + f]);
      args.dw[j * args.k + f] += static_cast<float>(sum);
    }
    if (args.dbias == nullptr)
      continue;
    double sum = 0;
    for (int64_t i = 0; i < args.m; ++i)
      sum += args.dy[i * args.n + j];
    args.dbias[j] += static_cast<float>(sum);
  }
}

template <float (*kIn)(float)>
void linear_of(const LinearArgs& args, Range rows, Range panels) {
  linear(args, rows, panels, kIn);
}

template <float (*kIn)(float)>
void weight_gradient_of(const WeightGradientArgs& args, Range outputs) {
  weight_gradient(args, outputs, kIn);
}

double mean_of(const float* x, int64_t k) {
  double sum = 0;
  for (int64_t f = 0; f < k; ++f)
    sum += x[f];
  return sum / static_cast<double>(k);
}

// 1 / sqrt(mean((x - centre)^2) + eps)
double inverse_deviation(const float* x, int64_t k, double centre, float eps) {
  double sum = 0;
  for (int64_t f = 0; f < k; ++f)
    sum += (x[f] - centre) * (x[f] - centre);
  return 1 / std::sqrt(sum / static_cast<double>(k) + eps);
}

// dx = r (g - [centred] mean(g) - xhat mean(g xhat)) with g = w dy, xhat = r (x - centre).
void norm_backward(const NormBackwardArgs& args, Range rows, bool centred) {
  const int64_t k = args.k;
  std::fill_n(args.dw, k, 0.0F);
  if (centred)
    std::fill_n(args.db, k, 0.0F);
  for (int64_t i = rows.begin; i < rows.end; ++i) {
    const float* x = args.x + i * k;
    const float* dy = args.dy + i * k;
    const double centre = centred ? mean_of(x, k) : 0;
    const double r = inverse_deviation(x, k, centre, args.eps);
    double mean_g = 0;
    double mean_gx = 0;
    for (int64_t f = 0; f < k; ++f) {
      const double xhat = r * (x[f] - centre);
      const double g = double{args.w[f]} * dy[f];
      mean_g += g / static_cast<double>(k);
      mean_gx += g * xhat / static_cast<double>(k);
      args.dw[f] += static_cast<float>(dy[f] * xhat);
      if (centred)
        args.db[f] += dy[f];
    }
    for (int64_t f = 0; f < k; ++f) {
      const double xhat = r * (x[f] - centre);
      const double g = double{args.w[f]} * dy[f];
      args.dx[i * k + f] = static_cast<float>(r * (g - (centred ? mean_g : 0) - xhat * mean_gx));
    }
  }
}

void rms_norm(const NormArgs& args, Range rows) {
  for (int64_t i = rows.begin; i < rows.end; ++i) {
    const float* x = args.x + i * args.k;
    const double r = inverse_deviation(x, args.k, 0, args.eps);
    for (int64_t f = 0; f < args.k; ++f)
      args.y[i * args.k + f] = static_cast<float>(x[f] * r * args.w[f]);
  }
}

void rms_norm_backward(const NormBackwardArgs& args, Range rows) {
  norm_backward(args, rows, false);
}

void layer_norm(const NormArgs& args, Range rows) {
  for (int64_t i = rows.begin; i < rows.end; ++i) {
    const float* x = args.x + i * args.k;
    const double mean = mean_of(x, args.k);
    const double r = inverse_deviation(x, args.k, mean, args.eps);
    for (int64_t f = 0; f < args.k; ++f)
      args.y[i * args.k + f] = static_cast<float>((x[f] - mean) * r * args.w[f] + args.b[f]);
  }
}

void layer_norm_backward(const NormBackwardArgs& args, Range rows) {
  norm_backward(args, rows, true);
}

void rope(const RopeArgs& args, Range rows) {
  const int64_t half = args.d / 2;
  for (int64_t i = rows.begin; i < rows.end; ++i) {
    for (int64_t h = 0; h < args.heads; ++h) {
      float* x = args.x + (i * args.heads + h) * args.d;
      for (int64_t f = 0; f < half; ++f) {
        const float cosine = args.angles[i][f];
        const float sine = static_cast<float>(args.direction) * args.angles[i][half + f];
        const float first = x[f];
        const float second = x[half + f];
        x[f] = first * cosine - second * sine;
        x[half + f] = second * cosine + first * sine;
      }
    }
  }
}

constexpr double kGeluScale = 0.79788456080286535588;  // sqrt(2 / pi)
constexpr double kGeluCubic = 0.044715;

void gelu(const float* x, int64_t size, float* y) {
  for (int64_t i = 0; i < size; ++i) {
    const double z = x[i];
    const double t = std::tanh(kGeluScale * (z + kGeluCubic * z * z * z));
    y[i] = static_cast<float>(0.5 * z * (1 + t));
  }
}

void gelu_backward(const float* dy, const float* x, int64_t size, float* dx) {
  for (int64_t i = 0; i < size; ++i) {
    const double z = x[i];
    const double t = std::tanh(kGeluScale * (z + kGeluCubic * z * z * z));
    const double du = kGeluScale * (1 + 3 * kGeluCubic * z * z);
    dx[i] = static_cast<float>(dy[i] * (0.5 * (1 + t) + 0.5 * z * (1 - t * t) * du));
  }
}

// The share of a normal distribution that lies below x.
double normal_share(double x) {
  return 0.5 * std::erfc(-x / std::numbers::sqrt2);
}

void exact_gelu(const float* x, int64_t size, float* y) {
  for (int64_t i = 0; i < size; ++i)
    y[i] = static_cast<float>(x[i] * normal_share(x[i]));
}

void exact_gelu_backward(const float* dy, const float* x, int64_t size, float* dx) {
  for (int64_t i = 0; i < size; ++i) {
    const double z = x[i];
    const double density = std::exp(-z * z / 2) / std::sqrt(2 * std::numbers::pi);
    dx[i] = static_cast<float>(dy[i] * (normal_share(z) + z * density));
  }
}

double sigmoid(double x) {
  return 1 / (1 + std::exp(-x));
}

void silu_mul(const float* gate, const float* up, int64_t size, float* y) {
  for (int64_t i = 0; i < size; ++i)
    y[i] = static_cast<float>(gate[i] * sigmoid(gate[i]) * up[i]);
}

void silu_mul_backward(const SiluBackwardArgs& args, Range elements) {
  for (int64_t i = elements.begin; i < elements.end; ++i) {
    const double g = args.gate[i];
    const double s = sigmoid(g);
    args.dgate[i] = static_cast<float>(double{args.dy[i]} * args.up[i] * s * (1 + g * (1 - s)));
    args.dup[i] = static_cast<float>(args.dy[i] * g * s);
  }
}

void add(const float* a, const float* b, int64_t size, float* y) {
  for (int64_t i = 0; i < size; ++i)
    y[i] = a[i] + b[i];
}

// Of z = logits / temperature: the largest, log sum exp, and the entropy.
struct Softmax {
  double lse = 0;
  double entropy = 0;
};

Softmax softmax_of(const float* logits, int64_t v, float inverse_temperature) {
  double top = -INFINITY;
  for (int64_t j = 0; j < v; ++j)
    top = std::max(top, double{logits[j]} * inverse_temperature);
  double sum = 0;
  double weighted = 0;
  for (int64_t j = 0; j < v; ++j) {
    const double z = double{logits[j]} * inverse_temperature - top;
    sum += std::exp(z);
    weighted += z == -INFINITY ? 0 : std::exp(z) * z;
  }
  return {top + std::log(sum), std::log(sum) - weighted / sum};
}

void log_softmax(const LogSoftmaxArgs& args, Range rows) {
  for (int64_t i = rows.begin; i < rows.end; ++i) {
    const float* logits = args.logits + i * args.v;
    const int32_t target = args.targets[i];
    const Softmax s = softmax_of(logits, args.v, args.inverse_temperature);
    if (args.lse != nullptr)
      args.lse[i] = static_cast<float>(s.lse);
    if (args.entropy != nullptr)
      args.entropy[i] = target < 0 ? 0 : static_cast<float>(s.entropy);
    if (args.logprob == nullptr)
      continue;
    args.logprob[i] =
        target < 0 ? 0
                   : static_cast<float>(double{logits[target]} * args.inverse_temperature - s.lse);
  }
}

int32_t token_at(double u, const float* logits, int64_t v, float inverse_temperature, double lse) {
  double sum = 0;
  int64_t token = 0;
  for (int64_t j = 0; j < v && sum <= u; ++j) {
    const double p = std::exp(double{logits[j]} * inverse_temperature - lse);
    sum += p;
    token = p > 0 ? j : token;
  }
  return static_cast<int32_t>(token);
}

void sample(const SampleArgs& args, Range rows) {
  for (int64_t i = rows.begin; i < rows.end; ++i) {
    const float* logits = args.logits + i * args.v;
    const Softmax s = softmax_of(logits, args.v, args.inverse_temperature);
    const int32_t token =
        args.u == nullptr ? static_cast<int32_t>(std::max_element(logits, logits + args.v) - logits)
                          : token_at(args.u[i], logits, args.v, args.inverse_temperature, s.lse);
    args.tokens[i] = token;
    args.logprob[i] = static_cast<float>(double{logits[token]} * args.inverse_temperature - s.lse);
    args.entropy[i] = static_cast<float>(s.entropy);
  }
}

void log_softmax_backward(const LogSoftmaxBackwardArgs& args, Range rows) {
  for (int64_t i = rows.begin; i < rows.end; ++i) {
    float* logits = args.logits + i * args.v;
    if (args.targets[i] < 0) {
      std::fill_n(logits, args.v, 0.0F);
      continue;
    }
    const Softmax s = softmax_of(logits, args.v, args.inverse_temperature);
    const double dentropy = args.dentropy == nullptr ? 0 : args.dentropy[i];
    for (int64_t j = 0; j < args.v; ++j) {
      const double log_p = double{logits[j]} * args.inverse_temperature - s.lse;
      const double p = std::exp(log_p);
      const double by_entropy = p == 0 ? 0 : -p * (log_p + s.entropy);
      const double by_logprob = (j == args.targets[i] ? 1 : 0) - p;
      logits[j] = static_cast<float>(args.inverse_temperature *
                                     (args.dlogprob[i] * by_logprob + dentropy * by_entropy));
    }
  }
}

double sum_of_squares(const float* x, int64_t size) {
  double sum = 0;
  for (int64_t i = 0; i < size; ++i)
    sum += double{x[i]} * x[i];
  return sum;
}

// NOLINTNEXTLINE(readability-function-size): the four arrays of one optimizer state
void adamw(const AdamW& options, const float* gradient, int64_t size, float* w, float* m,
           float* v) {
  const double c1 = 1 - std::pow(double{options.beta1}, static_cast<double>(options.step));
  const double c2 = 1 - std::pow(double{options.beta2}, static_cast<double>(options.step));
  for (int64_t i = 0; i < size; ++i) {
    const double g = double{gradient[i]} * options.gradient_scale;
    m[i] = static_cast<float>(options.beta1 * double{m[i]} + (1 - double{options.beta1}) * g);
    v[i] = static_cast<float>(options.beta2 * double{v[i]} + (1 - double{options.beta2}) * g * g);
    const double direction = (m[i] / c1) / (std::sqrt(v[i] / c2) + options.eps);
    w[i] = static_cast<float>(w[i] - options.lr * (direction + double{options.decay} * w[i]));
  }
}

}  // namespace

const KernelTable& reference_table() {
  static const KernelTable table{{reference_pack, reference_pack_bf16},
                                 {reference_pack_transposed, reference_pack_transposed_bf16},
                                 {linear_of<same>, linear_of<rounded>, linear_int8},
                                 {weight_gradient_of<same>, weight_gradient_of<rounded>},
                                 rms_norm,
                                 rms_norm_backward,
                                 layer_norm,
                                 layer_norm_backward,
                                 rope,
                                 gelu,
                                 gelu_backward,
                                 exact_gelu,
                                 exact_gelu_backward,
                                 silu_mul,
                                 silu_mul_backward,
                                 add,
                                 {reference_attend, reference_attend_bf16},
                                 reference_attention_backward,
                                 log_softmax,
                                 log_softmax_backward,
                                 sample,
                                 sum_of_squares,
                                 adamw};
  return table;
}

}  // namespace nelumbo
