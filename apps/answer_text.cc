// SPDX-License-Identifier: Apache-2.0
//
// The text of some tokens need not begin with the text of the first of them: a character may take
// several tokens, and some tokenizers drop a space in front. So the text that a token adds is found
// by decoding it behind the tokens before it, and given when it ends in a whole character.
#include "apps/answer_text.h"

#include <algorithm>
#include <string_view>

#include "model/token_decoder.h"

namespace nelumbo {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD
constexpr std::string_view kSpaceMark = "\xE2\x96\x81";    // "▁"
constexpr size_t kMostHeld = 16;                           // tokens that one character may take

}  // namespace

std::string TextGate::pass(const std::string& more) {
  held_ += more;
  if (met_)
    return "";
  size_t first = std::string::npos;
  for (const std::string& mark : marks_)
    first = std::min(first, held_.find(mark));
  met_ = first != std::string::npos;
  const size_t free = met_ ? first : held_.size() - could_begin_mark();
  std::string out = held_.substr(0, free);
  held_.erase(0, free);
  return out;
}

/// How many bytes at the end of what is held may be the beginning of a mark.
size_t TextGate::could_begin_mark() const {
  size_t longest = 0;
  for (const std::string& mark : marks_)
    for (size_t size = std::min(mark.size() - 1, held_.size()); size > longest; --size)
      if (std::string_view(held_).ends_with(std::string_view(mark).substr(0, size)))
        longest = size;
  return longest;
}

std::string AnswerText::fresh() const {
  const std::vector<int32_t> before(tokens_.begin(),
                                    tokens_.begin() + static_cast<std::ptrdiff_t>(read_));
  const std::string old = tokenizer_->decode(before, Tokenizer::Special::kSkip);
  const std::string all = tokenizer_->decode(tokens_, Tokenizer::Special::kSkip);
  return all.size() > old.size() ? all.substr(old.size()) : "";
}

std::string AnswerText::push(int32_t token) {
  tokens_.push_back(token);
  std::string more = fresh();
  const bool is_whole = !more.empty() && !more.ends_with(kReplacement);
  if (!is_whole && tokens_.size() - read_ < kMostHeld)
    return "";
  tokens_.erase(tokens_.begin(), tokens_.begin() + static_cast<std::ptrdiff_t>(read_));
  read_ = tokens_.size();
  return more;
}

std::string AnswerText::finish() {
  std::string more = fresh();
  read_ = tokens_.size();
  return more;
}

std::string token_bytes(const Tokenizer& tokenizer, int32_t token) {
  if (!tokenizer.has(token))
    return "";
  const std::string& piece = tokenizer.piece(token);
  if (tokenizer.is_special(token) || tokenizer.kind() == "byte-level BPE")
    return piece;
  if (const int byte = byte_of_token(piece); byte >= 0)
    return {static_cast<char>(byte)};
  std::string out;
  std::string_view rest = piece;
  for (size_t at = rest.find(kSpaceMark); at != std::string_view::npos;
       at = rest.find(kSpaceMark)) {
    out += std::string(rest.substr(0, at)) + " ";
    rest.remove_prefix(at + kSpaceMark.size());
  }
  return out + std::string(rest);
}

}  // namespace nelumbo
