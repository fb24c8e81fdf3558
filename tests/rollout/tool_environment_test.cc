// SPDX-License-Identifier: Apache-2.0
#include "rollout/tool_environment.h"

#include <gtest/gtest.h>

#include "corpus/smear_items.h"
#include "corpus/smear_prompts.h"
#include "corpus/smear_view.h"
#include "tests/support/smears.h"

namespace nelumbo {
namespace {

constexpr int64_t kSize = 16;

std::shared_ptr<const Dialogue> dialogue() {
  static const std::shared_ptr<const Dialogue> made = made_dialogue(4);
  return made;
}

/// Plays the policy's part of one trajectory.
class Play {
 public:
  explicit Play(Prompt prompt, Sampling sampling = {})
      : prompt_(std::move(prompt)), sampling_(sampling), state_(world_.start(prompt_)) {}

  /// Says a turn; the text of what comes back, or how it ended.
  std::string say(const std::vector<int32_t>& turn) {
    put(turn, 1);
    const auto next = world_.after_turn(prompt_, trajectory_, sampling_, &state_);
    if (const auto* finish = std::get_if<Finish>(&next)) {
      trajectory_.finish = *finish;
      return *finish == Finish::kStop ? "stop" : "turns";
    }
    const auto& observation = std::get<Observation>(next);
    put(observation.tokens, 0);
    trajectory_.pixels.insert(trajectory_.pixels.end(), observation.pixels.begin(),
                              observation.pixels.end());
    return dialogue()->text(observation.tokens);
  }
  std::string call(const std::string& text) { return say(dialogue()->tool_turn(text)); }
  std::string answer(const std::string& text) { return say(dialogue()->answer_turn(text)); }
  void put(const std::vector<int32_t>& tokens, uint8_t sampled) {
    trajectory_.tokens.insert(trajectory_.tokens.end(), tokens.begin(), tokens.end());
    trajectory_.sampled.insert(trajectory_.sampled.end(), tokens.size(), sampled);
  }
  Trajectory finish() {
    world_.finish(prompt_, state_, &trajectory_);
    return trajectory_;
  }
  const Prompt& prompt() const { return prompt_; }

