// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "model/keyword_finder.h"
#include "model/tokenizer.h"

namespace nelumbo {

/// What a conversation says: its messages and its tools, null where there are none.
// NOLINTNEXTLINE(bugprone-exception-escape): moving JSON is noexcept, its checks are what throws.
struct ChatSaid {
  nlohmann::ordered_json messages, tools;
};

/// The same with each control token that it spells between two marks.
// NOLINTNEXTLINE(bugprone-exception-escape): moving JSON is noexcept, its checks are what throws.
struct ChatMarked {
  ChatSaid said;
  std::string begin, end;
};

/// Whose words they are.
enum class ChatSpeaker { kAssistant, kOther };

/// The control tokens of a tokenizer, and how what a conversation says is kept apart from them: its
/// special tokens, and the added tokens that begin and end with a sign, as "<think>" and "[INST]".
/// The latter are the assistant's own: in what it says, they are tokens. Immutable.
class ChatControls {
 public:
  explicit ChatControls(const Tokenizer& tokenizer);

  /// Those of the tokens that are control tokens, in order.
  std::vector<int32_t> among(std::vector<int32_t> tokens) const;

  /// kBadData where no mark is left that is not said.
  Result<ChatMarked> marked(const ChatSaid& said) const;

  /// What is said with nothing in it that could begin a control token, but for the assistant's own,
  /// and framed, so that nothing else that others say ends up as the middle of one. What
  /// `is_word` calls a word of the template stays, since templates compare with those.
  ChatSaid plain(ChatSaid said, const std::function<bool(const std::string&)>& is_word) const;

 private:
  struct Spelled {
    size_t at = 0, size = 0;
    bool kept = false;  ///< the assistant's own, in what the assistant says
  };
  std::vector<Spelled> spelled_in(const std::string& text, ChatSpeaker speaker) const;
  std::string without_beginnings(const std::string& text, ChatSpeaker speaker) const;

  std::vector<std::string> words_;                 ///< the text of each
  std::vector<uint8_t> is_own_;                    ///< by word: whether it is the assistant's
  std::vector<int32_t> ids_;                       ///< ascending
  std::set<std::string, std::less<>> beginnings_;  ///< the first character of each
  KeywordFinder finder_{{}};
};

}  // namespace nelumbo
