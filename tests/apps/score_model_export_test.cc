// SPDX-License-Identifier: Apache-2.0
#include "apps/score_model_export.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "tests/apps/small_policy.h"
#include "tests/support/parity.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

nlohmann::json json_of(const std::string& path) {
  return nlohmann::json::parse(read_file(path, 1 << 20).value());
}

TEST(ScoreModelExport, WritesWhatReadsBackFromAnOpenModel) {
  const ParityModel policy("llama_untied_sharded_rope_llama3");
  const auto documents = open_model_documents(parity_folder("llama_untied_sharded_rope_llama3"));
  ASSERT_TRUE(documents.ok()) << documents.error().message;
  const ScoreNetwork network =
      make_score_network(policy.network.config, StoredType::kF32, ScoreUse::kAnswer);
  const WeightSet weights = begin_score_model(network, *policy.weights);
  const Metrics validation = {{"eval/reward_model/accuracy", 0.75}, {"time/step", 1}};
  TemporaryFolder folder;
  const auto written = write_score_model(
      documents.value(), {StageKind::kRewardModel, &weights, StoredType::kF32, &validation},
      folder.path());
  ASSERT_TRUE(written.ok()) << written.error().message;
  const auto read = read_score_model(folder.path());
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read.value().hash, weights_hash(weights));
  EXPECT_EQ(read.value().use, ScoreUse::kAnswer);
  const auto measured = json_of(folder / "measured.json");
  EXPECT_EQ(measured["stage"], "reward_model");
  EXPECT_EQ(measured["accuracy"], 0.75);
  EXPECT_EQ(measured["weights"], weights_hash(weights));
  EXPECT_FALSE(measured.contains("time/step"));
}

TEST(ScoreModelExport, WritesAStepJudgeOfAPolicyFromNothing) {
  const auto materials = tiny_materials();
  const ScoreNetwork network =
      make_score_network(materials->network.config, StoredType::kF32, ScoreUse::kSteps);
  const WeightSet weights = begin_score_model(network, tiny_weights());
  const Metrics validation = {{"eval/prm/f1", 0.8}};
  TemporaryFolder folder;
  ASSERT_TRUE(write_score_model(materials->network.config, *materials->dialogue,
                                {StageKind::kPrm, &weights, StoredType::kF32, &validation},
                                folder.path())
                  .ok());
  const auto read = read_score_model(folder.path());
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read.value().use, ScoreUse::kSteps);
  EXPECT_EQ(json_of(folder / "measured.json")["f1"], 0.8);
}

}  // namespace
}  // namespace nelumbo
