// SPDX-License-Identifier: Apache-2.0
//
// Resizing by a separable filter with antialiasing, as Pillow defines it.
//
// An output pixel i of an axis that maps [in0, in1) to n pixels is a weighted mean of input pixels:
//     scale = (in1 - in0) / n,   s = max(scale, 1),   centre = in0 + (i + 1/2) * scale
//     weight of input x  ~  f((x + 1/2 - centre) / s)   for |x + 1/2 - centre| <= radius(f) * s
// normalised to sum 1. Rows are filtered first, rounded to 8 bits, then columns; the other way
// round where the picture loses more than twice as many rows as columns (Pillow 13). The trap:
// weights are fixed-point numbers with 22 bits behind the point and box corners are single
// precision, and only with both do the bytes come out equal.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <vector>

#include "base/check.h"
#include "model/image.h"

namespace nelumbo {
namespace {

constexpr int kPointBits = 22;
constexpr int32_t kHalf = 1 << (kPointBits - 1);

double bilinear(double x) {
  x = std::abs(x);
  return x < 1 ? 1 - x : 0;
}

/// Keys' cubic with a = -1/2.
double bicubic(double x) {
  constexpr double a = -0.5;
  x = std::abs(x);
  if (x < 1)
    return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
}

double sinc(double x) {
  if (x == 0)
    return 1;
  x *= std::numbers::pi;
  return std::sin(x) / x;
}

double lanczos(double x) {
  return -3 <= x && x < 3 ? sinc(x) * sinc(x / 3) : 0;
}

struct Filter {
  double (*weight)(double);
  double radius;
};

Filter filter_of(Resample resample) {
  switch (resample) {
    case Resample::kLanczos:
      return {lanczos, 3};
    case Resample::kBilinear:
      return {bilinear, 1};
    case Resample::kBicubic:
      return {bicubic, 2};
  }
  NELUMBO_CHECK(false) << "unknown filter";
  return {};
}

/// Which inputs make an output, and by how much.
struct Taps {
  int64_t first = 0;
  int64_t count = 0;
  const int32_t* weights = nullptr;
};

/// All taps of one axis.
class Axis {
 public:
  Axis(int64_t in_size, float in0, float in1, int64_t out_size, Filter filter)
      : identity_(in0 == 0 && in1 == static_cast<float>(out_size) && out_size == in_size) {
    const double scale = static_cast<double>(in1 - in0) / static_cast<double>(out_size);
    const double stretch = std::max(scale, 1.0);
    const double reach = filter.radius * stretch;
    most_ = static_cast<int64_t>(std::ceil(reach)) * 2 + 1;
    weights_.resize(out_size * most_);
    std::vector<double> exact(most_);
    for (int64_t i = 0; i < out_size; ++i) {
      const double centre = in0 + (static_cast<double>(i) + 0.5) * scale;
      const int64_t first = std::max<int64_t>(static_cast<int64_t>(centre - reach + 0.5), 0);
      const int64_t last = std::min(static_cast<int64_t>(centre + reach + 0.5), in_size);
      double sum = 0;
      for (int64_t x = first; x < last; ++x) {
        exact[x - first] = filter.weight((static_cast<double>(x) - centre + 0.5) * (1 / stretch));
        sum += exact[x - first];
      }
      int32_t* weights = &weights_[i * most_];
      for (int64_t k = 0; k < last - first; ++k)
        weights[k] = fixed_point(sum != 0 ? exact[k] / sum : exact[k]);
      bounds_.push_back({first, last - first});
    }
  }

  bool identity() const { return identity_; }
  int64_t size() const { return std::ssize(bounds_); }
  Taps operator[](int64_t i) const {
    return {bounds_[i].first, bounds_[i].count, &weights_[i * most_]};
  }
  int64_t first() const { return bounds_.front().first; }
  int64_t last() const { return bounds_.back().first + bounds_.back().count; }

 private:
  struct Bounds {
    int64_t first, count;
  };

