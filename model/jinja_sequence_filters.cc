// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "model/jinja_attributes.h"
#include "model/jinja_case.h"
#include "model/jinja_filters.h"
#include "model/jinja_operators.h"
#include "model/jinja_print.h"
#include "model/jinja_split.h"
#include "model/jinja_text.h"
#include "model/jinja_text_methods.h"

namespace nelumbo {
namespace {

using Value = JinjaValue;
using Bound = JinjaBound;

/// What a value is sorted and grouped by: the value at `path`, texts in lower case on demand.
Value key_of(JinjaRun& run, const Value& item, const Value& path, bool case_sensitive) {
  const Value found =
      path.is_undefined() || path.is_none() ? item : jinja_path(run, item, path, nullptr);
  return found.is_text() && !case_sensitive ? jinja_case_mapped(run, found.text(), python_lower)
                                            : found;
}

struct Keyed {
  Value key;
  Value item;
};

std::vector<Keyed> keyed(JinjaRun& run, const Value& value, const Value& path,
                         bool case_sensitive) {
  std::vector<Keyed> all;
  for (const Value& item : run.items(value))
    if (!run.failed())
      all.push_back({key_of(run, item, path, case_sensitive), item});
  return all;
}

const Value& key_in(const Keyed& one) {
  return one.key;
}

Value items_of(JinjaRun& run, const std::vector<Keyed>& all) {
  JinjaValues items;
  for (const Keyed& one : all)
    items.push_back(one.item);
  return run.list(std::move(items));
}

/// Sorts by tuples, as Python's tuples compare: parts that are equal need no order.
Value sort(JinjaRun& run, const Value& value, const Bound& arguments) {
  const Value& path = arguments[2];
  JinjaValues paths = {path};
  if (path.is_text()) {
    paths.clear();
    if (jinja_pay_search(run, path.text(), ","))
      split_at(path.text(), ",", -1, [&](std::string_view part) {
        paths.push_back(run.copy(part));
        return !run.failed();
      });
  }
  std::vector<Keyed> all;
  for (const Value& item : run.items(value)) {
    if (run.failed())
      return {};
    JinjaValues keys;
    for (const Value& part : paths)
      keys.push_back(key_of(run, item, part, arguments.truth(1, false)));
    all.push_back({run.tuple(std::move(keys)), item});
  }
  jinja_sort(run, all, arguments.truth(0, false), key_in);
  return items_of(run, all);
}

Value dictsort(JinjaRun& run, const Value& value, const Bound& arguments) {
  const std::string_view by = arguments.text(run, 1, "key");
  if (by != "key" && by != "value")
    return run.fail("You can only sort by either \"key\" or \"value\"");
  if (value.is_undefined())
    return jinja_fail_undefined(run, value);
  if (value.dict() == nullptr)
    return run.fail(std::string("dictsort wants a dict, not ") + value.type_name());
  std::vector<Keyed> all;
  for (const auto& [key, held] : value.dict()->entries) {
    if (run.failed())
      return {};
    all.push_back({key_of(run, by == "key" ? key : held, {}, arguments.truth(0, false)),
                   run.tuple({key, held})});
  }
  jinja_sort(run, all, arguments.truth(2, false), key_in);
  return items_of(run, all);
}

Value unique(JinjaRun& run, const Value& value, const Bound& arguments) {
  std::vector<std::pair<Value, Value>> seen;
  for (Keyed& one : keyed(run, value, arguments[1], arguments.truth(0, false)))
    seen.emplace_back(std::move(one.key), std::move(one.item));
  // A dict keeps the first place but the last value of equal keys; so the items go by number.
  JinjaValues items;
  for (auto& [key, item] : seen) {
    items.push_back(item);
    item = Value::integer(std::ssize(items) - 1);
  }
  std::reverse(seen.begin(), seen.end());
  const Value firsts = run.dict(std::move(seen));
  if (run.failed())
    return {};
  std::vector<int64_t> places;
  for (const auto& [key, place] : firsts.dict()->entries)
    places.push_back(*place.as<int64_t>());
  std::sort(places.begin(), places.end());
  JinjaValues kept;
  for (const int64_t place : places)
    kept.push_back(items[static_cast<size_t>(place)]);
  return run.iterator(std::move(kept));
}

/// The smallest item, or with kSign -1 the largest; the first of equal ones.
template <int kSign>
Value extreme(JinjaRun& run, const Value& value, const Bound& arguments) {
  const std::vector<Keyed> all = keyed(run, value, arguments[1], arguments.truth(0, false));
  if (all.empty())
    return Value::undefined("No aggregated item, sequence was empty.");
  const Keyed* best = &all.front();
  for (const Keyed& one : all)
    if (kSign > 0 ? jinja_less(run, one.key, best->key) : jinja_less(run, best->key, one.key))
      best = &one;
  return best->item;
}

Value sum(JinjaRun& run, const Value& value, const Bound& arguments) {
  Value total = arguments.has(1) ? arguments[1] : Value::integer(0);
  if (total.is_text())
    return run.fail("sum() can't sum strings");
  for (const Value& item : run.items(value)) {
    const bool whole = !arguments.has(0) || arguments[0].is_none();
    total = jinja_apply(run, JinjaOperator::kAdd, total,
                        whole ? item : jinja_path(run, item, arguments[0], nullptr));
  }
  return total;
}

Value groupby(JinjaRun& run, const Value& value, const Bound& arguments) {
  const Value* otherwise = arguments.has(1) && !arguments[1].is_none() ? &arguments[1] : nullptr;
  const bool case_sensitive = arguments.truth(2, false);
  std::vector<Keyed> all;
  for (const Value& item : run.items(value)) {
    const Value found = jinja_path(run, item, arguments[0], otherwise);
    all.push_back({key_of(run, found, {}, case_sensitive), item});
  }
  jinja_sort(run, all, false, key_in);
  JinjaValues groups;
  for (size_t begin = 0, end = 0; begin < all.size() && !run.failed(); begin = end) {
    JinjaValues members;
    for (end = begin;
         end < all.size() && (end == begin || jinja_equal(run, all[end].key, all[begin].key));
         ++end)
      members.push_back(all[end].item);
    const Value name = jinja_path(run, all[begin].item, arguments[0], otherwise);
    groups.push_back(run.tuple({name, run.list(std::move(members))}));
  }
  return run.list(std::move(groups));
}

Value join(JinjaRun& run, const Value& value, const Bound& arguments) {
  const Value mark = jinja_str(run, arguments[0]);
  const bool whole = !arguments.has(1) || arguments[1].is_none();
  JinjaWriter out(run);
  bool first = true;
  for (const Value& item : run.items(value)) {
    const Value text = jinja_str(run, whole ? item : jinja_path(run, item, arguments[1], nullptr));
    if (!out.add(first ? "" : mark.text()) || !out.add(text.text()))
      return {};
    first = false;
  }
  return run.text(out.take());
}

Value first(JinjaRun& run, const Value& value, const Bound& /*arguments*/) {
  if (const auto* iterator = value.as<Value::Iterator>(); iterator != nullptr) {
    JinjaIterator& held = **iterator;
    if (held.next < held.items.size())
      return held.items[held.next++];
  }
  const JinjaItems items = run.items(value);
  return items.empty() ? Value::undefined("No first item, sequence was empty.") : items.front();
}

Value last(JinjaRun& run, const Value& value, const Bound& /*arguments*/) {
  if (value.as<Value::Iterator>() != nullptr)
    return run.fail("'generator' object is not reversible");
  const JinjaItems items = run.items(value);
  return items.empty() ? Value::undefined("No last item, sequence was empty.") : items.back();
}

Value length(JinjaRun& run, const Value& value, const Bound& /*arguments*/) {
  return Value::integer(jinja_length(run, value));
}

Value to_list(JinjaRun& run, const Value& value, const Bound& /*arguments*/) {
  return run.list(run.items(value).values());
}

Value reverse(JinjaRun& run, const Value& value, const Bound& /*arguments*/) {
  if (value.is_text())
    return jinja_slice(run, value, {Value::none(), Value::none(), Value::integer(-1)});
  JinjaValues items = run.items(value).values();
  std::reverse(items.begin(), items.end());
  return value.as<Value::Iterator>() != nullptr || value.is_undefined()
             ? run.list(std::move(items))
             : run.iterator(std::move(items));
}

Value items(JinjaRun& run, const Value& value, const Bound& /*arguments*/) {
  if (value.is_undefined())
    return run.iterator({});
  if (value.dict() == nullptr)
    return run.fail("Can only get item pairs from a mapping.");
  JinjaValues pairs;
  for (const auto& [key, held] : value.dict()->entries)
    if (run.spend())
      pairs.push_back(run.tuple({key, held}));
  return run.iterator(std::move(pairs));
}

Value otherwise(JinjaRun& run, const Value& value, const Bound& arguments) {
  if (!value.is_undefined() && !(arguments.truth(1, false) && !value.truth()))
    return value;
  return arguments.has(0) ? arguments[0] : run.copy("");
}

Value attribute(JinjaRun& run, const Value& value, const Bound& arguments) {
  // Elements are no attributes here.
  const std::string_view name = arguments.text(run, 0, "");
  if (!run.scan(std::ssize(name)))
    return {};
  return value.dict() != nullptr && jinja_find(*value.dict(), name) != nullptr
             ? Value::undefined("a key is no attribute")
             : jinja_attribute(run, value, std::string(name));
}

Value batch(JinjaRun& run, const Value& value, const Bound& arguments) {
  const int64_t size = arguments.integer(run, 0, 1);
  JinjaValues batches;
  JinjaValues batch;
  for (const Value& item : run.items(value)) {
    if (std::ssize(batch) == size)
      batches.push_back(run.list(std::exchange(batch, {})));
    batch.push_back(item);
  }
  if (!batch.empty()) {
    const bool fills = arguments.has(1) && !arguments[1].is_none() && size > std::ssize(batch);
    if (fills && run.fits(64 * std::min<int64_t>(size, int64_t{1} << 40)) && run.spend(size))
      batch.resize(static_cast<size_t>(size), arguments[1]);
    batches.push_back(run.list(std::move(batch)));
  }
  return run.iterator(std::move(batches));
}

constexpr std::array<JinjaFilter, 19> kFilters = {{
    {"attr", "name", attribute},
    {"batch", "linecount ?fill_with", batch},
    {"count", "", length},
    {"d", "?default_value ?boolean", otherwise},
    {"default", "?default_value ?boolean", otherwise},
    {"dictsort", "?case_sensitive ?by ?reverse", dictsort},
    {"first", "", first},
    {"groupby", "attribute ?default ?case_sensitive", groupby},
    {"items", "", items},
    {"join", "?d ?attribute", join},
    {"last", "", last},
    {"length", "", length},
    {"list", "", to_list},
    {"max", "?case_sensitive ?attribute", extreme<-1>},
    {"min", "?case_sensitive ?attribute", extreme<1>},
    {"reverse", "", reverse},
    {"sort", "?reverse ?case_sensitive ?attribute", sort},
    {"sum", "?attribute ?start", sum},
    {"unique", "?case_sensitive ?attribute", unique},
}};

}  // namespace

const JinjaFilter* jinja_sequence_filter(std::string_view name) {
  const auto* found = std::find_if(kFilters.begin(), kFilters.end(), [&](const JinjaFilter& each) {
    return each.name == name && !name.empty();
  });
  return found != kFilters.end() ? found : nullptr;
}

}  // namespace nelumbo
