// SPDX-License-Identifier: Apache-2.0
#include "model/jinja_attributes.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "model/jinja_arguments.h"
#include "model/jinja_loop.h"
#include "model/jinja_operators.h"
#include "model/jinja_print.h"
#include "model/jinja_scope.h"
#include "model/jinja_split.h"
#include "model/jinja_text.h"
#include "model/jinja_text_methods.h"

namespace nelumbo {
namespace {

/// What the sandbox keeps from templates: internals of Python, and what changes a list or dict.
bool is_unsafe(const JinjaValue& value, std::string_view name) {
  static constexpr std::array<std::string_view, 8> kOfList = {
      "append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort"};
  static constexpr std::array<std::string_view, 5> kOfDict = {"clear", "pop", "popitem",
                                                              "setdefault", "update"};
  if (name.starts_with("__") && name.ends_with("__"))
    return !value.is_undefined() || name == "__class__";
  if (value.sequence(JinjaSequence::Kind::kList) != nullptr)
    return std::find(kOfList.begin(), kOfList.end(), name) != kOfList.end();
  return value.dict() != nullptr &&
         std::find(kOfDict.begin(), kOfDict.end(), name) != kOfDict.end();
}

std::string object_name(const JinjaValue& value) {
  return value.is_none() ? "None" : std::string(value.type_name()) + " object";
}

JinjaValue absent(const JinjaValue& value, const std::string& name) {
  return JinjaValue::undefined(quoted_briefly(object_name(value)) + " has no attribute " +
                               quoted_briefly(name));
}

using Method = JinjaValue (*)(JinjaRun&, const JinjaValue&, const JinjaBound&);

JinjaValue bound_method(JinjaRun& run, const JinjaValue& value, std::string_view name,
                        std::string_view signature, Method method) {
  return run.function(
      {std::string(name),
       [value, name, signature, method](JinjaRun& inner, JinjaArguments& arguments) -> JinjaValue {
         const auto bound = JinjaBound::bind(inner, name, signature, arguments);
         return bound ? method(inner, value, *bound) : JinjaValue();
       },
       value.depth() + 1});
}

template <JinjaSequence::Kind kKind>
JinjaValue view(JinjaRun& run, const JinjaValue& value, const JinjaBound& /*arguments*/) {
  JinjaValues items;
  for (const auto& [key, held] : value.dict()->entries) {
    if (!run.spend())
      return {};
    if (kKind == JinjaSequence::Kind::kItems)
      items.push_back(run.tuple({key, held}));
    else
      items.push_back(kKind == JinjaSequence::Kind::kKeys ? key : held);
  }
  return run.sequence(std::move(items), kKind);
}

JinjaValue get(JinjaRun& run, const JinjaValue& value, const JinjaBound& arguments) {
  if (!jinja_is_hashable(run, arguments[0]))
    return run.fail(std::string("unhashable type: '") + arguments[0].type_name() + "'");
  const JinjaValue* found = jinja_find(run, *value.dict(), arguments[0]);
  if (found != nullptr)
    return *found;
  return arguments.has(1) ? arguments[1] : JinjaValue::none();
}

JinjaValue itself(JinjaRun& /*run*/, const JinjaValue& value, const JinjaBound& /*arguments*/) {
  return value;
}

JinjaValue index(JinjaRun& run, const JinjaValue& value, const JinjaBound& arguments) {
  const JinjaValues& items = value.indexable()->items;
  for (size_t i = 0; i < items.size(); ++i)
    if (jinja_equal(run, items[i], arguments[0]))
      return JinjaValue::integer(static_cast<int64_t>(i));
  return run.fail(jinja_repr(run, arguments[0]).substr(0, 200) + " is not in " + value.type_name());
}

JinjaValue count(JinjaRun& run, const JinjaValue& value, const JinjaBound& arguments) {
  const JinjaValues& items = value.indexable()->items;
  return JinjaValue::integer(std::count_if(items.begin(), items.end(), [&](const JinjaValue& item) {
    return jinja_equal(run, item, arguments[0]);
  }));
}

JinjaValue is_integer(JinjaRun& /*run*/, const JinjaValue& value, const JinjaBound& /*arguments*/) {
  const double real = value.to_real();
  return JinjaValue::boolean(std::isfinite(real) && real == std::floor(real));
}

/// An attribute in Python's sense, which no element is; nothing where there is none.
std::optional<JinjaValue> own_attribute(JinjaRun& run, const JinjaValue& value,
                                        const std::string& name) {
  using Kind = JinjaSequence::Kind;
  const auto method = [&](std::string_view signature, Method call) {
    return bound_method(run, value, name, signature, call);
  };
  if (value.is_text()) {
    const JinjaValue found = jinja_text_method(run, value, name);
    return found.is_undefined() ? std::nullopt : std::optional(found);
  }
  if (value.dict() != nullptr) {
    if (name == "items")
      return method("", view<Kind::kItems>);
    if (name == "keys")
      return method("", view<Kind::kKeys>);
    if (name == "values")
      return method("", view<Kind::kValues>);
    if (name == "get")
      return method("key ?default", get);
  }
  if (value.indexable() != nullptr && name == "index")
    return method("value", index);
  if (value.indexable() != nullptr && name == "count")
    return method("value", count);
  if ((value.dict() != nullptr || value.sequence(Kind::kList) != nullptr) && name == "copy")
    return method("", itself);
  if (value.as<double>() != nullptr && name == "is_integer")
    return method("", is_integer);
  if (const auto* function = value.as<JinjaValue::Function>();
      function != nullptr && name == "name")
    return run.text((*function)->name);
  if (const auto* space = value.as<JinjaValue::Namespace>()) {
    run.spend(std::ssize((*space)->attributes) / kNamesOfAStep);
    for (const auto& [known, held] : (*space)->attributes)
      if (known == name)
        return held;
  }
  if (const auto* loop = value.as<JinjaValue::Loop>())
    return jinja_loop_attribute(run, *loop, name);
  return std::nullopt;
}

const JinjaValue* element(JinjaRun& run, const JinjaValue& value, const JinjaValue& key) {
  if (const JinjaDict* dict = value.dict())
    return jinja_find(run, *dict, key);
  const JinjaSequence* sequence = value.indexable();
  int64_t at = 0;
  if (sequence == nullptr || !key.to_integer(at))
    return nullptr;
  at += at < 0 ? std::ssize(sequence->items) : 0;
  return at >= 0 && at < std::ssize(sequence->items) ? &sequence->items[static_cast<size_t>(at)]
                                                     : nullptr;
}

std::optional<JinjaValue> character(JinjaRun& run, const JinjaValue& value, const JinjaValue& key) {
  int64_t at = 0;
  if (!value.is_text() || !key.to_integer(at))
    return std::nullopt;
  if (!run.scan(std::ssize(value.text())))
    return std::nullopt;
  const int64_t length = code_point_count(value.text());
  at += at < 0 ? length : 0;
  if (at < 0 || at >= length)
    return std::nullopt;
  return run.copy(
      first_point(std::string_view(value.text()).substr(bytes_of_points(value.text(), at))));
}

}  // namespace

JinjaValue jinja_attribute(JinjaRun& run, const JinjaValue& value, const std::string& name) {
  if (!run.scan(std::ssize(name)))
    return {};
  if (is_unsafe(value, name))
    return JinjaValue::undefined("access to attribute " + quoted_briefly(name) + " of '" +
                                 value.type_name() + "' object is unsafe.");
  if (value.is_undefined())
    return jinja_fail_undefined(run, value);
  if (const std::optional<JinjaValue> own = own_attribute(run, value, name))
    return *own;
  const JinjaValue* found = value.dict() != nullptr ? jinja_find(*value.dict(), name) : nullptr;
  return found != nullptr ? *found : absent(value, name);
}

JinjaValue jinja_item(JinjaRun& run, const JinjaValue& value, const JinjaValue& key) {
  if (!run.spend())
    return {};
  if (value.is_undefined())
    return jinja_fail_undefined(run, value);
  if (const JinjaValue* found = element(run, value, key))
    return *found;
  if (const std::optional<JinjaValue> found = character(run, value, key))
    return *found;
  if (!key.is_text())
    return JinjaValue::undefined(object_name(value) + " has no element " +
                                 (key.is_number() ? jinja_repr(run, key) : key.type_name()));
  if (!run.scan(std::ssize(key.text())))
    return {};
  if (is_unsafe(value, key.text()))
    return JinjaValue::undefined("access to attribute " + quoted_briefly(key.text()) + " of '" +
                                 value.type_name() + "' object is unsafe.");
  const std::optional<JinjaValue> own = own_attribute(run, value, key.text());
  return own ? *own : absent(value, key.text());
}

JinjaValue jinja_path(JinjaRun& run, const JinjaValue& value, const JinjaValue& path,
                      const JinjaValue* otherwise) {
  JinjaValue found = value;
  const auto step = [&](const JinjaValue& key) {
    found = jinja_item(run, found, key);
    if (otherwise != nullptr && found.is_undefined())
      found = *otherwise;
  };
  if (path.is_none())
    return found;
  if (!path.is_text()) {
    step(path);
    return found;
  }
  if (!jinja_pay_search(run, path.text(), "."))
    return {};
  split_at(path.text(), ".", -1, [&](std::string_view part) {
    const bool numbered =
        !part.empty() && part.find_first_not_of("0123456789") == std::string_view::npos;
    const std::optional<int64_t> number = numbered ? parse_integer(part, 10) : std::nullopt;
    step(number ? JinjaValue::integer(*number) : run.copy(part));
    return !run.failed();
  });
  return found;
}

}  // namespace nelumbo
