// SPDX-License-Identifier: Apache-2.0
#include "actors/checkpoint.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "actors/crew.h"
#include "base/file.h"
#include "learner/adapter.h"
#include "model/adapter_names.h"
#include "tests/support/fake_policy.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

namespace fs = std::filesystem;

class CheckpointTest : public ::testing::Test {
 protected:
  CheckpointStore store(int64_t keep = 2) {
    return {folder_.path(), "hash", keep, [](const std::string& folder, const WeightSet& weights) {
              return write_safetensors(folder + "/model.safetensors", weights);
            }};
  }
  static CheckpointContent content(int64_t step) {
    CheckpointContent content;
    content.state.step = step;
    content.state.stage = "rl";
    content.state.stage_step = step;
    content.state.trained_from = 1;
    content.state.version = 9;
    content.state.zero_spread = {0.25F, 0.1F};
    content.state.stage_steps = {4, 4};
    content.state.judged = 0.1;
    content.learner_state = share(fake_weights(static_cast<float>(step)));
    content.weights = share(fake_weights(1));
    return content;
  }
  void damage(const std::string& name) const {
    std::string bytes = read_file(folder_ / name, 1 << 20).value();
    bytes.back() = static_cast<char>(bytes.back() ^ 1);
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
  }

  TemporaryFolder folder_;
  std::vector<std::string> skipped_;
};

TEST_F(CheckpointTest, GivesBackWhatWasSaved) {
  ASSERT_TRUE(store().save(content(5)).ok());
  const auto found = store().newest(&skipped_);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->state, content(5).state);
  EXPECT_EQ(found->learner_state.at(0).values, fake_weights(5).at(0).values);
  EXPECT_EQ(fs::read_symlink(folder_ / "latest"), "step_5");
  EXPECT_TRUE(fs::exists(folder_ / "step_5/hf/model.safetensors"));
}

TEST_F(CheckpointTest, TellsOfADiskThatKeepsOtherBytes) {
  const auto flip = [this](const std::string& folder, const WeightSet& weights) {
    auto hash = write_safetensors(folder + "/model.safetensors", weights);
    damage(fs::relative(folder, folder_.path()).string() + "/model.safetensors");
    return hash;
  };
  CheckpointStore other(folder_.path(), "hash", 2, flip);
  ASSERT_TRUE(other.save(content(5)).ok());
  EXPECT_FALSE(other.newest(&skipped_).has_value());
  ASSERT_EQ(skipped_.size(), 1U);
  EXPECT_NE(skipped_[0].find("model.safetensors: was changed or damaged"), std::string::npos)
      << skipped_[0];
}

TEST_F(CheckpointTest, SaysThatTheLastIsGoneOrRenamed) {
  ASSERT_TRUE(store().save(content(5)).ok());
  ASSERT_TRUE(store().save(content(10)).ok());
  EXPECT_FALSE(store().lost().has_value());
  fs::rename(folder_ / "step_10", folder_ / "step_12");
  EXPECT_EQ(store().lost(), (folder_ / "step_10") + ": was saved last, and is not there any more");
  EXPECT_EQ(store().newest(&skipped_)->state.step, 5);
  fs::rename(folder_ / "step_12", folder_ / "step_9");
  EXPECT_EQ(store().newest(&skipped_)->state.step, 5);
  ASSERT_EQ(skipped_.size(), 1U);
  EXPECT_EQ(skipped_[0], (folder_ / "step_9") + ": was renamed: it is of step 10");
}

TEST_F(CheckpointTest, KeepsWhatWasDrawnAhead) {
  CheckpointContent ahead = content(5);
  ahead.state.ahead = {'a', '\0', 'b'};
  ASSERT_TRUE(store().save(ahead).ok());
  EXPECT_EQ(store().newest(&skipped_)->state, ahead.state);
  damage("step_5/ahead.bin");
  EXPECT_FALSE(store().newest(&skipped_).has_value());
}

TEST_F(CheckpointTest, UsesThePreviousOneWhenABitOfTheNewestFlips) {
  ASSERT_TRUE(store().save(content(5)).ok());
  ASSERT_TRUE(store().save(content(10)).ok());
  damage("step_10/optimizer.safetensors");
  const auto found = store().newest(&skipped_);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->state.step, 5);
  ASSERT_EQ(skipped_.size(), 1U);
  EXPECT_NE(skipped_[0].find("step_10/optimizer.safetensors: was changed or damaged"),
            std::string::npos)
      << skipped_[0];
}

