// SPDX-License-Identifier: Apache-2.0
#include "apps/chat_materials.h"

#include "tests/apps/chat_run.h"

namespace nelumbo {
namespace {

class ChatMaterialsTest : public ChatRunTest {
 protected:
  std::shared_ptr<const ChatMaterials> load(const std::vector<std::string>& overrides = {}) {
    auto loaded = load_chat_materials(config_of(overrides), "c.yaml");
    NELUMBO_CHECK(loaded.ok()) << loaded.error().message;
    return std::move(loaded).value();
  }

  std::string complaint(const std::vector<std::string>& overrides = {}) {
    const auto loaded = load_chat_materials(config_of(overrides), "c.yaml");
    return loaded ? "none" : loaded.error().message;
  }

  void append(const std::string& row) {
    std::ofstream(data_ / "rows.jsonl", std::ios::app) << row << "\n";
  }
};

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_F(ChatMaterialsTest, HoldsOutRowsSpreadOverTheFile) {
  const auto materials = load();
  EXPECT_EQ(materials->train.size(), 8U);
  ASSERT_EQ(materials->validation.size(), 2U);
  EXPECT_EQ(materials->validation[0].id, "rows.jsonl:5");
  EXPECT_EQ(materials->validation[1].id, "rows.jsonl:10");
}

TEST_F(ChatMaterialsTest, NeverTrainsOnWhatItValidatesOn) {
  append(R"({"question": "5 + 1?", "answer": "6"})");
  for (const ChatRow& row : load({"chat.hold_out=2"})->train)
    EXPECT_NE(row.prompt->text, "5 + 1?");
}

TEST_F(ChatMaterialsTest, NeitherTrainsNorValidatesOnWhatItTests) {
  std::ofstream(data_ / "test.jsonl") << R"({"question": "5 + 1?", "answer": "6"})"
                                      << "\n"
                                      << R"({"question": "40 + 2?", "answer": "42"})"
                                      << "\n";
  append(R"({"question": "5 + 1?", "answer": "6"})");
  const std::string test = "chat.test=" + data_ / "test.jsonl";
  const auto materials = load({test});
  ASSERT_EQ(materials->test.size(), 2U);
  EXPECT_EQ(materials->test[1].prompt->text, "40 + 2?");
  for (const std::vector<ChatRow>* rows : {&materials->train, &materials->validation})
    for (const ChatRow& row : *rows)
      EXPECT_NE(row.prompt->text, "5 + 1?");
  EXPECT_NE(materials->data_hash, load()->data_hash);
  EXPECT_TRUE(has(complaint({"chat.test=no.jsonl"}), "chat.test: ")) << complaint();
  const std::string same = data_ / "rows.jsonl";
  EXPECT_TRUE(has(complaint({"chat.test=" + same}), "chat.validation: every row of it is in"));
}

TEST_F(ChatMaterialsTest, LeavesOutLongDemonstrations) {
  append(R"({"question": "long?", "answer": "It is a very long way to say that it is 12"})");
  EXPECT_EQ(load()->train.size(), 9U);
  EXPECT_EQ(load({"chat.longest=8"})->train.size(), 8U);
  EXPECT_TRUE(has(complaint({"chat.longest=1"}), "chat.longest: no row of chat.train"));
}

TEST_F(ChatMaterialsTest, ChangesItsHashWithEveryRow) {
  const std::string before = load()->data_hash;
  EXPECT_EQ(load()->data_hash, before);
  EXPECT_NE(load({"chat.system=Be brief."})->data_hash, before);
}

TEST_F(ChatMaterialsTest, NamesTheKeyAtFault) {
  EXPECT_TRUE(has(complaint({"chat.hold_out=10"}), "chat.hold_out: must be below the 10 rows"));
  EXPECT_TRUE(has(complaint({"chat.train=no.jsonl"}), "chat.train: ")) << complaint();
  EXPECT_TRUE(has(complaint({"model.from=nowhere"}), "model.from: nowhere: no model here"));
  EXPECT_TRUE(has(complaint({"reward.spec=no.yaml"}), "reward.spec: "));
  EXPECT_TRUE(has(complaint({"chat.task=other"}), "other"));
}

TEST_F(ChatMaterialsTest, NeedsNoSpecificationWhereNothingIsScored) {
  EXPECT_EQ(load({"reward.spec=no.yaml", "pipeline=[sft]"})->reward, nullptr);
  EXPECT_NE(load({"pipeline=[sft, evaluate]"})->reward, nullptr);
}

TEST_F(ChatMaterialsTest, SaysAllThatIsWrong) {
  const std::string said =
      complaint({"chat.train=no.jsonl", "model.from=nowhere", "reward.spec=no.yaml"});
  for (const char* part : {"reward.spec: no.yaml: ", "\nchat.train: no.jsonl: ",
                           "\nmodel.from: nowhere: no model here"})
    EXPECT_TRUE(has(said, part)) << said;
  append(R"({"question": "a"})");
  append(R"({"question": "", "answer": "b"})");
  const std::string rows = complaint();
  EXPECT_TRUE(has(rows, "rows.jsonl:11: ") && has(rows, "rows.jsonl:12: ")) << rows;
}

TEST_F(ChatMaterialsTest, RefusesWhatHasNoRoom) {
  const std::string said = complaint({"sampling.max_new_tokens=100000"});
  EXPECT_TRUE(has(said, "rows.jsonl:")) << said;
}

}  // namespace
}  // namespace nelumbo
