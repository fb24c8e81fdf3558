// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "corpus/chat_data.h"

namespace nelumbo {

/// Two answers to one conversation.
// NOLINTNEXTLINE(bugprone-exception-escape): moving JSON is noexcept, its checks are what throws.
struct PreferenceExample {
  ChatExample chosen, rejected;  ///< the same conversation with the better and the worse answer
  double margin = 0;             ///< by how much the scores of a reward model should differ
};

/// What is wrong with a row, or the example. `place` is "FILE:LINE". A row is one of
///
///     {"prompt": text or messages, "chosen": text or [message], "rejected": text or [message]}
///     {"messages": messages, "chosen": .., "rejected": ..}           the same
///     {"chosen": messages, "rejected": messages}    whole conversations that differ in the last
///                                                   message; a "prompt" beside them says nothing
///
/// and may have "margin" (a number), "tools", "images" and "id", as the rows of corpus/chat_data.h.
Result<PreferenceExample> read_preference_row(const nlohmann::ordered_json& row,
                                              const std::string& place);

/// All rows of a file of JSON Lines. kBadData names file and line of each row at fault, and the
/// fix: an answer that is missing or empty, two answers that are the same, two conversations that
/// are not, a margin that is no number, an id that stands there twice.
Result<std::vector<PreferenceExample>> read_preference_file(const std::string& path);

}  // namespace nelumbo