 private:
  ToolEnvironment world_{dialogue(), kSize};
  Prompt prompt_;
  Sampling sampling_;
  Trajectory trajectory_;
  Environment::State state_;
};

/// Asks about the left half of the mixed smear, mirrored.
Prompt prompt() {
  const Smear smear = mixed_smear();
  Prompt prompt;
  prompt.id = "test";
  prompt.text = locate_question();
  prompt.tokens = dialogue()->prompt(prompt.text);
  prompt.image = smear.image;
  prompt.view = {0, 0, 320, 480};
  prompt.orientation = {true, 0};
  return prompt;
}

std::string tool_says(const std::string& text) {
  return "\nTool:" + text + "<end_of_utterance>\nAssistant:";
}

TEST(ToolEnvironment, EndsAtAnAnswer) {
  Play play(prompt());
  EXPECT_EQ(play.answer(" white"), "stop");
  const Trajectory done = play.finish();
  EXPECT_TRUE(done.answered);
  EXPECT_EQ(done.answer, "white");
  EXPECT_FALSE(done.answer_box);
  EXPECT_EQ(done.text, "<answer> white</answer><end_of_utterance>");
}

TEST(ToolEnvironment, PutsAnAnswerBoxIntoTheOriginal) {
  Play play(prompt());
  play.answer("<g5><g11><g13><g23>");
  const Trajectory done = play.finish();
  ASSERT_TRUE(done.answer_box);
  // Centre 5.5/24 of a mirrored view of width 320.
  EXPECT_NEAR((done.answer_box->x0 + done.answer_box->x1) / 2, 320 * (1 - 5.5 / 24), 1e-9);
  EXPECT_EQ(done.answer_box->y0, 0);
}

TEST(ToolEnvironment, ShowsTheCropOfAZoom) {
  Play play(prompt());
  EXPECT_EQ(play.call("zoom 0<g5><g5><g14><g14>"),
            tool_says("<fake_token_around_image><global-img><image><fake_token_around_image>"));
  play.answer("0");
  const Trajectory done = play.finish();
  ASSERT_EQ(done.pixels.size(), 1U);
  ASSERT_EQ(done.calls.size(), 1U);
  const ToolCall& call = done.calls[0];
  EXPECT_EQ(call.name, "zoom");
  EXPECT_FALSE(call.error);
  EXPECT_EQ(*done.pixels[0],
            *view_pixels(*play.prompt().image, {*call.original_box, {true, 0}}, kSize));
  EXPECT_EQ(call.first_token, 0);
  EXPECT_EQ(done.tokens[static_cast<size_t>(call.first_token)], dialogue()->tool());
  EXPECT_EQ(done.tokens[static_cast<size_t>(call.last_token) - 1], dialogue()->tool_end());
  EXPECT_EQ(done.answer, "0");
}

TEST(ToolEnvironment, FollowsABoxThroughZoomAndRotation) {
  Play play(prompt());
  play.call("zoom 0<g11><g11><g18><g18>");
  play.call("rotate 1 90");
  EXPECT_EQ(play.call("locate 2 platelet<g2><g20><g5><g7>"), tool_says(" ok"));
  play.answer("1");
  const Trajectory done = play.finish();
  ASSERT_EQ(done.calls.size(), 3U);
  const Frame zoom{*done.calls[0].original_box, {true, 0}};
  const Box expected = to_original(rotated(zoom, 90), box_from_grid({{2, 20, 5, 7}}));
  EXPECT_NEAR(done.calls[2].original_box->x0, expected.x0, 1e-9);
  EXPECT_NEAR(done.calls[2].original_box->y1, expected.y1, 1e-9);
  EXPECT_EQ(done.calls[2].label, "platelet");
}

TEST(ToolEnvironment, TellsThePolicyWhatWentWrong) {
  Play play(prompt(), {.max_turns = 8});
  EXPECT_EQ(play.call("zoom 0"), tool_says(reply::kUnreadable));
  EXPECT_EQ(play.call("rotate 1 90"), tool_says(reply::kNoImage));
  EXPECT_EQ(play.call("fly 0"), tool_says(reply::kUnknownTool));
  EXPECT_EQ(play.say({dialogue()->tool(), dialogue()->end_of_turn()}),
            tool_says(reply::kUnreadable));
  play.answer("1");
  const Trajectory done = play.finish();
  EXPECT_EQ(done.calls.size(), 4U);
  EXPECT_TRUE(done.pixels.empty());
  EXPECT_EQ(done.calls[2].error, reply::kUnknownTool);
  EXPECT_EQ(done.answer, "1");
}

TEST(ToolEnvironment, DoesNotCarryOutACallInTheLastTurn) {
  Play play(prompt(), {.max_turns = 2});
  play.call("zoom 0<g5><g5><g14><g14>");
  EXPECT_EQ(play.call("rotate 1 90"), "turns");
  const Trajectory done = play.finish();
  EXPECT_EQ(done.finish, Finish::kTurns);
  EXPECT_FALSE(done.answered);
  EXPECT_EQ(done.calls.size(), 2U);
  EXPECT_TRUE(done.calls[1].error);
}

TEST(ToolEnvironment, RefusesToolsThatAreOff) {
  Play play(prompt(), {.tools = false});
  EXPECT_EQ(play.call("zoom 0<g5><g5><g14><g14>"), tool_says(reply::kToolsOff));
  EXPECT_EQ(play.answer("1"), "stop");
  EXPECT_TRUE(play.finish().answered);
}

TEST(ToolEnvironment, RefusesMoreCallsThanItsCap) {
  Play play(prompt(), {.max_turns = 100});
  for (int64_t i = 0; i < kMostCalls; ++i)
    play.call("rotate 0 90");
  EXPECT_EQ(play.call("rotate 0 90"), tool_says(reply::kTooMany));
  EXPECT_EQ(std::ssize(play.finish().pixels), kMostCalls);
}

TEST(ToolEnvironment, EndsATurnWithoutTags) {
  Play play(prompt());
  EXPECT_EQ(play.say(dialogue()->words("white")), "stop");
  EXPECT_FALSE(play.finish().answered);
}

TEST(ToolEnvironment, TagsSpeltInPlainCharactersAreNoTags) {
  Play play(prompt());
  EXPECT_EQ(play.say(dialogue()->words("<answer> white</answer>")), "stop");
  EXPECT_FALSE(play.finish().answered);
}

TEST(ToolEnvironment, AnUnclosedAnswerIsNone) {
  Play play(prompt());
  std::vector<int32_t> turn = dialogue()->answer_turn(" white");
  turn.erase(turn.end() - 2);
  EXPECT_EQ(play.say(turn), "stop");
  EXPECT_FALSE(play.finish().answered);
}

TEST(ToolEnvironment, FinishesATrajectoryThatRanOutOfTokens) {
  Play play(prompt());
  play.call("zoom 0<g5><g5><g14><g14>");
  play.put({dialogue()->answer()}, 1);
  const Trajectory done = play.finish();
  EXPECT_FALSE(done.answered);
  EXPECT_EQ(done.calls.size(), 1U);
}

TEST(ToolEnvironment, AnswersDemonstrationsAsTheyWereShown) {
  // Replaying the learned turns of a demonstration gives the observations that it showed.
  const Smear smear = mixed_smear();
  int replayed = 0;
  for (uint64_t number = 0; number < 40; ++number) {
    Random random(5, Purpose::kAugment, number);
    const Frame frame = random_frame(smear, random);
    const SmearQuestion question = ask_any_count(smear, frame, 2, random);
    const auto how = static_cast<CountDemonstration>(random.below(3));
    const TrainingItem item = count_item(question, smear, {frame, kSize, 1}, *dialogue(), how);
    Prompt asked = prompt();
    asked.view = frame.region;
    asked.orientation = frame.orientation;
    Play play(asked);
    std::vector<int32_t> turn;
    for (size_t i = 0; i < item.tokens.size(); ++i) {
      if (item.trained[i] == 1)
        turn.push_back(item.tokens[i]);
      if (item.trained[i] == 1 && item.tokens[i] == dialogue()->end_of_turn()) {
        play.say(turn);
        turn.clear();
      }
    }
    const Trajectory done = play.finish();
    const size_t asked_tokens = dialogue()->question(question.text).size();
    EXPECT_EQ(done.tokens,
              std::vector<int32_t>(item.tokens.begin() + static_cast<int64_t>(asked_tokens),
                                   item.tokens.end()));
    ASSERT_EQ(done.pixels.size(), item.pixels.size());
    for (size_t i = 0; i < done.pixels.size(); ++i)
      EXPECT_EQ(*done.pixels[i], *item.pixels[i]);
    for (const ToolCall& call : done.calls)
      EXPECT_FALSE(call.error) << *call.error;
    EXPECT_EQ(done.answer, question.answer);
    replayed += done.calls.empty() ? 0 : 1;
  }
  EXPECT_GT(replayed, 15);
}

}  // namespace
}  // namespace nelumbo
