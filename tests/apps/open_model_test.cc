// SPDX-License-Identifier: Apache-2.0
#include "apps/open_model.h"

#include <filesystem>

#include "model/adapter_names.h"
#include "tests/apps/small_adapter.h"
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

TEST(OpenModel, MergesAnAdapterAndSaysWhatIsWrongWithOne) {
  const TemporaryFolder folder;
  const Model plain = open_model(parity_folder("qwen3")).value();
  const size_t id = static_cast<size_t>(plain.network.decoder[0].q.weight);
  const NamedTensor& weight = (*plain.weights)[id];
  put_adapter(folder.path(), weight.name, weight.shape, 6);
  const auto merged = open_model(parity_folder("qwen3"), folder.path());
  ASSERT_TRUE(merged.ok()) << merged.error().message;
  EXPECT_EQ((*merged.value().weights)[id].values[0], weight.values[0] + 6);
  EXPECT_EQ((*merged.value().weights)[id + 1].values, (*plain.weights)[id + 1].values);
  const auto misfit = open_model(parity_folder("llama_tied"), folder.path());
  EXPECT_EQ(misfit.error().code, Errc::kBadData);
  EXPECT_NE(misfit.error().message.find(module_of(weight.name)), std::string::npos);
  EXPECT_EQ(open_model(parity_folder("qwen3"), folder / "none").error().code, Errc::kInvalidConfig);
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