TEST_F(CheckpointTest, SkipsOneWhoseManifestSaysAnythingElse) {
  for (const char* key : {"step", "config_hash", "ledger_offset", "weights_hash"}) {
    ASSERT_TRUE(store().save(content(5)).ok());
    const std::string path = folder_ / "step_5/manifest.json";
    auto manifest = nlohmann::json::parse(std::ifstream(path));
    manifest[key] = manifest[key].is_string() ? nlohmann::json("0") : nlohmann::json(1);
    std::ofstream(path) << manifest.dump(1);
    skipped_.clear();
    EXPECT_FALSE(store().newest(&skipped_).has_value()) << key;
    ASSERT_EQ(skipped_.size(), 1U);
    EXPECT_NE(skipped_[0].find("its own hash differs"), std::string::npos) << skipped_[0];
  }
}

TEST_F(CheckpointTest, ChecksOneWithoutReadingItsTensors) {
  ASSERT_TRUE(store().save(content(5)).ok());
  const std::string hash = weights_hash(fake_weights(1));
  EXPECT_TRUE(CheckpointStore::check(folder_ / "step_5", hash).ok());
  EXPECT_TRUE(CheckpointStore::check(folder_ / "latest", hash).ok());
  EXPECT_EQ(CheckpointStore::check(folder_ / "latest", "another").error().message,
            folder_ / "latest" + ": holds other weights");
  damage("step_5/optimizer.safetensors");
  const auto checked = CheckpointStore::check(folder_ / "latest", hash);
  ASSERT_FALSE(checked.ok());
  EXPECT_NE(checked.error().message.find("optimizer.safetensors: was changed or damaged"),
            std::string::npos);
  EXPECT_FALSE(CheckpointStore::check(folder_ / "step_6", hash).ok());
}

TEST_F(CheckpointTest, SkipsOneWithAMissingFile) {
  ASSERT_TRUE(store().save(content(5)).ok());
  fs::remove(folder_ / "step_5/hf/model.safetensors");
  EXPECT_FALSE(store().newest(&skipped_).has_value());
  ASSERT_EQ(skipped_.size(), 1U);
  EXPECT_NE(skipped_[0].find("missing"), std::string::npos);
}

TEST_F(CheckpointTest, SkipsOneWhoseManifestHasAnotherShape) {
  ASSERT_TRUE(store().save(content(5)).ok());
  for (const char* manifest :
       {"[1]", "null", "{}", R"({"format": 1, "files": [], "config_hash": 5})",
        R"({"format": 1, "files": [], "config_hash": "hash"})"}) {
    std::ofstream(folder_ / "step_5/manifest.json") << manifest;
    skipped_.clear();
    EXPECT_FALSE(store().newest(&skipped_).has_value()) << manifest;
    EXPECT_EQ(skipped_.size(), 1U) << manifest;
  }
}

TEST_F(CheckpointTest, NeverSeesAnUnfinishedOne) {
  ASSERT_TRUE(store().save(content(5)).ok());
  fs::rename(folder_ / "step_5", folder_ / "step_9.tmp-77");
  EXPECT_FALSE(store().newest(&skipped_).has_value());
  EXPECT_FALSE(fs::exists(folder_ / "step_9.tmp-77"));
}

TEST_F(CheckpointTest, KeepsTheNewestAndTheBest) {
  for (int64_t step : {1, 2, 3, 4, 5}) {
    CheckpointContent next = content(step);
    next.state.best = BestSoFar{0.5, 2};
    ASSERT_TRUE(store(2).save(next).ok());
  }
  EXPECT_FALSE(store().has_step(1));
  EXPECT_TRUE(store().has_step(2));
  EXPECT_FALSE(store().has_step(3));
  EXPECT_TRUE(store().has_step(4));
  EXPECT_TRUE(store().has_step(5));
}

TEST_F(CheckpointTest, SetsAsideLaterOnesWhereTheRunGoesOnFromAnEarlierOne) {
  for (int64_t step : {4, 8})
    ASSERT_TRUE(store().save(content(step)).ok());
  const auto passed = store().go_on_from(4);
  ASSERT_TRUE(passed.ok());
  EXPECT_EQ(passed.value(),
            std::vector{(folder_ / "step_8") +
                        ": is behind step 4, from which the run goes on: set aside as "
                        "step_8.passed"});
  EXPECT_TRUE(fs::exists(folder_ / "step_8.passed/manifest.json"));
  EXPECT_EQ(fs::read_symlink(folder_ / "latest"), "step_4");
  EXPECT_EQ(store().newest(&skipped_)->state.step, 4);
  EXPECT_TRUE(store().go_on_from(4).value().empty());
  EXPECT_EQ(store().go_on_from(0).value().size(), 1U) << "the run begins anew";
  EXPECT_FALSE(store().newest(&skipped_).has_value());
  EXPECT_FALSE(store().lost().has_value());
}

