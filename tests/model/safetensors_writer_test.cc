// SPDX-License-Identifier: Apache-2.0
#include "model/safetensors_writer.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "base/half.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

const WeightSet kWeights{{"b", {2, 1}, {1.001F, -3.5F}}, {"a", {1}, {0.1F}}};
const std::vector<SafetensorsPlan> kPlans{{"b", {2, 1}}, {"a", {1}}};

Result<NamedTensor> give(const std::string& name) {
  return kWeights[name == "b" ? 0 : 1];
}

TEST(SafetensorsWriter, WritesWhatTheReaderReads) {
  const TemporaryFolder folder;
  ASSERT_TRUE(write_safetensors(folder / "w", kPlans, StoredType::kF32, give).ok());
  EXPECT_EQ(weights_hash(read_safetensors(folder / "w").value()), weights_hash(kWeights));
}

TEST(SafetensorsWriter, RoundsToBf16InHalfTheSpace) {
  const TemporaryFolder folder;
  ASSERT_TRUE(write_safetensors(folder / "w", kPlans, StoredType::kBf16, give).ok());
  const auto read = read_safetensors(folder / "w");
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read.value()[1].values, (std::vector<float>{1, -3.5F}));
  EXPECT_EQ(read.value()[0].values[0], from_bf16(to_bf16(0.1F)));
}

TEST(SafetensorsWriter, LeavesNothingWhereItCannotGoOn) {
  const TemporaryFolder folder;
  const auto wide = [](const std::string&) -> Result<NamedTensor> {
    return NamedTensor{"a", {1}, {3.4e38F}};
  };
  const auto of_other_shape = [](const std::string&) -> Result<NamedTensor> {
    return NamedTensor{"a", {2}, {1, 2}};
  };
  const auto failing = [](const std::string&) -> Result<NamedTensor> {
    return Error{Errc::kEnvironment, "the disk is gone"};
  };
  for (const WeightSource& source : std::vector<WeightSource>{wide, of_other_shape, failing})
    EXPECT_FALSE(write_safetensors(folder / "w", {{"a", {1}}}, StoredType::kBf16, source).ok());
  EXPECT_TRUE(write_safetensors(folder / "w", {{"a", {1}}}, StoredType::kF32, wide).ok());
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
}

}  // namespace
}  // namespace nelumbo
