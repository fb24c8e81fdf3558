// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "apps/openai_choice.h"
#include "apps/serving.h"
#include "base/http_message.h"

namespace nelumbo {

/// How one request is to be answered.
struct AnswerShape {
  bool chat = false;
  std::string id = {};     ///< "cmpl-7"
  std::string model = {};  ///< its name
  int64_t created = 0;
  int32_t samples = 1;  ///< of each prompt
  bool echo = false, logprobs = false, stream = false, include_usage = false;
  ChoiceLimits limits = {};
};

/// A prompt of the request.
struct AskedPrompt {
  std::vector<int32_t> tokens;
  std::string text;  ///< to be echoed
};

/// Puts the answers to all prompts of one request together, and sends them: whole, when the last is
/// finished, or piece by piece as server-sent events. Belongs to the thread of the engine.
class OpenAiAnswer : public std::enable_shared_from_this<OpenAiAnswer> {
 public:
  OpenAiAnswer(AnswerShape shape, std::shared_ptr<const Tokenizer> tokenizer,
               std::vector<AskedPrompt> prompts, std::shared_ptr<HttpReply> reply);

  /// Who hears of the answers to one of the prompts.
  std::shared_ptr<AnswerListener> listener(size_t prompt);

 private:
  using Json = nlohmann::ordered_json;
  class Listener;

  struct Answer {
    Choice choice;
    std::string text;
    int64_t offset = 0;  ///< of the next token, in characters
    bool begun = false;
    std::vector<ShownToken> tokens;  ///< of a whole answer
  };

  bool take(size_t prompt, const TokenNews& news);
  void begin(size_t prompt, Answer& answer, std::string* text, std::vector<ShownToken>* tokens);
  void send_piece(size_t index, const std::string& text, const std::vector<ShownToken>& tokens);
  void finish();
  void fail(const Error& error);
  void event(Json choices, const Json& usage);
  Json head(const char* chat_object, const char* object) const;
  Json usage() const;
  Json logprobs(const std::vector<ShownToken>& tokens, int64_t* offset) const;
  Json whole_choice(size_t index);
  Json whole_message(const Answer& answer) const;
  Json calls_json(const Answer& answer, bool with_index) const;

  AnswerShape shape_;
  std::shared_ptr<const Tokenizer> tokenizer_;
  std::vector<AskedPrompt> prompts_;
  std::vector<std::vector<ShownToken>> scored_;  ///< tokens of each prompt
  std::vector<Answer> answers_;                  ///< those of a prompt side by side
  size_t left_;                                  ///< answers that are not finished
  std::shared_ptr<HttpReply> reply_;
  bool streams_ = false, over_ = false;
};

}  // namespace nelumbo
