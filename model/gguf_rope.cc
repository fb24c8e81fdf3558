// SPDX-License-Identifier: Apache-2.0
//
// Scaling of rotary positions in Llama 3.1 (transformers, modeling_rope_utils.py). With the
// wavelength w = 2 pi theta^(2i / size) of frequency i and s = (original / w - low) / (high - low),
// the frequency is divided by
//     1                          where w < original / high
//     factor                     where w > original / low
//     1 / ((1 - s) / factor + s) between
// The way back: s is a line over 1 / w with slope a = original / (high - low) and intercept
// -b = -low / (high - low). Scaling original, low and high alike changes nothing, so low is 1.
#include "model/gguf_rope.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace nelumbo {
namespace {

double wavelength(double theta, int64_t index, int64_t head_size) {
  return 2 * std::numbers::pi *
         std::pow(theta, 2.0 * static_cast<double>(index) / static_cast<double>(head_size));
}

RopeScaling llama3(double factor, double high, double original) {
  return {RopeScaling::Kind::kLlama3, factor, 1, high, std::llround(original)};
}

/// Whether the parameters give these divisors, up to the rounding of whoever wrote them.
bool gives(const RopeScaling& scaling, std::span<const float> divisors, double theta) {
  const std::vector<float> made = llama3_divisors(scaling, theta, 2 * std::ssize(divisors));
  return std::equal(made.begin(), made.end(), divisors.begin(),
                    [](float a, float b) { return std::abs(a - b) <= 1e-4F * std::abs(b); });
}

/// The line through the first and the last divisor between 1 and `factor`.
std::optional<RopeScaling> fitted(std::span<const float> divisors, double theta, double factor) {
  struct Point {
    double inverse_wavelength, s;
  };
  std::vector<Point> points;
  for (int64_t i = 0; i < std::ssize(divisors); ++i)
    if (divisors[i] > 1 && divisors[i] < factor)
      points.push_back({1 / wavelength(theta, i, 2 * std::ssize(divisors)),
                        (1 / static_cast<double>(divisors[i]) - 1 / factor) / (1 - 1 / factor)});
  if (points.size() < 2)
    return std::nullopt;
  const Point& first = points.front();
  const Point& last = points.back();
  const double a = (first.s - last.s) / (first.inverse_wavelength - last.inverse_wavelength);
  const double b = a * first.inverse_wavelength - first.s;
  if (!(b > 1e-6 && a / b < 1e9))  // a ratio or a context that no model has
    return std::nullopt;
  const RopeScaling scaling = llama3(factor, 1 + 1 / b, a / b);
  return gives(scaling, divisors, theta) ? std::optional(scaling) : std::nullopt;
}

}  // namespace

std::vector<float> llama3_divisors(const RopeScaling& scaling, double theta, int64_t head_size) {
  const auto original = static_cast<double>(scaling.original_positions);
  std::vector<float> divisors;
  for (int64_t i = 0; i < head_size / 2; ++i) {
    const double w = wavelength(theta, i, head_size);
    const double s = (original / w - scaling.low) / (scaling.high - scaling.low);
    const double between = 1 / ((1 - s) / scaling.factor + s);
    const double divisor = w < original / scaling.high  ? 1
                           : w > original / scaling.low ? scaling.factor
                                                        : between;
    divisors.push_back(static_cast<float>(divisor));
  }
  return divisors;
}

std::optional<RopeScaling> llama3_scaling(std::span<const float> divisors, double theta,
                                          int64_t positions) {
  const bool sane = !divisors.empty() && std::all_of(divisors.begin(), divisors.end(),
                                                     [](float d) { return d >= 1 && d < 1e6F; });
  if (!sane)
    return std::nullopt;
  const double factor = *std::max_element(divisors.begin(), divisors.end());
  std::vector<double> originals{8192, static_cast<double>(positions) / factor};
  for (int power = 16; power <= 1 << 24; power *= 2)
    originals.push_back(power);
  for (const double original : originals)
    if (const RopeScaling usual = llama3(factor, 4, original); gives(usual, divisors, theta))
      return usual;
  return fitted(divisors, theta, factor);
}

}  // namespace nelumbo
