// SPDX-License-Identifier: Apache-2.0
#include "apps/serving.h"

#include <atomic>

#include <gtest/gtest.h>

#include "tests/support/http_client.h"
#include "tests/support/parity.h"

namespace nelumbo {
namespace {

/// Counts what it hears.
class CountingListener : public AnswerListener {
 public:
  explicit CountingListener(int64_t most = INT64_MAX) : most_(most) {}

  bool gone() const override { return gone_; }
  void scored(const TokenNews& /*token*/) override { ++scored_; }
  bool drawn(const TokenNews& /*token*/) override { return ++drawn_ < most_; }
  void failed(const Error& error) override {
    error_ = error.message;
    failed_ = true;
  }

  std::atomic<int64_t> scored_ = 0, drawn_ = 0;
  std::atomic<bool> gone_ = false, failed_ = false;
  std::string error_;  ///< once it failed

 private:
  int64_t most_;
};

class ServingTest : public testing::Test {
 protected:
  ServedRequest request(const std::shared_ptr<CountingListener>& listener, int64_t tokens) {
    auto prompt = std::make_shared<Prompt>();
    prompt->id = "prompt";
    prompt->tokens = {5, 6, 7, 8};
    ServedRequest one{.prompt = prompt, .listener = listener};
    one.sampling.max_new_tokens = tokens;
    one.wishes.score_prompt = true;
    return one;
  }
  bool becomes_idle() {
    return comes_true([&] {
      const Occupancy now = serving_.figures().occupancy;
      return now.key_blocks_in_use == 0 && now.running == 0;
    });
  }

  static ChatModel endless() {
    ChatModel model = open_chat_model(parity_folder("llama_tied")).value();
    model.ends.clear();
    return model;
  }

  ChatModel model_ = endless();
  Serving serving_{model_, {.key_blocks = 64}, 1};
};

TEST_F(ServingTest, TellsOfEachToken) {
  const auto listener = std::make_shared<CountingListener>();
  serving_.put({request(listener, 9)});
  EXPECT_TRUE(comes_true([&] { return listener->drawn_ == 9; }));
  EXPECT_EQ(listener->scored_, 3);
  EXPECT_TRUE(becomes_idle());
  EXPECT_GE(serving_.figures().steps, 9);
}

TEST_F(ServingTest, EndsASampleWhenItsListenerHasEnough) {
  const auto listener = std::make_shared<CountingListener>(3);
  serving_.put({request(listener, 100)});
  EXPECT_TRUE(comes_true([&] { return listener->drawn_ == 3; }));
  EXPECT_TRUE(becomes_idle());
  EXPECT_EQ(listener->drawn_, 3);
}

TEST_F(ServingTest, CancelsWhatNobodyWaitsFor) {
  const auto listener = std::make_shared<CountingListener>();
  serving_.put({request(listener, 120)});
  listener->gone_ = true;
  EXPECT_TRUE(comes_true([&] { return serving_.figures().cancelled == 1; }));
  EXPECT_TRUE(becomes_idle());
  EXPECT_LT(listener->drawn_, 120);
}

TEST_F(ServingTest, LetsRequestsFailWhenItStops) {
  const auto running = std::make_shared<CountingListener>(),
             late = std::make_shared<CountingListener>();
  serving_.put({request(running, 120), request(running, 120)});
  serving_.stop();
  EXPECT_TRUE(running->failed_ || running->drawn_ == 240);
  serving_.put({request(late, 5)});
  EXPECT_TRUE(late->failed_);
  EXPECT_EQ(late->error_, "the server is stopping");
  EXPECT_EQ(serving_.figures().occupancy.key_blocks_in_use, 0);
  EXPECT_FALSE(serving_.failure());
}

TEST_F(ServingTest, RefusesWhatCanNeverBeServed) {
  const auto listener = std::make_shared<CountingListener>();
  serving_.put({request(listener, 1 << 20)});
  EXPECT_TRUE(comes_true([&] { return listener->failed_.load(); }));
}

TEST_F(ServingTest, KnowsHowLongAnswersMayBecome) {
  for (const int32_t samples : {1, 2, 3, 7}) {
    const int64_t room = serving_.room_behind(20, samples);
    const auto served = [&](int64_t tokens) {
      const auto listener = std::make_shared<CountingListener>(1);
      ServedRequest one = request(listener, tokens);
      auto prompt = std::make_shared<Prompt>(*one.prompt);
      prompt->tokens.assign(20, 5);
      one.prompt = prompt;
      one.samples = samples;
      serving_.put({one});
      EXPECT_TRUE(comes_true([&] { return listener->failed_ || listener->drawn_ > 0; }));
      return !listener->failed_;
    };
    EXPECT_TRUE(served(room)) << samples;
    EXPECT_FALSE(served(room + 1)) << samples;
  }
}

}  // namespace
}  // namespace nelumbo
