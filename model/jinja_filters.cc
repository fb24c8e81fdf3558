// SPDX-License-Identifier: Apache-2.0
#include "model/jinja_filters.h"

#include <algorithm>
#include <array>

#include "model/jinja_attributes.h"
#include "model/jinja_format.h"
#include "model/jinja_print.h"
#include "model/jinja_tests.h"

namespace nelumbo {
namespace {

/// Takes the argument `name` out of the named ones.
std::optional<JinjaValue> take_named(JinjaArguments& arguments, std::string_view name) {
  const auto found = std::find_if(arguments.named.begin(), arguments.named.end(),
                                  [&](const auto& each) { return each.first == name; });
  if (found == arguments.named.end())
    return std::nullopt;
  JinjaValue value = std::move(found->second);
  arguments.named.erase(found);
  return value;
}

/// Takes the first positional argument, a name; fails where there is none.
std::string take_name(JinjaRun& run, JinjaArguments& arguments, const char* what) {
  if (arguments.positional.empty() || !arguments.positional.front().is_text()) {
    run.fail(std::string("the first argument must be the name of ") + what);
    return "";
  }
  std::string name = arguments.positional.front().text();
  arguments.positional.erase(arguments.positional.begin());
  return name;
}

JinjaValue map(JinjaRun& run, const JinjaValue& value, JinjaArguments arguments) {
  JinjaValues mapped;
  if (!value.truth())
    return run.iterator({});
  if (arguments.positional.empty() && !arguments.named.empty()) {
    const std::optional<JinjaValue> path = take_named(arguments, "attribute");
    const std::optional<JinjaValue> otherwise = take_named(arguments, "default");
    if (!path || !arguments.named.empty())
      return run.fail("map() takes attribute and default, or the name of a filter");
    for (const JinjaValue& item : run.items(value))
      mapped.push_back(
          jinja_path(run, item, *path, otherwise && !otherwise->is_none() ? &*otherwise : nullptr));
    return run.iterator(std::move(mapped));
  }
  const std::string name = take_name(run, arguments, "a filter");
  for (const JinjaValue& item : run.items(value))
    if (!run.failed())
      mapped.push_back(jinja_filter(run, name, item, arguments));
  return run.iterator(std::move(mapped));
}

/// select, reject and, with a path, selectattr and rejectattr.
JinjaValue select(JinjaRun& run, const JinjaValue& value, JinjaArguments arguments, bool wanted,
                  bool of_attribute) {
  if (!value.truth())
    return run.iterator({});
  JinjaValue path = JinjaValue::none();
  if (of_attribute) {
    if (arguments.positional.empty())
      return run.fail("Missing parameter for attribute name");
    path = arguments.positional.front();
    arguments.positional.erase(arguments.positional.begin());
  }
  std::optional<std::string> test;
  if (!arguments.positional.empty())
    test = take_name(run, arguments, "a test");
  JinjaValues kept;
  for (const JinjaValue& item : run.items(value)) {
    const JinjaValue asked = of_attribute ? jinja_path(run, item, path, nullptr) : item;
    const bool holds = test ? jinja_test(run, *test, asked, arguments) : asked.truth();
    if (run.failed())
      return {};
    if (holds == wanted)
      kept.push_back(item);
  }
  return run.iterator(std::move(kept));
}

JinjaValue format(JinjaRun& run, const JinjaValue& value, const JinjaArguments& arguments) {
  if (!arguments.positional.empty() && !arguments.named.empty())
    return run.fail("can't handle positional and keyword arguments at the same time");
  std::vector<std::pair<JinjaValue, JinjaValue>> named;
  for (const auto& [name, held] : arguments.named)
    named.emplace_back(run.text(name), held);
  const JinjaValue values =
      named.empty() ? run.tuple(arguments.positional) : run.dict(std::move(named));
  const JinjaValue text = jinja_str(run, value);
  return jinja_percent_format(run, text.text(), values);
}

/// Filters that take any arguments.
std::optional<JinjaValue> open_filter(JinjaRun& run, std::string_view name, const JinjaValue& value,
                                      const JinjaArguments& arguments) {
  if (name == "map")
    return map(run, value, arguments);
  if (name == "select" || name == "reject")
    return select(run, value, arguments, name == "select", false);
  if (name == "selectattr" || name == "rejectattr")
    return select(run, value, arguments, name == "selectattr", true);
  if (name == "format")
    return format(run, value, arguments);
  return std::nullopt;
}

constexpr std::array<std::string_view, 6> kOpen = {"format", "map",        "reject",
                                                   "select", "rejectattr", "selectattr"};

const JinjaFilter* find_filter(std::string_view name) {
  const JinjaFilter* found = jinja_text_filter(name);
  return found != nullptr ? found : jinja_sequence_filter(name);
}

}  // namespace

bool jinja_has_filter(std::string_view name) {
  return std::find(kOpen.begin(), kOpen.end(), name) != kOpen.end() || find_filter(name) != nullptr;
}

JinjaValue jinja_filter(JinjaRun& run, const std::string& name, const JinjaValue& value,
                        const JinjaArguments& arguments) {
  if (!run.spend())
    return {};
  // A filter may map another one: their nesting is that of the names in the arguments.
  if (const std::optional<JinjaValue> done = open_filter(run, name, value, arguments))
    return *done;
  const JinjaFilter* filter = find_filter(name);
  if (filter == nullptr)
    return run.fail("the filter '" + name + "' is not supported");
  const auto bound = JinjaBound::bind(run, filter->name, filter->signature, arguments);
  return bound ? filter->call(run, value, *bound) : JinjaValue();
}

}  // namespace nelumbo
