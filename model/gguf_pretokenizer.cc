// SPDX-License-Identifier: Apache-2.0
//
// The names are those of llama.cpp (src/llama-vocab.cpp), the patterns those of the tokenizer.json
// files of the families. "default" is what llama.cpp does for a file that names none.
#include "model/gguf_pretokenizer.h"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include <nlohmann/json.hpp>

namespace nelumbo {
namespace {

using nlohmann::json;
using namespace std::string_view_literals;

/// What a ByteLevel step with `use_regex` does.
constexpr auto kByteLevel =
    R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)"sv;
/// What Digits steps do.
constexpr auto kDigit = R"(\p{N})"sv;
constexpr auto kDigits = R"(\p{N}+)"sv;

constexpr std::array kGpt2{kByteLevel};
constexpr std::array kSmollm{kDigit, kByteLevel};
constexpr std::array kDefault{R"([\p{P}\$\+<=>\^~\|]+)"sv, kByteLevel, kDigits,
                              R"([0-9][0-9][0-9])"sv};
constexpr std::array kFalcon{R"([\p{P}\$\+<=>\^~\|`]+)"sv, kByteLevel, R"([0-9][0-9][0-9])"sv};
constexpr std::array kLlama3{
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*)"
    R"(|\s*[\r\n]+|\s+(?!\S)|\s+)"sv};
constexpr std::array kQwen2{
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*)"
    R"(|\s*[\r\n]+|\s+(?!\S)|\s+)"sv};
constexpr std::array kQwen35{R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N})"
                             R"(| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)"sv};
constexpr std::array kDeepseekCoder{"[\r\n]"sv, R"(\s?\p{L}+)"sv, R"(\s?\p{P}+)"sv,
                                    "[一-龥ࠀ-一가-퟿]+"sv, kDigit};
constexpr std::array kDeepseekV3{R"(\p{N}{1,3})"sv, "[一-龥぀-ゟ゠-ヿ]+"sv,
                                 R"([!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^)"
                                 "\r\n"
                                 R"(\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[)"
                                 "\r\n"
                                 R"(]*|\s*[)"
                                 "\r\n"
                                 R"(]+|\s+(?!\S)|\s+)"sv};
constexpr std::array kTekken{
    R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+)"
    R"(|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*)"
    R"(|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+)"sv};
constexpr std::array kGpt4o{
    R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+)"
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)?)"
    R"(|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*)"
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)?)"
    R"(|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+)"sv};

/// Where several cut alike, the first is the one that is written.
constexpr std::array kPretokenizers{
    GgufPretokenizer{"default", kDefault},
    GgufPretokenizer{"gpt-2", kGpt2},
    GgufPretokenizer{"phi-2", kGpt2},
    GgufPretokenizer{"mpt", kGpt2},
    GgufPretokenizer{"olmo", kGpt2},
    GgufPretokenizer{"jais", kGpt2},
    GgufPretokenizer{"smollm", kSmollm},
    GgufPretokenizer{"starcoder", kSmollm},
    GgufPretokenizer{"refact", kSmollm},
    GgufPretokenizer{"command-r", kSmollm},
    GgufPretokenizer{"codeshell", kSmollm},
    GgufPretokenizer{"exaone", kSmollm},
    GgufPretokenizer{"minerva-7b", kSmollm},
    GgufPretokenizer{"llama-bpe", kLlama3, true, true},
    GgufPretokenizer{"llama3", kLlama3, true, true},
    GgufPretokenizer{"llama-v3", kLlama3, true, true},
    GgufPretokenizer{"falcon3", kLlama3, true, true},
    GgufPretokenizer{"falcon-h1", kLlama3, true, true},
    GgufPretokenizer{"pixtral", kLlama3, true, true},
    GgufPretokenizer{"lfm2", kLlama3, true, true},
    GgufPretokenizer{"glm4", kLlama3, true, false},
    GgufPretokenizer{"smaug-bpe", kLlama3},
    GgufPretokenizer{"dbrx", kLlama3},
    GgufPretokenizer{"chatglm-bpe", kLlama3},
    GgufPretokenizer{"qwen2", kQwen2, false, false, true},
    GgufPretokenizer{"deepseek-r1-qwen", kQwen2, false, false, true},
    GgufPretokenizer{"megrez", kQwen2, false, false, true},
    GgufPretokenizer{"stablelm2", kQwen2},
    GgufPretokenizer{"hunyuan", kQwen2},
    GgufPretokenizer{"qwen35", kQwen35},
    GgufPretokenizer{"deepseek-coder", kDeepseekCoder},
    GgufPretokenizer{"deepseek-v3", kDeepseekV3},
    GgufPretokenizer{"falcon", kFalcon},
    GgufPretokenizer{"tekken", kTekken, true, true},
    GgufPretokenizer{"gpt-4o", kGpt4o},
    GgufPretokenizer{"llama4", kGpt4o},
};

Error bad(const std::string& place, const std::string& what) {
  return {Errc::kBadData, place + ": " + what};
}

