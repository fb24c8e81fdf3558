// SPDX-License-Identifier: Apache-2.0
#include "apps/openai_answer.h"

#include <utility>

#include "apps/openai_fields.h"
#include "base/text.h"

namespace nelumbo {

class OpenAiAnswer::Listener : public AnswerListener {
 public:
  Listener(std::shared_ptr<OpenAiAnswer> answer, size_t prompt)
      : answer_(std::move(answer)), prompt_(prompt) {}

  bool gone() const override { return answer_->over_ || answer_->reply_->gone(); }
  void scored(const TokenNews& news) override {
    answer_->scored_[prompt_].push_back({news.token, news.logprob, news.likeliest});
  }
  bool drawn(const TokenNews& news) override { return answer_->take(prompt_, news); }
  void failed(const Error& error) override { answer_->fail(error); }

 private:
  std::shared_ptr<OpenAiAnswer> answer_;
  size_t prompt_;
};

OpenAiAnswer::OpenAiAnswer(AnswerShape shape, std::shared_ptr<const Tokenizer> tokenizer,
                           std::vector<AskedPrompt> prompts, std::shared_ptr<HttpReply> reply)
    : shape_(std::move(shape)),
      tokenizer_(std::move(tokenizer)),
      prompts_(std::move(prompts)),
      scored_(prompts_.size()),
      left_(prompts_.size() * static_cast<size_t>(shape_.samples)),
      reply_(std::move(reply)) {
  for (size_t i = 0; i < prompts_.size(); ++i)
    scored_[i].push_back({prompts_[i].tokens.front(), std::nullopt, {}});
  answers_.reserve(left_);
  for (size_t i = 0; i < left_; ++i)
    answers_.push_back({.choice = Choice(tokenizer_, shape_.limits), .text = {}, .tokens = {}});
}

std::shared_ptr<AnswerListener> OpenAiAnswer::listener(size_t prompt) {
  return std::make_shared<Listener>(shared_from_this(), prompt);
}

bool OpenAiAnswer::take(size_t prompt, const TokenNews& news) {
  const size_t index =
      prompt * static_cast<size_t>(shape_.samples) + static_cast<size_t>(news.sample.value_or(0));
  Answer& answer = answers_[index];
  if (answer.choice.finish() || over_)
    return false;
  std::string text = answer.choice.take(news);
  std::vector<ShownToken> tokens = answer.choice.take_tokens();
  const bool finished = answer.choice.finish().has_value();
  if (!answer.begun && (finished || !text.empty() || shape_.logprobs || !shape_.stream))
    begin(prompt, answer, &text, &tokens);
  if (shape_.stream) {
    if (finished || !text.empty() || (shape_.logprobs && !tokens.empty()))
      send_piece(index, text, tokens);
  } else {
    answer.text += text;
    answer.tokens.insert(answer.tokens.end(), tokens.begin(), tokens.end());
  }
  left_ -= finished ? 1 : 0;
  if (left_ == 0)
    finish();
  return !finished;
}

/// Puts the prompt in front of an answer that is to echo it, and in a chat the role.
void OpenAiAnswer::begin(size_t prompt, Answer& answer, std::string* text,
                         std::vector<ShownToken>* tokens) {
  answer.begun = true;
  if (shape_.echo) {
    *text = prompts_[prompt].text + *text;
    if (shape_.logprobs)
      tokens->insert(tokens->begin(), scored_[prompt].begin(), scored_[prompt].end());
  }
  if (!shape_.chat || !shape_.stream)
    return;
  const Json delta = {{"role", "assistant"}, {"content", ""}};
  event(Json::array({{{"index", &answer - answers_.data()},
                      {"delta", delta},
                      {"logprobs", nullptr},
                      {"finish_reason", nullptr}}}),
        nullptr);
}

OpenAiAnswer::Json OpenAiAnswer::logprobs(const std::vector<ShownToken>& tokens,
                                          int64_t* offset) const {
  if (!shape_.logprobs)
    return nullptr;
  return shape_.chat ? chat_logprobs(*tokenizer_, tokens)
                     : completion_logprobs(*tokenizer_, tokens, offset);
}

OpenAiAnswer::Json OpenAiAnswer::calls_json(const Answer& answer, bool with_index) const {
  Json out = Json::array();
  for (const ApiToolCall& call : answer.choice.calls()) {
    const std::string id = "call_" + shape_.id + "_" + std::to_string(&answer - answers_.data()) +
                           "_" + std::to_string(out.size());
    Json one = with_index ? Json{{"index", out.size()}} : Json::object();
    one["id"] = id;
    one["type"] = "function";
    one["function"] = {{"name", call.name}, {"arguments", call.arguments}};
    out.push_back(std::move(one));
  }
  return out;
}

void OpenAiAnswer::send_piece(size_t index, const std::string& text,
                              const std::vector<ShownToken>& tokens) {
  Answer& answer = answers_[index];
  const Json probabilities = logprobs(tokens, &answer.offset);
  const auto& finish = answer.choice.finish();
  const Json reason = finish ? Json(*finish) : Json();
  if (!shape_.chat)
    return event(Json::array({{{"index", index},
                               {"text", valid_utf8(text)},
                               {"logprobs", probabilities},
                               {"finish_reason", reason}}}),
                 nullptr);
  Json delta = Json::object();
  if (!text.empty())
    delta["content"] = valid_utf8(text);
  if (finish && !answer.choice.calls().empty())
    delta["tool_calls"] = calls_json(answer, true);
  event(Json::array({{{"index", index},
                      {"delta", delta},
                      {"logprobs", probabilities},
                      {"finish_reason", reason}}}),
        nullptr);
}

OpenAiAnswer::Json OpenAiAnswer::head(const char* chat_object, const char* object) const {
  return {{"id", shape_.id},
          {"object", shape_.chat ? chat_object : object},
          {"created", shape_.created},
          {"model", shape_.model}};
}

OpenAiAnswer::Json OpenAiAnswer::usage() const {
  int64_t prompt = 0, answers = 0;
  for (const AskedPrompt& one : prompts_)
    prompt += std::ssize(one.tokens);
  for (const Answer& answer : answers_)
    answers += answer.choice.drawn();
  return {{"prompt_tokens", prompt},
          {"completion_tokens", answers},
          {"total_tokens", prompt + answers}};
}

void OpenAiAnswer::event(Json choices, const Json& usage) {
  if (!streams_)
    reply_->begin("text/event-stream; charset=utf-8");
  streams_ = true;
  Json out = head("chat.completion.chunk", "text_completion");
  out["choices"] = std::move(choices);
  if (shape_.include_usage)
    out["usage"] = usage;
  reply_->write("data: " + out.dump() + "\n\n");
}

OpenAiAnswer::Json OpenAiAnswer::whole_message(const Answer& answer) const {
  const Json calls = calls_json(answer, false);
  const std::string text = calls.empty() ? answer.text : std::string(trimmed(answer.text));
  Json out = {{"role", "assistant"}, {"content", valid_utf8(text)}};
  if (calls.empty())
    return out;
  if (text.empty())
    out["content"] = nullptr;
  out["tool_calls"] = calls;
  return out;
}

OpenAiAnswer::Json OpenAiAnswer::whole_choice(size_t index) {
  Answer& answer = answers_[index];
  Json out = {{"index", index}};
  if (shape_.chat)
    out["message"] = whole_message(answer);
  else
    out["text"] = valid_utf8(answer.text);
  out["logprobs"] = logprobs(answer.tokens, &answer.offset);
  out["finish_reason"] = *answer.choice.finish();
  return out;
}

void OpenAiAnswer::finish() {
  over_ = true;
  if (shape_.stream) {
    if (shape_.include_usage)
      event(Json::array(), usage());
    reply_->write("data: [DONE]\n\n");
    return reply_->end();
  }
  Json out = head("chat.completion", "text_completion");
  out["choices"] = Json::array();
  for (size_t i = 0; i < answers_.size(); ++i)
    out["choices"].push_back(whole_choice(i));
  out["usage"] = usage();
  reply_->send({.status = 200, .body = out.dump()});
}

/// A stream that has begun can say what went wrong in an event alone.
void OpenAiAnswer::fail(const Error& error) {
  if (std::exchange(over_, true))
    return;
  const ApiError what = api_error(error);
  if (!streams_)
    return reply_->send({.status = what.status, .body = error_body(what)});
  reply_->write("data: " + error_body(what) + "\n\n");
  reply_->end();
}

}  // namespace nelumbo
