// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "apps/openai_routes.h"
#include "tests/apps/kept_reply.h"
#include "tests/support/chat_model_folder.h"
#include "tests/support/http_client.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {

/// A tiny model that is served without a network between. After each test no key block is in use.
class ServedModel : public testing::Test {
 protected:
  explicit ServedModel(void (*put_model)(const std::string&) = put_chat_model,
                       const EngineConfig& engine = {}) {
    put_model(folder_.path());
    auto opened = open_chat_model(folder_.path());
    EXPECT_TRUE(opened.ok()) << opened.error().message;
    model_ = std::make_unique<ChatModel>(std::move(opened).value());
    serving_ = std::make_unique<Serving>(*model_, engine, 2);
    routes_ = std::make_unique<OpenAiRoutes>(*model_, *serving_,
                                             std::vector<std::string>{"tiny", "a/tiny"}, 5);
  }

  void TearDown() override {
    EXPECT_TRUE(comes_true([&] {
      const Occupancy left = serving_->figures().occupancy;
      return left.key_blocks_in_use == 0 && left.running == 0 && left.waiting == 0;
    }));
  }

  std::shared_ptr<KeptReply> ask(const std::string& method, const std::string& path,
                                 const std::string& body = "") {
    auto reply = std::make_shared<KeptReply>();
    routes_->handle({.method = method, .path = path, .authorization = "", .body = body}, reply);
    return reply;
  }
  std::shared_ptr<KeptReply> complete(const nlohmann::json& body) {
    return ask("POST", "/v1/completions", body.dump());
  }
  std::shared_ptr<KeptReply> chat(const nlohmann::json& body) {
    return ask("POST", "/v1/chat/completions", body.dump());
  }

  TemporaryFolder folder_;
  std::unique_ptr<ChatModel> model_;
  std::unique_ptr<Serving> serving_;
  std::unique_ptr<OpenAiRoutes> routes_;
};

}  // namespace nelumbo
