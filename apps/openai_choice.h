// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "apps/answer_text.h"
#include "apps/json_end.h"
#include "apps/openai_logprobs.h"
#include "apps/openai_messages.h"

namespace nelumbo {

/// What ends an answer.
struct ChoiceLimits {
  std::vector<int32_t> ends;  ///< tokens
  std::vector<std::string> stops;
  int64_t max_tokens = 0;  ///< 0: the one that is drawn is not shown
  bool tools = false;      ///< calls of tools are taken out of the text
  bool json = false;       ///< the first JSON object ends it
};

/// One answer while it is drawn.
class Choice {
 public:
  Choice(std::shared_ptr<const Tokenizer> tokenizer, ChoiceLimits limits);

  /// Text that became certain with a token.
  std::string take(const TokenNews& news);

  const std::optional<std::string>& finish() const { return finish_; }  ///< none: goes on
  const std::vector<ApiToolCall>& calls() const { return calls_; }      ///< when it is finished
  int64_t drawn() const { return drawn_; }
  /// Tokens since this was asked last.
  std::vector<ShownToken> take_tokens() { return std::exchange(tokens_, {}); }

 private:
  std::string certain(const TokenNews& news);
  std::string up_to_json_end(std::string text);
  std::string without_calls(const std::string& text);

  ChoiceLimits limits_;
  AnswerText text_;
  TextGate stops_;
  JsonEnd json_end_;
  TextGate calls_gate_{{kToolCallBegin}};
  std::vector<ShownToken> tokens_;
  std::vector<ApiToolCall> calls_;
  std::optional<std::string> finish_;
  int64_t drawn_ = 0;
};

}  // namespace nelumbo
