// SPDX-License-Identifier: Apache-2.0
#include "model/metaspace.h"

#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace nelumbo {
namespace {

Result<Metaspace> read(const std::string& fields) {
  return Metaspace::parse(
      nlohmann::json::parse(R"({"type":"Metaspace","replacement":"▁")" + fields + "}"), "p");
}

TEST(Metaspace, WritesSpacesAsMarks) {
  const Metaspace always = read("").value();
  EXPECT_EQ(always.spelt("a b", false), "▁a▁b");
  EXPECT_EQ(always.spelt(" a", false), "▁a") << "never two for one";
  EXPECT_EQ(always.spelt("▁a", false), "▁a");
  const Metaspace first = read(R"(,"prepend_scheme":"first")").value();
  EXPECT_EQ(first.spelt("a", true), "▁a");
  EXPECT_EQ(first.spelt("a", false), "a");
  EXPECT_EQ(read(R"(,"prepend_scheme":"never")").value().spelt("a", true), "a");
}

TEST(Metaspace, BeginsAWordAtEveryMark) {
  const std::string text = "a▁▁b";
  std::string shown;
  for (const Words::Range& word : read("").value().cut(text))
    shown += "|" + text.substr(word.begin, word.end - word.begin);
  EXPECT_EQ(shown, "|a|▁|▁b");
}

TEST(Metaspace, ReadsMarksAsSpacesButForThoseItPutInFront) {
  EXPECT_EQ(read("").value().unspelt("▁a▁b", true), "ab");
  EXPECT_EQ(read("").value().unspelt("▁a▁b", false), " a b");
  EXPECT_EQ(read(R"(,"prepend_scheme":"never")").value().unspelt("▁a", true), " a");
}

TEST(Metaspace, ReadsOldAndNewFields) {
  EXPECT_EQ(read(R"(,"add_prefix_space":false,"split":null)").value().prepend,
            Metaspace::Prepend::kNever);
  EXPECT_FALSE(read(R"(,"split":false)").value().cuts);
  EXPECT_EQ(read(R"(,"prepend_scheme":"last")").error().message,
            "p: the prepend_scheme \"last\" is not supported; always, first and never are");
  EXPECT_EQ(read(R"(,"split":3)").error().message, "p: split must be true or false");
  EXPECT_EQ(Metaspace::parse({{"replacement", "ab"}}, "p").error().message,
            "p: replacement must be one character");
}

}  // namespace
}  // namespace nelumbo
