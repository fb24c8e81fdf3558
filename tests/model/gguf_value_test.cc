// SPDX-License-Identifier: Apache-2.0
#include "model/gguf_value.h"

#include <cstring>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

template <class T>
GgufValue raw(GgufKind kind, T value) {
  GgufValue made{kind, {}, 0, std::string(sizeof(T), '\0')};
  std::memcpy(made.bytes.data(), &value, sizeof(value));
  return made;
}

TEST(GgufValue, WholeNumbersOfEveryWidthAreNatural) {
  EXPECT_EQ(GgufValue::natural(7).as_natural(), 7);
  EXPECT_EQ(raw<uint8_t>(GgufKind::kU8, 200).as_natural(), 200);
  EXPECT_EQ(raw<int16_t>(GgufKind::kI16, 300).as_natural(), 300);
  EXPECT_EQ(raw<uint64_t>(GgufKind::kU64, 1ULL << 40).as_natural(), 1LL << 40);
  EXPECT_EQ(raw<int8_t>(GgufKind::kI8, -1).as_natural(), std::nullopt);
  EXPECT_EQ(raw<uint64_t>(GgufKind::kU64, 1ULL << 63).as_natural(), std::nullopt);
  EXPECT_EQ(GgufValue::real(7).as_natural(), std::nullopt);
  EXPECT_EQ(GgufValue::flag(true).as_natural(), std::nullopt);
}

TEST(GgufValue, AFloatIsReadAsItsShortestDecimal) {
  EXPECT_EQ(GgufValue::real(1e-5F).as_real(), 1e-5);
  EXPECT_EQ(GgufValue::real(500000).as_real(), 500000);
  EXPECT_EQ(raw<double>(GgufKind::kF64, 0.1).as_real(), 0.1);
  EXPECT_EQ(GgufValue::natural(3).as_real(), 3);
  EXPECT_EQ(GgufValue::text("3").as_real(), std::nullopt);
}

TEST(GgufValue, OtherKindsAreNotMistaken) {
  EXPECT_EQ(GgufValue::text("x").as_text(), "x");
  EXPECT_EQ(GgufValue::text("x").as_texts(), std::nullopt);
  EXPECT_EQ(GgufValue::natural(1).as_flag(), std::nullopt);
  EXPECT_EQ(GgufValue::flag(true).as_flag(), true);
  EXPECT_EQ(GgufValue::texts({"a"}).as_integers(), std::nullopt);
  EXPECT_EQ(GgufValue::texts({"a"}).as_text(), std::nullopt);
}

TEST(GgufValue, ArraysComeBack) {
  const std::vector<std::string> texts{"", "a b", std::string("\0x", 2)};
  EXPECT_EQ(GgufValue::texts(texts).as_texts(), texts);
  EXPECT_EQ(GgufValue::integers({-1, 5}).as_integers(), (std::vector<int64_t>{-1, 5}));
  EXPECT_EQ(GgufValue::reals({-0.5F, 0.1F}).as_reals(), (std::vector<double>{-0.5, 0.1}));
  EXPECT_EQ(GgufValue::reals({1}).as_integers(), std::nullopt);
}

TEST(GgufValue, AKeyIsFoundByItsWholeName) {
  const GgufMetadata metadata{{"a.b", GgufValue::natural(1)}, {"a", GgufValue::natural(2)}};
  EXPECT_EQ(find(metadata, "a")->as_natural(), 2);
  EXPECT_EQ(find(metadata, "b"), nullptr);
}

}  // namespace
}  // namespace nelumbo
