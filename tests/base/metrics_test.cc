// SPDX-License-Identifier: Apache-2.0
#include "base/metrics.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

std::string text_of(const std::string& path) {
  auto text = read_file(path, 1 << 20);
  return text ? text.value() : "error: " + text.error().message;
}

class MetricsTest : public testing::Test {
 protected:
  void write(const std::string& stage, int64_t step, const std::map<std::string, double>& values) {
    auto file = MetricsFile::open(path_);
    ASSERT_TRUE(file.ok()) << file.error().message;
    EXPECT_TRUE(file.value().write(stage, step, values).ok());
  }

  TemporaryFolder folder_;
  std::string path_ = folder_ / "metrics.jsonl";
};

TEST_F(MetricsTest, AppendsOneFlatObjectForEachStep) {
  write("sft", 1, {{"optim/loss", 2.5}});
  write("rl", 2, {{"reward/mean", 0.41}, {"off_policy/max", 0}});
  EXPECT_EQ(text_of(path_),
            "{\"stage\":\"sft\",\"step\":1,\"optim/loss\":2.5}\n"
            "{\"stage\":\"rl\",\"step\":2,\"off_policy/max\":0.0,\"reward/mean\":0.41}\n");
}

TEST_F(MetricsTest, WritesNullForWhatIsNotFinite) {
  write("rl", 1, {{"kl", NAN}, {"loss", INFINITY}});
  EXPECT_EQ(text_of(path_), "{\"stage\":\"rl\",\"step\":1,\"kl\":null,\"loss\":null}\n");
}

TEST_F(MetricsTest, ReadsBackWhatItWrote) {
  write("rl", 7, {{"reward/mean", 1.0 / 3}, {"kl", NAN}});
  auto rows = read_metrics(path_);
  ASSERT_TRUE(rows.ok()) << rows.error().message;
  ASSERT_EQ(rows.value().size(), 1u);
  EXPECT_EQ(rows.value()[0].stage, "rl");
  EXPECT_EQ(rows.value()[0].step, 7);
  EXPECT_EQ(rows.value()[0].values["reward/mean"], 1.0 / 3);
  EXPECT_TRUE(std::isnan(rows.value()[0].values["kl"]));
}

TEST_F(MetricsTest, CutsTheStepsThatAreDoneAgainAndATornLine) {
  for (const int64_t step : {1, 2, 3})
    write("rl", step, {{"x", static_cast<double>(step)}});
  auto file = AppendFile::open(path_);
  ASSERT_TRUE(file.ok());
  ASSERT_TRUE(file.value().append("{\"stage\":\"rl\",\"st").ok());
  const auto cut = cut_metrics(path_, 2);
  ASSERT_TRUE(cut.ok()) << cut.error().message;
  EXPECT_EQ(cut.value().rows, 1);
  EXPECT_EQ(cut.value().torn_bytes, 17);
  EXPECT_EQ(text_of(path_),
            "{\"stage\":\"rl\",\"step\":1,\"x\":1.0}\n{\"stage\":\"rl\",\"step\":2,\"x\":2.0}\n");
}

TEST_F(MetricsTest, CutsNothingBehindALineThatIsDamagedInTheMiddle) {
  const std::string text = "{\"stage\":\"rl\",\"step\":1}\nhalf\n{\"stage\":\"rl\",\"step\":3}\n{";
  ASSERT_TRUE(write_file_atomic(path_, text).ok());
  const auto cut = cut_metrics(path_, 2);
  ASSERT_FALSE(cut.ok());
  EXPECT_EQ(cut.error().message.rfind(path_ + ":2: ", 0), 0U) << cut.error().message;
  EXPECT_EQ(text_of(path_), text);
}

TEST_F(MetricsTest, CutsNothingFromAFileThatIsMissing) {
  EXPECT_TRUE(cut_metrics(path_, 2).ok());
  EXPECT_FALSE(read_metrics(path_).ok());
}

TEST_F(MetricsTest, NamesTheLineThatIsMalformed) {
  for (const char* bad : {"[1]", "{\"step\":1}", "{\"stage\":\"rl\",\"step\":1.5}", "nonsense"}) {
    ASSERT_TRUE(
        write_file_atomic(path_, "{\"stage\":\"rl\",\"step\":1}\n" + std::string(bad) + "\n").ok());
    auto rows = read_metrics(path_);
    ASSERT_FALSE(rows.ok()) << bad;
    EXPECT_EQ(rows.error().code, Errc::kBadData);
    EXPECT_EQ(rows.error().message, path_ +
                                        ":2: is no JSON object with a stage and a step; remove the "
                                        "line, the rest does without it");
  }
}

}  // namespace
}  // namespace nelumbo
