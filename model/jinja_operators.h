// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "model/jinja_run.h"
#include "model/jinja_value.h"

namespace nelumbo {

enum class JinjaOperator {
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kFloorDivide,
  kModulo,
  kPower,
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kIn,
  kNotIn,
};

/// Python's operator of two values; fails where Python raises, and where an integer leaves 64 bits.
JinjaValue jinja_apply(JinjaRun& run, JinjaOperator op, const JinjaValue& a, const JinjaValue& b);

JinjaValue jinja_negate(JinjaRun& run, const JinjaValue& value);
JinjaValue jinja_plus(JinjaRun& run, const JinjaValue& value);

bool jinja_equal(JinjaRun& run, const JinjaValue& a, const JinjaValue& b);
/// `a < b`; fails on values that have no order.
bool jinja_less(JinjaRun& run, const JinjaValue& a, const JinjaValue& b);
/// `value in container`; uses up an iterator to where the value stands.
bool jinja_contains(JinjaRun& run, const JinjaValue& container, const JinjaValue& value);

/// len(value); fails on what has none.
int64_t jinja_length(JinjaRun& run, const JinjaValue& value);

/// value[start:stop:step] of a text or a sequence; absent bounds are none.
JinjaValue jinja_slice(JinjaRun& run, const JinjaValue& value, const JinjaValues& bounds);

/// Fails with what an undefined value is undefined for.
JinjaValue jinja_fail_undefined(JinjaRun& run, const JinjaValue& value);

/// Python's stable sort of `items` by what `key` makes of each; `reverse` keeps equal ones in
/// order.
template <class Item, class Key>
void jinja_sort(JinjaRun& run, std::vector<Item>& items, bool reverse, Key key) {
  // Merges by hand: the order may fail or be no order at all (NaN), which std::sort does not bear.
  if (reverse)
    std::reverse(items.begin(), items.end());
  // NOLINTNEXTLINE(bugprone-sizeof-expression): an item may be a pointer
  const JinjaCharge held = run.hold(std::ssize(items) * int64_t{sizeof(Item)});
  std::vector<Item> merged(run.failed() ? 0 : items.size());
  for (size_t width = 1; width < items.size() && !run.failed(); width *= 2) {
    for (size_t begin = 0; begin < items.size(); begin += 2 * width) {
      const size_t middle = std::min(begin + width, items.size());
      const size_t end = std::min(begin + 2 * width, items.size());
      size_t left = begin;
      size_t right = middle;
      for (size_t at = begin; at < end; ++at) {
        const bool takes_right =
            left == middle || (right < end && jinja_less(run, key(items[right]), key(items[left])));
        merged[at] = std::move(items[takes_right ? right++ : left++]);
      }
    }
    std::swap(items, merged);
  }
  if (reverse)
    std::reverse(items.begin(), items.end());
}

}  // namespace nelumbo