  static int32_t fixed_point(double weight) {
    const double scaled = weight * (1 << kPointBits);
    return static_cast<int32_t>(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
  }

  bool identity_;
  int64_t most_ = 0;
  std::vector<Bounds> bounds_;
  std::vector<int32_t> weights_;
};

uint8_t to_byte(int32_t sum) {
  return static_cast<uint8_t>(std::clamp(sum >> kPointBits, 0, 255));
}

/// Rows [first, last) of `in`, filtered along x; `left` is the input column at which `in` begins.
Image filter_rows(const Image& in, const Axis& axis, int64_t left, int64_t first, int64_t last) {
  Image filtered{axis.size(), last - first, {}};
  filtered.rgb.resize(filtered.width * filtered.height * 3);
  uint8_t* out = filtered.rgb.data();
  for (int64_t y = first; y < last; ++y) {
    const uint8_t* row = &in.rgb[y * in.width * 3];
    for (int64_t x = 0; x < axis.size(); ++x, out += 3) {
      const Taps taps = axis[x];
      const uint8_t* pixel = row + (taps.first - left) * 3;
      int32_t r = kHalf;
      int32_t g = kHalf;
      int32_t b = kHalf;
      for (int64_t k = 0; k < taps.count; ++k, pixel += 3) {
        const int32_t w = taps.weights[k];
        r += pixel[0] * w;
        g += pixel[1] * w;
        b += pixel[2] * w;
      }
      out[0] = to_byte(r);
      out[1] = to_byte(g);
      out[2] = to_byte(b);
    }
  }
  return filtered;
}

/// Columns [first, last) of `in`, filtered along y; `top` is the input row at which `in` begins.
Image filter_columns(const Image& in, const Axis& axis, int64_t top, int64_t first, int64_t last) {
  Image filtered{last - first, axis.size(), {}};
  const int64_t stride = filtered.width * 3;
  filtered.rgb.resize(stride * filtered.height);
  std::vector<int32_t> sums(stride);
  for (int64_t y = 0; y < axis.size(); ++y) {
    const Taps taps = axis[y];
    std::fill(sums.begin(), sums.end(), kHalf);
    for (int64_t k = 0; k < taps.count; ++k) {
      const int32_t w = taps.weights[k];
      const uint8_t* row = &in.rgb[((taps.first - top + k) * in.width + first) * 3];
      for (int64_t x = 0; x < stride; ++x)
        sums[x] += row[x] * w;
    }
    std::transform(sums.begin(), sums.end(), &filtered.rgb[y * stride], to_byte);
  }
  return filtered;
}

}  // namespace

Image resize(const Image& image, const Box& crop, int64_t width, int64_t height, Resample filter) {
  NELUMBO_CHECK(width > 0 && height > 0) << "size " << width << " x " << height;
  NELUMBO_CHECK(crop.x0 >= 0 && crop.y0 >= 0 && crop.width() > 0 && crop.height() > 0 &&
                crop.x1 <= image.width && crop.y1 <= image.height)
      << "crop (" << crop.x0 << ", " << crop.y0 << ", " << crop.x1 << ", " << crop.y1 << ") of "
      << image.width << " x " << image.height;
  const Axis across(image.width, crop.x0, crop.x1, width, filter_of(filter));
  const Axis down(image.height, crop.y0, crop.y1, height, filter_of(filter));
  if (across.identity())
    return down.identity() ? image : filter_columns(image, down, 0, 0, width);
  if (down.identity())
    return filter_rows(image, across, 0, 0, height);

  const int64_t rows_lost = image.height - height;
  if (rows_lost > 0 && rows_lost > 2 * (image.width - width)) {
    const Image shorter = filter_columns(image, down, 0, across.first(), across.last());
    return filter_rows(shorter, across, across.first(), 0, height);
  }
  const Image narrower = filter_rows(image, across, 0, down.first(), down.last());
  return filter_columns(narrower, down, down.first(), 0, width);
}

}  // namespace nelumbo
