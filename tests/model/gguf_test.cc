// SPDX-License-Identifier: Apache-2.0
#include "model/gguf.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "base/file.h"
#include "base/rng.h"

namespace nelumbo {
namespace {

template <class T>
std::string bytes(T number) {
  return {reinterpret_cast<const char*>(&number), sizeof(number)};
}

std::string text(const std::string& characters) {
  return bytes(uint64_t{characters.size()}) + characters;
}

std::string header(uint64_t tensors, uint64_t keys, uint32_t version = 3) {
  return "GGUF" + bytes(version) + bytes(tensors) + bytes(keys);
}

std::string alignment(uint32_t value) {
  return text("general.alignment") + bytes(uint32_t{4}) + bytes(value);
}

/// A tensor of these sizes, innermost first.
std::string tensor(const std::string& name, const std::vector<uint64_t>& sizes, uint32_t type,
                   uint64_t offset) {
  std::string made = text(name) + bytes(static_cast<uint32_t>(sizes.size()));
  for (const uint64_t size : sizes)
    made += bytes(size);
  return made + bytes(type) + bytes(offset);
}

std::string padded(std::string bytes, size_t to = 32) {
  bytes.resize((bytes.size() + to - 1) / to * to, '\0');
  return bytes;
}

class Gguf : public testing::Test {
 protected:
  ~Gguf() override { std::filesystem::remove(path_); }

  Result<GgufFile> open(const std::string& content) const {
    std::ofstream(path_, std::ios::binary) << content;
    return GgufFile::open(path_);
  }
  /// What is wrong with a file, without its name.
  std::string refusal(const std::string& content) const {
    const auto file = open(content);
    if (file.ok())
      return "accepted";
    EXPECT_EQ(file.error().code, Errc::kBadData);
    EXPECT_EQ(file.error().message.rfind(path_ + ": ", 0), 0U) << file.error().message;
    return file.error().message.substr(path_.size() + 2);
  }

