// SPDX-License-Identifier: Apache-2.0
#include "model/strict_json.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <type_traits>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/text.h"

namespace nelumbo {
namespace {

using nlohmann::json;

constexpr size_t kDeepest = 64;
constexpr size_t kLongestText = 4'194'304;

/// Receives the parser's events and builds the document from them. Answers false to stop.
template <class Json>
// NOLINTNEXTLINE(bugprone-exception-escape): of constructors that it does not have
class Builder {
 public:
  bool null() { return add(nullptr) != nullptr; }
  bool boolean(bool value) { return add(value) != nullptr; }
  bool number_integer(int64_t value) { return add(value) != nullptr; }
  bool number_unsigned(uint64_t value) { return add(value) != nullptr; }
  bool number_float(double value, const std::string& text) {
    if (kOrdered && text.find_first_of(".eE") == std::string::npos) {
      problem_ = "the integer " + text + " leaves 64 bits";
      return false;
    }
    return add(value) != nullptr;
  }
  bool string(std::string& value) { return add(std::move(value)) != nullptr; }
  bool binary(typename Json::binary_t& /*value*/) { return false; }
  bool start_object(size_t /*size*/) { return open(Json::object()); }
  bool start_array(size_t /*size*/) { return open(Json::array()); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }

  bool key(std::string& name) {
    if (!keys_.back().insert(name).second) {
      problem_ = "the key '" + shortened(name) + "' stands twice in one object";
      return false;
    }
    key_ = std::move(name);
    return true;
  }

  bool parse_error(size_t byte, const std::string& /*token*/,
                   const typename Json::exception& /*why*/) {
    problem_ = "not JSON at byte " + std::to_string(byte);
    return false;
  }

  const std::optional<std::string>& problem() const { return problem_; }
  Json take() { return std::move(root_); }

 private:
  static constexpr bool kOrdered = std::is_same_v<Json, nlohmann::ordered_json>;

  Json* add(Json value) {
    if (open_.empty()) {
      root_ = std::move(value);
      return &root_;
    }
    if (open_.back()->is_array())
      return &open_.back()->emplace_back(std::move(value));
    if constexpr (kOrdered) {  // its operator[] looks at every key there is
      using Members = std::vector<typename Json::object_t::value_type>;
      Members& members = open_.back()->template get_ref<typename Json::object_t&>();
      return &members.emplace_back(std::move(key_), std::move(value)).second;
    } else {
      return &((*open_.back())[key_] = std::move(value));
    }
  }

  bool open(Json container) {
    if (open_.size() == kDeepest) {
      problem_ = "more than " + std::to_string(kDeepest) + " levels of nesting";
      return false;
    }
    open_.push_back(add(std::move(container)));
    keys_.emplace_back();
    return true;
  }

  bool close() {
    open_.pop_back();
    keys_.pop_back();
    return true;
  }

  Json root_;
  std::vector<Json*> open_;  ///< a container does not move while one inside it is open
  std::vector<std::set<std::string>> keys_;  ///< of each open container
  std::string key_;
  std::optional<std::string> problem_;
};

/// Where a text begins that is longer than any file needs: the parser would copy it, growing.
std::optional<size_t> long_text_at(std::string_view text) {
  for (size_t begin = text.find('"'); begin < text.size();) {
    size_t end = text.find_first_of("\"\\", begin + 1);
    while (end < text.size() && text[end] == '\\')
      end = text.find_first_of("\"\\", end + 2);
    if (std::min(end, text.size()) - begin > kLongestText)
      return begin;
    begin = end < text.size() ? text.find('"', end + 1) : text.size();
  }
  return std::nullopt;
}

/// Receives the parser's events and counts what a budget is for.
class Scanner {
 public:
  explicit Scanner(const JsonBudget& budget) : budget_(budget) {}

  bool null() { return count(0); }
  bool boolean(bool /*value*/) { return count(0); }
  bool number_integer(int64_t /*value*/) { return count(0); }
  bool number_unsigned(uint64_t /*value*/) { return count(0); }
  bool number_float(double /*value*/, const std::string& /*text*/) { return count(0); }
  bool string(const std::string& value) { return count(std::ssize(value)); }
  bool binary(const json::binary_t& /*value*/) { return false; }
  bool start_object(size_t /*size*/) { return open(); }
  bool start_array(size_t /*size*/) { return open(); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }

  bool key(const std::string& name) {
    if (depth_ == 1)
      is_counted_ = name == budget_.member;
    return true;
  }

  bool parse_error(size_t byte, const std::string& /*token*/, const json::exception& /*why*/) {
    problem_ = "not JSON at byte " + std::to_string(byte);
    return false;
  }

  const std::optional<std::string>& problem() const { return problem_; }

 private:
  bool count(int64_t bytes) {
    values_ += is_counted_ ? 1 : 0;
    bytes_ += is_counted_ ? bytes : 0;
    if (values_ > budget_.values || bytes_ > budget_.bytes)
      problem_ = budget_.member + " may hold " + std::to_string(budget_.values) +
                 " values and texts of " + std::to_string(budget_.bytes) + " bytes";
    return !problem_;
  }

  bool open() {
    if (++depth_ > kDeepest)
      problem_ = "more than " + std::to_string(kDeepest) + " levels of nesting";
    return count(0);
  }

  bool close() {
    --depth_;
    return true;
  }

  const JsonBudget& budget_;
  size_t depth_ = 0;
  bool is_counted_ = false;
  int64_t values_ = 0;
  int64_t bytes_ = 0;
  std::optional<std::string> problem_;
};

template <class Json>
Result<Json> parsed(std::string_view text, const std::string& place) {
  Builder<Json> builder;
  if (!Json::sax_parse(text, &builder))
    return Error{Errc::kBadData, place + ": " + builder.problem().value_or("not JSON")};
  return builder.take();
}

}  // namespace

Result<void> scan_json(std::string_view text, const std::string& place, const JsonBudget& budget) {
  if (const auto at = long_text_at(text))
    return Error{Errc::kBadData, place + ": the text at byte " + std::to_string(*at + 1) +
                                     " is longer than " + std::to_string(kLongestText) + " bytes"};
  Scanner scanner(budget);
  if (!json::sax_parse(text, &scanner))
    return Error{Errc::kBadData, place + ": " + scanner.problem().value_or("not JSON")};
  return {};
}

Result<json> parse_json(std::string_view text, const std::string& place) {
  return parsed<json>(text, place);
}

Result<nlohmann::ordered_json> parse_ordered_json(std::string_view text, const std::string& place) {
  return parsed<nlohmann::ordered_json>(text, place);
}

}  // namespace nelumbo
