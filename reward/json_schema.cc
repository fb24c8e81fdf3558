// SPDX-License-Identifier: Apache-2.0
#include "reward/json_schema.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <set>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "corpus/unicode.h"

namespace nelumbo {

namespace {

using nlohmann::json;

constexpr int kDeepest = 32;
constexpr std::array<std::string_view, 7> kTypes = {"object",  "array",   "string", "number",
                                                    "integer", "boolean", "null"};
constexpr std::array<std::string_view, 4> kSizes = {"minItems", "maxItems", "minLength",
                                                    "maxLength"};
constexpr std::array<std::string_view, 4> kBounds = {"minimum", "maximum", "exclusiveMinimum",
                                                     "exclusiveMaximum"};

template <class List>
bool holds(const List& list, std::string_view word) {
  return std::ranges::find(list, word) != list.end();
}

/// Whole numbers as such, also where they are written 3.0.
json with_whole_numbers(json value) {
  constexpr double kBeyond = 18446744073709551616.0;  // 2^64
  if (value.is_structured())
    for (json& inner : value)
      inner = with_whole_numbers(std::move(inner));
  if (!value.is_number_float())
    return value;
  const auto number = value.get<double>();
  if (number != std::floor(number) || std::abs(number) >= kBeyond)
    return value;
  if (number >= 0)
    return static_cast<uint64_t>(number);
  return number >= -kBeyond / 2 ? json(static_cast<int64_t>(number)) : value;
}

/// Two values are equal where these are: 1 and 1.0, not 2^53 and 2^53 + 1, nor -1 and 2^64 - 1.
std::string exact_text(const json& value) {
  return with_whole_numbers(value).dump(-1, ' ', false, json::error_handler_t::replace);
}

/// The three types of numbers hold 64 bits each, of which this loses none.
long double number_in(const json& value) {
  static_assert(std::numeric_limits<long double>::digits >= 64);
  if (value.is_number_unsigned())
    return value.get<uint64_t>();
  return value.is_number_integer() ? value.get<int64_t>() : value.get<double>();
}

/// Looks through a schema before it is used.
class SchemaCheck {
 public:
  explicit SchemaCheck(std::map<std::string, Pattern>& patterns) : patterns_(patterns) {}

  Result<void> check(const json& schema, const std::string& path, int depth) {
    if (schema.is_boolean())
      return {};
    if (!schema.is_object() || depth > kDeepest)
      return wrong(path, "must be a mapping of keywords");
    for (const auto& [key, value] : schema.items())
      if (auto done = keyword(key, value, path + "/" + key, depth); !done)
        return done;
    return {};
  }

 private:
  static Error wrong(const std::string& path, const std::string& why) {
    return Error{Errc::kInvalidConfig, (path.empty() ? "/" : path) + ": " + why};
  }

  Result<void> keyword(const std::string& key, const json& value, const std::string& path,
                       int depth) {
    if (key == "title" || key == "description" || key == "const")
      return {};
    if (key == "type")
      return types(value, path);
    if (key == "enum")
      return value.is_array() && !value.empty() ? Result<void>() : wrong(path, "must be a list");
    if (key == "required")
      return texts(value, path);
    if (key == "properties" || key == "anyOf")
      return each(value, path, depth, key == "properties");
    if (key == "items" || key == "additionalProperties")
      return check(value, path, depth + 1);
    if (key == "uniqueItems")
      return value.is_boolean() ? Result<void>() : wrong(path, "must be true or false");
    if (holds(kSizes, key))
      return value.is_number_integer() && value.get<int64_t>() >= 0
                 ? Result<void>()
                 : wrong(path, "must be a whole number that is not negative");
    if (holds(kBounds, key))
      return value.is_number() ? Result<void>() : wrong(path, "must be a number");
    if (key == "pattern")
      return pattern(value, path);
    return unknown(key, path);
  }

