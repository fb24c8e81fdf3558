// SPDX-License-Identifier: Apache-2.0
#include "apps/evaluation_book.h"

#include <nlohmann/json.hpp>

#include "tests/apps/sample_run.h"
#include "tests/apps/small_policy.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

using nlohmann::json;

/// Every prompt of a mode answered alike: worth `reward` and without an answer.
EvaluationAnswers answers_to(const std::string& mode,
                             const std::vector<std::shared_ptr<const Prompt>>& prompts,
                             double reward) {
  EvaluationAnswers answers{mode, {}};
  for (const auto& prompt : prompts) {
    auto group = std::make_shared<Group>();
    group->prompt = prompt;
    group->trajectories.emplace_back();
    Outcome outcome;
    outcome.total = reward;
    answers.groups.push_back({group, {outcome}});
  }
  return answers;
}

std::vector<EvaluationAnswers> all_answers(double reward) {
  const auto materials = tiny_materials();
  return {answers_to("greedy", materials->validation, reward),
          answers_to("sampled", materials->validation, reward)};
}

TEST(EvaluationBook, AsksGreedilyAndSampledAndWithControlsOnlyAtTheEnds) {
  const auto brief = evaluation_modes(*tiny_materials(), Occasion::kValidation);
  ASSERT_EQ(brief.size(), 2U);
  EXPECT_EQ(brief[0].sampling.temperature, 0);
  const auto full = evaluation_modes(*tiny_materials(), Occasion::kAfter);
  ASSERT_EQ(full.size(), 4U);
  EXPECT_EQ(full[2].name, "blank");
  EXPECT_EQ(full[3].name, "no_tool");
  EXPECT_FALSE(full[3].sampling.tools);
}

std::shared_ptr<const Prompt> prompt_of(const std::string& task, bool with_picture) {
  auto prompt = std::make_shared<Prompt>();
  prompt->id = prompt->task = task;
  if (with_picture)
    prompt->image = std::make_shared<const Image>();
  return prompt;
}

std::vector<std::string> tasks_of(const EvaluationPass& pass) {
  std::vector<std::string> tasks;
  for (const auto& prompt : pass.prompts)
    tasks.push_back(prompt->task);
  return tasks;
}

TEST(EvaluationBook, AsksNoExamsWithinRl) {
  Materials materials;
  materials.validation = {prompt_of("locate", true), prompt_of("multihop", false),
                          prompt_of("medqa", false)};
  for (const EvaluationPass& pass : evaluation_modes(materials, Occasion::kValidation))
    EXPECT_EQ(tasks_of(pass), (std::vector<std::string>{"locate", "multihop"}));
  EXPECT_EQ(evaluation_modes(materials, Occasion::kBefore)[0].prompts.size(), 3U);
}

TEST(EvaluationBook, AsksEachControlOfThePromptsItIsFor) {
  const auto picture = prompt_of("locate", true), words = prompt_of("medqa", false);
  const auto passes = control_passes({picture, words}, {picture}, {words}, Sampling());
  ASSERT_EQ(passes.size(), 3U);
  EXPECT_EQ(tasks_of(passes[1]), (std::vector<std::string>{"locate"}));
  EXPECT_EQ(passes[2].name, "shuffled");
  EXPECT_EQ(tasks_of(passes[2]), (std::vector<std::string>{"medqa"}));
  EXPECT_TRUE(passes[2].sampling.tools);
  EXPECT_TRUE(control_passes({words}, {}, {}, Sampling()).empty());
}

TEST(EvaluationBook, JudgesByTheMeanSampledReward) {
  const TemporaryFolder folder;
  EvaluationBook book(tiny_config(), folder.path());
  const Judgement judgement = book.judge({Occasion::kValidation, 5}, all_answers(0.25));
  EXPECT_DOUBLE_EQ(judgement.value, 0.25);
  EXPECT_DOUBLE_EQ(judgement.metrics.at("eval/locate/sampled_reward"), 0.25);
  EXPECT_FALSE(book.failure().has_value());
  EXPECT_FALSE(std::filesystem::exists(folder / "evaluation.json"));
}

TEST(EvaluationBook, ComparesWithWhatAnEarlierProcessRecorded) {
  const TemporaryFolder folder;
  EvaluationBook(tiny_config(), folder.path()).judge({Occasion::kBefore, 5}, all_answers(0.25));
  EvaluationBook(tiny_config(), folder.path()).judge({Occasion::kAfter, 9}, all_answers(0.75));
  const json all = json::parse(slurp(folder / "evaluation.json"));
  ASSERT_EQ(all["policies"].size(), 2U);
  EXPECT_EQ(all["policies"][0]["step"], 5);
  EXPECT_EQ(all["policies"][1]["name"], "after RL");
  bool compared = false;
  for (const json& one : all["paired"])
    if (one["compared"] == "sampled reward: after RL - before RL" && one["name"] == "mean") {
      compared = true;
      EXPECT_DOUBLE_EQ(one["difference"], 0.5);
    }
  EXPECT_TRUE(compared);
}

TEST(EvaluationBook, DrawsIntervalsAlikeWhoeverAsks) {
  const auto book = [](int64_t seed, int64_t before, int64_t after) {
    const TemporaryFolder folder;
    RunConfig config = tiny_config();
    config.run.seed = seed;
    config.evaluate.bootstrap = before;
    EvaluationBook(config, folder.path()).judge({Occasion::kBefore, 5}, all_answers(0.25));
    const std::string kept = slurp(folder / "evaluation/before.json");
    config.evaluate.bootstrap = after;
    EvaluationBook(config, folder.path()).judge({Occasion::kAfter, 9}, all_answers(0.75));
    return std::pair(kept, slurp(folder / "evaluation.json"));
  };
  // Neither the seed of the run nor what an earlier process drew with says anything.
  EXPECT_EQ(book(1, 50, 70), book(2, 90, 70));
}

TEST(EvaluationBook, RemembersThatItCouldNotWrite) {
  EvaluationBook book(tiny_config(), "/proc/no/such/run");
  book.judge({Occasion::kAfter, 5}, all_answers(0));
  ASSERT_TRUE(book.failure().has_value());
  EXPECT_EQ(book.failure()->code, Errc::kEnvironment);
}

}  // namespace
}  // namespace nelumbo
