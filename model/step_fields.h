// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/error.h"
#include "model/regex.h"

namespace nelumbo {

// Reads the parts of a tokenizer.json: objects with a `type` and typed fields. Every refusal is
// kBadData and begins with `place`.

Error bad_data(const std::string& place, const std::string& what);

/// The `type` of a step, or a glimpse of what stands in its place.
std::string step_type(const nlohmann::json& step);

/// "place: type 'X' is not supported; A, B and C are".
Error unsupported_step(const std::string& place, const nlohmann::json& step,
                       const std::string& supported);

/// The steps of a part of the file, in order: none for null, the members of a Sequence (under
/// `members`, and of Sequences inside it), else the step itself. They point into `part`.
Result<std::vector<const nlohmann::json*>> steps_in_order(const nlohmann::json& part,
                                                          const char* members,
                                                          const std::string& place);

/// True, false, or `otherwise` where the field is not there.
Result<bool> flag_field(const nlohmann::json& step, const char* name, bool otherwise,
                        const std::string& place);

/// A text that has to be there.
Result<std::string> text_field(const nlohmann::json& step, const char* name,
                               const std::string& place);

/// A text of exactly one character.
Result<std::string> character_field(const nlohmann::json& step, const char* name,
                                    const std::string& place);

/// A whole number from 0 to `most` that has to be there.
Result<int64_t> count_field(const nlohmann::json& step, const char* name, int64_t most,
                            const std::string& place);

/// A token id: a whole number from 0 to 2^31 - 1.
Result<int32_t> token_id(const nlohmann::json& value, const std::string& place);

/// What `{"String": …}` or `{"Regex": …}` under `pattern` finds.
Result<Regex> pattern_field(const nlohmann::json& step, const std::string& place);

/// How many times as long as before a Replace step can make a text at most. REQUIRES: its pattern
/// and content have been read.
double replacement_growth(const nlohmann::json& step);

/// What a Replace step puts in the place of what it finds.
struct Replacement {
  std::shared_ptr<const Regex> pattern;
  std::string content;
};

/// Reads a Replace step; `growth`, how many times as long as before the steps so far can make a
/// text, grows by it. Refused where that becomes too much.
Result<Replacement> replacement_of(const nlohmann::json& step, const std::string& place,
                                   double* growth);

/// The longest part of a value that a message quotes.
std::string excerpt(const nlohmann::json& value);

}  // namespace nelumbo
