// SPDX-License-Identifier: Apache-2.0
#include "model/pretokenizer.h"

#include <memory>
#include <utility>

#include <nlohmann/json.hpp>

#include "model/byte_level.h"
#include "model/metaspace.h"
#include "model/oniguruma.h"
#include "model/split_behavior.h"
#include "model/step_fields.h"

namespace nelumbo {
namespace {

using nlohmann::json;

/// How GPT-2 cuts text: English contractions, then letters, digits or other signs with at most one
/// space in front, then white space, whose last space goes to the word behind it.
constexpr const char* kByteLevelPattern =
    R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)";
/// Unicode's punctuation, and the signs that ASCII counts as such.
constexpr const char* kPunctuation = R"([\p{P}$+<=>\^`|~])";
const char* const kSupported =
    "ByteLevel, Split, Metaspace, Digits, Punctuation, Whitespace, WhitespaceSplit and Sequence";

/// The step that cuts words at matches.
std::function<void(Words&, Pretokenizer::Start)> cutting(Regex pattern, SplitBehavior behavior,
                                                         bool invert) {
  const auto shared = std::make_shared<const Regex>(std::move(pattern));
  return [shared, behavior, invert](Words& words, Pretokenizer::Start) {
    Patience patience;
    words.cut_each([&](std::string_view word) {
      std::vector<Regex::Span> spans = shared->cut(word, patience);
      if (invert)
        for (Regex::Span& span : spans)
          span.match = !span.match;
      return words_of_spans(spans, behavior);
    });
  };
}

}  // namespace

Words::Words(std::string text) : text_(std::move(text)) {
  if (!text_.empty())
    ranges_.push_back({0, std::ssize(text_)});
}

void Words::cut_each(const std::function<std::vector<Range>(std::string_view)>& cut) {
  std::vector<Range> ranges;
  ranges.reserve(ranges_.size());
  for (int64_t i = 0; i < size(); ++i)
    for (const Range& part : cut((*this)[i]))
      if (part.begin < part.end)
        ranges.push_back({ranges_[i].begin + part.begin, ranges_[i].begin + part.end});
  ranges_ = std::move(ranges);
}

void Words::rewrite_each(const std::function<std::string(int64_t, std::string_view)>& rewrite) {
  std::string text;
  text.reserve(text_.size());
  std::vector<Range> ranges;
  ranges.reserve(ranges_.size());
  for (int64_t i = 0; i < size(); ++i) {
    const int64_t begin = std::ssize(text);
    text += rewrite(i, (*this)[i]);
    ranges.push_back({begin, std::ssize(text)});
  }
  text_ = std::move(text);
  ranges_ = std::move(ranges);
}

Result<Pretokenizer> Pretokenizer::parse(const json& part, const std::string& place) {
  const auto steps = steps_in_order(part, "pretokenizers", place);
  if (!steps)
    return steps.error();
  Pretokenizer pretokenizer;
  for (const json* step : steps.value())
    if (const auto done = pretokenizer.add(*step, place); !done)
      return done.error();
  if (pretokenizer.is_spelt_)
    pretokenizer.steps_.emplace_back([](Words& words, Start) {
      words.rewrite_each([](int64_t, std::string_view word) {
        return from_byte_level(word).value_or(std::string(word));
      });
    });
  return pretokenizer;
}

Result<void> Pretokenizer::add(const json& step, const std::string& place) {
  const std::string type = step_type(step);
  if (byte_level_)
    spell_bytes();
  if (type == "ByteLevel")
    return add_byte_level(step, place);
  if (type == "Split")
    return add_split(step, place);
  if (type == "Metaspace")
    return add_metaspace(step, place);
  if (type == "Digits")
    return add_digits(step, place);
  if (type == "Punctuation")
    return add_punctuation(step, place);
  if (type == "WhitespaceSplit")
    return add_removal(std::string("[") + kSpaceSet + "]+", false, place);
  // The library's regular expressions count joiners among the characters of a word.
  const std::string word = std::string(kWordSet) + R"(\x{200C}\x{200D})";
  if (type == "Whitespace")
    return add_removal("[" + word + "]+|[^" + word + kSpaceSet + "]+", true, place);
  return unsupported_step(place, step, kSupported);
}