json byte_level(bool use_regex) {
  return {{"type", "ByteLevel"},
          {"add_prefix_space", false},
          {"trim_offsets", true},
          {"use_regex", use_regex}};
}

json step_of(std::string_view pattern) {
  if (pattern == kDigit || pattern == kDigits)
    return {{"type", "Digits"}, {"individual_digits", pattern == kDigit}};
  return {{"type", "Split"},
          {"pattern", {{"Regex", pattern}}},
          {"behavior", "Isolated"},
          {"invert", false}};
}

std::string type_of(const json& step) {
  return step.is_object() ? step.value("type", json("without a type")).dump() : step.dump();
}

/// The pattern that a step isolates, an empty one where it cuts nothing, or nothing when it does
/// something else.
std::optional<std::string> pattern_of(const json& step) {
  const auto is = [&step](const char* key, const json& value) {
    return step.is_object() && step.value(key, json()) == value;
  };
  if (is("type", "ByteLevel") && !is("add_prefix_space", true))
    return is("use_regex", false) ? "" : std::string(kByteLevel);
  if (is("type", "Digits"))
    return std::string(is("individual_digits", true) ? kDigit : kDigits);
  const bool isolates = is("type", "Split") && is("behavior", "Isolated") && !is("invert", true);
  const json pattern = isolates ? step.value("pattern", json()) : json();
  if (!pattern.is_object() || !pattern.contains("Regex") || !pattern["Regex"].is_string())
    return std::nullopt;
  return pattern["Regex"].get<std::string>();
}

Result<std::vector<std::string>> patterns_of(const json& pre_tokenizer, const std::string& place) {
  json steps = json::array({pre_tokenizer});
  if (pre_tokenizer.is_object() && pre_tokenizer.value("type", json()) == "Sequence")
    steps = pre_tokenizer.value("pretokenizers", json::array());
  std::vector<std::string> patterns;
  for (const json& step : steps) {
    const std::optional<std::string> pattern = pattern_of(step);
    if (!pattern)
      return bad(place, "pre_tokenizer " + type_of(step) + " has no name in GGUF");
    if (!pattern->empty())
      patterns.push_back(*pattern);
  }
  return patterns;
}

/// Whether text is normalised to NFC; GGUF knows no other normaliser.
Result<bool> composes(const json& tokenizer, const std::string& place) {
  json steps = json::array({tokenizer.value("normalizer", json())});
  if (steps[0].is_object() && steps[0].value("type", json()) == "Sequence")
    steps = json(steps[0].value("normalizers", json::array()));
  bool found = false;
  for (const json& step : steps) {
    if (!step.is_null() && type_of(step) != "\"NFC\"")
      return bad(place, "normalizer " + type_of(step) + " has no place in GGUF");
    found = found || !step.is_null();
  }
  return found;
}

}  // namespace

const GgufPretokenizer* gguf_pretokenizer(std::string_view name) {
  const auto* found =
      std::find_if(kPretokenizers.begin(), kPretokenizers.end(),
                   [name](const GgufPretokenizer& known) { return known.name == name; });
  return found == kPretokenizers.end() ? nullptr : found;
}

std::string gguf_pretokenizer_names() {
  std::string names;
  for (const GgufPretokenizer& known : kPretokenizers)
    names += (names.empty() ? "" : ", ") + std::string(known.name);
  return names;
}

json pretokenizer_json(const GgufPretokenizer& pretokenizer) {
  const bool by_byte_level = pretokenizer.patterns.back() == kByteLevel;
  json steps = json::array();
  for (const std::string_view pattern :
       pretokenizer.patterns.first(pretokenizer.patterns.size() - (by_byte_level ? 1 : 0)))
    steps.push_back(step_of(pattern));
  steps.push_back(byte_level(by_byte_level));
  return steps.size() == 1 ? json(steps[0]) : json{{"type", "Sequence"}, {"pretokenizers", steps}};
}

Result<const GgufPretokenizer*> gguf_pretokenizer_of(const json& tokenizer,
                                                     const std::string& place) {
  const Result<std::vector<std::string>> patterns =
      patterns_of(tokenizer.value("pre_tokenizer", json()), place);
  if (!patterns)
    return patterns.error();
  const Result<bool> composed = composes(tokenizer, place);
  if (!composed)
    return composed.error();
  const bool ignores = tokenizer["model"].value("ignore_merges", json()) == true;
  const GgufPretokenizer* nearest = nullptr;
  for (const GgufPretokenizer& known : kPretokenizers) {
    const bool same = known.ignore_merges == ignores &&
                      std::equal(known.patterns.begin(), known.patterns.end(),
                                 patterns.value().begin(), patterns.value().end());
    if (same && known.composes == composed.value())
      return &known;
    if (same && nearest == nullptr)
      nearest = &known;
  }
  if (nearest == nullptr)
    return bad(place,
               "its pre_tokenizer has no name in GGUF; these have: " + gguf_pretokenizer_names());
  return nearest;
}

}  // namespace nelumbo
