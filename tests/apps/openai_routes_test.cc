// SPDX-License-Identifier: Apache-2.0
#include "apps/openai_routes.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "base/base64.h"
#include "base/file.h"
#include "model/scoring.h"
#include "tests/apps/served_model.h"

namespace nelumbo {
namespace {

using nlohmann::json;

class OpenAiRoutesTest : public ServedModel {
 protected:
  explicit OpenAiRoutesTest(void (*put_model)(const std::string&) = put_chat_model,
                            const EngineConfig& engine = {})
      : ServedModel(put_model, engine) {}

  static std::string text_of(const json& answer) { return answer["choices"][0]["text"]; }
};

TEST_F(OpenAiRoutesTest, NamesItsModel) {
  EXPECT_EQ(ask("GET", "/v1/models")->json()["data"][0]["id"], "tiny");
  EXPECT_EQ(ask("GET", "/v1/models/tiny")->json()["object"], "model");
  EXPECT_EQ(ask("GET", "/v1/models/other")->whole().status, 404);
  EXPECT_EQ(ask("GET", "/health")->json()["status"], "ok");
}

TEST_F(OpenAiRoutesTest, SaysWhatThereIsAndHowToAsk) {
  EXPECT_EQ(ask("GET", "/v2/models")->whole().status, 404);
  EXPECT_EQ(ask("GET", "/v1/completions")->whole().status, 405);
  EXPECT_EQ(ask("GET", "/v1/completions")->whole().allow, "POST");
  EXPECT_EQ(ask("DELETE", "/v1/models")->whole().allow, "GET");
}

TEST_F(OpenAiRoutesTest, ContinuesAsGenerateDoes) {
  const auto answer =
      complete({{"prompt", "The cell"}, {"max_tokens", 8}, {"seed", 3}, {"temperature", 0.8}})
          ->json();
  ContinueOptions options;
  options.answer = {.seed = 3, .sampling = {.temperature = 0.8, .max_new_tokens = 8}};
  const auto group =
      continue_prompt(*model_, {prompt_tokens(*model_, "The cell").value(), {}}, options);
  ASSERT_TRUE(group.ok());
  EXPECT_EQ(text_of(answer), group.value().trajectories[0].text);
}

TEST_F(OpenAiRoutesTest, ScoresAPromptAsModelScoreDoes) {
  const std::vector<int32_t> tokens = {9, 20, 31, 42, 53, 64, 75};
  const auto answer = complete({{"prompt", tokens},
                                {"echo", true},
                                {"logprobs", 1},
                                {"max_tokens", 1},
                                {"temperature", 0}})
                          ->json();
  const json& logprobs = answer["choices"][0]["logprobs"];
  Team team(1);
  const auto expected = score_tokens(model_->network, *model_->packed, team, tokens);
  ASSERT_EQ(logprobs["token_logprobs"].size(), tokens.size() + 1);
  EXPECT_TRUE(logprobs["token_logprobs"][0].is_null());
  for (size_t i = 0; i < expected.size(); ++i)
    EXPECT_EQ(logprobs["token_logprobs"][i + 1], expected[i]);
  const auto shorter = complete({{"prompt", tokens},
                                 {"echo", true},
                                 {"logprobs", 1},
                                 {"max_tokens", 0},
                                 {"temperature", 0}})
                           ->json();
  EXPECT_EQ(shorter["choices"][0]["logprobs"]["tokens"].size(), tokens.size());
  EXPECT_EQ(shorter["usage"]["completion_tokens"], 0);
}

TEST_F(OpenAiRoutesTest, StreamsWhatItWouldSayAtOnce) {
  json body = {{"prompt", {"one", "two"}}, {"n", 2}, {"max_tokens", 12}, {"seed", 1}};
  const auto whole = complete(body)->json();
  body["stream"] = true;
  std::vector<std::string> texts(4);
  for (const json& event : complete(body)->events())
    texts[event["choices"][0]["index"].get<size_t>()] +=
        event["choices"][0]["text"].get<std::string>();
  for (size_t i = 0; i < 4; ++i)
    EXPECT_EQ(texts[i], whole["choices"][i]["text"]) << i;
}

TEST_F(OpenAiRoutesTest, AnswersAChat) {
  const auto answer = chat({{"model", "a/tiny"},
                            {"messages", {{{"role", "user"}, {"content", "Hello"}}}},
                            {"max_tokens", 6},
                            {"temperature", 0},
                            {"logprobs", true},
                            {"top_logprobs", 2}})
                          ->json();
  const json& choice = answer["choices"][0];
  EXPECT_EQ(choice["message"]["role"], "assistant");
  EXPECT_EQ(choice["logprobs"]["content"].size(), answer["usage"]["completion_tokens"]);
  EXPECT_EQ(choice["logprobs"]["content"][0]["top_logprobs"].size(), 2U);
}

TEST_F(OpenAiRoutesTest, KeepsWhatAUserSpellsApartFromControlTokens) {
  const auto tokens_of = [&](const std::string& text) {
    return chat({{"messages", {{{"role", "user"}, {"content", text}}}}, {"max_tokens", 1}})
        ->json()["usage"]["prompt_tokens"]
        .get<int>();
  };
  EXPECT_GT(tokens_of("<|im_end|>"), tokens_of("x") + 3);
}

TEST_F(OpenAiRoutesTest, RefusesWhatHasNoRoomBeforeAnyWork) {
  const int64_t positions = model_->network.config.decoder.max_positions;
  const auto fault = [&](const json& body) { return complete(body)->json()["error"]; };
  const json tokens = std::vector<int>(static_cast<size_t>(positions), 5);
  EXPECT_EQ(fault({{"prompt", tokens}})["code"], "context_length_exceeded");
  EXPECT_EQ(fault({{"prompt", std::string(10'000'000, 'x')}})["code"], "context_length_exceeded");
  EXPECT_EQ(fault({{"prompt", "a"}, {"max_tokens", positions}})["param"], "max_tokens");
  EXPECT_EQ(fault({{"prompt", ""}})["param"], "prompt");
  EXPECT_EQ(serving_->figures().steps, 0);
}

TEST_F(OpenAiRoutesTest, SaysWhatIsMalformed) {
  EXPECT_EQ(ask("POST", "/v1/completions", "{")->whole().status, 400);
  EXPECT_EQ(ask("POST", "/v1/completions", "[]")->whole().status, 400);
  EXPECT_EQ(ask("POST", "/v1/completions", R"({"prompt": "a", "prompt": "b"})")->whole().status,
            400);
  EXPECT_EQ(complete({{"prompt", "a"}, {"model", "b"}})->whole().status, 404);
  EXPECT_EQ(chat({{"messages", json::array()}})->json()["error"]["param"], "messages");
  EXPECT_NE(chat({{"messages",
                   {{{"role", "user"},
                     {"content",
                      {{{"type", "image_url"},
                        {"image_url", {{"url", "data:image/png;base64,AAAA"}}}}}}}}}})
                ->json()["error"]["message"]
                .get<std::string>()
                .find("is a model of text alone"),
            std::string::npos);
}

TEST_F(OpenAiRoutesTest, CancelsAStreamWhoseClientLeft) {
  const auto reply = complete(
      {{"prompt", "go on"}, {"max_tokens", 100}, {"n", 8}, {"stream", true}, {"logprobs", 0}});
  reply->wait_for_some();
  reply->leave();
  EXPECT_TRUE(comes_true([&] { return serving_->figures().occupancy.running == 0; }));
}

TEST_F(OpenAiRoutesTest, CountsWhatItDoes) {
  complete({{"prompt", "abc"}, {"max_tokens", 4}})->whole();
  EXPECT_TRUE(comes_true([&] {
    return ask("GET", "/metrics")->whole().body.find("\nnelumbo_key_blocks_in_use 0\n") !=
           std::string::npos;
  }));
  const std::string metrics = ask("GET", "/metrics")->whole().body;
  EXPECT_NE(metrics.find("\nnelumbo_requests_total 1\n"), std::string::npos) << metrics;
  EXPECT_NE(metrics.find("\nnelumbo_key_blocks 8192\n"), std::string::npos) << metrics;
}

/// The same with few key blocks.
class ScarceRoutes : public OpenAiRoutesTest {
 protected:
  ScarceRoutes() : OpenAiRoutesTest(put_chat_model, {.key_blocks = 6}) {}
};

TEST_F(ScarceRoutes, SayThatBlocksAreTooFew) {
  const json error = complete({{"prompt", "abc"}, {"n", 10}, {"max_tokens", 20}})->json()["error"];
  EXPECT_NE(error["message"].get<std::string>().find("--key-blocks"), std::string::npos) << error;
  EXPECT_EQ(complete({{"prompt", "abc"}, {"max_tokens", 20}})->whole().status, 200);
}

/// A model that sees.
class SeeingRoutes : public OpenAiRoutesTest {
 protected:
  SeeingRoutes() : OpenAiRoutesTest(put_seeing_chat_model) {}

  static json asking(const std::string& url) {
    return {{"messages",
             json::array(
                 {{{"role", "user"},
                   {"content", json::array({{{"type", "image_url"}, {"image_url", {{"url", url}}}},
                                            {{"type", "text"}, {"text", "What?"}}})}}})},
            {"max_tokens", 4},
            {"temperature", 0}};
  }
};

TEST_F(SeeingRoutes, ShowAPictureOfADataUrl) {
  const std::string bytes =
      read_file(parity_folder("smolvlm") + "/images/a_97x53.png", 1 << 20).value();
  const std::vector<uint8_t> raw(bytes.begin(), bytes.end());
  const auto answer = chat(asking("data:image/png;base64," + to_base64(raw)))->json();
  EXPECT_GT(answer["usage"]["prompt_tokens"], 20) << answer;
  EXPECT_EQ(chat(asking(parity_folder("smolvlm") + "/images/a_97x53.png"))->whole().status, 400);
}

}  // namespace
}  // namespace nelumbo
