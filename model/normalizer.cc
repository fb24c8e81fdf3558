// SPDX-License-Identifier: Apache-2.0
#include "model/normalizer.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

#include "model/charsmap.h"
#include "model/normal_form.h"
#include "model/regex.h"
#include "model/step_fields.h"
#include "model/utf8.h"

namespace nelumbo {
namespace {

using nlohmann::json;

constexpr size_t kLongestPrefix = 256;
const char* const kSupported =
    "NFC, NFD, NFKC, NFKD, Lowercase, Strip, StripAccents, Prepend, Replace, Precompiled and "
    "Sequence";

std::optional<NormalForm> normal_form(const std::string& type) {
  if (type == "NFC")
    return NormalForm::kNfc;
  if (type == "NFD")
    return NormalForm::kNfd;
  if (type == "NFKC")
    return NormalForm::kNfkc;
  if (type == "NFKD")
    return NormalForm::kNfkd;
  return std::nullopt;
}

bool begins_with_space(std::string_view text) {
  return !text.empty() && is_white_space(code_point(text, 0));
}

bool begins_with_mark(std::string_view text) {
  return !text.empty() && is_mark(code_point(text, 0));
}

std::string stripped(std::string_view text, bool left, bool right) {
  while (left && begins_with_space(text))
    text.remove_prefix(character_size(text, 0));
  while (right && !text.empty()) {
    const int64_t last = character_before(text, std::ssize(text));
    if (!is_white_space(code_point(text, last)))
      break;
    text = text.substr(0, last);
  }
  return std::string(text);
}

std::string without_marks(std::string_view text) {
  std::string made;
  for (int64_t at = 0; at < std::ssize(text); at += character_size(text, at))
    if (!is_mark(code_point(text, at)))
      made += text.substr(at, character_size(text, at));
  return made;
}

}  // namespace

Result<Normalizer> Normalizer::parse(const json& part, const std::string& place) {
  const auto steps = steps_in_order(part, "normalizers", place);
  if (!steps)
    return steps.error();
  Normalizer normalizer;
  for (const json* step : steps.value())
    if (const auto done = normalizer.add(*step, place); !done)
      return done.error();
  return normalizer;
}

Result<void> Normalizer::add(const json& step, const std::string& place) {
  const std::string type = step_type(step);
  if (const auto form = normal_form(type)) {
    steps_.push_back({[form](std::string_view text) { return in_normal_form(text, *form); }});
    return {};
  }
  if (type == "Lowercase") {
    steps_.push_back({in_lower_case});
    return {};
  }
  if (type == "StripAccents") {
    steps_.push_back({without_marks, begins_with_mark});
    return {};
  }
  if (type == "Strip")
    return add_strip(step, place);
  if (type == "Prepend")
    return add_prepend(step, place);
  if (type == "Replace")
    return add_replace(step, place);
  if (type == "Precompiled")
    return add_precompiled(step, place);
  return unsupported_step(place, step, kSupported);
}

Result<void> Normalizer::add_strip(const json& step, const std::string& place) {
  const Result<bool> left = flag_field(step, "strip_left", true, place);
  const Result<bool> right = flag_field(step, "strip_right", true, place);
  if (!left || !right)
    return left ? right.error() : left.error();
  const bool is_left = left.value();
  const bool is_right = right.value();
  steps_.push_back({[=](std::string_view text) { return stripped(text, is_left, is_right); },
                    [=](std::string_view text) { return is_left && begins_with_space(text); }});
  return {};
}

Result<void> Normalizer::add_prepend(const json& step, const std::string& place) {
  const Result<std::string> prefix = text_field(step, "prepend", place);
  if (!prefix)
    return prefix.error();
  if (prefix.value().size() > kLongestPrefix)
    return bad_data(place,
                    "prepend must have at most " + std::to_string(kLongestPrefix) + " bytes");
  steps_.push_back({[prefix = prefix.value()](std::string_view text) {
    return text.empty() ? std::string() : prefix + std::string(text);
  }});
  return {};
}

Result<void> Normalizer::add_replace(const json& step, const std::string& place) {
  const Result<Replacement> read = replacement_of(step, place, &growth_);
  if (!read)
    return read.error();
  const auto& [pattern, content] = read.value();
  steps_.push_back({[pattern = pattern, content = content](std::string_view text) {
                      Patience patience;
                      return pattern->replaced(text, content, patience);
                    },
                    [pattern = pattern, removes = content.empty()](std::string_view text) {
                      const int64_t length = pattern->length_at_start(text);
                      return length > 0 && (removes || length > character_size(text, 0));
                    }});
  return {};
}

Result<void> Normalizer::add_precompiled(const json& step, const std::string& place) {
  const Result<std::string> base64 = text_field(step, "precompiled_charsmap", place);
  if (!base64)
    return base64.error();
  Result<Charsmap> map = Charsmap::parse(base64.value(), place);
  if (!map)
    return map.error();
  steps_.push_back({[shared = std::make_shared<const Charsmap>(std::move(map).value())](
                        std::string_view text) { return shared->apply(text); }});
  return {};
}

std::string Normalizer::apply(std::string_view text) const {
  std::string made(text);
  for (const Step& step : steps_)
    made = step.apply(made);
  return made;
}

bool Normalizer::keeps_start(std::string_view text) const {
  std::string made(text);
  for (const Step& step : steps_) {
    if (step.loses_start && step.loses_start(made))
      return false;
    made = step.apply(made);
  }
  return true;
}

}  // namespace nelumbo
