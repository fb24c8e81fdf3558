// SPDX-License-Identifier: Apache-2.0
#include "corpus/multi_hop_json.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support/small_graph.h"

namespace nelumbo {
namespace {

TEST(MultiHopJson, CarriesEveryFieldOfAnItem) {
  MultiHopItem item = small_item();
  item.path[1].shown = true;
  const auto read = read_multi_hop(multi_hop_line(item) + "\n\n", "items.jsonl");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read.value(), std::vector<MultiHopItem>{item});
}

TEST(MultiHopJson, SaysWhatCanBeDerived) {
  const auto object = nlohmann::json::parse(multi_hop_line(small_item()));
  EXPECT_EQ(object["answer"], "early betosis");
  EXPECT_EQ(object["difficulty"], 2);
  EXPECT_EQ(object["hidden_hops"], 4);
  EXPECT_EQ(object["steps"][2]["relation"], "on_band");
  EXPECT_EQ(object["steps"][2]["inverse"], true);
  EXPECT_EQ(object["steps"][2]["to"], "BBB1");
  EXPECT_NE(object["chain"].get<std::string>().find("<conclude> early betosis"), std::string::npos);
}

TEST(MultiHopJson, NamesTheLineThatIsWrong) {
  const std::string good = multi_hop_line(small_item()) + "\n";
  const auto why = [&](const std::string& line) {
    const auto read = read_multi_hop(good + line, "items.jsonl");
    return read ? std::string("read") : read.error().message;
  };
  EXPECT_EQ(why("{"), "items.jsonl:2: is no JSON object");
  EXPECT_EQ(why("[1]"), "items.jsonl:2: is no JSON object");
  EXPECT_EQ(why(R"({"id": 3, "question": "q"})"), "items.jsonl:2: id and question must be texts");
  EXPECT_EQ(why(R"({"id": "a", "question": "q", "path": [1, 2]})"),
            "items.jsonl:2: path: a stop must have id, name and shown");
  auto object = nlohmann::json::parse(multi_hop_line(small_item()));
  object["steps"][0]["relation"] = "cousin";
  EXPECT_EQ(why(object.dump()),
            "items.jsonl:2: steps: a step must have a known relation, and inverse");
  object = nlohmann::json::parse(multi_hop_line(small_item()));
  object["choices"][0] = 4;
  EXPECT_EQ(why(object.dump()), "items.jsonl:2: choices: must be texts");
  object = nlohmann::json::parse(multi_hop_line(small_item()));
  EXPECT_EQ(why(object.dump()),
            "items.jsonl:2: the id stands also in line 1; remove one of the two");
  object["id"] = "another";
  EXPECT_EQ(why(object.dump()),
            "items.jsonl:2: the question stands also in line 1; remove one of the two");
  object["steps"].erase(0);
  EXPECT_EQ(why(object.dump()), "items.jsonl:2: steps: must be a list, one shorter than path");
}

}  // namespace
}  // namespace nelumbo
