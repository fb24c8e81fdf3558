// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "base/error.h"
#include "corpus/document.h"
#include "corpus/line_reader.h"

namespace nelumbo {

/// Calls `use` with each line of a file of JSON Lines, a byte order mark left out, and stops at the
/// first error. Lines of white space are skipped. Never holds more than one line. kBadData
/// "FILE:LINE: what; fix", or what `use` says.
Result<void> for_each_line(
    const std::string& path,
    const std::function<Result<void>(std::string_view line, const Place&)>& use,
    size_t longest_line = LineReader::kLongestLine);

/// The same with each line's object. Every failure is kBadData, or what `use` says.
Result<void> for_each_object(
    const std::string& path,
    const std::function<Result<void>(const nlohmann::json&, const Place&)>& use);

/// The member `key` of `object`, which must be text with a visible character.
Result<std::string> text_member(const nlohmann::json& object, const std::string& key,
                                const std::string& place);

}  // namespace nelumbo
