// SPDX-License-Identifier: Apache-2.0
#include "model/gguf_ends.h"

#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

using Ids = std::vector<int32_t>;

constexpr int64_t kTokens = 10;
const std::string kKeys = "tokenizer.ggml.";

Ids ends_of(const GgufMetadata& metadata) {
  const auto ends = read_gguf_ends(metadata, kTokens, "f");
  EXPECT_TRUE(ends.ok()) << ends.error().message;
  return ends.ok() ? ends.value() : Ids{-1};
}

GgufMetadata written(const Ids& ends, GgufMetadata metadata = {}) {
  const auto done = add_gguf_ends(ends, kTokens, "f", &metadata);
  EXPECT_TRUE(done.ok()) << done.error().message;
  return metadata;
}

std::optional<int64_t> natural(const GgufMetadata& metadata, const std::string& key) {
  const GgufValue* value = find(metadata, kKeys + key);
  return value == nullptr ? std::nullopt : value->as_natural();
}

TEST(GgufEnds, HoweverManyTheyComeBack) {
  for (const Ids& ends : {Ids{}, Ids{3}, Ids{3, 1}, Ids{9, 0, 4}, Ids{5, 6, 7, 8, 0}})
    EXPECT_EQ(ends_of(written(ends)), ends);
  const GgufMetadata named{{kKeys + "eos_token_id", GgufValue::natural(2)}};
  EXPECT_EQ(ends_of(written({4, 5}, named)), (Ids{4, 5})) << "2 has the role, but ends nothing";
  EXPECT_EQ(ends_of(written({4, 2, 4}, named)), (Ids{4, 2}));
}

TEST(GgufEnds, ThreeStandInKeysThatEveryReaderKnows) {
  const GgufMetadata all = written({4, 2, 6, 7}, {{kKeys + "eos_token_id", GgufValue::natural(2)}});
  EXPECT_EQ(natural(all, "eos_token_id"), 2);
  EXPECT_EQ(natural(all, "eot_token_id"), 4);
  EXPECT_EQ(natural(all, "eom_token_id"), 6);
  const GgufMetadata one = written({8});
  EXPECT_EQ(natural(one, "eos_token_id"), 8);
  EXPECT_EQ(natural(one, "eot_token_id"), std::nullopt);
  EXPECT_TRUE(written({}).empty());
}

TEST(GgufEnds, WithoutAListKeysAndNamesOfControlTokensCount) {
  GgufMetadata metadata{{kKeys + "tokens", GgufValue::texts({"<|im_end|>", "<|eot_id|>",
                                                             "<|eom_id|>", "<|x|>", "y"})},
                        {kKeys + "token_type", GgufValue::integers({3, 1, 3, 3, 1})},
                        {kKeys + "eom_token_id", GgufValue::natural(4)},
                        {kKeys + "eos_token_id", GgufValue::natural(2)}};
  EXPECT_EQ(ends_of(metadata), (Ids{2, 4, 0})) << "1 is a word";
  metadata.emplace_back(kKeys + "eos_token_ids", GgufValue::integers({}));
  EXPECT_EQ(ends_of(metadata), (Ids{2, 4, 0}));
  metadata.back().second = GgufValue::integers({3});
  EXPECT_EQ(ends_of(metadata), Ids{3});
}

TEST(GgufEnds, NamesWhatIsNoToken) {
  const auto refusal = [](const char* key, const GgufValue& value) {
    const auto ends = read_gguf_ends({{kKeys + key, value}}, kTokens, "f");
    return ends.ok() ? "accepted" : ends.error().message;
  };
  const std::string said = " must be a token id below 10";
  EXPECT_EQ(refusal("eot_token_id", GgufValue::natural(10)),
            "f: tokenizer.ggml.eot_token_id" + said + ", not 10");
  EXPECT_EQ(refusal("eom_token_id", GgufValue::text("9")), "f: tokenizer.ggml.eom_token_id" + said);
  EXPECT_EQ(refusal("eos_token_ids", GgufValue::integers({9, -1})),
            "f: tokenizer.ggml.eos_token_ids" + said + ", not -1");
  EXPECT_EQ(refusal("eos_token_ids", GgufValue::texts({"9"})),
            "f: tokenizer.ggml.eos_token_ids" + said);
  GgufMetadata metadata;
  const auto done = add_gguf_ends({3, 12}, kTokens, "f", &metadata);
  ASSERT_FALSE(done.ok());
  EXPECT_EQ(done.error().message, "f: eos_token_id" + said + ", not 12");
}

}  // namespace
}  // namespace nelumbo
