// SPDX-License-Identifier: Apache-2.0
#include "actors/preference_stage.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "tests/support/direct_run.h"

namespace nelumbo {
namespace {

namespace fs = std::filesystem;

/// A run whose stage has six pairs, the last two held out; pair i begins with the token i + 1.
class PreferenceRun : public FakeRun {
 public:
  explicit PreferenceRun(std::vector<StageKind> stages) : FakeRun(std::move(stages)) {
    for (PreferenceConfig* config :
         {static_cast<PreferenceConfig*>(&setup.dpo), &setup.reward_model, &setup.prm}) {
      config->steps = 4;
      config->pairs = 2;
      config->validate_every = 2;
    }
    setup.sources.preferences = [](StageKind) -> Result<PreferencePairs> {
      PreferencePairs pairs;
      for (int32_t i = 0; i < 6; ++i) {
        pairs.all.groups.push_back({{i + 1}, {}, {}});
        pairs.all.offsets.push_back(0);
      }
      pairs.train = 4;
      return pairs;
    };
    setup.sources.preference_order = [](StageKind, int64_t first, int64_t count, int64_t train) {
      std::vector<int64_t> places;
      for (int64_t i = first; i < first + count; ++i)
        places.push_back(i % train);
      return places;
    };
    setup.write_score_model = [this](const std::string& place, StageKind kind,
                                     const WeightSet& weights, const Metrics& validation) {
      said = validation;
      std::ofstream(place + "/" + stage_name(kind)) << weights.front().values.front();
      return Result<void>();
    };
  }

  Metrics said;
};

std::string text_of(const fs::path& path) {
  const auto text = read_file(path.string(), 1 << 20);
  return text ? text.value() : "nothing";
}

TEST(PreferenceStage, DpoTrainsFromTheReferenceOfItsStart) {
  PreferenceRun fakes({StageKind::kDpo});
  fakes.open();
  DirectRun run(fakes);
  const PipelineReport report = run.run();
  ASSERT_TRUE(report.end.ok()) << report.end.error().message;
  ASSERT_EQ(run.crew->lines.size(), 4U);
  // The reference scores pair i as 1 - (i + 1) = -i, whatever the weights are by now. The fake's
  // loss is the sum of tokens and offsets: 1 + 2 - 0 - 1, then 3 + 4 - 2 - 3.
  EXPECT_EQ(run.crew->lines[0].values.at("optim/loss"), 2);
  EXPECT_EQ(run.crew->lines[1].values.at("optim/loss"), 2);
  EXPECT_EQ(run.crew->lines[2].values.at("optim/loss"), 2);
  EXPECT_FALSE(run.crew->lines[0].values.contains("eval/dpo/loss"));
  EXPECT_TRUE(run.crew->lines[1].values.contains("eval/dpo/accuracy"));
  EXPECT_TRUE(report.stages[0].last.contains("eval/dpo/margin"));
}

TEST(PreferenceStage, AStoppedRunGoesOnWithTheSameReference) {
  PreferenceRun straight({StageKind::kDpo});
  straight.open();
  const std::string expected = DirectRun(straight).run().weights_hash;

  for (const int64_t stop : {0, 1, 3}) {
    PreferenceRun stopped({StageKind::kDpo});
    stopped.open();
    stopped.steps_left = 2 + stop;  // the reference asks before its two calls, too
    const PipelineReport first = DirectRun(stopped).run();
    ASSERT_FALSE(first.end.ok());
    EXPECT_EQ(first.end.error().code, Errc::kPreempted);
    stopped.steps_left = 1000;
    stopped.open(true);
    const PipelineReport second = DirectRun(stopped).run();
    ASSERT_TRUE(second.end.ok()) << second.end.error().message;
    EXPECT_EQ(second.weights_hash, expected) << "stopped at " << stop;
  }
}

TEST(PreferenceStage, AScoreModelIsWrittenAndThePolicyStays) {
  for (const StageKind kind : {StageKind::kRewardModel, StageKind::kPrm}) {
    PreferenceRun fakes({kind});
    if (kind == StageKind::kPrm)
      fakes.setup.sources.preferences = [](StageKind) -> Result<PreferencePairs> {
        PreferencePairs pairs;
        for (int32_t i = 0; i < 3; ++i) {
          pairs.all.groups.push_back({{i + 1}, {}, {}});
          pairs.all.labels.push_back({1, 0});
        }
        pairs.train = 2;
        return pairs;
      };
    fakes.open();
    const PipelineReport report = DirectRun(fakes).run();
    ASSERT_TRUE(report.end.ok()) << report.end.error().message;
    EXPECT_EQ(report.weights_hash, weights_hash(fake_weights(1)));
    const std::string name = stage_name(kind);
    const fs::path place = fs::path(fakes.directory->path()) / name / name;
    EXPECT_NE(text_of(place), "nothing");
    EXPECT_NE(text_of(place), "0");
    EXPECT_TRUE(fakes.said.contains("eval/" + name + "/loss"));
    EXPECT_EQ(fakes.said.contains("eval/prm/f1"), kind == StageKind::kPrm);
  }
}

TEST(PreferenceStage, AStoppedScoreModelEndsTheSame) {
  std::string written[2];
  for (const int stop : {0, 1}) {
    PreferenceRun fakes({StageKind::kRewardModel});
    fakes.open();
    if (stop == 1) {
      fakes.steps_left = 2;
      ASSERT_FALSE(DirectRun(fakes).run().end.ok());
      fakes.steps_left = 1000;
      fakes.open(true);
    }
    ASSERT_TRUE(DirectRun(fakes).run().end.ok());
    written[stop] = text_of(fs::path(fakes.directory->path()) / "reward_model/reward_model");
  }
  EXPECT_EQ(written[0], written[1]);
}

TEST(PreferenceStage, IsDoneAtOnceWithoutSteps) {
  PreferenceRun fakes({StageKind::kRewardModel});
  fakes.setup.reward_model.steps = 0;
  fakes.setup.sources.preferences = nullptr;
  fakes.open();
  EXPECT_TRUE(DirectRun(fakes).run().end.ok());
}

TEST(PreferenceStage, SaysWhyThereAreNoPairs) {
  PreferenceRun fakes({StageKind::kDpo});
  fakes.setup.sources.preferences = [](StageKind) -> Result<PreferencePairs> {
    return Error{Errc::kBadData, "no pairs"};
  };
  fakes.open();
  const PipelineReport report = DirectRun(fakes).run();
  ASSERT_FALSE(report.end.ok());
  EXPECT_EQ(report.end.error().message, "dpo: no pairs");
}

}  // namespace
}  // namespace nelumbo
