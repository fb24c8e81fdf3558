// SPDX-License-Identifier: Apache-2.0
//
// Slices as Python's slice.indices has them: bounds from the end where negative, then clamped to
// [0, n], or to [-1, n - 1] when the step goes backwards.
#include <algorithm>
#include <cstdlib>
#include <limits>
#include <string>
#include <string_view>

#include "model/jinja_operators.h"
#include "model/jinja_text.h"

namespace nelumbo {
namespace {

struct Slice {
  int64_t start = 0;
  int64_t stop = 0;
  int64_t count = 0;
  int64_t step = 1;   ///< no further than just beyond the length, so that it can be negated
  int64_t given = 1;  ///< the step before that
};

int64_t clamped(int64_t bound, int64_t length, bool backwards) {
  if (bound < 0)
    bound = bound < -length ? -1 : bound + length;
  const int64_t low = backwards ? -1 : 0;
  return std::clamp(bound, low, length + low);
}

/// Answers none and fails the run on a bound that is no integer.
std::optional<int64_t> bound_of(JinjaRun& run, const JinjaValue& value, int64_t otherwise) {
  int64_t bound = 0;
  if (value.is_none())
    return otherwise;
  if (value.to_integer(bound))
    return bound;
  run.fail("slice indices must be integers or None or have an __index__ method");
  return std::nullopt;
}

std::optional<Slice> resolved(JinjaRun& run, const JinjaValues& bounds, int64_t length) {
  const std::optional<int64_t> step = bound_of(run, bounds[2], 1);
  if (!step)
    return std::nullopt;
  if (*step == 0) {
    run.fail("slice step cannot be zero");
    return std::nullopt;
  }
  const bool backwards = *step < 0;
  constexpr int64_t kFar = std::numeric_limits<int64_t>::max();
  const std::optional<int64_t> start = bound_of(run, bounds[0], backwards ? kFar : 0);
  const std::optional<int64_t> stop = bound_of(run, bounds[1], backwards ? -kFar : kFar);
  if (!start || !stop)
    return std::nullopt;
  Slice slice{clamped(*start, length, backwards), clamped(*stop, length, backwards), 0, *step,
              *step};
  const int64_t distance = backwards ? slice.start - slice.stop : slice.stop - slice.start;
  // A step beyond the length takes one element at most.
  slice.step = std::clamp(*step, -length - 1, length + 1);
  const int64_t stride = backwards ? -slice.step : slice.step;
  slice.count = distance <= 0 ? 0 : (distance + stride - 1) / stride;
  return slice;
}

JinjaValue slice_of_text(JinjaRun& run, const std::string& text, const JinjaValues& bounds) {
  if (!run.scan(std::ssize(text)))
    return {};
  const std::optional<Slice> slice = resolved(run, bounds, code_point_count(text));
  if (!slice)
    return {};
  if (slice->count == 0)
    return run.copy("");
  const bool backwards = slice->step < 0;
  const int64_t last = slice->start + (slice->count - 1) * slice->step;
  std::string_view rest = text;
  rest.remove_prefix(bytes_of_points(rest, std::min(slice->start, last)));
  rest = rest.substr(0, bytes_of_points(rest, std::abs(last - slice->start) + 1));
  if (slice->step == 1)
    return run.copy(rest);
  if (!run.fits(std::ssize(rest)))
    return {};
  std::string cut;
  cut.reserve(rest.size());
  const int64_t stride = std::abs(slice->step);
  for (int64_t i = 0; !rest.empty(); ++i) {
    const std::string_view point = backwards ? last_point(rest) : first_point(rest);
    rest = backwards ? rest.substr(0, rest.size() - point.size()) : rest.substr(point.size());
    if (i % stride == 0)
      cut += point;
  }
  return run.text(std::move(cut));
}

/// A range again, whose bounds are those of the slice counted in steps of the old one.
JinjaValue slice_of_range(JinjaRun& run, const JinjaSequence& range, const Slice& slice) {
  const auto& [first, end, stride] = range.bounds;
  int64_t start = 0;
  int64_t stop = 0;
  int64_t step = 0;
  bool overflows = __builtin_mul_overflow(slice.start, stride, &start);
  overflows = __builtin_add_overflow(start, first, &start) || overflows;
  overflows = __builtin_mul_overflow(slice.stop, stride, &stop) || overflows;
  overflows = __builtin_add_overflow(stop, first, &stop) || overflows;
  overflows = __builtin_mul_overflow(slice.given, stride, &step) || overflows;
  return overflows ? run.fail("an integer leaves 64 bits") : run.range(start, stop, step);
}

}  // namespace

JinjaValue jinja_slice(JinjaRun& run, const JinjaValue& value, const JinjaValues& bounds) {
  if (value.is_text())
    return slice_of_text(run, value.text(), bounds);
  if (value.is_undefined())
    return jinja_fail_undefined(run, value);
  const JinjaSequence* sequence = value.indexable();
  if (sequence == nullptr)
    return run.fail(std::string("'") + value.type_name() + "' object has no slices");
  const std::optional<Slice> slice = resolved(run, bounds, std::ssize(sequence->items));
  if (!slice)
    return {};
  run.spend(1 + slice->count);
  if (sequence->kind == JinjaSequence::Kind::kRange)
    return slice_of_range(run, *sequence, *slice);
  JinjaValues items;
  for (int64_t i = 0; i < slice->count; ++i)
    items.push_back(sequence->items[static_cast<size_t>(slice->start + i * slice->step)]);
  return run.sequence(std::move(items), sequence->kind);
}

}  // namespace nelumbo
