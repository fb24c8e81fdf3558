// SPDX-License-Identifier: Apache-2.0
#include "corpus/smear_prompts.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "corpus/smear_view.h"
#include "tests/support/smears.h"

namespace nelumbo {
namespace {

constexpr int64_t kSize = 16;
const TaskConfig kLocates{.type = 0, .count = 0}, kCounts{.locate = 0, .type = 0},
    kReports{.locate = 0, .type = 0, .count = 0, .report = 1};

const Dialogue& dialogue() {
  static const std::shared_ptr<const Dialogue> made = made_dialogue(4);
  return *made;
}

std::vector<Smear> two_smears() {
  std::vector<Smear> smears{mixed_smear(), made_smear({{Cell::Kind::kRed, {10, 10, 110, 110}}})};
  smears[0].name = "first";
  smears[1].name = "second";
  return smears;
}

TEST(SmearPrompts, AreAPureFunctionOfTheirKey) {
  const std::vector<Smear> smears = two_smears();
  const auto make = [&](PromptKey key) {
    return training_prompt(smears, {.whole_share = 0}, dialogue(), kSize, key);
  };
  const Prompt prompt = make({7, 3, 5});
  EXPECT_EQ(make({7, 3, 5}).tokens, prompt.tokens);
  EXPECT_EQ(*make({7, 3, 5}).pixels[0], *prompt.pixels[0]);
  EXPECT_TRUE(prompt.id.starts_with("train/3/5/")) << prompt.id;
  std::set<std::vector<float>> views{prompt.pixels[0]->values};
  for (const PromptKey& other : {PromptKey{8, 3, 5}, PromptKey{7, 4, 5}, PromptKey{7, 3, 6}})
    EXPECT_TRUE(views.insert(make(other).pixels[0]->values).second);
}

TEST(SmearPrompts, FollowTheTaskMix) {
  const std::vector<Smear> smears = two_smears();
  std::map<std::string, int> tasks;
  for (int64_t index = 0; index < 400; ++index)
    ++tasks[training_prompt(smears, {.locate = 2, .type = 1, .count = 1}, dialogue(), kSize,
                            {1, 0, index})
                .task];
  EXPECT_NEAR(tasks["locate"], 200, 40);
  EXPECT_NEAR(tasks["type"], 100, 35);
  EXPECT_NEAR(tasks["count"], 100, 35);
  for (int64_t index = 0; index < 20; ++index)
    EXPECT_EQ(training_prompt(smears, kCounts, dialogue(), kSize, {1, 0, index}).task, "count");
}

TEST(SmearPrompts, ShowWholePicturesAsOftenAsAsked) {
  const std::vector<Smear> smears = two_smears();
  const auto whole = [&](double share) {
    int count = 0;
    for (int64_t index = 0; index < 200; ++index) {
      const Box view =
          training_prompt(smears, {.locate = 1, .type = 1, .count = 0, .whole_share = share},
                          dialogue(), kSize, {1, 0, index})
              .view;
      count += view.width() == 640 && view.height() == 480 ? 1 : 0;
    }
    return count;
  };
  EXPECT_EQ(whole(1), 200);
  EXPECT_NEAR(whole(0.5), 100, 35);
  EXPECT_LE(whole(0), 2);
}

TEST(SmearPrompts, FallBackWhereATaskCannotBeAsked) {
  const std::vector<Smear> bare{made_smear({})};
  EXPECT_EQ(training_prompt(bare, kLocates, dialogue(), kSize, {1, 0, 0}).task, "count");
  const std::vector<Smear> red{two_smears()[1]};
  EXPECT_EQ(training_prompt(red, kLocates, dialogue(), kSize, {1, 0, 0}).truth["answer"], "red");
}

TEST(SmearPrompts, ShowWhatTheirFrameSays) {
  const std::vector<Smear> smears = two_smears();
  for (int64_t index = 0; index < 10; ++index) {
    const Prompt prompt = training_prompt(smears, {}, dialogue(), kSize, {1, 0, index});
    EXPECT_EQ(*prompt.pixels[0],
              *view_pixels(*prompt.image, {prompt.view, prompt.orientation}, kSize));
    EXPECT_EQ(prompt.tokens, dialogue().prompt(prompt.text));
    EXPECT_EQ(prompt.reward, prompt.task);
  }
}

TEST(SmearPrompts, ValidationAsksEachSmearAllThatItCanBeAsked) {
  const std::vector<Smear> smears = two_smears();
  const std::vector<Prompt> prompts = validation_prompts(smears, dialogue(), kSize);
  std::vector<std::string> ids;
  for (const Prompt& prompt : prompts)
    if (prompt.id.starts_with("val/first/"))
      ids.push_back(prompt.id);
  ASSERT_GE(ids.size(), 5U);
  ids.resize(5);  // a second count is a matter of chance
  EXPECT_EQ(ids,
            (std::vector<std::string>{"val/first/locate/0", "val/first/type/0", "val/first/type/1",
                                      "val/first/type/2", "val/first/count/0"}));
  std::set<std::string> unique;
  for (const Prompt& prompt : prompts) {
    EXPECT_TRUE(unique.insert(prompt.id).second) << prompt.id;
    EXPECT_EQ(prompt.view.width(), 640);
    EXPECT_EQ(prompt.orientation, Orientation{});
  }
  EXPECT_EQ(prompts[1].truth["answer"], "white");
  for (const char* name : {"first", "second"})
    EXPECT_TRUE(unique.contains("val/" + std::string(name) + "/report/0"));
  EXPECT_EQ(prompts.back().truth,
            (nlohmann::json{{"white", nlohmann::json::array()}, {"platelets", 0}}));
}

TEST(SmearPrompts, AskForReportsOnlyWhereTheyHaveAWeight) {
  const std::vector<Smear> smears = two_smears();
  for (int64_t index = 0; index < 20; ++index) {
    EXPECT_EQ(training_prompt(smears, kReports, dialogue(), kSize, {1, 0, index}).task, "report");
    EXPECT_NE(training_prompt(smears, {}, dialogue(), kSize, {1, 0, index}).task, "report");
  }
}

TEST(SmearPrompts, ThinkingOnesBringTheirEvidence) {
  const std::vector<Smear> smears = two_smears();
  const std::vector<ThinkingPrompt> drawn = thinking_prompts(smears, 9, dialogue(), kSize, 4);
  ASSERT_EQ(drawn.size(), 9U);
  const std::array tasks{"locate", "type", "count"};
  for (size_t n = 0; n < drawn.size(); ++n) {
    const Prompt& prompt = drawn[n].prompt;
    EXPECT_EQ(prompt.task, tasks[n % 3]);
    EXPECT_EQ(prompt.reward, prompt.task);
    EXPECT_TRUE(prompt.id.starts_with("think/" + std::to_string(n) + "/")) << prompt.id;
    EXPECT_TRUE(prompt.id.ends_with("/" + prompt.task)) << prompt.id;
    EXPECT_EQ(prompt.text, drawn[n].evidence.question + " Think first.");
    EXPECT_EQ(prompt.tokens, dialogue().prompt(prompt.text));
    EXPECT_FALSE(drawn[n].evidence.boxes.empty());
  }
  // The white cell's place in the original is what the evidence has in the view.
  const Prompt& locate = drawn[0].prompt;
  const Box seen = to_original({locate.view, locate.orientation}, drawn[0].evidence.boxes[0]);
  EXPECT_NEAR(seen.x0, locate.truth["boxes"][0][0].get<double>(), 1e-9);
  EXPECT_NEAR(seen.y1, locate.truth["boxes"][0][3].get<double>(), 1e-9);
}

TEST(SmearPrompts, ThinkingOnesDependOnTheirNumberOnly) {
  const std::vector<Smear> smears = two_smears();
  const auto few = thinking_prompts(smears, 2, dialogue(), kSize, 4);
  const auto more = thinking_prompts(smears, 5, dialogue(), kSize, 4);
  EXPECT_EQ(few[1].prompt.tokens, more[1].prompt.tokens);
  EXPECT_EQ(*few[1].prompt.pixels[0], *more[1].prompt.pixels[0]);
  const auto other = thinking_prompts(smears, 2, dialogue(), kSize, 5);
  EXPECT_NE(*few[1].prompt.pixels[0], *other[1].prompt.pixels[0]);
}

TEST(SmearPrompts, BlankPromptsShowGreyHoweverOneLooks) {
  const std::vector<Smear> smears = two_smears();
  const std::vector<Prompt> prompts = validation_prompts(smears, dialogue(), kSize);
  const std::vector<Prompt> blank = blank_image_prompts(prompts);
  ASSERT_EQ(blank.size(), prompts.size());
  for (size_t i = 0; i < blank.size(); ++i) {
    EXPECT_EQ(blank[i].id, prompts[i].id + "/blank");
    EXPECT_EQ(blank[i].tokens, prompts[i].tokens);
    EXPECT_EQ(blank[i].truth, prompts[i].truth);
    EXPECT_EQ(blank[i].image, blank[0].image);  // one grey picture serves all
    EXPECT_EQ(*blank[i].pixels[0],
              *view_pixels(*blank[i].image, {blank[i].view, blank[i].orientation}, kSize));
  }
}

}  // namespace
}  // namespace nelumbo
