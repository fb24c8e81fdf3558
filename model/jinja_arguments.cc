// SPDX-License-Identifier: Apache-2.0
#include "model/jinja_arguments.h"

#include <algorithm>

#include "model/jinja_split.h"

namespace nelumbo {

std::optional<JinjaBound> JinjaBound::bind(JinjaRun& run, std::string_view callee,
                                           std::string_view signature,
                                           const JinjaArguments& arguments) {
  JinjaBound bound;
  bound.callee_ = callee;
  std::vector<std::string_view> names;
  split_at_space(signature, -1, [&](std::string_view name) {
    names.push_back(name);
    return true;
  });
  bound.values_.assign(names.size(), std::nullopt);
  const auto failed = [&](const std::string& what) {
    run.fail(std::string(callee) + "() " + what);
    return std::nullopt;
  };

  if (arguments.positional.size() > names.size())
    return failed("takes " + std::to_string(names.size()) + " arguments but " +
                  std::to_string(arguments.positional.size()) + " were given");
  for (size_t i = 0; i < arguments.positional.size(); ++i)
    bound.values_[i] = arguments.positional[i];
  for (const auto& [name, value] : arguments.named) {
    const auto found =
        std::find_if(names.begin(), names.end(), [&wanted = name](std::string_view known) {
          return known.substr(known.front() == '?' ? 1 : 0) == wanted;
        });
    if (found == names.end())
      return failed("got an unexpected keyword argument '" + name + "'");
    std::optional<JinjaValue>& slot = bound.values_[static_cast<size_t>(found - names.begin())];
    if (slot)
      return failed("got multiple values for argument '" + name + "'");
    slot = value;
  }
  for (size_t i = 0; i < names.size(); ++i)
    if (!bound.values_[i] && names[i].front() != '?')
      return failed("missing a required argument: '" + std::string(names[i]) + "'");
  return bound;
}

const JinjaValue& JinjaBound::operator[](size_t i) const {
  static const JinjaValue kAbsent;
  return values_[i] ? *values_[i] : kAbsent;
}

int64_t JinjaBound::integer(JinjaRun& run, size_t i, int64_t otherwise) const {
  int64_t value = otherwise;
  if (has(i) && !values_[i]->to_integer(value))
    run.fail(callee_ + "(): a '" + values_[i]->type_name() +
             "' cannot be interpreted as an integer");
  return value;
}

std::string_view JinjaBound::text(JinjaRun& run, size_t i, std::string_view otherwise) const {
  if (!has(i))
    return otherwise;
  if (values_[i]->is_text())
    return values_[i]->text();
  run.fail(callee_ + "() argument must be str, not " + values_[i]->type_name());
  return "";
}

bool JinjaBound::truth(size_t i, bool otherwise) const {
  return has(i) ? values_[i]->truth() : otherwise;
}

}  // namespace nelumbo
