// SPDX-License-Identifier: Apache-2.0
#include "apps/pass_rates.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

/// A prompt that is answered `right` times right and `wrong` times wrong.
ScoredGroup group_of(const std::string& id, int right, int wrong) {
  auto prompt = std::make_shared<Prompt>();
  prompt->id = id;
  prompt->truth = {{"answer", "72"}};
  auto group = std::make_shared<Group>();
  group->prompt = prompt;
  for (int i = 0; i < right + wrong; ++i) {
    Trajectory trajectory;
    trajectory.answered = true;
    trajectory.answer = i < right ? "72.0" : "7";
    group->trajectories.push_back(trajectory);
  }
  return {group, {}};
}

const std::vector<std::string> kIds = {"never", "some", "always", "untried"};

class PassRatesTest : public testing::Test {
 protected:
  TemporaryFolder folder_;
  FilterConfig config_;
};

TEST_F(PassRatesTest, KeepWhatIsNeitherNeverNorAlwaysRight) {
  PassRates rates(folder_.path(), config_);
  const auto first = rates.keep({group_of("never", 0, 8), group_of("some", 2, 6)});
  ASSERT_TRUE(first.ok()) << first.error().message;
  EXPECT_EQ(first.value().at("filter/prompts"), 2);
  const auto all = rates.keep({group_of("always", 8, 0)});
  ASSERT_TRUE(all.ok());
  EXPECT_EQ(all.value().at("filter/prompts"), 3);
  EXPECT_EQ(all.value().at("filter/kept"), 1);
  EXPECT_DOUBLE_EQ(all.value().at("filter/pass_rate"), (0 + 0.25 + 1) / 3);
  EXPECT_EQ(rates.kept(kIds).value(), (std::vector<bool>{false, true, false, false}));
}

TEST_F(PassRatesTest, AreReadBackByALaterProcess) {
  ASSERT_TRUE(PassRates(folder_.path(), config_).keep({group_of("some", 1, 7)}).ok());
  PassRates later(folder_.path(), config_);
  EXPECT_EQ(later.kept(kIds).value()[1], true);
  const auto again = later.keep({group_of("some", 4, 4), group_of("never", 0, 8)});
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again.value().at("filter/prompts"), 2);
}

TEST_F(PassRatesTest, SayWhatIsDamaged) {
  EXPECT_EQ(PassRates(folder_.path(), config_).kept(kIds).error().code, Errc::kBadData);
  std::filesystem::create_directories(folder_ / "filter");
  std::ofstream(folder_ / "filter/rates.json") << R"({"prompts": [{"id": "some", "right": 1}]})";
  const auto kept = PassRates(folder_.path(), config_).kept(kIds);
  ASSERT_FALSE(kept.ok());
  EXPECT_NE(kept.error().message.find("filter/rates.json: is damaged"), std::string::npos);
}

}  // namespace
}  // namespace nelumbo
