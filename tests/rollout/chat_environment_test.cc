// SPDX-License-Identifier: Apache-2.0
#include "rollout/chat_environment.h"

#include <gtest/gtest.h>

#include "base/check.h"

namespace nelumbo {
namespace {

class ChatEnvironmentTest : public testing::Test {
 protected:
  static std::shared_ptr<const Tokenizer> trained() {
    auto made = train_tokenizer({"Yes.", "No."}, {.vocab_size = 300, .special_tokens = {"<end>"}});
    NELUMBO_CHECK(made.ok()) << made.error().message;
    return std::make_shared<const Tokenizer>(std::move(made).value());
  }

  std::shared_ptr<const Tokenizer> tokenizer_ = trained();
  int32_t end_ = tokenizer_->id("<end>").value();
  ChatEnvironment world_{tokenizer_, {end_}};
};

TEST_F(ChatEnvironmentTest, EndsAtAnEndToken) {
  EXPECT_TRUE(world_.ends_turn(end_));
  EXPECT_FALSE(world_.ends_turn(end_ + 1));
  EXPECT_FALSE(ChatEnvironment(tokenizer_, {}).ends_turn(end_));
}

TEST_F(ChatEnvironmentTest, TheWholeTextIsTheAnswer) {
  Trajectory trajectory;
  trajectory.tokens = tokenizer_->encode("Yes.", Tokenizer::Control::kPlain);
  trajectory.tokens.push_back(end_);
  Environment::State state = world_.start({});
  const auto next = world_.after_turn({}, trajectory, {}, &state);
  EXPECT_EQ(std::get<Finish>(next), Finish::kStop);
  world_.finish({}, state, &trajectory);
  EXPECT_TRUE(trajectory.answered);
  EXPECT_EQ(trajectory.text, "Yes.");
  EXPECT_EQ(trajectory.answer, "Yes.");
}

TEST_F(ChatEnvironmentTest, TheAnswerStandsWhereItsFormSays) {
  const ChatEnvironment world{tokenizer_, {end_}, AnswerForm::kLastNumber};
  for (const auto& [text, answer] : {std::pair{"Yes, 3.", "3"}, std::pair{"Yes.", ""}}) {
    Trajectory trajectory;
    trajectory.tokens = tokenizer_->encode(text, Tokenizer::Control::kPlain);
    trajectory.tokens.push_back(end_);
    Environment::State state = world.start({});
    world.after_turn({}, trajectory, {}, &state);
    world.finish({}, state, &trajectory);
    EXPECT_EQ(trajectory.text, text);
    EXPECT_EQ(trajectory.answer, answer);
    EXPECT_EQ(trajectory.answered, *answer != '\0');
  }
}

TEST_F(ChatEnvironmentTest, AnAnswerThatWasCutIsNone) {
  Trajectory trajectory;
  trajectory.tokens = tokenizer_->encode("Yes.", Tokenizer::Control::kPlain);
  world_.finish({}, world_.start({}), &trajectory);
  EXPECT_FALSE(trajectory.answered);
}

}  // namespace
}  // namespace nelumbo
