// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/error.h"

namespace nelumbo {

/// The tokens that a tokenizer.json puts around those of one text: its `post_processor`.
struct TokenFrame {
  std::vector<int32_t> before;
  std::vector<int32_t> after;

  /// Reads ByteLevel (which adds nothing), TemplateProcessing, BertProcessing, RobertaProcessing
  /// and Sequences of them, one of which may add tokens; null adds none. Templates for pairs of
  /// texts are not read. kBadData names anything else.
  static Result<TokenFrame> parse(const nlohmann::json& part, const std::string& place);
};

}  // namespace nelumbo
