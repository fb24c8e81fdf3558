// SPDX-License-Identifier: Apache-2.0
#include "reward/spec_files.h"

#include <gtest/gtest.h>

#include "base/file.h"
#include "base/hash.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

/// The key `name` of each document, in order.
std::string names_of(const SpecFiles& files) {
  std::string all;
  for (const SpecNode& document : files.documents) {
    std::string name;
    EXPECT_TRUE(document.at("name").value().read(name).ok());
    all += name;
  }
  return all;
}

class SpecFilesTest : public ::testing::Test {
 protected:
  std::string path(const std::string& file) const { return folder_ / file; }
  void put(const std::string& file, const std::string& text) {
    ASSERT_TRUE(write_file_atomic(path(file), text).ok());
  }
  Result<SpecFiles> read(const std::string& file) const {
    return read_spec_files(read_spec_text(path(file)).value(), path(file));
  }

  TemporaryFolder folder_;
};

TEST_F(SpecFilesTest, StandBehindWhatTheyInclude) {
  put("a.yaml", "{name: a, include: [b.yaml, c.yaml]}");
  put("b.yaml", "{name: b, include: [d.yaml]}");
  put("c.yaml", "{name: c, include: [d.yaml]}");
  put("d.yaml", "{name: d}");
  const auto files = read("a.yaml");
  ASSERT_TRUE(files.ok()) << files.error().message;
  EXPECT_EQ(names_of(files.value()), "dbca");
}

TEST_F(SpecFilesTest, AreFoundFromTheFolderOfTheFileThatIncludesThem) {
  ASSERT_TRUE(make_directories(path("more")).ok());
  put("a.yaml", "{name: a, include: [more/b.yaml]}");
  put("more/b.yaml", "{name: b, include: [../c.yaml]}");
  put("c.yaml", "{name: c}");
  EXPECT_EQ(names_of(read("a.yaml").value()), "cba");
}

TEST_F(SpecFilesTest, HaveOneHashForAllTexts) {
  put("a.yaml", "{name: a, include: [b.yaml]}");
  put("b.yaml", "{name: b}");
  const std::string before = read("a.yaml").value().hash;
  put("b.yaml", "{name: c}");
  EXPECT_NE(read("a.yaml").value().hash, before);
  EXPECT_EQ(read("b.yaml").value().hash, xxh3_128_hex(bytes_of("{name: c}")));
}

TEST_F(SpecFilesTest, MustNotIncludeThemselves) {
  put("a.yaml", "include: [b.yaml]");
  put("b.yaml", "include: [./a.yaml]");
  EXPECT_EQ(read("a.yaml").error().message,
            path("b.yaml") +
                ":1:11: include[0]: './a.yaml' includes this file, and so itself; "
                "remove one of both");
  put("c.yaml", "include: [c.yaml]");
  EXPECT_FALSE(read("c.yaml").ok());
}

TEST_F(SpecFilesTest, SayWhichFileIsNotThereOrNotYaml) {
  put("a.yaml", "include: [b.yaml]");
  EXPECT_EQ(read("a.yaml").error().code, Errc::kInvalidConfig);
  EXPECT_EQ(read("a.yaml").error().message.substr(0, path("a.yaml").size() + 18),
            path("a.yaml") + ":1:11: include[0]:");
  put("b.yaml", "specs: [1\n");
  EXPECT_EQ(read("a.yaml").error().message.substr(0, path("b.yaml").size() + 15),
            path("b.yaml") + ":2:1: not YAML:");
  put("b.yaml", "include: c.yaml");
  EXPECT_EQ(read("a.yaml").error().message, path("b.yaml") + ":1:10: include: must be a list");
}

TEST_F(SpecFilesTest, AreConfigurationWhereTheyAreTooLargeToo) {
  put("large.yaml", std::string((1 << 20) + 1, '#'));
  const auto text = read_spec_text(path("large.yaml"));
  EXPECT_EQ(text.error().code, Errc::kInvalidConfig);
  EXPECT_TRUE(text.error().message.starts_with(path("large.yaml"))) << text.error().message;
  put("a.yaml", "include: [large.yaml]");
  EXPECT_EQ(read("a.yaml").error().code, Errc::kInvalidConfig);
}

}  // namespace
}  // namespace nelumbo
