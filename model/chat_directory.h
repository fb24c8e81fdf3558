// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "model/chat_template.h"

namespace nelumbo {

/// How the model of a Hugging Face directory wants to be spoken to.
struct ChatDirectory {
  ChatTemplate chat;
  std::optional<ChatTemplate> tool_use =
      std::nullopt;  ///< in place of `chat` where there are tools
  /// Special tokens by the names that transformers gives them: bos_token, eos_token, ...
  nlohmann::ordered_json variables = nlohmann::ordered_json::object();

  /// Renders as transformers does: variables of the input come before those of the directory.
  Result<std::string> render(ChatInput input) const;

  /// Whether a template says `word` as a text of its own, 'word', or as an attribute, .word.
  bool names(const std::string& word) const;
};

/// Whether there is a template, sound or not. kBadData when tokenizer_config.json is malformed.
Result<bool> has_chat_template(const std::string& folder);

/// Reads `chat_template.jinja`, or the `chat_template` of `chat_template.json` (some processors of
/// pictures have one), or of `tokenizer_config.json`: a template, or a list of named ones with a
/// "default" among them. kBadData names the file and what is wrong.
Result<ChatDirectory> read_chat_directory(const std::string& folder);

/// The same of the text of a tokenizer_config.json alone; messages begin with `place`.
Result<ChatDirectory> parse_chat_config(std::string_view config, const std::string& place);

/// One template alone.
Result<ChatTemplate> read_chat_template(const std::string& path);

}  // namespace nelumbo
