// SPDX-License-Identifier: Apache-2.0
#include "configs/scalar.h"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/ascii.h"
#include "base/check.h"
#include "base/text.h"

namespace nelumbo {
namespace {

using Kind = YamlNode::Kind;

Error reason(std::string text) {
  return {Errc::kInvalidConfig, std::move(text)};
}

Error mistyped(const YamlNode& node, const std::string& wanted) {
  if (node.kind == Kind::kNull)
    return reason("has no value; it must be " + wanted);
  return reason("must be " + wanted + ", not " + shown(node));
}

size_t digits_from(std::string_view text, size_t at) {
  size_t end = at;
  while (end < text.size() && is_digit(text[end]))
    ++end;
  return end;
}

/// [-+]? [0-9]+
bool is_integer(std::string_view text) {
  const size_t start = text.starts_with('-') || text.starts_with('+') ? 1 : 0;
  return text.size() > start && digits_from(text, start) == text.size();
}

/// [-+]? ( [0-9]+ ( \. [0-9]* )? | \. [0-9]+ ) ( [eE] [-+]? [0-9]+ )?
bool is_number(std::string_view text) {
  size_t at = text.starts_with('-') || text.starts_with('+') ? 1 : 0;
  const size_t whole = digits_from(text, at);
  bool any_digit = whole > at;
  at = whole;
  if (at < text.size() && text[at] == '.') {
    const size_t fraction = digits_from(text, at + 1);
    any_digit = any_digit || fraction > at + 1;
    at = fraction;
  }
  if (any_digit && at < text.size() && (text[at] == 'e' || text[at] == 'E'))
    return is_integer(text.substr(at + 1));
  return any_digit && at == text.size();
}

std::string_view without_plus(std::string_view text) {
  return text.starts_with('+') ? text.substr(1) : text;
}

template <class T>
bool convert(std::string_view text, T& value) {
  text = without_plus(text);
  const auto done = std::from_chars(text.data(), text.data() + text.size(), value);
  return done.ec == std::errc() && done.ptr == text.data() + text.size();
}

YamlNode plain(std::string text) {
  return {.kind = Kind::kScalar, .text = std::move(text)};
}

}  // namespace

Result<void> read_leaf(const YamlNode& node, bool& value) {
  const std::vector<std::string> yes = {"true", "True", "TRUE"}, no = {"false", "False", "FALSE"};
  const auto among = [&node](const std::vector<std::string>& words) {
    return std::find(words.begin(), words.end(), node.text) != words.end();
  };
  const bool is_plain = node.kind == Kind::kScalar && !node.quoted;
  if (!is_plain || (!among(yes) && !among(no))) {
    Error error = mistyped(node, "true or false");
    const std::vector<std::string> words = {"true", "false"};
    if (is_plain)
      error.message += did_you_mean(node.text, words);
    return error;
  }
  value = among(yes);
  return {};
}

Result<void> read_leaf(const YamlNode& node, int64_t& value) {
  if (node.kind != Kind::kScalar || node.quoted || !is_integer(node.text))
    return mistyped(node, "a whole number");
  if (!convert(node.text, value))
    return reason("must be a whole number of 64 bits, not " + shown(node));
  return {};
}

Result<void> read_leaf(const YamlNode& node, double& value) {
  if (node.kind != Kind::kScalar || node.quoted || !is_number(node.text))
    return mistyped(node, "a finite number");
  if (!convert(node.text, value))
    return reason("must be a number that a double can hold, not " + shown(node));
  return {};
}

Result<void> read_leaf(const YamlNode& node, std::string& value) {
  if (node.kind != Kind::kScalar)
    return mistyped(node, "text");
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 32 || c == 127; };
  if (std::any_of(node.text.begin(), node.text.end(), is_control))
    return reason("must be text without control characters");
  value = node.text;
  return {};
}

Result<void> read_leaf(const YamlNode& node, std::vector<std::string>& value) {
  if (node.kind != Kind::kSequence)
    return mistyped(node, "a list");
  std::vector<std::string> words(node.items.size());
  for (size_t i = 0; i < words.size(); ++i)
    if (auto done = read_leaf(node.items[i], words[i]); !done)
      return reason("item " + std::to_string(i) + " " + done.error().message);
  value = std::move(words);
  return {};
}

YamlNode leaf_node(bool value) {
  return plain(value ? "true" : "false");
}

YamlNode leaf_node(int64_t value) {
  return plain(std::to_string(value));
}

YamlNode leaf_node(double value) {
  char text[64];
  const auto done = std::to_chars(text, text + sizeof text, value);  // the shortest that reads back
  NELUMBO_CHECK(done.ec == std::errc()) << value;
  return plain(std::string(text, done.ptr));
}

YamlNode leaf_node(const std::string& value) {
  return {.kind = Kind::kScalar, .text = value, .quoted = true};
}

YamlNode leaf_node(const std::vector<std::string>& value) {
  YamlNode list{.kind = Kind::kSequence};
  for (const std::string& word : value)
    list.items.push_back(leaf_node(word));
  return list;
}

std::string shown(const YamlNode& node) {
  constexpr size_t kLongest = 40;
  switch (node.kind) {
    case Kind::kNull:
      return "nothing";
    case Kind::kSequence:
      return "a list";
    case Kind::kMapping:
      return "a section";
    case Kind::kScalar:
      break;
  }
  const bool is_long = node.text.size() > kLongest;
  const std::string start = valid_utf8(node.text.substr(0, kLongest));
  return (node.quoted ? "the text '" : "'") + start + (is_long ? "...'" : "'");
}

}  // namespace nelumbo
