// SPDX-License-Identifier: Apache-2.0
#include <bit>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/file.h"
#include "model/weights.h"

namespace nelumbo {
namespace {

/// A directory that is gone when the test ends.
class Safetensors : public testing::Test {
 protected:
  Safetensors() {
    std::filesystem::remove_all(directory_);
    std::filesystem::create_directories(directory_);
  }
  ~Safetensors() override { std::filesystem::remove_all(directory_); }

  /// A file of this header and `data` bytes behind it.
  std::string file(const std::string& header, const std::string& data) const {
    const uint64_t length = header.size();
    std::string bytes(sizeof(length), '\0');
    std::memcpy(bytes.data(), &length, sizeof(length));
    return raw(bytes + header + data);
  }
  std::string raw(const std::string& bytes) const {
    std::ofstream(path_, std::ios::binary) << bytes;
    return path_;
  }
  std::string refusal(const std::string& header, size_t bytes) const {
    const auto weights = read_safetensors(file(header, std::string(bytes, '\0')));
    if (weights.ok())
      return "accepted";
    EXPECT_EQ(weights.error().code, Errc::kBadData);
    EXPECT_EQ(weights.error().message.rfind(path_, 0), 0U) << weights.error().message;
    return weights.error().message.substr(path_.size());
  }

  const std::string directory_ = testing::TempDir() + "safetensors_" +
                                 testing::UnitTest::GetInstance()->current_test_info()->name();
  const std::string path_ = directory_ + "/w.safetensors";
};

TEST_F(Safetensors, GiveBackWhatWasWrittenInNameOrder) {
  const WeightSet weights{{"b", {2, 1}, {1.5F, -2}}, {"a", {}, {3}}, {"c", {0, 4}, {}}};
  ASSERT_TRUE(write_safetensors(path_, weights).ok());
  const auto again = read_safetensors(path_);
  ASSERT_TRUE(again.ok()) << again.error().message;
  ASSERT_EQ(again.value().size(), 3U);
  EXPECT_EQ(again.value()[0].name, "a");
  EXPECT_EQ(again.value()[0].shape, std::vector<int64_t>{});
  EXPECT_EQ(again.value()[1].shape, (std::vector<int64_t>{2, 1}));
  EXPECT_EQ(again.value()[1].values, (std::vector<float>{1.5F, -2}));
  EXPECT_TRUE(again.value()[2].values.empty());
}

TEST_F(Safetensors, BeginTheDataAtAMultipleOfEightAndNameTheFormat) {
  ASSERT_TRUE(write_safetensors(path_, {{"odd name", {1}, {1}}}).ok());
  const auto bytes = read_file(path_, 1000);
  ASSERT_TRUE(bytes.ok());
  uint64_t length = 0;
  std::memcpy(&length, bytes.value().data(), sizeof(length));
  EXPECT_EQ(length % 8, 0U);
  EXPECT_NE(bytes.value().find(R"("__metadata__":{"format":"pt"})"), std::string::npos);
}

TEST_F(Safetensors, WidenHalfPrecision) {
  const std::vector<uint16_t> halves{0x3C00, 0xC000, 0x0001, 0x7BFF, 0xFC00, 0x8000};
  const std::string data(reinterpret_cast<const char*>(halves.data()), 12);
  const auto f16 =
      read_safetensors(file(R"({"h":{"dtype":"F16","shape":[6],"data_offsets":[0,12]}})", data));
  ASSERT_TRUE(f16.ok()) << f16.error().message;
  EXPECT_EQ(
      f16.value()[0].values,
      (std::vector<float>{1, -2, 0x1p-24F, 65504, -std::numeric_limits<float>::infinity(), -0.0F}));
  const auto bf16 =
      read_safetensors(file(R"({"h":{"dtype":"BF16","shape":[3,2],"data_offsets":[0,12]}})", data));
  ASSERT_TRUE(bf16.ok());
  EXPECT_EQ(bf16.value()[0].values[0], std::bit_cast<float>(0x3C000000U));
}

TEST_F(Safetensors, ReadEightBitFormatsAndRoundDoubles) {
  const auto e4m3 = read_safetensors(
      file(R"({"h":{"dtype":"F8_E4M3","shape":[2,2],"data_offsets":[0,4]}})", "\x38\xC4\x7E\x01"));
  ASSERT_TRUE(e4m3.ok()) << e4m3.error().message;
  EXPECT_EQ(e4m3.value()[0].values, (std::vector<float>{1, -3, 448, 0x1p-9F}));
  const auto e5m2 = read_safetensors(
      file(R"({"h":{"dtype":"F8_E5M2","shape":[3],"data_offsets":[0,3]}})", "\x3C\xC2\x7B"));
  ASSERT_TRUE(e5m2.ok()) << e5m2.error().message;
  EXPECT_EQ(e5m2.value()[0].values, (std::vector<float>{1, -3, 57344}));
  const std::vector<double> doubles{0.1, 1 + 0x1p-24, 1 + 0x3p-24, -0x1p-149};
  const std::string data(reinterpret_cast<const char*>(doubles.data()), 32);
  const auto f64 =
      read_safetensors(file(R"({"h":{"dtype":"F64","shape":[4],"data_offsets":[0,32]}})", data));
  ASSERT_TRUE(f64.ok()) << f64.error().message;
  EXPECT_EQ(f64.value()[0].values, (std::vector<float>{0.1F, 1, 1 + 0x1p-22F, -0x1p-149F}));
}

TEST_F(Safetensors, QuoteTheBeginningOfALongName) {
  const std::string name(1'000'000, 'n');
  for (const char* dtype : {"Z9", "F32"})
    EXPECT_LT(refusal(R"({")" + name + R"(":{"dtype":")" + dtype +
                          R"(","shape":[1],"data_offsets":[0,4]}})",
                      4)
                  .size(),
              300U);
  EXPECT_LT(refusal(R"({")" + name + R"(":{},")" + name + R"(":{}})", 0).size(), 300U);
  EXPECT_LT(
      refusal(R"({"a":{"dtype":")" + name + R"(","shape":[1],"data_offsets":[0,4]}})", 4).size(),
      300U);
}

