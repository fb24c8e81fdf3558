// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "tests/apps/called.h"
#include "tests/apps/small_policy.h"
#include "tests/support/parity.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

TEST(ModelCommands, SayWhatAPolicyConsistsOfAndItsHash) {
  const TemporaryFolder folder;
  put_tiny_policy(folder.path());
  const Called called = call({"model", "inspect", folder.path(), "--json"});
  ASSERT_EQ(called.code, 0) << called.err;
  const auto facts = nlohmann::json::parse(called.out);
  EXPECT_EQ(facts["weights_hash"], weights_hash(tiny_weights()));
  EXPECT_EQ(facts["tensors"].size(), tiny_weights().size());
}

TEST(ModelCommands, LookAtModelsOfOtherFamilies) {
  const Called called = call({"model", "inspect", parity_folder("qwen3"), "--json"});
  ASSERT_EQ(called.code, 0) << called.err;
  const auto facts = nlohmann::json::parse(called.out);
  EXPECT_EQ(facts["architecture"], "Qwen3ForCausalLM");
  EXPECT_EQ(facts["end_tokens"], nlohmann::json({902}));
  EXPECT_EQ(facts["memory"]["train"], 24 * facts["parameters"].get<int64_t>());
  EXPECT_TRUE(has(call({"model", "inspect", parity_folder("smolvlm")}).out, "picture 128 px"));
}

TEST(ModelCommands, RefuseWhatIsNoPolicy) {
  const TemporaryFolder folder;
  EXPECT_EQ(call({"model", "inspect", folder.path()}).code, 2);
}

}  // namespace
}  // namespace nelumbo