  static Result<void> unknown(const std::string& key, const std::string& path) {
    std::vector<std::string> known = {
        "type",  "enum",  "const",       "properties", "required", "additionalProperties",
        "items", "anyOf", "uniqueItems", "pattern",    "title",    "description"};
    known.insert(known.end(), kSizes.begin(), kSizes.end());
    known.insert(known.end(), kBounds.begin(), kBounds.end());
    return wrong(
        path, "unknown keyword" + did_you_mean(key, known) + "; known are " + joined(known, ", "));
  }

  static Result<void> types(const json& value, const std::string& path) {
    const json list = value.is_array() ? value : json::array({value});
    for (const json& type : list)
      if (!type.is_string() || !holds(kTypes, type.get<std::string>()))
        return wrong(path, "must be of object, array, string, number, integer, boolean, null");
    return {};
  }

  static Result<void> texts(const json& value, const std::string& path) {
    const bool fits = value.is_array() &&
                      std::ranges::all_of(value, [](const json& item) { return item.is_string(); });
    return fits ? Result<void>() : wrong(path, "must be a list of names");
  }

  Result<void> each(const json& value, const std::string& path, int depth, bool mapping) {
    if (mapping ? !value.is_object() : !value.is_array() || value.empty())
      return wrong(path, mapping ? "must be a mapping" : "must be a list");
    for (const auto& [key, schema] : value.items())
      if (auto done = check(schema, path + "/" + key, depth + 1); !done)
        return done;
    return {};
  }

  Result<void> pattern(const json& value, const std::string& path) {
    if (!value.is_string())
      return wrong(path, "must be text");
    auto compiled = Pattern::of_spec(value.get<std::string>());
    if (!compiled)
      return wrong(path, compiled.error().message);
    patterns_.insert_or_assign(value.get<std::string>(), std::move(compiled.value()));
    return {};
  }

  std::map<std::string, Pattern>& patterns_;
};

/// Holds a value against a schema. `error` is set where a pattern is not decided.
class ValueCheck {
 public:
  using Fault = std::optional<std::string>;

  explicit ValueCheck(const std::map<std::string, Pattern>& patterns) : patterns_(patterns) {}

  Fault fault(const json& schema, const json& value, const std::string& path) {
    if (schema.is_boolean())
      return schema.get<bool>() ? Fault() : wrong(path, "must not be there");
    for (const auto& [key, wanted] : schema.items())
      if (Fault found = by_keyword(schema, key, wanted, value, path))
        return found;
    return {};
  }

  std::optional<Error> error;

 private:
  static Fault wrong(const std::string& path, const std::string& why) {
    return (path.empty() ? "/" : path) + ": " + why;
  }

  Fault by_keyword(const json& schema, const std::string& key, const json& wanted,
                   const json& value, const std::string& path) {
    if (key == "type")
      return is_of(wanted, value) ? Fault() : wrong(path, "must be of type " + wanted.dump());
    if (key == "enum")
      return is_one_of(wanted, value) ? Fault() : wrong(path, "must be one of " + wanted.dump());
    if (key == "const")
      return exact_text(wanted) == exact_text(value) ? Fault()
                                                     : wrong(path, "must be " + wanted.dump());
    if (key == "anyOf")
      return any_of(wanted, value, path);
    if (value.is_object())
      return of_object(schema, key, wanted, value, path);
    if (value.is_array())
      return of_array(key, wanted, value, path);
    if (value.is_number())
      return of_number(key, wanted, number_in(value), path);
    return value.is_string() ? of_text(key, wanted, value.get<std::string>(), path) : Fault();
  }

  static bool is_one_of(const json& list, const json& value) {
    const std::string text = exact_text(value);
    return std::ranges::any_of(list, [&](const json& one) { return exact_text(one) == text; });
  }

  static bool has_twice(const json& list) {
    std::set<std::string> texts;
    return !std::ranges::all_of(
        list, [&](const json& item) { return texts.insert(exact_text(item)).second; });
  }

