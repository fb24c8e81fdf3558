// SPDX-License-Identifier: Apache-2.0
#include "model/jinja_run.h"

#include <algorithm>
#include <numeric>

#include "base/text.h"
#include "model/jinja_text.h"

namespace nelumbo {
namespace {

constexpr int kDeepestValue = 100;
constexpr int64_t kLongestRange = 100'000;  // as in Jinja's sandbox
constexpr int64_t kBytesOfAStep = 256;      // copied in about the time of one step
constexpr int64_t kValueBytes = 64;         // of one value, with what its memory costs around it
constexpr int64_t kTextBytes = 112;         // of a text without its bytes

}  // namespace

JinjaRun::~JinjaRun() {
  for (const auto& each : namespaces_)
    each->attributes.clear();
}

JinjaValue JinjaRun::fail(std::string_view what) {
  if (!error_)
    error_ = Error{Errc::kBadData, std::to_string(place_.line) + ":" +
                                       std::to_string(place_.column) + ": " + valid_utf8(what)};
  return {};
}

JinjaValue JinjaRun::raise(std::string_view what) {
  if (std::ssize(what) > limits_.output_bytes)
    return fail("the template raises more than " + std::to_string(limits_.output_bytes) + " bytes");
  if (!error_)
    error_ = Error{Errc::kCheckFailed, std::string(what)};
  return {};
}

bool JinjaRun::spend(int64_t steps) {
  if (error_)
    return false;
  steps_ += steps;
  if (steps_ <= limits_.steps)
    return true;
  fail("the template takes more than " + std::to_string(limits_.steps) + " steps");
  return false;
}

bool JinjaRun::fits(int64_t bytes) {
  if (error_)
    return false;
  if (bytes <= limits_.memory_bytes - in_use_)
    return true;
  fail("the template's values take more than " + std::to_string(limits_.memory_bytes) + " bytes");
  return false;
}

JinjaCharge JinjaRun::hold(int64_t bytes) {
  return fits(bytes) ? JinjaCharge(in_use_, bytes) : JinjaCharge();
}

JinjaCharge JinjaRun::charge(int64_t bytes) {
  spend(1 + bytes / kBytesOfAStep);
  fits(bytes);
  return {in_use_, bytes};
}

int JinjaRun::depth_of(std::span<const JinjaValue> items) {
  int depth = 0;
  for (const JinjaValue& item : items)
    depth = std::max(depth, item.depth());
  if (depth >= kDeepestValue)
    fail("a value has more than " + std::to_string(kDeepestValue) + " levels of nesting");
  return depth + 1;
}

JinjaValue JinjaRun::text(std::string bytes) {
  JinjaCharge held = charge(static_cast<int64_t>(bytes.capacity()) + kTextBytes);
  if (error_)
    return {};
  return JinjaValue(JinjaValue::State(
      std::make_shared<const JinjaText>(JinjaText{std::move(bytes), std::move(held)})));
}

JinjaValue JinjaRun::copy(std::string_view bytes) {
  return fits(std::ssize(bytes)) ? text(std::string(bytes)) : JinjaValue();
}

JinjaValue JinjaRun::sequence(JinjaValues items, JinjaSequence::Kind kind) {
  JinjaCharge held = charge((std::ssize(items) + 1) * kValueBytes);
  const int depth = depth_of(items);
  if (error_)
    return {};
  return JinjaValue(JinjaValue::State(std::make_shared<const JinjaSequence>(
      JinjaSequence{kind, std::move(items), depth, {}, std::move(held)})));
}

JinjaValue JinjaRun::iterator(JinjaValues items) {
  JinjaCharge held = charge((std::ssize(items) + 1) * kValueBytes);
  const int depth = depth_of(items);
  if (error_)
    return {};
  return JinjaValue(JinjaValue::State(
      std::make_shared<JinjaIterator>(JinjaIterator{std::move(items), 0, depth, std::move(held)})));
}

JinjaValue JinjaRun::dict(std::vector<std::pair<JinjaValue, JinjaValue>> entries) {
  const JinjaCharge sorting = hold(std::ssize(entries) * kValueBytes);
  for (const auto& [key, value] : entries)
    if (!jinja_is_hashable(*this, key))
      return fail(std::string("unhashable type: '") + key.type_name() + "'");
  std::vector<uint32_t> sorted(entries.size());
  std::iota(sorted.begin(), sorted.end(), 0U);
  std::stable_sort(sorted.begin(), sorted.end(), [&](uint32_t a, uint32_t b) {
    return jinja_key_order(*this, entries[a].first, entries[b].first) < 0;
  });
  if (error_)
    return {};

  // Of equal keys the first one stays and takes the value of the last one.
  std::vector<bool> stays(entries.size(), true);
  for (size_t i = 1, first = 0; i < sorted.size(); ++i) {
    if (jinja_key_order(*this, entries[sorted[first]].first, entries[sorted[i]].first) != 0) {
      first = i;
      continue;
    }
    entries[sorted[first]].second = entries[sorted[i]].second;
    stays[sorted[i]] = false;
  }
  if (std::find(stays.begin(), stays.end(), false) != stays.end()) {
    std::vector<std::pair<JinjaValue, JinjaValue>> kept;
    for (size_t i = 0; i < entries.size(); ++i)
      if (stays[i])
        kept.push_back(std::move(entries[i]));
    return dict(std::move(kept));
  }

  int depth = 1;
  for (const auto& [key, value] : entries)
    depth = std::max({depth, depth_of({&key, 1}), depth_of({&value, 1})});
  JinjaCharge held = charge((2 * std::ssize(entries) + 1) * kValueBytes);
  if (error_)
    return {};
  return JinjaValue(JinjaValue::State(std::make_shared<const JinjaDict>(
      JinjaDict{std::move(entries), std::move(sorted), depth, std::move(held)})));
}

JinjaValue JinjaRun::range(int64_t start, int64_t stop, int64_t step) {
  if (step == 0)
    return fail("range() arg 3 must not be zero");
  // Python's length of a range, in 128 bits: the distance of two int64 can overflow.
  const __int128 distance = step > 0 ? __int128{stop} - start : __int128{start} - stop;
  const __int128 stride = step > 0 ? __int128{step} : -__int128{step};
  const __int128 length = distance <= 0 ? 0 : (distance + stride - 1) / stride;
  if (length > kLongestRange)
    return fail("a range has more than " + std::to_string(kLongestRange) + " elements");
  JinjaValues items;
  items.reserve(static_cast<size_t>(length));
  for (int64_t i = 0; i < static_cast<int64_t>(length); ++i)
    items.push_back(JinjaValue::integer(static_cast<int64_t>(start + __int128{i} * step)));
  JinjaCharge held = charge((std::ssize(items) + 1) * kValueBytes);
  if (error_)
    return {};
  return JinjaValue(JinjaValue::State(std::make_shared<const JinjaSequence>(JinjaSequence{
      JinjaSequence::Kind::kRange, std::move(items), 1, {start, stop, step}, std::move(held)})));
}

JinjaValue JinjaRun::function(JinjaFunction function) {
  if (!spend())
    return {};
  if (function.depth > kDeepestValue)
    return fail("a value has more than " + std::to_string(kDeepestValue) + " levels of nesting");
  return JinjaValue(JinjaValue::State(std::make_shared<const JinjaFunction>(std::move(function))));
}

JinjaValue JinjaRun::make_namespace() {
  const auto made = std::make_shared<JinjaNamespace>();
  namespaces_.push_back(made);
  // Namespaces are kept until the end: their number is paid for in steps.
  spend(100);
  return JinjaValue(JinjaValue::State(made));
}

JinjaItems JinjaRun::items(const JinjaValue& value) {
  JinjaValues items;
  JinjaCharge held;
  size_t first = 0;
  if (const auto* sequence = value.as<JinjaValue::Sequence>()) {
    return spend(std::ssize((*sequence)->items)) ? JinjaItems(value) : JinjaItems();
  }
  if (const JinjaDict* dict = value.dict()) {
    held = hold(std::ssize(dict->entries) * kValueBytes);
    for (const auto& [key, kept] : dict->entries)
      if (!failed())
        items.push_back(key);
  } else if (value.is_text()) {
    for (const std::string_view point : code_points(value.text())) {
      if (failed())
        return {};
      items.push_back(copy(point));
    }
    held = hold(std::ssize(items) * kValueBytes);
  } else if (const auto* iterator = value.as<JinjaValue::Iterator>()) {
    JinjaIterator& source = **iterator;
    items = std::exchange(source.items, {});
    held = std::move(source.charge);
    first = std::exchange(source.next, 0);
  } else if (!value.is_undefined()) {
    fail(std::string("'") + value.type_name() + "' object is not iterable");
  }
  return spend(std::ssize(items)) ? JinjaItems(std::move(items), first, std::move(held))
                                  : JinjaItems();
}

bool JinjaWriter::add(std::string_view bytes) {
  if (!run_.spend(1 + std::ssize(bytes) / kBytesOfAStep) || !grow(bytes_.size() + bytes.size()))
    return false;
  bytes_ += bytes;
  return true;
}

/// By half of what there is, not to twice that as std::string does: old and new lie side by side.
bool JinjaWriter::grow(size_t size) {
  if (size <= bytes_.capacity())
    return true;
  std::string larger;
  const size_t capacity = std::max(size, bytes_.size() + bytes_.size() / 2);
  if (!run_.fits(static_cast<int64_t>(capacity)))
    return false;
  larger.reserve(capacity);
  larger += bytes_;
  bytes_ = std::move(larger);
  held_.resize(static_cast<int64_t>(bytes_.capacity()));
  return true;
}

}  // namespace nelumbo
