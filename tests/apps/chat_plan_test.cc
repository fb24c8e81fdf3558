// SPDX-License-Identifier: Apache-2.0
#include "apps/chat_plan.h"

#include <filesystem>
#include <set>

#include <gtest/gtest.h>

#include "apps/chat_materials.h"
#include "apps/open_model.h"
#include "tests/apps/chat_run.h"

namespace nelumbo {
namespace {

class ChatPlanTest : public ChatRunTest {
 protected:
  PipelineSetup setup(const std::vector<std::string>& overrides = {}) {
    const RunConfig config = config_of(overrides);
    auto plan = load_chat_plan(config, "c.yaml");
    NELUMBO_CHECK(plan.ok()) << plan.error().message;
    plan_ = std::move(plan).value();
    return plan_->setup(stages_of(config).value(),
                        std::make_shared<EvaluationBook>(config, run_.path()), run_.path());
  }

  /// Every prompt of the filter answered: right where `right` says so, else wrong.
  Result<Metrics> tell(const PipelineSetup& setup, int64_t step,
                       const std::set<std::string>& right) {
    std::vector<ScoredGroup> groups;
    for (const auto& prompt : setup.sources.filter_prompts(step)) {
      auto group = std::make_shared<Group>();
      group->prompt = prompt;
      group->trajectories.resize(2);
      group->trajectories[0].answered = right.contains(prompt->id);
      group->trajectories[0].answer = prompt->truth["answer"];
      groups.push_back({group, {}});
    }
    return setup.sources.keep_pass_rates(groups);
  }

  TemporaryFolder run_;
  std::unique_ptr<const RunPlan> plan_;
};

std::set<std::string> ids_of(const std::vector<std::shared_ptr<const Prompt>>& prompts) {
  std::set<std::string> ids;
  for (const auto& prompt : prompts)
    ids.insert(prompt->id);
  return ids;
}

TEST_F(ChatPlanTest, TriesEveryPromptOnceAndValidationLast) {
  const PipelineSetup setup = this->setup({"filter.prompts=5", "filter.max_prompts=6"});
  EXPECT_EQ(setup.filter_steps, 2);  // 6 of 8 to train on, 2 held out
  std::set<std::string> all = ids_of(setup.sources.filter_prompts(0));
  all.merge(ids_of(setup.sources.filter_prompts(1)));
  EXPECT_EQ(all.size(), 8U);
  EXPECT_TRUE(all.contains("rows.jsonl:5"));
  EXPECT_TRUE(all.contains("rows.jsonl:10"));
}

TEST_F(ChatPlanTest, TrainsAndValidatesOnWhatIsKept) {
  const PipelineSetup setup = this->setup({"filter.prompts=10"});
  const auto metrics = tell(setup, 0, {"rows.jsonl:1", "rows.jsonl:3", "rows.jsonl:10"});
  ASSERT_TRUE(metrics.ok()) << metrics.error().message;
  EXPECT_EQ(metrics.value().at("filter/kept"), 3);
  EXPECT_EQ(ids_of(setup.sources.rl_prompts(0, 0, 2)),
            (std::set<std::string>{"rows.jsonl:1", "rows.jsonl:3"}));
  const auto passes = setup.sources.evaluation(Occasion::kValidation);
  ASSERT_EQ(passes.size(), 2U);
  EXPECT_EQ(ids_of(passes[0].prompts), std::set<std::string>{"rows.jsonl:10"});
}

TEST_F(ChatPlanTest, AsksTheTestOfFiguresAlone) {
  std::ofstream(data_ / "test.jsonl") << R"({"question": "40 + 2?", "answer": "42"})"
                                      << "\n";
  const PipelineSetup setup =
      this->setup({"filter.prompts=10", "chat.test=" + data_ / "test.jsonl"});
  const auto metrics = tell(setup, 0, {"rows.jsonl:1", "rows.jsonl:3", "rows.jsonl:10"});
  ASSERT_TRUE(metrics.ok()) << metrics.error().message;
  for (Occasion occasion : {Occasion::kBefore, Occasion::kAfter})
    EXPECT_EQ(ids_of(setup.sources.evaluation(occasion)[0].prompts),
              std::set<std::string>{"test.jsonl:1"});
  EXPECT_EQ(ids_of(setup.sources.evaluation(Occasion::kValidation)[0].prompts),
            std::set<std::string>{"rows.jsonl:10"});
  EXPECT_EQ(plan_->figures()["conversations"]["test"], 1);
}

TEST_F(ChatPlanTest, EndsWhenNothingIsKept) {
  const PipelineSetup setup = this->setup({"filter.prompts=10"});
  const auto metrics = tell(setup, 0, {"rows.jsonl:1"});
  ASSERT_FALSE(metrics.ok());
  EXPECT_EQ(metrics.error().code, Errc::kCheckFailed);
  EXPECT_NE(metrics.error().message.find("no prompt of validation"), std::string::npos);
}

TEST_F(ChatPlanTest, ShowsEveryConversationBeforeAnyAgain) {
  const PipelineSetup setup = this->setup({"pipeline=[sft, filter]", "sft.questions=4"});
  std::set<std::vector<int32_t>> seen;
  for (int64_t step = 0; step < 2; ++step) {
    const auto batch = setup.sources.token_batch(StageKind::kSft, step);
    ASSERT_TRUE(batch.ok()) << batch.error().message;
    ASSERT_EQ(batch.value().size(), 4U);
    for (const TrainingGroup& group : batch.value())
      seen.insert(group.prefix);
  }
  EXPECT_EQ(seen.size(), 8U);
  EXPECT_EQ(setup.sources.token_validation(StageKind::kSft).size(), 2U);
}

TEST_F(ChatPlanTest, JudgesTokensByTheirAccuracy) {
  const PipelineSetup setup = this->setup();
  const Judgement judged = setup.sources.judge_tokens(
      StageKind::kSft, {{"loss/chat", 0.5}, {"accuracy/chat", 0.75}}, {});
  EXPECT_EQ(judged.value, 0.75);
  EXPECT_EQ(judged.metrics.at("eval/chat/loss"), 0.5);
}

TEST_F(ChatPlanTest, WritesAModelThatOpensAgain) {
  const PipelineSetup setup = this->setup();
  TemporaryFolder out;
  ASSERT_TRUE(setup.write_model(out.path(), *setup.weights).ok());
  const auto model = open_chat_model(out.path());
  ASSERT_TRUE(model.ok()) << model.error().message;
  EXPECT_EQ(weights_hash(*open_model(out.path()).value().weights), weights_hash(*setup.weights));
  EXPECT_TRUE(chat_tokens(model.value(), "Hello").ok());
}

TEST_F(ChatPlanTest, TellsWhatItIs) {
  (void)setup();
  EXPECT_NE(plan_->summary().find("LlamaForCausalLM"), std::string::npos);
  EXPECT_EQ(plan_->figures()["conversations"]["validation"], 2);
}

}  // namespace
}  // namespace nelumbo
