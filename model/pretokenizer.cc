// SPDX-License-Identifier: Apache-2.0
#include "model/pretokenizer.h"

#include <utility>

#include <nlohmann/json.hpp>

namespace nelumbo {
namespace {

using nlohmann::json;

/// How GPT-2 cuts text: English contractions, then letters, digits or other signs with at most one
/// space in front, then white space, whose last space goes to the word behind it.
constexpr const char* kByteLevelPattern =
    R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)";

Error bad(const std::string& place, const std::string& what) {
  return {Errc::kBadData, place + ": " + what};
}

Result<bool> flag(const json& step, const char* name, bool otherwise, const std::string& place) {
  if (!step.contains(name))
    return otherwise;
  if (!step[name].is_boolean())
    return bad(place, std::string(name) + " must be true or false");
  return step[name].get<bool>();
}

/// A pattern that matches these characters and nothing else.
std::string literal(const std::string& text) {
  std::string pattern;
  for (const char c : text)
    pattern += (std::string_view(R"(\^$.|?*+()[]{}#- )").find(c) != std::string_view::npos
                    ? std::string("\\")
                    : std::string()) +
               c;
  return pattern;
}

}  // namespace

Result<Pretokenizer> Pretokenizer::parse(const json& step, const std::string& place) {
  Pretokenizer pretokenizer;
  if (const auto done = pretokenizer.add(step, place); !done)
    return done.error();
  if (!pretokenizer.ends_in_byte_level_)
    return bad(place, "must end in a ByteLevel step");
  return pretokenizer;
}

Result<void> Pretokenizer::add(const json& step, const std::string& place) {
  if (!step.is_object() || !step.contains("type") || !step["type"].is_string())
    return bad(place, "must be an object with a type");
  const std::string type = step["type"];
  if (ends_in_byte_level_)
    return bad(place, type + " behind ByteLevel is not supported");
  if (type == "ByteLevel")
    return add_byte_level(step, place);
  if (type == "Split")
    return add_split(step, place);
  if (type == "Digits")
    return add_digits(step, place);
  if (type != "Sequence")
    return bad(place,
               "type '" + type + "' is not supported; ByteLevel, Split, Digits and Sequence are");
  if (!step.contains("pretokenizers") || !step["pretokenizers"].is_array())
    return bad(place, "a Sequence must have a list of pretokenizers");
  for (const json& part : step["pretokenizers"])
    if (const auto done = add(part, place); !done)
      return done.error();
  return {};
}

Result<void> Pretokenizer::add_byte_level(const json& step, const std::string& place) {
  const Result<bool> space = flag(step, "add_prefix_space", true, place);
  if (!space)
    return space.error();
  const Result<bool> cut = flag(step, "use_regex", true, place);
  if (!cut)
    return cut.error();
  Step added;
  added.space_in_front = space.value();
  if (cut.value()) {
    Result<Regex> pattern = Regex::compile(kByteLevelPattern, place);
    if (!pattern)
      return pattern.error();
    added.pattern = std::move(pattern).value();
  }
  steps_.push_back(std::move(added));
  ends_in_byte_level_ = true;
  return {};
}

Result<void> Pretokenizer::add_split(const json& step, const std::string& place) {
  const json pattern = step.value("pattern", json());
  const bool is_regex = pattern.is_object() && pattern.size() == 1 && pattern.contains("Regex");
  const bool is_text = pattern.is_object() && pattern.size() == 1 && pattern.contains("String");
  if ((!is_regex && !is_text) || !pattern.begin()->is_string())
    return bad(place, "the pattern of a Split must be a Regex or a String");
  const Result<bool> invert = flag(step, "invert", false, place);
  if (!invert)
    return invert.error();
  const json behavior = step.value("behavior", json());
  if (behavior != "Isolated" && behavior != "Removed")
    return bad(place, "the behavior " + behavior.dump() +
                          " of a Split is not supported; Isolated and Removed are");
  const std::string source = pattern.begin()->get<std::string>();
  Result<Regex> compiled = Regex::compile(is_regex ? source : literal(source), place);
  if (!compiled)
    return compiled.error();
  const bool removes = behavior == "Removed";
  steps_.push_back({std::move(compiled).value(), !removes || invert.value(),
                    !removes || !invert.value(), false});
  return {};
}

Result<void> Pretokenizer::add_digits(const json& step, const std::string& place) {
  const Result<bool> individual = flag(step, "individual_digits", false, place);
  if (!individual)
    return individual.error();
  Result<Regex> digits = Regex::compile(individual.value() ? R"(\p{N})" : R"(\p{N}+)", place);
  if (!digits)
    return digits.error();
  steps_.push_back({std::move(digits).value(), true, true, false});
  return {};
}

std::vector<std::string> Pretokenizer::words(std::string_view text) const {
  std::vector<std::string> words;
  if (!text.empty())
    words.emplace_back(text);
  for (const Step& step : steps_) {
    std::vector<std::string> cut;
    for (std::string& word : words) {
      if (step.space_in_front && word.front() != ' ')
        word.insert(word.begin(), ' ');
      if (!step.pattern) {
        cut.push_back(std::move(word));
        continue;
      }
      for (const Regex::Span& span : step.pattern->cut(word))
        if (span.match ? step.keep_matches : step.keep_gaps)
          cut.push_back(word.substr(span.begin, span.end - span.begin));
    }
    words = std::move(cut);
  }
  return words;
}

}  // namespace nelumbo
