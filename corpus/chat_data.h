// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/error.h"

namespace nelumbo {

/// How the rows of a file of conversations are laid out. A file has one layout.
///
///     messages   {"messages": [{"role": "user", "content": ..}, .., {"role": "assistant", ..}]}
///     completion {"prompt": text or messages, "completion": text or messages}
///     answer     {"question" or "prompt": text, "answer": text}
///     label      {"input" or "prompt": text or messages, "label": text}
///     verl       {"prompt": messages, "reward_model": {"ground_truth": ..}, "data_source": ..}
///
/// Each may also have "tools" (a list), "images" (a list) and an "id". The content of a message is
/// a text or a list of parts, {"type": "text", "text": ..} or a picture: {"type": "image", "image"
/// or "path" or "url": ..}, {"type": "image_url", "image_url": {"url": ..}}. Pictures that no part
/// names stand where the texts say "<image>", or in front of what the user says first. A path is
/// one from the file's folder.
enum class ChatLayout { kMessages, kCompletion, kAnswer, kLabel, kVerl };

/// "messages", "completion", "answer", "label" or "verl".
std::string to_text(ChatLayout layout);

/// One conversation, up to where an answer is wanted.
// NOLINTNEXTLINE(bugprone-exception-escape): moving JSON is noexcept, its checks are what throws.
struct ChatExample {
  std::string id;                   ///< the row's own, or "train.jsonl:12"
  nlohmann::ordered_json messages;  ///< as chat templates take them; the last is not an answer
  nlohmann::ordered_json tools;     ///< null: none
  std::optional<std::string> demonstration;  ///< what the assistant is shown to say
  nlohmann::ordered_json answer;     ///< the same as a message, with its calls; null without one
  std::optional<std::string> truth;  ///< the right answer, where the row states one
  std::vector<std::string> images;   ///< in the order of the parts {"type": "image"} that stand for
                                     ///< them: a path, or a data URL
  nlohmann::json others = {};        ///< the members of the row that no layout knows

  /// The text of the last message, its pictures left out.
  std::string question() const;
  /// The messages with the demonstration behind them. REQUIRES: there is one.
  nlohmann::ordered_json shown() const;
};

/// The rows of one file.
struct ChatFile {
  ChatLayout layout = ChatLayout::kMessages;
  std::vector<ChatExample> examples;
};

/// What is wrong with a row, or the example; the layout is found out where `layout` is none.
/// `place` is "FILE:LINE".
Result<ChatExample> read_chat_row(const nlohmann::ordered_json& row, const std::string& place,
                                  std::optional<ChatLayout>* layout);

/// Gives each row of a file of JSON Lines to `use`, or what is wrong with it, and returns the
/// layout; none where no row has one. kBadData where the file itself cannot be read; a Parquet file
/// is refused with how to convert it. Stops at the first error that `use` returns.
Result<std::optional<ChatLayout>> for_each_chat_row(
    const std::string& path, const std::function<Result<void>(Result<ChatExample>)>& use);

/// All rows. kBadData names file and line of each row at fault, and the fix: an unknown layout,
/// another than before, roles out of order, an empty message, an id that stands there twice, a talk
/// of HealthBench, which is for evaluation only.
Result<ChatFile> read_chat_file(const std::string& path);

/// The same messages behind a system message, unless they begin with one or it is empty.
nlohmann::ordered_json with_system(const nlohmann::ordered_json& messages,
                                   const std::string& system);

}  // namespace nelumbo
