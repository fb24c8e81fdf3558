// SPDX-License-Identifier: Apache-2.0
#include "apps/facts_text.h"

#include <array>
#include <cstdio>
#include <vector>

#include "base/ascii.h"
#include "base/text.h"

namespace nelumbo {
namespace {

using nlohmann::json;

/// 1234567890 as "1.23 G".
std::string rounded(int64_t number) {
  constexpr std::array<const char*, 5> kUnits = {"", " k", " M", " G", " T"};
  size_t unit = 0;
  auto size = static_cast<double>(number);
  for (; size >= 999.5 && unit + 1 < kUnits.size(); ++unit)
    size /= 1000;
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), unit == 0 ? "%.0f" : "%.3g", size);
  return std::string(text.data()) + kUnits.at(unit);
}

std::string bytes_text(const json& number) {
  const std::string text = rounded(number.get<int64_t>());
  return text + (is_digit(text.back()) ? " B" : "B");
}

std::string dtypes_text(const json& dtypes) {
  std::vector<std::string> parts;
  for (const auto& [name, of_type] : dtypes.items())
    parts.push_back(name + " in " + of_type["tensors"].dump() + " tensors, " +
                    rounded(of_type["values"].get<int64_t>()) + " values");
  return joined(parts, "; ");
}

std::string tokenizer_text(const json& tokenizer) {
  constexpr size_t kMostShown = 8;
  std::vector<std::string> shown;
  for (const json& token : tokenizer["special"])
    if (shown.size() < kMostShown)
      shown.push_back(shortened(token.get<std::string>()));
  const size_t count = tokenizer["special"].size();
  std::string text = tokenizer["kind"].get<std::string>() + ", " + tokenizer["tokens"].dump() +
                     " tokens, " + std::to_string(count) + " special";
  if (count > 0)
    text += ": " + joined(shown, " ") + (count > kMostShown ? " ..." : "");
  if (const size_t lost = tokenizer["lost_bytes"].size(); lost > 0)
    text += "; " + std::to_string(lost) + " bytes of texts have no token";
  return text;
}

std::string chat_text(const json& chat) {
  if (chat.is_null())
    return "none";
  return chat["bytes"].dump() + " bytes: " + chat["first_line"].get<std::string>();
}

std::string licence_text(const json& licence) {
  std::vector<std::string> parts;
  for (const auto& [place, what] : licence.items())
    parts.push_back(what.get<std::string>() + " (" + place + ")");
  return parts.empty() ? "nothing is said" : joined(parts, "; ");
}

std::string memory_text(const json& memory) {
  return bytes_text(memory["serve"]) + " to serve, " + bytes_text(memory["serve_bf16"]) +
         " in bf16; " + bytes_text(memory["train"]) + " to train";
}

std::string shape_text(const json& facts) {
  return facts["layers"].dump() + " layers, hidden size " + facts["hidden_size"].dump() + ", " +
         facts["heads"].dump() + " heads and " + facts["kv_heads"].dump() +
         " of keys and values, " + facts["max_positions"].dump() + " positions, " +
         facts["vocabulary"].dump() + " rows of the embedding";
}

}  // namespace

std::string facts_text(const json& facts) {
  std::string text = "path: " + facts["path"].get<std::string>() + "\n";
  const auto add = [&](const char* name, const char* key, auto shown) {
    if (facts.contains(key))
      (text += name) += ": " + shown(facts[key]) + "\n";
  };
  const auto plain = [](const json& value) {
    return value.is_string() ? value.get<std::string>() : value.dump();
  };
  add("architecture", "architecture", plain);
  add("parameters", "parameters", [](const json& n) { return rounded(n.get<int64_t>()); });
  add("dtypes", "dtypes", dtypes_text);
  add("shape", "layers", [&](const json&) { return shape_text(facts); });
  add("picture", "picture", plain);
  add("tokenizer", "tokenizer", tokenizer_text);
  add("end tokens", "end_tokens", plain);
  add("chat template", "chat_template", chat_text);
  add("licence", "licence", licence_text);
  add("memory", "memory", memory_text);
  add("weights hash", "weights_hash", plain);
  return text;
}

}  // namespace nelumbo
