// SPDX-License-Identifier: Apache-2.0
#include "apps/facts_text.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

using nlohmann::json;

TEST(FactsText, SaysEachFactInUnitsThatAreRead) {
  const json facts{{"path", "m"},
                   {"parameters", 134515008},
                   {"dtypes", {{"BF16", {{"tensors", 272}, {"values", 134515008}}}}},
                   {"licence", json::object()},
                   {"memory", {{"serve", 538060032}, {"serve_bf16", 999}, {"train", 3228360192}}}};
  EXPECT_EQ(facts_text(facts),
            "path: m\n"
            "parameters: 135 M\n"
            "dtypes: BF16 in 272 tensors, 135 M values\n"
            "licence: nothing is said\n"
            "memory: 538 MB to serve, 999 B in bf16; 3.23 GB to train\n");
}

TEST(FactsText, ShowsTheFirstSpecialTokensAndTheBytesWithoutOne) {
  json special = json::array();
  for (int i = 0; i < 9; ++i)
    special.push_back("<" + std::to_string(i) + ">");
  const json facts{
      {"path", "m"},
      {"tokenizer",
       {{"kind", "BPE"}, {"tokens", 300}, {"special", special}, {"lost_bytes", {1, 2}}}},
      {"chat_template", nullptr}};
  EXPECT_EQ(facts_text(facts),
            "path: m\n"
            "tokenizer: BPE, 300 tokens, 9 special: <0> <1> <2> <3> <4> <5> <6> <7> ...; "
            "2 bytes of texts have no token\n"
            "chat template: none\n");
}

}  // namespace
}  // namespace nelumbo