TEST_F(CheckpointTest, TakesNoneThatComesBackBehindTheLatest) {
  for (int64_t step : {4, 8})
    ASSERT_TRUE(store().save(content(step)).ok());
  fs::rename(folder_ / "step_8", folder_ / "elsewhere");
  ASSERT_TRUE(store().go_on_from(4).ok());
  ASSERT_TRUE(store().save(content(6)).ok());
  fs::rename(folder_ / "elsewhere", folder_ / "step_8");
  EXPECT_EQ(store().newest(&skipped_)->state.step, 6);
  ASSERT_TRUE(store().save(content(7)).ok());
  EXPECT_EQ(store().newest(&skipped_)->state.step, 7) << "and it is not taken for the newest kept";
}

/// What a learner says whose stage trains an adapter of rank 1 for the weight.
WeightSet adapter_state(const NamedTensor& weight) {
  const int64_t rows = weight.shape[0];
  const int64_t columns = std::ssize(weight.values) / rows;
  const auto ones = [](int64_t n) { return std::vector<float>(static_cast<size_t>(n), 1); };
  return {{kAdapterAlpha + weight.name, {1}, {1}},
          {kAdapterBase + weight.name, weight.shape, weight.values},
          {factor_name(weight.name, kFactorA), {1, columns}, ones(columns)},
          {factor_name(weight.name, kFactorB), {rows, 1}, ones(rows)}};
}

TEST_F(CheckpointTest, KeepsAndNamesTheOneThatAnAdapterBelongsTo) {
  for (int64_t step : {1, 2, 3}) {
    CheckpointContent next = content(step);
    const WeightSet weights = {{"x.weight", {2, 3}, {1, 2, 3, 4, 5, 6}}};
    next.weights = share(weights);
    if (step > 1)
      next.learner_state = share(adapter_state(weights[0]));
    ASSERT_TRUE(store(1).save(next).ok());
  }
  EXPECT_TRUE(store().has_step(1));
  EXPECT_FALSE(store().has_step(2));
  const auto base = read_file(folder_ / "step_3/adapter/base.json", 1 << 20);
  ASSERT_TRUE(base.ok());
  EXPECT_NE(base.value().find(R"("checkpoint": "step_1")"), std::string::npos) << base.value();
}

TEST_F(CheckpointTest, LeavesEarlierOnesAloneWhenTheModelCannotBeWritten) {
  ASSERT_TRUE(store().save(content(5)).ok());
  CheckpointStore broken(folder_.path(), "hash", 2, [](const std::string&, const WeightSet&) {
    return Result<std::string>(
        Error{Errc::kEnvironment, "model.safetensors: no space left on device"});
  });
  const auto saved = broken.save(content(10));
  ASSERT_FALSE(saved.ok());
  EXPECT_EQ(saved.error().code, Errc::kEnvironment);
  EXPECT_EQ(store().newest(&skipped_)->state.step, 5);
  EXPECT_FALSE(store().has_step(10));
}

TEST_F(CheckpointTest, SkipsAnotherConfiguration) {
  ASSERT_TRUE(store().save(content(5)).ok());
  const CheckpointStore other(folder_.path(), "other", 2, nullptr);
  EXPECT_FALSE(other.newest(&skipped_).has_value());
  EXPECT_NE(skipped_.at(0).find("another configuration"), std::string::npos);
}

TEST_F(CheckpointTest, ReplacesTheSameStep) {
  ASSERT_TRUE(store().save(content(5)).ok());
  CheckpointContent again = content(5);
  again.state.stage_index = 3;
  ASSERT_TRUE(store().save(again).ok());
  EXPECT_EQ(store().newest(&skipped_)->state.stage_index, 3);
}

TEST_F(CheckpointTest, LeavesNothingOfThoseThatItReplacedOrPruned) {
  for (const int64_t step : {1, 2, 2, 3})
    ASSERT_TRUE(store().save(content(step)).ok());
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder_.path()))
    names.push_back(entry.path().filename());
  std::ranges::sort(names);
  EXPECT_EQ(names, (std::vector<std::string>{"latest", "step_2", "step_3"}));
}

}  // namespace
}  // namespace nelumbo
