// SPDX-License-Identifier: Apache-2.0
#include "model/gguf_writer.h"

#include <cmath>
#include <filesystem>

#include <gtest/gtest.h>

#include "model/gguf.h"

namespace nelumbo {
namespace {

namespace fs = std::filesystem;

class GgufWriter : public testing::Test {
 protected:
  GgufWriter() {
    fs::remove_all(directory_);
    fs::create_directories(directory_);
  }
  ~GgufWriter() override { fs::remove_all(directory_); }

  static Result<std::vector<float>> ones(const GgufPlan& plan) {
    int64_t count = 1;
    for (const int64_t size : plan.shape)
      count *= size;
    return std::vector<float>(count, 1);
  }

  const std::string directory_ = testing::TempDir() + "gguf_writer_" +
                                 testing::UnitTest::GetInstance()->current_test_info()->name();
  const std::string path_ = directory_ + "/w.gguf";
};

TEST_F(GgufWriter, WritesWhatTheReaderReads) {
  const GgufMetadata metadata{{"general.architecture", GgufValue::text("llama")},
                              {"x.flag", GgufValue::flag(true)},
                              {"x.texts", GgufValue::texts({"a", "", "b c"})},
                              {"x.numbers", GgufValue::integers({-3, 4})},
                              {"x.real", GgufValue::real(0.1F)}};
  const std::vector<GgufPlan> plans{{"b", {2, 3}, GgufType::kF32},
                                    {"a", {2, 32}, GgufType::kQ80},
                                    {"scalar", {}, GgufType::kF16}};
  const auto done = write_gguf(path_, metadata, plans, [](const GgufPlan& plan) {
    return plan.name == "b" ? std::vector<float>{1, 2, 3, 4, 5, 6} : ones(plan).value();
  });
  ASSERT_TRUE(done.ok()) << done.error().message;
  const auto file = GgufFile::open(path_);
  ASSERT_TRUE(file.ok()) << file.error().message;
  ASSERT_EQ(file.value().metadata().size(), metadata.size());
  for (size_t i = 0; i < metadata.size(); ++i) {
    EXPECT_EQ(file.value().metadata()[i].first, metadata[i].first);
    EXPECT_EQ(file.value().metadata()[i].second.bytes, metadata[i].second.bytes);
  }
  ASSERT_EQ(file.value().tensors().size(), 3U);
  EXPECT_EQ(file.value().tensors()[0].name, "b");
  EXPECT_EQ(file.value().tensors()[0].shape, (std::vector<int64_t>{2, 3}));
  EXPECT_EQ(file.value().read(file.value().tensors()[0]).value(),
            (std::vector<float>{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(file.value().tensors()[1].format->name, "Q8_0");
  EXPECT_EQ(file.value().tensors()[2].count, 1);
}

TEST_F(GgufWriter, AlignsAsTheMetadataSays) {
  const GgufMetadata metadata{{"general.alignment", GgufValue::natural(256)}};
  const std::vector<GgufPlan> plans{{"a", {1}, GgufType::kF32}, {"b", {1}, GgufType::kF32}};
  ASSERT_TRUE(write_gguf(path_, metadata, plans, ones).ok());
  const auto file = GgufFile::open(path_);
  ASSERT_TRUE(file.ok()) << file.error().message;
  EXPECT_EQ(file.value().tensors()[0].offset % 256, 0U);
  EXPECT_EQ(file.value().tensors()[1].offset, file.value().tensors()[0].offset + 256);
}

TEST_F(GgufWriter, LeavesTheOldFileWhenTheNewOneFails) {
  const std::vector<GgufPlan> plans{{"a", {2}, GgufType::kF16}};
  ASSERT_TRUE(write_gguf(path_, {}, plans, ones).ok());
  const auto refusal = [&](std::vector<float> values) {
    const auto done =
        write_gguf(path_, {}, plans, [&](const GgufPlan& /*plan*/) { return values; });
    return done.ok() ? "accepted" : done.error().message.substr(path_.size());
  };
  EXPECT_EQ(refusal({1}), ": tensor 'a': has 1 values, not 2");
  EXPECT_EQ(refusal({1, NAN}),
            ": tensor 'a': holds a value that is not finite or too large for F16; F32 holds every "
            "finite one");
  EXPECT_NE(refusal({1, 1e6F}), "accepted");
  const auto failed = write_gguf(path_, {}, plans, [](const GgufPlan& /*plan*/) {
    return Result<std::vector<float>>(Error{Errc::kUnavailable, "gone"});
  });
  EXPECT_EQ(failed.error().message, "gone");
  const auto file = GgufFile::open(path_);
  ASSERT_TRUE(file.ok());
  EXPECT_EQ(file.value().read(file.value().tensors()[0]).value(), (std::vector<float>{1, 1}));
  EXPECT_EQ(std::distance(fs::directory_iterator(directory_), fs::directory_iterator()), 1);
}

TEST_F(GgufWriter, SaysWhenTheFolderIsNotThere) {
  const auto done = write_gguf(directory_ + "/none/w.gguf", {}, {}, ones);
  ASSERT_FALSE(done.ok());
  EXPECT_EQ(done.error().code, Errc::kEnvironment);
}

}  // namespace
}  // namespace nelumbo
