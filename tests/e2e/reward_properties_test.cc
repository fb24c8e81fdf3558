// SPDX-License-Identifier: Apache-2.0
//
// What must hold for any specification and any answers: random specifications, with judges that
// now and then fail and every form of the process layer, ten random answers each, scored with
// planted failures and sent on to the advantages.
#include <array>
#include <cmath>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "actors/reward_actor.h"
#include "base/check.h"
#include "base/rng.h"
#include "learner/advantages.h"
#include "reward/candidate.h"
#include "reward/scorer.h"
#include "reward/task_spec.h"
#include "reward/trace.h"
#include "reward/trace_reader.h"
#include "tests/support/reward_dice.h"

namespace nelumbo {
namespace {

/// How many: NELUMBO_PROPERTY_SPECS, by hand; ten thousand otherwise.
const int64_t kSpecs = [] {
  const char* asked = std::getenv("NELUMBO_PROPERTY_SPECS");
  return asked == nullptr ? int64_t{10'000} : std::atoll(asked);
}();
constexpr int64_t kAnswers = 10;

/// Fails on some answers, and matches none.
class FailsNowAndThen : public Term {
 public:
  explicit FailsNowAndThen(uint64_t seed) : dice_(seed) {}
  Result<Verdict> judge(const Scene&) const override {
    if (dice_.chance(0.1))
      return Error{Errc::kUnavailable, "planted"};
    return Verdict{0, ""};
  }

 private:
  mutable Dice dice_;
};

/// A specification with a group that it has scored.
struct Trial {
  std::optional<TaskSpec> spec;
  std::optional<double> gate_value;  ///< none: what the worst answer gets
  ScoredGroup scored;
};

std::optional<Trial> trial(uint64_t seed) {
  Dice dice(seed);
  Trial made;
  if (dice.chance(0.7))
    made.gate_value = std::round(dice.between(-1, 0) * 64) / 64;
  const std::string text = spec_text(dice, made.gate_value);
  const auto node = SpecNode::parse(text, "any.yaml");
  NELUMBO_CHECK(node.ok()) << node.error().message;
  const std::vector<std::string> judges = {"grader"};
  auto spec = TaskSpec::read("any", node.value(), judges);
  if (!spec) {  // all that may be wrong: shaping over the rule layer, a gate over a wrong answer
    const std::string& why = spec.error().message;
    EXPECT_TRUE(why.find("shaping") != std::string::npos ||
                why.find("it would pay to violate 'magic'") != std::string::npos)
        << why;
    return std::nullopt;
  }
  made.spec = std::move(spec).value();
  if (dice.chance(0.5))
    made.spec->gate.push_back({"flaky", "minor", 0, std::make_unique<FailsNowAndThen>(seed)});
  auto group = std::make_shared<Group>();
  group->prompt = any_prompt();
  for (int64_t i = 0; i < kAnswers; ++i)
    group->trajectories.push_back(any_answer(dice, *group->prompt));
  const double pace = dice.chance(0.2) ? 0.8 : 0;  // seconds that each look at the clock takes
  double seconds = 0;
  std::vector<NamedJudge> panel;
  if (text.find("grader") != std::string::npos)
    panel.push_back(named("grader", any_mind(seed)));
  made.scored = {
      group,
      score_group(
          *made.spec, *group, [&] { return seconds += pace; }, JudgePanel(std::move(panel))),
      "0123456789abcdef0123456789abcdef"};
  return made;
}

bool is_score(const Outcome& outcome) {
  return outcome.kind == Outcome::Kind::kScore;
}

/// But for shaping, no answer may get less than one that a gate stops, whatever its value.
void expect_no_smaller_total(const Trial& trial, const Outcome& stopped) {
  for (const Outcome& other : trial.scored.outcomes) {
    if (is_score(other)) {
      EXPECT_LE(stopped.total, other.total - other.shaping + 1e-9);
    }
  }
}

/// But for shaping, no answer may get less than one that a gate without a value stops.
void expect_no_worse_answer(const Trial& trial, const Outcome& stopped) {
  EXPECT_LE(stopped.total, 0);
  for (const Outcome& other : trial.scored.outcomes) {
    if (!is_score(other))
      continue;
    EXPECT_LE(stopped.total, other.total - other.shaping + 1e-12);
    EXPECT_LE(stopped.rule, other.rule - other.shaping + 1e-12);
    EXPECT_LE(stopped.rubric, other.rubric + 1e-12);
  }
}

void expect_gate_value(const Trial& trial, size_t i) {
  const Outcome& outcome = trial.scored.outcomes[i];
  const std::string& text = trial.scored.group->trajectories[i].text;
  const bool hit = text.find(kGateWord) != std::string::npos;
  ASSERT_EQ(outcome.gate == "magic", hit) << text;
  if (!hit)
    return;
  if (trial.gate_value) {
    EXPECT_EQ(outcome.total, *trial.gate_value);
    EXPECT_EQ(outcome.rule, *trial.gate_value);
    EXPECT_EQ(outcome.rubric, *trial.gate_value);
    expect_no_smaller_total(trial, outcome);
  } else {
    expect_no_worse_answer(trial, outcome);
  }
  EXPECT_EQ(outcome.shaping, 0);
  EXPECT_TRUE(outcome.steps.empty());
}

void expect_weights_of_one(const Outcome& outcome) {
  double weights = 0;
  for (const Component& component : outcome.components)
    if (component.layer == "rule" || component.layer == "rubric" || component.layer == "process")
      weights += component.weight;
  EXPECT_NEAR(weights, 1, 1e-9);
}

/// Of two answers that differ in being right and not in rubric or steps, the right one is ahead.
void expect_no_flip(const std::vector<Outcome>& outcomes) {
  for (const Outcome& right : outcomes)
    for (const Outcome& wrong : outcomes) {
      const auto plain = [](const Outcome& o) {
        return is_score(o) && o.gate.empty() &&
               (o.process > 0 || o.credit != StepCredit::kMultiplier);
      };
      if (!plain(right) || !plain(wrong) || right.rubric != wrong.rubric ||
          right.process != wrong.process)
        continue;
      if (right.rule - right.shaping > 1 - 1e-9 && wrong.rule - wrong.shaping < 1e-9) {
        EXPECT_GT(right.total, wrong.total);
      }
    }
}

TEST(RewardProperties, HoldForAnySpecificationAndAnswer) {
  int64_t answers = 0, gated = 0, right = 0;
  for (uint64_t seed = 0; answers < kSpecs * kAnswers; ++seed) {
    const auto made = trial(seed);
    ASSERT_FALSE(HasFailure()) << "specification " << seed;
    if (!made)
      continue;
    for (size_t i = 0; i < made->scored.outcomes.size(); ++i) {
      const Outcome& outcome = made->scored.outcomes[i];
      ++answers;
      if (!is_score(outcome))
        continue;
      ASSERT_TRUE(std::isfinite(outcome.total));
      EXPECT_GE(outcome.total, -61);  // three faults of ten points over half a point, and shaping
      EXPECT_LE(outcome.total, 1.05 + 1e-9);
      expect_gate_value(*made, i);
      expect_weights_of_one(outcome);
      gated += outcome.gate.empty() ? 0 : 1;
      right += outcome.rule >= 0.5 ? 1 : 0;
    }
    expect_no_flip(made->scored.outcomes);
    ASSERT_FALSE(HasFailure()) << "specification " << seed;
  }
  EXPECT_GT(gated, answers / 20);
  EXPECT_GT(right, answers / 20);
}

/// The group without the answers that are no scores, as if they had never been drawn.
ScoredGroup scores_of(const ScoredGroup& scored) {
  ScoredGroup left;
  auto group = std::make_shared<Group>(*scored.group);
  group->trajectories.clear();
  for (size_t i = 0; i < scored.outcomes.size(); ++i)
    if (is_score(scored.outcomes[i])) {
      group->trajectories.push_back(scored.group->trajectories[i]);
      left.outcomes.push_back(scored.outcomes[i]);
    }
  left.group = group;
  return left;
}

/// What is no score trains nothing, and the others are trained as if it were not there.
void expect_only_scores_train(const ScoredGroup& scored, AdvantageKind kind) {
  AdvantageStats stats, stats_without;
  const std::vector<ScoredGroup> whole = {scored}, without = {scores_of(scored)};
  const auto got = token_advantages(whole, kind, stats).front();
  const auto expected = token_advantages(without, kind, stats_without).front();
  EXPECT_EQ(has_spread(scored, kind), has_spread(without.front(), kind));
  size_t next = 0;
  for (size_t i = 0; i < got.size(); ++i) {
    if (is_score(scored.outcomes[i]))
      EXPECT_EQ(got[i], expected[next++]);
    else
      EXPECT_FALSE(got[i].has_value());
  }
  EXPECT_EQ(stats.unscored, std::ssize(scored.outcomes) - static_cast<int64_t>(next));
}

/// Through the trace and back it stays what it is.
void expect_kept_in_trace(const ScoredGroup& scored) {
  const auto line = to_trace(scored);
  const auto read =
      from_trace(line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace), "here");
  ASSERT_TRUE(read.ok()) << read.error().message;
  for (size_t i = 0; i < scored.outcomes.size(); ++i) {
    EXPECT_EQ(read.value().outcomes[i].kind, scored.outcomes[i].kind);
    EXPECT_EQ(line["trajectories"][i]["outcome"].contains("total"), is_score(scored.outcomes[i]));
  }
  EXPECT_EQ(read.value().spec_hash, scored.spec_hash);
}

TEST(RewardProperties, NothingButAScoreTrains) {
  std::array<int64_t, 4> kinds{};
  int64_t answers = 0;
  for (uint64_t seed = 0; answers < kSpecs * kAnswers; ++seed) {
    const auto made = trial(seed);
    ASSERT_FALSE(HasFailure()) << "specification " << seed;
    if (!made)
      continue;
    for (const Outcome& outcome : made->scored.outcomes) {
      ++answers;
      ++kinds[static_cast<size_t>(outcome.kind)];
    }
    for (const AdvantageKind kind :
         {AdvantageKind::kGrpo, AdvantageKind::kDrGrpo, AdvantageKind::kRloo, AdvantageKind::kGdpo})
      expect_only_scores_train(made->scored, kind);
    if (seed % 10 == 0)
      expect_kept_in_trace(made->scored);
    ASSERT_FALSE(HasFailure()) << "specification " << seed;
  }
  for (const int64_t count : kinds)  // each kind occurs, or nothing was shown of it
    EXPECT_GT(count, 1000);
}

/// Gives the outcomes that it was made with.
class Given : public RewardSpec {
 public:
  explicit Given(std::vector<Outcome> outcomes) : outcomes_(std::move(outcomes)) {}
  std::vector<std::string> names() const override { return {"any"}; }
  Result<void> check_prompt(const Prompt&) const override { return {}; }
  std::vector<Outcome> score(const Group&) const override { return outcomes_; }
  std::string hash() const override { return "given"; }

 private:
  std::vector<Outcome> outcomes_;
};

TEST(RewardProperties, TheRewardActorPassesOutcomesOnAsTheyAre) {
  for (uint64_t seed = 0; seed < 200; ++seed) {
    const auto made = trial(seed);
    ASSERT_FALSE(HasFailure()) << "specification " << seed;
    if (!made)
      continue;
    const auto passed = score_group(Given(made->scored.outcomes), made->scored.group);
    ASSERT_TRUE(passed.ok());
    for (size_t i = 0; i < made->scored.outcomes.size(); ++i)
      EXPECT_EQ(passed.value()->outcomes[i].kind, made->scored.outcomes[i].kind);
    EXPECT_EQ(passed.value()->spec_hash, "given");
  }
}

}  // namespace
}  // namespace nelumbo
