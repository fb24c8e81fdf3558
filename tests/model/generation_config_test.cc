// SPDX-License-Identifier: Apache-2.0
#include "model/generation_config.h"

#include <fstream>

#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

class EndTokens : public testing::Test {
 protected:
  void write(const std::string& name, const std::string& text) {
    std::ofstream(folder_.path() + "/" + name) << text;
  }
  std::vector<int32_t> read() {
    const auto ends = read_end_tokens(folder_.path());
    EXPECT_TRUE(ends.ok()) << ends.error().message;
    return ends.ok() ? ends.value() : std::vector<int32_t>{};
  }

  TemporaryFolder folder_;
};

TEST_F(EndTokens, AreOneOrAList) {
  write("generation_config.json", R"({"eos_token_id": 2})");
  EXPECT_EQ(read(), std::vector<int32_t>{2});
  write("generation_config.json", R"({"eos_token_id": [7, 2]})");
  EXPECT_EQ(read(), (std::vector<int32_t>{7, 2}));
}

TEST_F(EndTokens, StandInTheConfigurationWhereGenerationSaysNothing) {
  write("config.json", R"({"eos_token_id": 5})");
  EXPECT_EQ(read(), std::vector<int32_t>{5});
  write("generation_config.json", R"({"eos_token_id": null})");
  EXPECT_EQ(read(), std::vector<int32_t>{5});
  write("config.json", "{}");
  EXPECT_TRUE(read().empty());
}

TEST_F(EndTokens, MustBeTokens) {
  for (const char* bad : {"-1", "2.5", "\"</s>\"", "[2, \"x\"]", "4294967296"}) {
    write("generation_config.json", std::string(R"({"eos_token_id": )") + bad + "}");
    const auto ends = read_end_tokens(folder_.path());
    ASSERT_FALSE(ends.ok()) << bad;
    EXPECT_EQ(ends.error().code, Errc::kBadData);
    EXPECT_NE(ends.error().message.find("generation_config.json: eos_token_id"), std::string::npos);
  }
  EXPECT_FALSE(read_end_tokens(folder_.path() + "/none").ok());
}

}  // namespace
}  // namespace nelumbo