/// Steps behind ByteLevel see its alphabet.
void Pretokenizer::spell_bytes() {
  if (!std::exchange(is_spelt_, true))
    steps_.emplace_back([](Words& words, Start) {
      words.rewrite_each([](int64_t, std::string_view word) { return to_byte_level(word); });
    });
}

Result<void> Pretokenizer::add_byte_level(const json& step, const std::string& place) {
  if (std::exchange(byte_level_, true))
    return bad_data(place, "a second ByteLevel is not supported");
  const Result<bool> space = flag_field(step, "add_prefix_space", true, place);
  if (!space)
    return space.error();
  const Result<bool> cut = flag_field(step, "use_regex", true, place);
  if (!cut)
    return cut.error();
  if (space.value())
    steps_.emplace_back([](Words& words, Start) {
      words.rewrite_each([](int64_t, std::string_view word) {
        return word.starts_with(' ') ? std::string(word) : " " + std::string(word);
      });
    });
  if (cut.value()) {
    Result<Regex> pattern = Regex::compile(kByteLevelPattern, place);
    if (!pattern)
      return pattern.error();
    steps_.push_back(cutting(std::move(pattern).value(), SplitBehavior::kIsolated, false));
  }
  return {};
}

Result<void> Pretokenizer::add_split(const json& step, const std::string& place) {
  Result<Regex> pattern = pattern_field(step, place);
  if (!pattern)
    return pattern.error();
  const Result<bool> invert = flag_field(step, "invert", false, place);
  if (!invert)
    return invert.error();
  const Result<SplitBehavior> behavior = split_behavior(step.value("behavior", json()), place);
  if (!behavior)
    return behavior.error();
  steps_.push_back(cutting(std::move(pattern).value(), behavior.value(), invert.value()));
  return {};
}

Result<void> Pretokenizer::add_metaspace(const json& step, const std::string& place) {
  const Result<Metaspace> metaspace = Metaspace::parse(step, place);
  if (!metaspace)
    return metaspace.error();
  minds_start_ = minds_start_ || metaspace.value().prepend == Metaspace::Prepend::kFirst;
  steps_.emplace_back([metaspace = metaspace.value()](Words& words, Start start) {
    words.rewrite_each([&](int64_t i, std::string_view word) {
      return metaspace.spelt(word, start == Start::kOfInput && words.is_first(i));
    });
    if (metaspace.cuts)
      words.cut_each([&](std::string_view word) { return metaspace.cut(word); });
  });
  return {};
}

Result<void> Pretokenizer::add_digits(const json& step, const std::string& place) {
  const Result<bool> individual = flag_field(step, "individual_digits", false, place);
  if (!individual)
    return individual.error();
  Result<Regex> digits = Regex::compile(individual.value() ? R"(\p{N})" : R"(\p{N}+)", place);
  if (!digits)
    return digits.error();
  steps_.push_back(cutting(std::move(digits).value(), SplitBehavior::kIsolated, false));
  return {};
}

Result<void> Pretokenizer::add_punctuation(const json& step, const std::string& place) {
  const Result<SplitBehavior> behavior =
      split_behavior(step.value("behavior", json("Isolated")), place);
  if (!behavior)
    return behavior.error();
  Result<Regex> pattern = Regex::compile(kPunctuation, place);
  if (!pattern)
    return pattern.error();
  steps_.push_back(cutting(std::move(pattern).value(), behavior.value(), false));
  return {};
}

Result<void> Pretokenizer::add_removal(const std::string& pattern, bool invert,
                                       const std::string& place) {
  Result<Regex> compiled = Regex::compile(pattern, place);
  if (!compiled)
    return compiled.error();
  steps_.push_back(cutting(std::move(compiled).value(), SplitBehavior::kRemoved, invert));
  return {};
}

Words Pretokenizer::words(std::string_view text, Start start) const {
  Words words{std::string(text)};
  for (const Step& step : steps_)
    step(words, start);
  return words;
}

}  // namespace nelumbo
