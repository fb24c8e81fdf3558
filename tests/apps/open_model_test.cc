// SPDX-License-Identifier: Apache-2.0
#include "apps/open_model.h"

#include <filesystem>

#include "tests/apps/small_policy.h"
#include "tests/support/parity.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

TEST(OpenModel, IsFoundInADirectoryACheckpointAndARun) {
  const TemporaryFolder folder;
  std::filesystem::create_directories(folder / "run/checkpoints/latest/hf");
  put_tiny_policy(folder / "run/checkpoints/latest/hf");
  for (const char* model : {"run", "run/checkpoints/latest", "run/checkpoints/latest/hf"})
    EXPECT_EQ(model_directory(folder / model).value(), folder / "run/checkpoints/latest/hf");
}

TEST(OpenModel, SaysWhatToNameWhereThereIsNone) {
  const auto found = model_directory("no/such/place");
  ASSERT_FALSE(found.ok());
  EXPECT_EQ(found.error().code, Errc::kInvalidConfig);
  EXPECT_NE(found.error().message.find("no/such/place: no model here"), std::string::npos);
}

TEST(OpenModel, OpensEveryFamily) {
  for (const char* name : kTextModels) {
    const auto model = open_model(parity_folder(name));
    ASSERT_TRUE(model.ok()) << model.error().message;
    EXPECT_FALSE(model.value().network.config.sees);
  }
}

}  // namespace
}  // namespace nelumbo