  const std::string path_ =
      testing::TempDir() + "gguf_" + testing::UnitTest::GetInstance()->current_test_info()->name();
};

TEST_F(Gguf, ReadsBothVersionsAlike) {
  const std::string data =
      bytes(1.0F) + bytes(2.0F) + bytes(3.0F) + bytes(4.0F) + bytes(5.0F) + bytes(6.0F);
  for (const uint32_t version : {2U, 3U}) {
    const auto file = open(padded(header(1, 1, version) + text("k") + bytes(uint32_t{8}) +
                                  text("v") + tensor("w", {3, 2}, 0, 0)) +
                           data);
    ASSERT_TRUE(file.ok()) << file.error().message;
    EXPECT_EQ(find(file.value().metadata(), "k")->as_text(), "v");
    ASSERT_NE(file.value().tensor("w"), nullptr);
    EXPECT_EQ(file.value().tensor("w")->shape, (std::vector<int64_t>{2, 3}));
    EXPECT_EQ(file.value().tensor("v"), nullptr);
    const auto values = file.value().read(*file.value().tensor("w"));
    ASSERT_TRUE(values.ok());
    EXPECT_EQ(values.value(), (std::vector<float>{1, 2, 3, 4, 5, 6}));
  }
}

TEST_F(Gguf, RefusesOtherFilesAndVersions) {
  EXPECT_EQ(refusal(""), "4 bytes at byte 0, more than the file has left");
  EXPECT_EQ(refusal("GGML"), "not a GGUF file: does not begin with 'GGUF'");
  EXPECT_EQ(refusal(header(0, 0, 1)), "version 1 is not supported; 2 and 3 are");
  EXPECT_EQ(refusal(header(0, 0, 0x03000000)), "is big-endian; only little-endian files are read");
  EXPECT_FALSE(GgufFile::open(testing::TempDir()).ok());
  EXPECT_EQ(refusal(header(0, 0)), "accepted");
}

TEST_F(Gguf, RefusesWhatStandsBehindTheLastTensor) {
  const std::string file = padded(header(1, 1) + alignment(32) + tensor("w", {1}, 0, 0));
  EXPECT_EQ(refusal(file + padded(bytes(5.0F))), "accepted");
  EXPECT_EQ(refusal(file + padded(bytes(5.0F)) + std::string(4000, 'x')),
            "the end: 4000 bytes stand behind the last tensor");
}

TEST_F(Gguf, RefusesCountsThatTheFileCannotHold) {
  EXPECT_NE(refusal(header(1ULL << 63, 0)), "accepted");
  EXPECT_NE(refusal(header(0, UINT64_MAX)), "accepted");
  EXPECT_EQ(refusal(header(0, 1) + bytes(UINT64_MAX)),
            "key 0: a text of 18446744073709551615 bytes, more than the limit of 65535");
  EXPECT_EQ(refusal(header(0, 1) + text("k") + bytes(uint32_t{8}) + bytes(uint64_t{5}) + "four"),
            "key \"k\": 5 bytes at byte 45, more than the file has left");
  EXPECT_EQ(refusal(header(0, 1) + text("k") + bytes(uint32_t{9}) + bytes(uint32_t{8}) +
                    bytes(uint64_t{1} << 61)),
            "key \"k\": 2305843009213693952 values of 8 bytes at byte 49, more than the file has "
            "left");
}

TEST_F(Gguf, RefusesKeysThatMakeNoSense) {
  const std::string flag = bytes(uint32_t{7});
  EXPECT_EQ(refusal(header(0, 1) + text("k") + bytes(uint32_t{77})),
            "key \"k\": value type 77 does not exist");
  EXPECT_EQ(refusal(header(0, 1) + text("k") + flag + "\2"),
            "key \"k\": true or false must be stored as 1 or 0");
  EXPECT_EQ(refusal(header(0, 2) + text("k") + flag + "\1" + text("k") + flag + "\1"),
            "key \"k\": stands twice");
  EXPECT_EQ(refusal(header(0, 1) + text("\x1B[2J") + flag + "\1"),
            "key 0: must have characters, and no control characters");
  EXPECT_NE(refusal(header(0, 1) + text("") + flag + "\1"), "accepted");
}

TEST_F(Gguf, KeepsArraysInArraysAndRefusesTowersOfThem) {
  const auto nested = [](int depth) {
    std::string made = header(0, 1) + text("k") + bytes(uint32_t{9});
    for (int i = 1; i < depth; ++i)
      made += bytes(uint32_t{9}) + bytes(uint64_t{1});
    return made + bytes(uint32_t{0}) + bytes(uint64_t{2}) + "ab";
  };
  EXPECT_EQ(refusal(nested(4)), "accepted");
  EXPECT_EQ(refusal(nested(5)), "key \"k\": arrays inside arrays more than 4 deep");
  EXPECT_EQ(refusal(nested(3000)), "key \"k\": arrays inside arrays more than 4 deep");
}

TEST_F(Gguf, AlignsTheDataAsTheFileSays) {
  for (const uint32_t to : {1U, 8U, 64U, 4096U}) {
    const auto file =
        open(padded(header(1, 1) + alignment(to) + tensor("w", {1}, 0, 0), to) + bytes(5.0F));
    ASSERT_TRUE(file.ok()) << file.error().message;
    EXPECT_EQ(file.value().read(file.value().tensors()[0]).value(), std::vector<float>{5});
  }
  for (const uint32_t to : {0U, 3U, 48U})
    EXPECT_EQ(refusal(header(0, 1) + alignment(to)),
              "key \"general.alignment\": must be a u32 and a power of two");
}

TEST_F(Gguf, RefusesTensorsThatMakeNoSense) {
  const auto one = [this](const std::string& info) {
    return refusal(padded(header(1, 0) + info) + std::string(64, '\0'));
  };
  EXPECT_EQ(one(tensor("w", {16}, 0, 0)), "accepted");
  EXPECT_EQ(refusal(padded(header(1, 0) + tensor("w", {}, 0, 0)) + bytes(5.0F)), "accepted");
  EXPECT_EQ(one(tensor("w", {1, 1, 1, 1, 1}, 0, 0)),
            "tensor \"w\": 5 dimensions; at most 4 are allowed");
  EXPECT_EQ(one(tensor("w", {0}, 0, 0)), "tensor \"w\": its sizes are 0 or more than fits 64 bits");
  EXPECT_EQ(one(tensor("w", {1ULL << 40, 1ULL << 40}, 0, 0)),
            "tensor \"w\": its sizes are 0 or more than fits 64 bits");
  EXPECT_NE(one(tensor("w", {1ULL << 62}, 0, 0)), "accepted");
  EXPECT_NE(one(tensor("w", {1ULL << 63}, 0, 0)), "accepted");
  EXPECT_NE(one(tensor("w", {1}, 999, 0)), "accepted");
  EXPECT_EQ(one(tensor("w", {31}, 2, 0)),
            "tensor \"w\": a row of 31 values is not made of blocks of 32, as Q4_0 needs");
  EXPECT_EQ(one(tensor(std::string(65, 'w'), {1}, 0, 0)),
            "tensor 0: a text of 65 bytes, more than the limit of 64");
  EXPECT_EQ(one(tensor("a\nb", {1}, 0, 0)),
            "tensor 0: its name must have characters, and no control characters");
}

TEST_F(Gguf, RefusesDataThatIsNotThereOrShared) {
  const auto two = [this](uint64_t first, uint64_t second, size_t data) {
    return refusal(
        padded(header(2, 0) + tensor("a", {16}, 0, first) + tensor("b", {8}, 0, second)) +
        std::string(data, '\0'));
  };
  EXPECT_EQ(two(0, 64, 96), "accepted");
  EXPECT_EQ(two(32, 0, 96), "accepted");
  EXPECT_EQ(two(0, 64, 95), "tensor \"b\": 32 bytes from byte 64 of the data, which has 95");
  EXPECT_EQ(two(0, 1ULL << 63, 96),
            "tensor \"b\": 32 bytes from byte 9223372036854775808 of the data, which has 96");
  EXPECT_EQ(two(0, 33, 96), "tensor \"b\": its offset 33 is not a multiple of 32");
  EXPECT_EQ(two(0, 32, 96),
            "tensor \"b\": overlaps another: begins at byte 32 of the data, not 64");
  EXPECT_EQ(two(0, 96, 128), "tensor \"b\": leaves a hole: begins at byte 96 of the data, not 64");
  EXPECT_EQ(two(32, 96, 128), "tensor \"a\": leaves a hole: begins at byte 32 of the data, not 0");
  EXPECT_EQ(refusal(padded(header(2, 0) + tensor("a", {1}, 0, 0) + tensor("a", {1}, 0, 32)) +
                    std::string(64, '\0')),
            "tensor \"a\": stands twice");
}

TEST_F(Gguf, AnyDamageIsAnErrorOrASoundFile) {
  const auto whole =
      read_file(std::string(NELUMBO_SOURCE_DIR) + "/tests/data/gguf/types.gguf", 1'000'000);
  ASSERT_TRUE(whole.ok());
  Random random(1, Purpose::kControl);
  for (int round = 0; round < 300; ++round) {
    std::string damaged = whole.value();
    for (int flips = 0; flips < 4; ++flips)
      damaged[random.below(2000)] = static_cast<char>(random.below(256));
    if (round % 3 == 0)
      damaged.resize(random.below(std::ssize(damaged)));
    const auto file = open(damaged);
    if (!file.ok())
      continue;
    for (const GgufTensor& tensor : file.value().tensors())
      EXPECT_EQ(std::ssize(file.value().read(tensor).value()), tensor.count);
  }
}

}  // namespace
}  // namespace nelumbo
