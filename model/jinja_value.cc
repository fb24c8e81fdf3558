// SPDX-License-Identifier: Apache-2.0
#include "model/jinja_value.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "model/jinja_run.h"

namespace nelumbo {
namespace {

template <class T>
int three_way(const T& a, const T& b) {
  return a < b ? -1 : (b < a ? 1 : 0);
}

bool is_nan(const JinjaValue& value) {
  const double* real = value.as<double>();
  return real != nullptr && std::isnan(*real);
}

/// Values of different ranks are never one key.
int rank(const JinjaValue& value) {
  if (is_nan(value))
    return 0;
  if (value.is_number())
    return 1;
  if (value.is_text())
    return 2;
  if (value.as<JinjaValue::Sequence>() != nullptr)
    return 3;
  return 4 + static_cast<int>(value.is_none()) +
         2 * static_cast<int>(value.as<JinjaValue::Function>() != nullptr);
}

}  // namespace

JinjaValue JinjaValue::undefined(std::string why) {
  return JinjaValue(State(JinjaUndefined{std::make_shared<const std::string>(std::move(why))}));
}

JinjaValue JinjaValue::literal(std::string bytes) {
  return JinjaValue(
      State(std::make_shared<const JinjaText>(JinjaText{std::move(bytes), JinjaCharge()})));
}

const JinjaSequence* JinjaValue::sequence(JinjaSequence::Kind kind) const {
  const auto* found = as<Sequence>();
  return found != nullptr && (*found)->kind == kind ? found->get() : nullptr;
}

const JinjaSequence* JinjaValue::indexable() const {
  const auto* found = as<Sequence>();
  return found != nullptr && (*found)->kind <= JinjaSequence::Kind::kRange ? found->get() : nullptr;
}

bool JinjaValue::truth() const {
  if (const bool* value = as<bool>())
    return *value;
  if (const int64_t* value = as<int64_t>())
    return *value != 0;
  if (const double* value = as<double>())
    return *value != 0;
  if (is_text())
    return !text().empty();
  if (const Sequence* value = as<Sequence>())
    return !(*value)->items.empty();
  if (const JinjaDict* value = dict())
    return !value->entries.empty();
  return !is_undefined() && !is_none();
}

bool JinjaValue::is_number() const {
  return as<bool>() != nullptr || as<int64_t>() != nullptr || as<double>() != nullptr;
}

bool JinjaValue::to_integer(int64_t& value) const {
  if (const bool* flag = as<bool>())
    value = static_cast<int64_t>(*flag);
  else if (const int64_t* whole = as<int64_t>())
    value = *whole;
  else
    return false;
  return true;
}

double JinjaValue::to_real() const {
  if (const double* real = as<double>())
    return *real;
  int64_t whole = 0;
  to_integer(whole);
  return static_cast<double>(whole);
}

int JinjaValue::depth() const {
  if (const Sequence* value = as<Sequence>())
    return (*value)->depth;
  if (const JinjaDict* value = dict())
    return value->depth;
  if (const Iterator* value = as<Iterator>())
    return (*value)->depth;
  if (const Function* value = as<Function>())
    return (*value)->depth;
  return 0;
}

const char* JinjaValue::type_name() const {
  static constexpr std::array<const char*, std::variant_size_v<State>> kNames = {
      "Undefined", "NoneType", "bool",      "int",       "float",    "str",
      "",          "dict",     "generator", "Namespace", "function", "LoopContext"};
  static constexpr std::array<const char*, 6> kSequences = {
      "list", "tuple", "range", "dict_keys", "dict_values", "dict_items"};
  if (const Sequence* value = as<Sequence>())
    return kSequences.at(static_cast<size_t>((*value)->kind));
  return kNames.at(state_.index());
}

int jinja_compare_numbers(const JinjaValue& a, const JinjaValue& b) {
  int64_t x = 0;
  int64_t y = 0;
  if (a.to_integer(x) && b.to_integer(y))
    return three_way(x, y);
  // A long double has 64 bits of fraction or more, so every int64 is exact in it.
  const auto exact = [](const JinjaValue& value) {
    int64_t whole = 0;
    return value.to_integer(whole) ? static_cast<long double>(whole)
                                   : static_cast<long double>(value.to_real());
  };
  return three_way(exact(a), exact(b));
}

int jinja_key_order(JinjaRun& run, const JinjaValue& a, const JinjaValue& b) {
  const int ranks = three_way(rank(a), rank(b));
  if (ranks != 0 || !run.spend())
    return ranks;
  if (a.is_text())
    return jinja_pay_comparison(run, a.text(), b.text()) ? a.text().compare(b.text()) : 0;
  if (is_nan(a))
    return 0;
  if (a.is_number())
    return jinja_compare_numbers(a, b);
  if (const auto* function = a.as<JinjaValue::Function>())
    return three_way(function->get(), b.as<JinjaValue::Function>()->get());
  if (a.as<JinjaValue::Sequence>() == nullptr)
    return 0;
  const JinjaSequence& left = **a.as<JinjaValue::Sequence>();
  const JinjaSequence& right = **b.as<JinjaValue::Sequence>();
  if (left.kind != right.kind)
    return three_way(left.kind, right.kind);
  const JinjaValues& x = left.items;
  const JinjaValues& y = right.items;
  for (size_t i = 0; i < std::min(x.size(), y.size()); ++i)
    if (const int order = jinja_key_order(run, x[i], y[i]); order != 0)
      return order;
  return three_way(x.size(), y.size());
}

bool jinja_pay_comparison(JinjaRun& run, const std::string& a, const std::string& b) {
  constexpr int64_t kComparedInAStep = 256;
  return run.spend(1 + std::min(std::ssize(a), std::ssize(b)) / kComparedInAStep);
}

bool jinja_is_hashable(JinjaRun& run, const JinjaValue& value) {
  if (!run.spend())
    return false;
  if (const JinjaSequence* tuple = value.sequence(JinjaSequence::Kind::kTuple))
    return std::all_of(tuple->items.begin(), tuple->items.end(),
                       [&](const JinjaValue& item) { return jinja_is_hashable(run, item); });
  return value.is_undefined() || value.is_none() || value.is_number() || value.is_text() ||
         value.sequence(JinjaSequence::Kind::kRange) != nullptr ||
         value.as<JinjaValue::Function>() != nullptr;
}

const JinjaValue* jinja_find(JinjaRun& run, const JinjaDict& dict, const JinjaValue& key) {
  if (!jinja_is_hashable(run, key))
    return nullptr;
  const auto found = std::lower_bound(
      dict.sorted.begin(), dict.sorted.end(), key, [&](uint32_t place, const JinjaValue& wanted) {
        return jinja_key_order(run, dict.entries[place].first, wanted) < 0;
      });
  if (found == dict.sorted.end() || jinja_key_order(run, dict.entries[*found].first, key) != 0)
    return nullptr;
  return &dict.entries[*found].second;
}

const JinjaValue* jinja_find(const JinjaDict& dict, std::string_view key) {
  const auto found = std::lower_bound(
      dict.sorted.begin(), dict.sorted.end(), key, [&](uint32_t place, std::string_view wanted) {
        const JinjaValue& held = dict.entries[place].first;
        return held.is_text() ? held.text() < wanted : rank(held) < 2;
      });
  if (found == dict.sorted.end())
    return nullptr;
  const auto& [held, value] = dict.entries[*found];
  return held.is_text() && held.text() == key ? &value : nullptr;
}

}  // namespace nelumbo
