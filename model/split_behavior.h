// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/error.h"
#include "model/pretokenizer.h"
#include "model/regex.h"

namespace nelumbo {

/// What becomes of the matches of a Split: words of their own, nothing, a part of the word in front
/// or behind, or one word for each run of them.
enum class SplitBehavior { kIsolated, kRemoved, kMergedWithPrevious, kMergedWithNext, kContiguous };

/// Reads a `behavior`. kBadData names another one.
Result<SplitBehavior> split_behavior(const nlohmann::json& name, const std::string& place);

/// The words that spans of matches and gaps come down to, as the `tokenizers` library does it: of
/// several matches in a row, the first is merged with what stands before it, or the last with what
/// stands behind it.
std::vector<Words::Range> words_of_spans(const std::vector<Regex::Span>& spans,
                                         SplitBehavior behavior);

}  // namespace nelumbo
