// SPDX-License-Identifier: Apache-2.0
#include "model/quantisation.h"

#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "base/half.h"
#include "model/gguf.h"

namespace nelumbo {
namespace {

std::vector<float> decoded(GgufType type, const std::string& bytes, size_t count) {
  std::vector<float> values(count);
  decode_blocks(block_format(type), std::as_bytes(std::span(bytes)), values);
  return values;
}

/// `scripts/oracles/gguf_fixtures.py` put the values of the reference beside every type.
TEST(Quantisation, EveryTypeIsReadAsTheReferenceReadsIt) {
  const auto file = GgufFile::open(std::string(NELUMBO_SOURCE_DIR) + "/tests/data/gguf/types.gguf");
  ASSERT_TRUE(file.ok()) << file.error().message;
  int types = 0;
  for (const GgufTensor& tensor : file.value().tensors()) {
    const GgufTensor* expected = file.value().tensor(tensor.name + ".values");
    if (expected == nullptr)
      continue;
    EXPECT_EQ(tensor.format->name, tensor.name);
    const auto got = file.value().read(tensor);
    const auto wanted = file.value().read(*expected);
    ASSERT_TRUE(got.ok() && wanted.ok());
    EXPECT_EQ(got.value(), wanted.value()) << tensor.name;
    ++types;
  }
  EXPECT_EQ(types, 11);
}

TEST(Quantisation, UnknownTypesHaveNoFormat) {
  EXPECT_EQ(block_format(uint32_t{4}), nullptr);
  EXPECT_EQ(block_format(uint32_t{999}), nullptr);
  EXPECT_EQ(block_format(uint32_t{14})->name, "Q6_K");
  EXPECT_EQ(block_format_names(), "F32, F16, BF16, Q8_0, Q4_0, Q4_1, Q5_0, Q5_1, Q4_K, Q5_K, Q6_K");
}

TEST(Quantisation, HalvesAreRoundedToTheNearest) {
  const std::vector<float> values{1, -0.1F, 65504, 0x1p-24F};
  EXPECT_EQ(decoded(GgufType::kF16, encoded(GgufType::kF16, values), 4),
            (std::vector<float>{1, from_f16(to_f16(-0.1F)), 65504, 0x1p-24F}));
  EXPECT_EQ(decoded(GgufType::kF32, encoded(GgufType::kF32, values), 4), values);
  EXPECT_EQ(decoded(GgufType::kBf16, encoded(GgufType::kBf16, values), 4)[1],
            from_bf16(to_bf16(-0.1F)));
}

TEST(Quantisation, Q80ScalesByTheLargestMagnitude) {
  std::vector<float> values(64, 0);
  values[0] = -127;
  values[1] = 0.5F;   // half away from zero
  values[2] = -2.5F;  // here as well
  values[33] = 0.25F;
  const std::string bytes = encoded(GgufType::kQ80, values);
  ASSERT_EQ(bytes.size(), 68U);
  const std::vector<float> again = decoded(GgufType::kQ80, bytes, 64);
  EXPECT_EQ(again[0], -127);
  EXPECT_EQ(again[1], 1);
  EXPECT_EQ(again[2], -3);
  EXPECT_EQ(again[33], from_f16(to_f16(0.25F / 127)) * 127);
  EXPECT_EQ(again[34], 0);
}

TEST(Quantisation, Q80OfZerosAndOfSpecksIsZero) {
  const std::vector<float> zeros(32, 0);
  EXPECT_EQ(decoded(GgufType::kQ80, encoded(GgufType::kQ80, zeros), 32), zeros);
  const std::vector<float> specks(32, std::numeric_limits<float>::denorm_min());
  EXPECT_EQ(decoded(GgufType::kQ80, encoded(GgufType::kQ80, specks), 32), zeros);
}

TEST(Quantisation, SaysWhatATypeCannotHold) {
  const std::vector<float> large{70000};
  EXPECT_FALSE(can_encode(GgufType::kF16, large));
  EXPECT_TRUE(can_encode(GgufType::kBf16, large));
  EXPECT_TRUE(can_encode(GgufType::kQ80, large));
  EXPECT_FALSE(can_encode(GgufType::kQ80, std::vector<float>{1e7F}));
  EXPECT_FALSE(can_encode(GgufType::kBf16, std::vector<float>{3.4e38F}));
  EXPECT_TRUE(can_encode(GgufType::kF32, std::vector<float>{3.4e38F}));
  for (const GgufType type : {GgufType::kF32, GgufType::kF16, GgufType::kBf16, GgufType::kQ80}) {
    EXPECT_FALSE(can_encode(type, std::vector<float>{1, std::nanf("")}));
    EXPECT_FALSE(can_encode(type, std::vector<float>{INFINITY}));
  }
}

}  // namespace
}  // namespace nelumbo