  static bool is_of(const json& types, const json& value) {
    if (types.is_array())
      return std::ranges::any_of(types, [&](const json& type) { return is_of(type, value); });
    const auto type = types.get<std::string>();
    if (type == "integer")
      return value.is_number_integer() ||
             (value.is_number_float() &&
              value.get<double>() == static_cast<double>(static_cast<int64_t>(
                                         std::clamp(value.get<double>(), -9e15, 9e15))));
    if (type == "number")
      return value.is_number();
    return type == value.type_name();
  }

  Fault any_of(const json& schemas, const json& value, const std::string& path) {
    for (const json& schema : schemas)
      if (!fault(schema, value, path))
        return {};
    return wrong(path, "fits none of anyOf");
  }

  Fault of_object(const json& schema, const std::string& key, const json& wanted, const json& value,
                  const std::string& path) {
    if (key == "required") {
      for (const json& name : wanted)
        if (!value.contains(name.get<std::string>()))
          return wrong(path, "lacks '" + name.get<std::string>() + "'");
    } else if (key == "properties") {
      for (const auto& [name, inner] : wanted.items())
        if (value.contains(name))
          if (Fault found = fault(inner, value[name], path + "/" + name))
            return found;
    } else if (key == "additionalProperties") {
      const json known = schema.value("properties", json::object());
      for (const auto& [name, inner] : value.items())
        if (!known.contains(name))
          if (Fault found = fault(wanted, inner, path + "/" + shortened(name)))
            return found;
    }
    return {};
  }

  Fault of_array(const std::string& key, const json& wanted, const json& value,
                 const std::string& path) {
    if (key == "items") {
      for (size_t i = 0; i < value.size(); ++i)
        if (Fault found = fault(wanted, value[i], path + "/" + std::to_string(i)))
          return found;
    } else if (key == "minItems" && std::ssize(value) < wanted.get<int64_t>()) {
      return wrong(path, "needs at least " + wanted.dump() + " items");
    } else if (key == "maxItems" && std::ssize(value) > wanted.get<int64_t>()) {
      return wrong(path, "may have at most " + wanted.dump() + " items");
    } else if (key == "uniqueItems" && wanted.get<bool>() && has_twice(value)) {
      return wrong(path, "has an item twice");
    }
    return {};
  }

  static Fault of_number(const std::string& key, const json& wanted, long double value,
                         const std::string& path) {
    if (key == "minimum" && value < number_in(wanted))
      return wrong(path, "must be at least " + wanted.dump());
    if (key == "maximum" && value > number_in(wanted))
      return wrong(path, "must be at most " + wanted.dump());
    if (key == "exclusiveMinimum" && value <= number_in(wanted))
      return wrong(path, "must be more than " + wanted.dump());
    if (key == "exclusiveMaximum" && value >= number_in(wanted))
      return wrong(path, "must be less than " + wanted.dump());
    return {};
  }

  Fault of_text(const std::string& key, const json& wanted, const std::string& value,
                const std::string& path) {
    if (key == "minLength" && std::ssize(characters_of(value)) < wanted.get<int64_t>())
      return wrong(path, "needs at least " + wanted.dump() + " characters");
    if (key == "maxLength" && std::ssize(characters_of(value)) > wanted.get<int64_t>())
      return wrong(path, "may have at most " + wanted.dump() + " characters");
    if (key != "pattern")
      return {};
    const auto found = patterns_.at(wanted.get<std::string>()).find(value);
    if (!found) {
      error = found.error();
      return {};
    }
    return found.value() ? Fault() : wrong(path, "does not match " + wanted.dump());
  }

  const std::map<std::string, Pattern>& patterns_;
};

}  // namespace

Result<JsonSchema> JsonSchema::compile(nlohmann::json schema) {
  JsonSchema out;
  if (auto done = SchemaCheck(out.patterns_).check(schema, "", 0); !done)
    return done.error();
  out.schema_ = std::move(schema);
  return out;
}

Result<std::optional<std::string>> JsonSchema::fault(const nlohmann::json& value) const {
  ValueCheck check(patterns_);
  auto found = check.fault(schema_, value, "");
  if (check.error)
    return *check.error;
  return found;
}

}  // namespace nelumbo
