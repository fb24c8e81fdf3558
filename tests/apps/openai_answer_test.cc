// SPDX-License-Identifier: Apache-2.0
#include "apps/openai_answer.h"

#include <gtest/gtest.h>

#include "tests/apps/kept_reply.h"
#include "tests/support/parity.h"

namespace nelumbo {
namespace {

class OpenAiAnswerTest : public testing::Test {
 protected:
  std::shared_ptr<OpenAiAnswer> answer(AnswerShape shape, size_t prompts = 1) {
    shape.id = "id-1";
    shape.model = "tiny";
    shape.limits.ends = {2};
    shape.limits.max_tokens = 100;
    return std::make_shared<OpenAiAnswer>(std::move(shape), tokenizer_,
                                          std::vector<AskedPrompt>(prompts, {encoded("Hi"), "Hi"}),
                                          reply_);
  }
  std::vector<int32_t> encoded(const std::string& text) const {
    return tokenizer_->encode(text, Tokenizer::Control::kPlain);
  }
  void draw(AnswerListener& listener, int32_t sample, const std::string& text) const {
    for (const int32_t token : encoded(text))
      EXPECT_TRUE(listener.drawn({.group = {}, .sample = sample, .token = token, .logprob = -1}));
    EXPECT_FALSE(listener.drawn({.group = {}, .sample = sample, .token = 2, .logprob = -1}));
  }

  std::shared_ptr<const Tokenizer> tokenizer_ = std::make_shared<const Tokenizer>(
      Tokenizer::read(parity_folder("llama_tied") + "/tokenizer.json").value());
  std::shared_ptr<KeptReply> reply_ = std::make_shared<KeptReply>();
};

TEST_F(OpenAiAnswerTest, PutsTheAnswersOfAllPromptsInOrder) {
  const auto both = answer({.samples = 2}, 2);
  const auto first = both->listener(0), second = both->listener(1);
  draw(*second, 1, "four");
  draw(*first, 0, "one");
  draw(*first, 1, "two");
  draw(*second, 0, "three");
  const auto json = reply_->json();
  for (size_t i = 0; i < 4; ++i)
    EXPECT_EQ(json["choices"][i]["index"], i);
  EXPECT_EQ(json["choices"][1]["text"], "two");
  EXPECT_EQ(json["choices"][3]["text"], "four");
  EXPECT_EQ(json["object"], "text_completion");
  EXPECT_EQ(json["usage"]["prompt_tokens"], 2 * std::ssize(encoded("Hi")));
  EXPECT_EQ(
      json["usage"]["total_tokens"].get<int>(),
      json["usage"]["prompt_tokens"].get<int>() + json["usage"]["completion_tokens"].get<int>());
}

TEST_F(OpenAiAnswerTest, EchoesThePromptWithItsLogprobs) {
  const auto one = answer({.echo = true, .logprobs = true});
  const auto listener = one->listener(0);
  const std::vector<int32_t> prompt = encoded("Hi");
  for (size_t i = 1; i < prompt.size(); ++i)
    listener->scored({.group = {}, .sample = {}, .token = prompt[i], .logprob = -3});
  draw(*listener, 0, " there");
  const auto choice = reply_->json()["choices"][0];
  EXPECT_EQ(choice["text"], "Hi there");
  EXPECT_TRUE(choice["logprobs"]["token_logprobs"][0].is_null());
  EXPECT_EQ(choice["logprobs"]["tokens"].size(), prompt.size() + encoded(" there").size() + 1);
}

TEST_F(OpenAiAnswerTest, StreamsAChatAsEvents) {
  const auto one = answer({.chat = true, .stream = true, .include_usage = true});
  draw(*one->listener(0), 0, "Good day to you");
  EXPECT_TRUE(reply_->whole().type.starts_with("text/event-stream"));
  EXPECT_TRUE(reply_->whole().body.ends_with("data: [DONE]\n\n"));
  const auto events = reply_->events();
  EXPECT_EQ(events[0]["choices"][0]["delta"]["role"], "assistant");
  std::string text;
  for (const auto& event : events)
    for (const auto& choice : event["choices"])
      text += choice["delta"].value("content", "");
  EXPECT_EQ(text, "Good day to you");
  EXPECT_EQ(events[events.size() - 2]["choices"][0]["finish_reason"], "stop");
  EXPECT_TRUE(events.back()["choices"].empty());
  EXPECT_GT(events.back()["usage"]["completion_tokens"], 1);
  EXPECT_TRUE(events[0]["usage"].is_null());
}

TEST_F(OpenAiAnswerTest, CarriesCallsOfTools) {
  const std::string call = "<tool_call>{\"name\": \"f\", \"arguments\": {\"x\": 1}}</tool_call>";
  draw(*answer({.chat = true, .limits = {.ends = {}, .stops = {}, .tools = true}})->listener(0), 0,
       call);
  const auto choice = reply_->json()["choices"][0];
  EXPECT_TRUE(choice["message"]["content"].is_null());
  EXPECT_EQ(choice["message"]["tool_calls"][0]["function"]["name"], "f");
  EXPECT_EQ(choice["message"]["tool_calls"][0]["function"]["arguments"], "{\"x\":1}");
  EXPECT_EQ(choice["finish_reason"], "tool_calls");
  reply_ = std::make_shared<KeptReply>();
  draw(*answer({.chat = true, .stream = true, .limits = {.ends = {}, .stops = {}, .tools = true}})
            ->listener(0),
       0, call);
  EXPECT_EQ(reply_->events().back()["choices"][0]["delta"]["tool_calls"][0]["index"], 0);
}

TEST_F(OpenAiAnswerTest, FailsOnceAndThenWantsNoMore) {
  const auto one = answer({}, 2);
  const auto first = one->listener(0), second = one->listener(1);
  EXPECT_FALSE(second->gone());
  first->failed({Errc::kUnavailable, "the server is stopping"});
  second->failed({Errc::kBadData, "later"});
  EXPECT_EQ(reply_->whole().status, 503);
  EXPECT_EQ(reply_->json()["error"]["message"], "the server is stopping");
  EXPECT_TRUE(second->gone());
}

TEST_F(OpenAiAnswerTest, SaysInAStreamThatItFailed) {
  const auto one = answer({.stream = true});
  const auto listener = one->listener(0);
  listener->drawn({.group = {}, .sample = 0, .token = encoded("word").front(), .logprob = -1});
  listener->failed({Errc::kUnavailable, "the server is stopping"});
  EXPECT_EQ(reply_->whole().status, 200);
  EXPECT_EQ(reply_->events().back()["error"]["message"], "the server is stopping");
}

}  // namespace
}  // namespace nelumbo
