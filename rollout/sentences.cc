// SPDX-License-Identifier: Apache-2.0
#include "rollout/sentences.h"

#include <string>
#include <string_view>

#include "base/sentence.h"
#include "base/text.h"

namespace nelumbo {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";
constexpr std::string_view kSentencePieceBlank = "\u2581";

/// Whether the token's text begins behind a blank; true also of one that has no text.
bool begins_with_blank(const Tokenizer& tokenizer, int32_t token) {
  const std::string text = tokenizer.decode({token}, Tokenizer::Special::kSkip);
  return text.empty() || kBlanks.find(text.front()) != std::string_view::npos ||
         tokenizer.piece(token).starts_with(kSentencePieceBlank);
}

/// Whether a sentence ends with token `i`.
bool token_ends_sentence(const Tokenizer& tokenizer, const std::vector<int32_t>& tokens, size_t i) {
  const std::string text = tokenizer.decode({tokens[i]}, Tokenizer::Special::kSkip);
  if (text.find('\n') != std::string::npos)
    return true;
  const std::string_view said = trimmed(text);
  if (said.empty() || !ends_sentence(said, said.size() - 1))
    return false;
  const bool blank_behind = kBlanks.find(text.back()) != std::string_view::npos;
  return blank_behind || i + 1 == tokens.size() || begins_with_blank(tokenizer, tokens[i + 1]);
}

}  // namespace

std::vector<ThoughtStep> sentences_of(const Tokenizer& tokenizer,
                                      const std::vector<int32_t>& tokens) {
  std::vector<ThoughtStep> sentences;
  size_t begin = 0;
  for (size_t i = 0; i < tokens.size(); ++i) {
    if (i + 1 < tokens.size() && !token_ends_sentence(tokenizer, tokens, i))
      continue;
    const auto from = tokens.begin() + static_cast<std::ptrdiff_t>(begin);
    const std::string text = tokenizer.decode(
        {from, tokens.begin() + static_cast<std::ptrdiff_t>(i) + 1}, Tokenizer::Special::kSkip);
    const std::string_view line = trimmed(text);
    if (!line.empty())
      sentences.push_back(
          {std::string(line), static_cast<int64_t>(begin), static_cast<int64_t>(i) + 1});
    begin = i + 1;
  }
  return sentences;
}

}  // namespace nelumbo
