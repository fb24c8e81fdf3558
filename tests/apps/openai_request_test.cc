// SPDX-License-Identifier: Apache-2.0
#include "apps/openai_request.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

using Json = nlohmann::ordered_json;

const ApiModel kModel{.names = {"tiny", "models/tiny"}, .vocabulary = 100};

/// What is wrong with a completion; "" for nothing.
std::string fault(Json more) {
  Json body = {{"prompt", "a"}};
  body.update(more);
  const auto read = read_completion(body, kModel);
  const auto* error = std::get_if<ApiError>(&read);
  return error == nullptr ? "" : error->message;
}

std::string chat_fault(Json more) {
  Json body = {{"messages", {{{"role", "user"}, {"content", "a"}}}}};
  body.update(more);
  const auto read = read_chat(body, kModel);
  const auto* error = std::get_if<ApiError>(&read);
  return error == nullptr ? "" : error->message;
}

TEST(CompletionRequest, ReadsEveryField) {
  const auto read = read_completion({{"model", "tiny"},
                                     {"prompt", {"a", "b"}},
                                     {"n", 3},
                                     {"max_tokens", 7},
                                     {"temperature", 0.5},
                                     {"top_p", 0.9},
                                     {"top_k", 40},
                                     {"min_p", 0.1},
                                     {"seed", -2},
                                     {"stop", "end"},
                                     {"logit_bias", {{"5", -100}}},
                                     {"logprobs", 2},
                                     {"echo", true},
                                     {"stream", true},
                                     {"stream_options", {{"include_usage", true}}},
                                     {"user", "somebody"}},
                                    kModel);
  ASSERT_TRUE(std::holds_alternative<CompletionRequest>(read)) << std::get<1>(read).message;
  const auto& request = std::get<CompletionRequest>(read);
  const ApiOptions& options = request.options;
  EXPECT_EQ(request.prompts.size(), 2U);
  EXPECT_TRUE(request.echo && options.stream && options.include_usage && options.logprobs);
  EXPECT_EQ(options.samples, 3);
  EXPECT_EQ(options.max_tokens, 7);
  EXPECT_EQ(options.sampling.temperature, 0.5);
  EXPECT_EQ(options.wishes.restriction.top_k, 40);
  EXPECT_EQ(options.wishes.restriction.top_p, 0.9);
  EXPECT_EQ(options.wishes.restriction.min_p, 0.1);
  EXPECT_EQ(options.wishes.restriction.bias.at(0).token, 5);
  EXPECT_EQ(options.wishes.likeliest, 2);
  EXPECT_TRUE(options.wishes.score_prompt);
  EXPECT_EQ(options.seed, static_cast<uint64_t>(-2));
  EXPECT_EQ(options.stops, std::vector<std::string>{"end"});
}

TEST(CompletionRequest, TakesTextsAndTokens) {
  for (const Json& prompt : {Json("a"), Json({1, 2}), Json({"a", "b"}), Json::array({{1, 2}, {3}})})
    EXPECT_EQ(fault({{"prompt", prompt}}), "") << prompt;
  for (const Json& prompt : {Json(1), Json::array(), Json({1, 100}), Json({-1}), Json({1.5}),
                             Json::array({{1}, Json::array()}), Json({{"a", 1}})})
    EXPECT_NE(fault({{"prompt", prompt}}), "") << prompt;
}

TEST(CompletionRequest, HasTheDefaultsOfOpenAi) {
  const auto read = read_completion({{"prompt", "a"}}, kModel);
  const auto& options = std::get<CompletionRequest>(read).options;
  EXPECT_EQ(options.max_tokens, 16);
  EXPECT_EQ(options.sampling.temperature, 1);
  EXPECT_TRUE(options.wishes.restriction.none());
  EXPECT_EQ(options.seed, std::nullopt);
}

TEST(CompletionRequest, RefusesWhatItCannotFollowByName) {
  EXPECT_EQ(fault({{"frequency_penalty", 0}, {"presence_penalty", 0.0}, {"best_of", 1}}), "");
  EXPECT_TRUE(fault({{"frequency_penalty", 1}}).starts_with("frequency_penalty: "));
  EXPECT_TRUE(fault({{"best_of", 2}}).starts_with("best_of: "));
  EXPECT_TRUE(fault({{"suffix", "x"}}).starts_with("suffix: "));
  EXPECT_TRUE(fault({{"guided_json", "x"}}).starts_with("guided_json: "));
  EXPECT_TRUE(fault({{"logprobs", 6}}).starts_with("logprobs: "));
  EXPECT_TRUE(fault({{"n", 0}}).starts_with("n: "));
  EXPECT_TRUE(fault({{"temperature", -1}}).starts_with("temperature: "));
  EXPECT_TRUE(fault({{"max_tokens", 0}}).starts_with("max_tokens: "));
  EXPECT_EQ(fault({{"max_tokens", 0}, {"echo", true}}), "");
  EXPECT_TRUE(fault({{"stop", {"a", ""}}}).starts_with("stop: "));
  EXPECT_TRUE(fault({{"logit_bias", {{"100", 1}}}}).starts_with("logit_bias: "));
  EXPECT_TRUE(fault({{"logit_bias", {{"1", 101}}}}).starts_with("logit_bias: "));
  EXPECT_TRUE(fault({{"stream_options", {{"include_usage", true}}}}).starts_with("stream_options"));
  EXPECT_TRUE(fault({{"model", "gpt-4"}}).starts_with("model: 'gpt-4' is not served; there is"));
  EXPECT_EQ(fault({{"model", "models/tiny"}}), "");
}

TEST(ChatRequest, ReadsWhatChatsHaveOfTheirOwn) {
  const auto read = read_chat({{"messages", {{{"role", "user"}, {"content", "a"}}}},
                               {"max_tokens", 9},
                               {"max_completion_tokens", 5},
                               {"logprobs", true},
                               {"top_logprobs", 20},
                               {"response_format", {{"type", "text"}}}},
                              kModel);
  ASSERT_TRUE(std::holds_alternative<ChatRequest>(read)) << std::get<1>(read).message;
  const auto& request = std::get<ChatRequest>(read);
  EXPECT_EQ(request.options.max_tokens, 5);
  EXPECT_EQ(request.options.wishes.likeliest, 20);
  EXPECT_TRUE(request.tools.is_null());
}

TEST(ChatRequest, MayAskForAJsonObject) {
  for (const bool json : {false, true}) {
    const auto read = read_chat({{"messages", {{{"role", "user"}, {"content", "a"}}}},
                                 {"response_format", {{"type", json ? "json_object" : "text"}}}},
                                kModel);
    ASSERT_TRUE(std::holds_alternative<ChatRequest>(read)) << std::get<1>(read).message;
    EXPECT_EQ(std::get<ChatRequest>(read).options.json, json);
  }
}

TEST(ChatRequest, RefusesWhatItCannotFollowByName) {
  EXPECT_TRUE(chat_fault({{"response_format", {{"type", "json_schema"}}}})
                  .starts_with("response_format: this server does not follow it"));
  EXPECT_TRUE(chat_fault({{"top_logprobs", 2}}).starts_with("top_logprobs: "));
  EXPECT_TRUE(chat_fault({{"parallel_tool_calls", false}}).starts_with("parallel_tool_calls: "));
  EXPECT_TRUE(chat_fault({{"functions", Json::array()}}).starts_with("functions: "));
  EXPECT_TRUE(chat_fault({{"messages", "hi"}}).starts_with("messages: "));
  EXPECT_TRUE(chat_fault({{"prompt", "hi"}}).starts_with("prompt: "));
}

}  // namespace
}  // namespace nelumbo
