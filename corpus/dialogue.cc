// SPDX-License-Identifier: Apache-2.0
#include "corpus/dialogue.h"

#include <algorithm>
#include <optional>

#include "base/check.h"
#include "corpus/grid.h"
#include "corpus/smear_words.h"

namespace nelumbo {
namespace {

constexpr const char* kUser = "User:";
constexpr const char* kAssistant = "\nAssistant:";
constexpr const char* kToolRole = "\nTool:";

void append(const std::vector<int32_t>& more, std::vector<int32_t>* tokens) {
  tokens->insert(tokens->end(), more.begin(), more.end());
}

}  // namespace

std::vector<std::string> special_tokens() {
  std::vector<std::string> tokens = {
      control::kEndOfText,   control::kStart,       control::kEndOfUtterance, control::kImage,
      control::kAroundImage, control::kGlobalImage, control::kTool,           control::kToolEnd,
      control::kAnswer,      control::kAnswerEnd};
  const std::vector<std::string> tags = chain_tokens();
  tokens.insert(tokens.end(), tags.begin(), tags.end());
  return tokens;
}

std::vector<std::string> added_tokens() {
  std::vector<std::string> added;
  added.reserve(kGridLevels + kClassWords.size());
  for (int level = 0; level < kGridLevels; ++level)
    added.push_back(grid_token(level));
  added.insert(added.end(), kClassWords.begin(), kClassWords.end());
  return added;
}

std::vector<std::string> dialogue_texts() {
  return {kUser,           kAssistant,         kToolRole,
          reply::kOk,      reply::kUnreadable, reply::kUnknownTool,
          reply::kNoImage, reply::kBadBox,     reply::kBadDegrees,
          reply::kTooMany, reply::kToolsOff};
}

Dialogue::Dialogue(Tokenizer tokenizer, int64_t image_tokens)
    : tokenizer_(std::move(tokenizer)), image_tokens_(image_tokens) {}

Result<Dialogue> Dialogue::create(Tokenizer tokenizer, int64_t image_tokens) {
  NELUMBO_CHECK(image_tokens > 0) << image_tokens << " tokens for a picture";
  Dialogue dialogue(std::move(tokenizer), image_tokens);
  if (Result<void> resolved = dialogue.resolve(); !resolved)
    return resolved.error();
  return dialogue;
}

Result<void> Dialogue::resolve() {
  const std::pair<const char*, int32_t*> needed[] = {{control::kStart, &start_},
                                                     {control::kEndOfUtterance, &end_of_turn_},
                                                     {control::kImage, &image_},
                                                     {control::kAroundImage, &around_image_},
                                                     {control::kGlobalImage, &global_image_},
                                                     {control::kTool, &tool_},
                                                     {control::kToolEnd, &tool_end_},
                                                     {control::kAnswer, &answer_},
                                                     {control::kAnswerEnd, &answer_end_},
                                                     {control::kEndOfText, &end_of_text_},
                                                     {"<recall>", &recall_},
                                                     {"</recall>", &recall_end_}};
  for (const auto& [token, slot] : needed) {
    const std::optional<int32_t> id = tokenizer_.id(token);
    if (!id)
      return Error{Errc::kBadData, std::string("tokenizer: has no token '") + token +
                                       "'; add it to its special tokens"};
    *slot = *id;
  }
  Result<Words> added = find_all(added_tokens());
  if (!added)
    return added.error();
  added_ = std::move(added).value();
  std::vector<std::string> tags = chain_tokens();
  const std::vector<std::string> words = added_tokens();
  tags.insert(tags.end(), words.begin(), words.end());
  Result<Words> both = find_all(tags);
  if (!both)
    return both.error();
  added_and_tags_ = std::move(both).value();
  append_words(kAssistant, &assistant_);
  append_words(kToolRole, &tool_role_);
  text_prefix_ = {start_};
  append_words(kUser, &text_prefix_);
  prefix_ = text_prefix_;
  append_picture(&prefix_);
  picture_observation_ = tool_role_;
  append_picture(&picture_observation_);
  picture_observation_.push_back(end_of_turn_);
  append(assistant_, &picture_observation_);
  return {};
}

Result<Dialogue::Words> Dialogue::find_all(const std::vector<std::string>& tokens) const {
  Words found;
  for (const std::string& token : tokens) {
    const std::optional<int32_t> id = tokenizer_.id(token);
    if (!id)
      return Error{Errc::kBadData,
                   "tokenizer: has no token '" + token + "'; add it to its added tokens"};
    found.emplace_back(token, *id);
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const auto& a, const auto& b) { return a.first.size() > b.first.size(); });
  return found;
}

