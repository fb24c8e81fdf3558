// SPDX-License-Identifier: Apache-2.0
#include "corpus/jsonl.h"

#include <filesystem>
#include <fstream>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

/// What for_each_object() says about a file with these bytes; "" when it is content.
std::string complaint(const std::string& bytes) {
  const TemporaryFolder folder;
  const std::string path = folder / "a.jsonl";
  std::ofstream(path, std::ios::binary) << bytes;
  const Result<void> read =
      for_each_object(path, [](const nlohmann::json&, const Place&) { return Result<void>(); });
  if (read)
    return "";
  EXPECT_EQ(read.error().code, Errc::kBadData);
  EXPECT_TRUE(read.error().message.starts_with(path));
  return read.error().message.substr(path.size());
}

TEST(Jsonl, GivesEachObjectWithItsLine) {
  const TemporaryFolder folder;
  std::ofstream(folder / "a.jsonl") << "\xEF\xBB\xBF{\"a\":1}\r\n\n  \n{\"a\":2}";
  std::vector<int64_t> lines;
  const Result<void> read = for_each_object(
      folder / "a.jsonl", [&](const nlohmann::json& object, const Place& place) -> Result<void> {
        lines.push_back(10 * object["a"].get<int64_t>() + place.line);
        return {};
      });
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(lines, (std::vector<int64_t>{11, 24}));
}

TEST(Jsonl, NamesFileLineAndFix) {
  EXPECT_TRUE(complaint("{}\n{\"a\":").starts_with(":2: not JSON at byte "));
  EXPECT_TRUE(complaint("{}\n[1]\n").starts_with(":2: no JSON object; "));
  EXPECT_TRUE(complaint("{}\n{}\n{\"a\":\"\xC3\"}").starts_with(":3: byte 7 is not UTF-8; "));
  EXPECT_TRUE(complaint("{\"a\":1,\"a\":2}").starts_with(":1: the key 'a' stands twice"));
  EXPECT_TRUE(complaint(std::string(3 << 20, 'x')).starts_with(":1: is longer than "));
}

TEST(Jsonl, ReadsAHugeLineOnlyInPart) {
  const TemporaryFolder folder;
  const std::string path = folder / "huge.jsonl";
  std::ofstream(path) << "{}\n{\"text\":\"";
  std::filesystem::resize_file(path, uint64_t{1} << 30);  // sparse: takes no room
  const Result<void> read =
      for_each_object(path, [](const nlohmann::json&, const Place&) { return Result<void>(); });
  ASSERT_FALSE(read.ok());
  EXPECT_TRUE(read.error().message.starts_with(path + ":2: is longer than "));
}

TEST(Jsonl, MissingAndEmptyMembersAreErrors) {
  const auto said = [](const nlohmann::json& object) {
    const Result<std::string> text = text_member(object, "text", "a.jsonl:3");
    return text ? text.value() : text.error().message;
  };
  EXPECT_EQ(said({{"text", "x"}}), "x");
  EXPECT_TRUE(said({{"id", "x"}}).starts_with("a.jsonl:3: no field 'text'; "));
  EXPECT_TRUE(said({{"text", 5}}).starts_with("a.jsonl:3: 'text' is not text; "));
  EXPECT_TRUE(said({{"text", " \n"}}).starts_with("a.jsonl:3: 'text' is empty; "));
}

}  // namespace
}  // namespace nelumbo