TEST_F(Safetensors, RefuseALengthThatIsNotTheHeaders) {
  EXPECT_FALSE(read_safetensors(raw("")).ok());
  EXPECT_FALSE(read_safetensors(raw("1234567")).ok());
  EXPECT_FALSE(read_safetensors(raw(std::string(8, '\0'))).ok());
  EXPECT_FALSE(read_safetensors(raw(std::string(8, '\xFF') + "{}")).ok());
  EXPECT_FALSE(read_safetensors(directory_).ok());
  EXPECT_FALSE(read_safetensors("/dev/zero").ok());
}

TEST_F(Safetensors, RefuseAHeaderThatIsNoObjectOfTensors) {
  EXPECT_EQ(refusal("[]", 0), ": its header does not begin with '{'");
  EXPECT_EQ(refusal("{", 0), ": header: not JSON at byte 2");
  EXPECT_EQ(refusal(R"({"a":{},"a":{}})", 0), ": header: the key 'a' stands twice in one object");
  EXPECT_EQ(refusal(R"({"a":3})", 0), ": tensor \"a\": has no dtype");
  EXPECT_EQ(refusal(R"({"__metadata__":{"x":1}})", 0), ": __metadata__ must map names to strings");
}

TEST_F(Safetensors, RefuseAnEntryThatMakesNoSense) {
  const auto entry = [](const std::string& dtype, const std::string& shape,
                        const std::string& offsets) {
    return R"({"a":{"dtype":")" + dtype + R"(","shape":)" + shape + R"(,"data_offsets":)" +
           offsets + "}}";
  };
  EXPECT_EQ(refusal(entry("F32", "[1]", "[0,4]"), 4), "accepted");
  EXPECT_EQ(refusal(entry("I64", "[1]", "[0,8]"), 8),
            ": tensor \"a\": dtype \"I64\" is not supported; F64, F32, BF16, F16, "
            "F8_E4M3 and F8_E5M2 are");
  EXPECT_NE(refusal(entry("F32", "[-1]", "[0,4]"), 4), "accepted");
  EXPECT_NE(refusal(entry("F32", "[1.0]", "[0,4]"), 4), "accepted");
  EXPECT_NE(refusal(entry("F32", "[1]", "[0,4,8]"), 4), "accepted");
  EXPECT_NE(refusal(entry("F32", "[1]", "[4,0]"), 4), "accepted");
  EXPECT_NE(refusal(entry("F32", "[2]", "[0,4]"), 4), "accepted");
  EXPECT_NE(refusal(entry("F32", "[4611686018427387905]", "[0,4]"), 4), "accepted");
  EXPECT_NE(refusal(entry("F32", "[1]", "[18446744073709551612,18446744073709551616]"), 4),
            "accepted");
}

TEST_F(Safetensors, RefuseHolesOverlapsAndLooseEnds) {
  const auto two = [](const std::string& first, const std::string& second) {
    return R"({"a":{"dtype":"F32","shape":[2],"data_offsets":)" + first +
           R"(},"b":{"dtype":"F32","shape":[1],"data_offsets":)" + second + "}}";
  };
  EXPECT_EQ(refusal(two("[0,8]", "[8,12]"), 12), "accepted");
  EXPECT_EQ(refusal(two("[4,12]", "[0,4]"), 12), "accepted");
  EXPECT_EQ(refusal(two("[0,8]", "[4,8]"), 8),
            ": tensor \"b\": overlaps another: begins at byte 4 of the data, not 8");
  EXPECT_EQ(refusal(two("[0,8]", "[12,16]"), 16),
            ": tensor \"b\": leaves a hole: begins at byte 12 of the data, not 8");
  EXPECT_EQ(refusal(two("[0,8]", "[8,12]"), 13),
            ": its tensors end at byte 12 of the data, the file at 13");
  EXPECT_NE(refusal(two("[0,8]", "[8,12]"), 11), "accepted");
}

TEST_F(Safetensors, RefuseNamesThatATerminalWouldObey) {
  const std::string rest = R"(":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})";
  EXPECT_EQ(refusal(R"({"w\u001b[2J)" + rest, 4),
            ": tensor \"w\\u001b[2J\": a name must have 1 to 1000 bytes and no control characters");
  EXPECT_NE(refusal(R"({")" + rest, 4), "accepted");
  EXPECT_NE(refusal(R"({")" + std::string(2000, 'x') + rest, 4), "accepted");
}

TEST_F(Safetensors, SayWhenTheFileCannotBeWritten) {
  EXPECT_FALSE(write_safetensors(directory_ + "/none/w.safetensors", {{"a", {1}, {1}}}).ok());
}

}  // namespace
}  // namespace nelumbo