void Dialogue::append_picture(std::vector<int32_t>* tokens) const {
  tokens->push_back(around_image_);
  tokens->push_back(global_image_);
  tokens->insert(tokens->end(), static_cast<size_t>(image_tokens_), image_);
  tokens->push_back(around_image_);
}

void Dialogue::append_words(std::string_view text, std::vector<int32_t>* tokens) const {
  append_text(text, added_, tokens);
}

void Dialogue::append_text(std::string_view text, const Words& whole,
                           std::vector<int32_t>* tokens) const {
  size_t plain = 0;  // what has not been encoded starts here
  size_t at = 0;
  const auto flush = [&] {
    if (at > plain)
      append(tokenizer_.encode(text.substr(plain, at - plain), Tokenizer::Control::kPlain), tokens);
  };
  while (at < text.size()) {
    const auto word = std::find_if(whole.begin(), whole.end(), [&](const auto& entry) {
      return text.substr(at).starts_with(entry.first);
    });
    if (word == whole.end()) {
      ++at;
      continue;
    }
    flush();
    tokens->push_back(word->second);
    at += word->first.size();
    plain = at;
  }
  flush();
}

std::vector<int32_t> Dialogue::words(std::string_view text) const {
  std::vector<int32_t> tokens;
  append_words(text, &tokens);
  return tokens;
}

std::vector<int32_t> Dialogue::question(std::string_view text) const {
  std::vector<int32_t> tokens = words(text);
  tokens.push_back(end_of_turn_);
  append(assistant_, &tokens);
  return tokens;
}

std::vector<int32_t> Dialogue::prompt(std::string_view text) const {
  std::vector<int32_t> tokens = prefix_;
  append(question(text), &tokens);
  return tokens;
}

std::vector<int32_t> Dialogue::text_prompt(std::string_view text) const {
  std::vector<int32_t> tokens = text_prefix_;
  append(question(text), &tokens);
  return tokens;
}

std::vector<int32_t> Dialogue::tool_turn(std::string_view call) const {
  std::vector<int32_t> tokens{tool_};
  append_words(call, &tokens);
  tokens.push_back(tool_end_);
  tokens.push_back(end_of_turn_);
  return tokens;
}

std::vector<int32_t> Dialogue::answer_turn(std::string_view answer) const {
  std::vector<int32_t> tokens{answer_};
  append_words(answer, &tokens);
  tokens.push_back(answer_end_);
  tokens.push_back(end_of_turn_);
  return tokens;
}

std::vector<int32_t> Dialogue::thinking_turn(const ReasoningChain& chain,
                                             std::string_view answer) const {
  std::vector<int32_t> tokens;
  append_text(chain.text(), added_and_tags_, &tokens);
  append(answer_turn(answer), &tokens);
  return tokens;
}

std::vector<int32_t> Dialogue::document(std::string_view text) const {
  std::vector<int32_t> tokens = words(text);
  tokens.push_back(end_of_text_);
  return tokens;
}

std::vector<int32_t> Dialogue::text_observation(std::string_view text) const {
  std::vector<int32_t> tokens = tool_role_;
  append_words(text, &tokens);
  tokens.push_back(end_of_turn_);
  append(assistant_, &tokens);
  return tokens;
}

std::string Dialogue::text(const std::vector<int32_t>& tokens) const {
  std::vector<int32_t> kept;
  kept.reserve(tokens.size());
  for (const int32_t token : tokens)
    if (token != image_ || kept.empty() || kept.back() != image_)
      kept.push_back(token);
  return tokenizer_.decode(kept, Tokenizer::Special::kKeep);
}

}  // namespace nelumbo
