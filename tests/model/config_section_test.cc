// SPDX-License-Identifier: Apache-2.0
#include "model/config_section.h"

#include <functional>
#include <map>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

using nlohmann::json;

TEST(ConfigSection, KeepsTheFirstComplaintWithItsPath) {
  const json document{{"text_config", {{"layers", 0}, {"eps", "small"}}}};
  std::optional<std::string> complaint;
  const ConfigSection section = ConfigSection(document, complaint).section("text_config");
  EXPECT_EQ(section.whole("layers", 10), 1);
  EXPECT_EQ(section.positive("eps"), 1);
  EXPECT_EQ(complaint, "text_config.layers must be a whole number from 1 to 10, not 0");
}

TEST(ConfigSection, NullIsMissing) {
  const json document{{"width", nullptr}};
  std::optional<std::string> complaint;
  const ConfigSection section(document, complaint);
  EXPECT_EQ(section.whole("width", 10, 3), 3);
  EXPECT_EQ(section.positive("eps", 0.5), 0.5);
  EXPECT_EQ(section.word("act", "silu"), "silu");
  EXPECT_FALSE(complaint);
  section.whole("width", 10);
  EXPECT_EQ(complaint, "width must be a whole number from 1 to 10, not missing");
}

TEST(ConfigSection, ReadsListsOfWholeNumbers) {
  const json document = json::parse(R"({"layers": [7, 0], "less": [1, -1]})");
  std::optional<std::string> complaint;
  const ConfigSection section(document, complaint);
  EXPECT_EQ(section.wholes("layers", 0, 7), (std::vector<int64_t>{7, 0}));
  EXPECT_TRUE(section.wholes("none", 0, 7).empty());
  EXPECT_FALSE(complaint);
  EXPECT_TRUE(section.wholes("less", 0, 7).empty());
  EXPECT_EQ(complaint, "less must be a list of whole numbers from 0 to 7, not [1,-1]");
}

TEST(ConfigSection, RefusesTypesThatOnlyLookRight) {
  const json document{{"n", 8.0}, {"flag", 1}, {"word", 3}};
  for (const auto& [key, read] : std::map<std::string, std::function<void(const ConfigSection&)>>{
           {"n", [](const ConfigSection& s) { s.whole("n", 10); }},
           {"flag", [](const ConfigSection& s) { s.flag("flag", false); }},
           {"word", [](const ConfigSection& s) { s.word("word", ""); }}}) {
    std::optional<std::string> complaint;
    read(ConfigSection(document, complaint));
    EXPECT_TRUE(complaint && complaint->starts_with(key + " must be")) << complaint.value_or(key);
  }
}

TEST(ConfigSection, ATokenIsAnIdOfTheVocabulary) {
  const json document = json::parse(R"({"end": [7, 8], "begin": 3, "odd": -1, "none": null})");
  std::optional<std::string> complaint;
  const ConfigSection section(document, complaint);
  EXPECT_EQ(section.token("end", 8), 7);
  EXPECT_EQ(section.token("begin", 4), 3);
  EXPECT_EQ(section.token("none", 4), std::nullopt);
  EXPECT_FALSE(complaint);
  EXPECT_EQ(section.token("odd", 8), std::nullopt);
  EXPECT_EQ(complaint, "odd must be a token id below 8, not -1");
}

TEST(ConfigSection, ShowsBytesThatAreNoText) {
  const json document{{"word", "\xFF"}};
  std::optional<std::string> complaint;
  ConfigSection(document, complaint).only("word", {"a", "b"});
  EXPECT_EQ(complaint, "word \"\\ufffd\" is not supported; supported: a, b");
}

}  // namespace
}  // namespace nelumbo
