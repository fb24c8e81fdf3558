// SPDX-License-Identifier: Apache-2.0
#include "model/step_fields.h"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "model/utf8.h"

namespace nelumbo {
namespace {

using nlohmann::json;

constexpr size_t kLongestQuote = 80;
/// Each step of a hostile file may take as long as a regular expression may.
constexpr size_t kMostSteps = 16;
/// How many times as long as before all Replace steps of a file may make a text.
constexpr double kMostGrowth = 256;

Result<void> collect(const json& step, const char* members, const std::string& place,
                     std::vector<const json*>& steps) {
  if (!step.is_object() || !step.contains("type") || !step["type"].is_string())
    return bad_data(place, "must be an object with a type");
  if (step["type"] != "Sequence") {
    if (steps.size() == kMostSteps)
      return bad_data(place, "has more than " + std::to_string(kMostSteps) + " steps");
    steps.push_back(&step);
    return {};
  }
  if (!step.contains(members) || !step[members].is_array())
    return bad_data(place, std::string("a Sequence must have a list of ") + members);
  for (const json& member : step[members])
    if (const auto done = collect(member, members, place, steps); !done)
      return done.error();
  return {};
}

}  // namespace

Error bad_data(const std::string& place, const std::string& what) {
  return {Errc::kBadData, place + ": " + what};
}

std::string excerpt(const json& value) {
  return valid_utf8(value.dump().substr(0, kLongestQuote));
}

std::string step_type(const json& step) {
  return step.is_object() && step.contains("type") && step["type"].is_string()
             ? step["type"].get<std::string>().substr(0, kLongestQuote)
             : excerpt(step);
}

Error unsupported_step(const std::string& place, const json& step, const std::string& supported) {
  return bad_data(place, "type '" + step_type(step) + "' is not supported; " + supported + " are");
}

Result<std::vector<const json*>> steps_in_order(const json& part, const char* members,
                                                const std::string& place) {
  std::vector<const json*> steps;
  if (part.is_null())
    return steps;
  if (const auto done = collect(part, members, place, steps); !done)
    return done.error();
  return steps;
}

Result<bool> flag_field(const json& step, const char* name, bool otherwise,
                        const std::string& place) {
  if (!step.contains(name))
    return otherwise;
  if (!step[name].is_boolean())
    return bad_data(place, std::string(name) + " must be true or false");
  return step[name].get<bool>();
}

Result<std::string> text_field(const json& step, const char* name, const std::string& place) {
  if (!step.contains(name) || !step[name].is_string())
    return bad_data(place, std::string(name) + " must be a text");
  return step[name].get<std::string>();
}

Result<std::string> character_field(const json& step, const char* name, const std::string& place) {
  Result<std::string> text = text_field(step, name, place);
  if (!text)
    return text;
  if (text.value().empty() || character_size(text.value(), 0) != std::ssize(text.value()))
    return bad_data(place, std::string(name) + " must be one character");
  return text;
}

Result<int64_t> count_field(const json& step, const char* name, int64_t most,
                            const std::string& place) {
  const json value = step.value(name, json());
  if (!value.is_number_integer() || value.get<int64_t>() < 0 || value.get<int64_t>() > most)
    return bad_data(
        place, std::string(name) + " must be a whole number from 0 to " + std::to_string(most));
  return value.get<int64_t>();
}

Result<int32_t> token_id(const json& value, const std::string& place) {
  // An unsigned number beyond 2^63 comes out negative.
  const int64_t id = value.is_number_integer() ? value.get<int64_t>() : -1;
  if (id >= 0 && id <= INT32_MAX)
    return static_cast<int32_t>(id);
  return bad_data(place, "an id must be a whole number from 0 to " + std::to_string(INT32_MAX));
}

Result<Regex> pattern_field(const json& step, const std::string& place) {
  const json* pattern = step.contains("pattern") ? &step["pattern"] : nullptr;
  const bool is_one = pattern != nullptr && pattern->is_object() && pattern->size() == 1 &&
                      pattern->begin()->is_string();
  if (!is_one || (!pattern->contains("Regex") && !pattern->contains("String")))
    return bad_data(place, "the pattern of a " + step_type(step) + " must be a Regex or a String");
  const std::string source = *pattern->begin();
  if (source.empty())
    return bad_data(place, "the pattern of a " + step_type(step) + " must not be empty");
  return pattern->contains("Regex") ? Regex::compile(source, place) : Regex::literal(source, place);
}

double replacement_growth(const json& step) {
  const auto content = static_cast<double>(step["content"].get_ref<const std::string&>().size());
  if (step["pattern"].contains("Regex"))
    return content + 1;
  const auto pattern = static_cast<double>(step["pattern"]["String"].get<std::string>().size());
  return std::max(1.0, content / pattern);
}

Result<Replacement> replacement_of(const json& step, const std::string& place, double* growth) {
  const Result<Regex> pattern = pattern_field(step, place);
  if (!pattern)
    return pattern.error();
  Result<std::string> content = text_field(step, "content", place);
  if (!content)
    return content.error();
  *growth *= replacement_growth(step);
  if (*growth > kMostGrowth)
    return bad_data(place, "its Replace steps could make a text more than " +
                               std::to_string(static_cast<int>(kMostGrowth)) + " times as long");
  return Replacement{std::make_shared<const Regex>(pattern.value()), std::move(content).value()};
}

}  // namespace nelumbo
