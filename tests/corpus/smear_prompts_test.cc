// SPDX-License-Identifier: Apache-2.0
#include "corpus/smear_prompts.h"

#include <algorithm>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "corpus/smear_view.h"
#include "tests/support/smears.h"

namespace nelumbo {
namespace {

constexpr int64_t kSize = 16;

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
  std::set<std::vector<float>> views{*prompt.pixels[0]};
  for (const PromptKey& other : {PromptKey{8, 3, 5}, PromptKey{7, 4, 5}, PromptKey{7, 3, 6}})
    EXPECT_TRUE(views.insert(*make(other).pixels[0]).second);
}

TEST(SmearPrompts, FollowTheTaskMix) {
  const std::vector<Smear> smears = two_smears();
  std::map<std::string, int> tasks;
  for (int64_t index = 0; index < 400; ++index)
    ++tasks[training_prompt(smears, {2, 1, 1, 0.5}, dialogue(), kSize, {1, 0, index}).task];
  EXPECT_NEAR(tasks["locate"], 200, 40);
  EXPECT_NEAR(tasks["type"], 100, 35);
  EXPECT_NEAR(tasks["count"], 100, 35);
  for (int64_t index = 0; index < 20; ++index)
    EXPECT_EQ(training_prompt(smears, {0, 0, 1, 0.5}, dialogue(), kSize, {1, 0, index}).task,
              "count");
}

TEST(SmearPrompts, ShowWholePicturesAsOftenAsAsked) {
  const std::vector<Smear> smears = two_smears();
  const auto whole = [&](double share) {
    int count = 0;
    for (int64_t index = 0; index < 200; ++index) {
      const Box view =
          training_prompt(smears, {1, 1, 0, share}, dialogue(), kSize, {1, 0, index}).view;
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
  EXPECT_EQ(training_prompt(bare, {1, 0, 0, 0.5}, dialogue(), kSize, {1, 0, 0}).task, "count");
  const std::vector<Smear> red{two_smears()[1]};
  EXPECT_EQ(training_prompt(red, {1, 0, 0, 0.5}, dialogue(), kSize, {1, 0, 0}).truth["answer"],
            "red");
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
