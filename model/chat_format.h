// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "model/chat_controls.h"
#include "model/chat_directory.h"
#include "model/image_processor.h"
#include "model/tokenizer.h"

namespace nelumbo {

/// A conversation in tokens, or its beginning.
struct ChatTokens {
  std::vector<int32_t> tokens;
  std::vector<uint8_t> answered;  ///< 1 where the assistant said it, what ends its turn included
  int64_t images = 0;             ///< as many of the conversation's are in it, from the first on
};

/// How conversations become the tokens of a model: its chat template, then its tokenizer. A control
/// token that a message or a tool spells stays mere characters; where that cannot be made sure of,
/// the conversation is refused (kBadData). The content of messages is given in the form that the
/// template reads, a text or a list of parts. Immutable, shared between threads.
class ChatFormat {
 public:
  /// `ends`: the tokens that end an answer.
  ChatFormat(ChatDirectory chat, std::shared_ptr<const Tokenizer> tokenizer,
             std::vector<int32_t> ends);

  const Tokenizer& tokenizer() const { return *tokenizer_; }
  const std::vector<int32_t>& ends() const { return ends_; }

  /// Up to where the assistant's next answer begins, with what stands for the images of all
  /// messages in the place of their marks. kCheckFailed when the template refuses the conversation,
  /// kBadData when it shows other than all images. `tools` is null where there are none.
  Result<std::vector<int32_t>> prompt(const nlohmann::ordered_json& messages,
                                      const nlohmann::ordered_json& tools,
                                      const ShownImages& shown = {}) const;

  /// The same of all of a conversation whose last message is the assistant's. Each answer stands
  /// behind what `prompt` gives for the messages before it, and is answered once. Most templates
  /// write all of it in one go. Some write earlier messages in another way once later ones follow
  /// (they drop thoughts): then the answers up to there are one, and the next goes on from the
  /// beginning, with them as the template writes them now, unanswered. kCheckFailed where the
  /// template begins an answer in another way than it asks for it.
  Result<std::vector<ChatTokens>> conversation(const nlohmann::ordered_json& messages,
                                               const nlohmann::ordered_json& tools,
                                               const ShownImages& shown = {}) const;

 private:
  struct Unseen;
  struct Stretch;
  Result<nlohmann::ordered_json> in_form(nlohmann::ordered_json messages) const;
  bool shows(const nlohmann::ordered_json& content) const;
  Result<std::string> render(const ChatSaid& said, bool asks) const;
  std::vector<int32_t> tokens_of(std::string_view text, const ChatMarked& marked,
                                 Unseen* unseen) const;
  Result<void> check(const ChatSaid& said, bool asks, const Unseen& unseen,
                     const std::vector<int32_t>& tokens) const;
  void append(std::string_view text, const ChatMarked& marked, bool answer, Stretch* to) const;
  Result<void> add_answer(const ChatMarked& marked, size_t i, const ShownImages& shown,
                          std::vector<Stretch>* stretches) const;

  ChatDirectory chat_;
  std::shared_ptr<const Tokenizer> tokenizer_;
  std::vector<int32_t> ends_;
  ChatControls controls_;
  bool reads_texts_ = true, reads_parts_ = true;  ///< what the template shows as content
};

}  // namespace nelumbo
