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

/// The control tokens of a tokenizer, and how what a conversation says is kept apart from them.
/// Immutable.
class ChatControls {
 public:
  explicit ChatControls(const Tokenizer& tokenizer);

  /// Those of the tokens that are control tokens, in order.
  std::vector<int32_t> among(std::vector<int32_t> tokens) const;

  /// kBadData where no mark is left that is not said.
  Result<ChatMarked> marked(const ChatSaid& said) const;

  /// What is said with nothing in it that could begin a control token.
  ChatSaid plain(ChatSaid said) const;

 private:
  std::string without_beginnings(const std::string& text) const;

  std::vector<std::string> words_;                 ///< the text of each
  std::vector<int32_t> ids_;                       ///< ascending
  std::set<std::string, std::less<>> beginnings_;  ///< the first character of each
  KeywordFinder finder_{{}};
};

}  // namespace nelumbo
