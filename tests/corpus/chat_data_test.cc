// SPDX-License-Identifier: Apache-2.0
#include "corpus/chat_data.h"

#include <fstream>

#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

using nlohmann::ordered_json;

ChatExample example_of(const std::string& row, ChatLayout layout) {
  std::optional<ChatLayout> found;
  auto example = read_chat_row(ordered_json::parse(row), "f.jsonl:3", &found);
  EXPECT_TRUE(example.ok()) << example.error().message;
  EXPECT_EQ(found, layout) << row;
  return example ? std::move(example).value() : ChatExample{};
}

std::string complaint(const std::string& row, std::optional<ChatLayout> before = std::nullopt) {
  const auto example = read_chat_row(ordered_json::parse(row), "f.jsonl:3", &before);
  if (example)
    return "none";
  EXPECT_EQ(example.error().code, Errc::kBadData);
  EXPECT_TRUE(example.error().message.starts_with("f.jsonl:3: ")) << example.error().message;
  return example.error().message.substr(11);
}

TEST(ChatData, ReadsMessagesAndTakesTheLastAnswerAsShown) {
  const ChatExample example = example_of(
      R"({"messages": [{"role": "system", "content": "s"}, {"role": "user", "content": "a"},
          {"role": "assistant", "content": "b"}, {"role": "user", "content": "c"},
          {"role": "assistant", "content": "d"}], "id": 7})",
      ChatLayout::kMessages);
  EXPECT_EQ(example.id, "7");
  EXPECT_EQ(example.messages.size(), 4U);
  EXPECT_EQ(example.question(), "c");
  EXPECT_EQ(example.demonstration, "d");
  EXPECT_FALSE(example.truth.has_value());
}

TEST(ChatData, ShowsTheLastAnswerWithItsCalls) {
  const ChatExample example = example_of(
      R"({"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": null,
          "tool_calls": [{"function": {"name": "f"}}]}]})",
      ChatLayout::kMessages);
  EXPECT_EQ(example.demonstration, "");
  EXPECT_EQ(example.shown()[1]["tool_calls"][0]["function"]["name"], "f");
  EXPECT_EQ(example.shown()[1]["content"], "");
}

TEST(ChatData, TakesPathsFromTheFilesFolder) {
  const TemporaryFolder folder;
  std::ofstream(folder / "rows.jsonl")
      << R"({"question": "a", "answer": "b", "images": ["p/a.png", "/b.png", "data:,", "s3://c"]})";
  const auto file = read_chat_file(folder / "rows.jsonl");
  ASSERT_TRUE(file.ok()) << file.error().message;
  EXPECT_EQ(file.value().examples[0].images,
            (std::vector<std::string>{folder / "p/a.png", "/b.png", "data:,", "s3://c"}));
}

TEST(ChatData, ReadsEachLayout) {
  const ChatExample shown =
      example_of(R"({"prompt": "a", "completion": "b"})", ChatLayout::kCompletion);
  EXPECT_EQ(shown.messages[0]["role"], "user");
  EXPECT_EQ(shown.demonstration, "b");
  EXPECT_EQ(shown.id, "f.jsonl:3");
  const ChatExample turns = example_of(
      R"({"prompt": [{"role": "user", "content": "a"}],
          "completion": [{"role": "assistant", "content": "b"}]})",
      ChatLayout::kCompletion);
  EXPECT_EQ(turns.demonstration, "b");
  EXPECT_EQ(example_of(R"({"question": "a", "answer": "b"})", ChatLayout::kAnswer).demonstration,
            "b");
  const ChatExample label = example_of(R"({"input": "a", "label": 3})", ChatLayout::kLabel);
  EXPECT_EQ(label.truth, "3");
  EXPECT_FALSE(label.demonstration.has_value());
  const ChatExample verl = example_of(
      R"({"data_source": "gsm8k", "prompt": [{"role": "user", "content": "a"}],
          "reward_model": {"style": "rule", "ground_truth": "72"}})",
      ChatLayout::kVerl);
  EXPECT_EQ(verl.truth, "72");
}

TEST(ChatData, FindsPicturesInPartsAndBesideThem) {
  const ChatExample example = example_of(
      R"({"messages": [{"role": "user", "content": [{"type": "image", "path": "a.png"},
          {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}},
          {"type": "image"}, {"type": "text", "text": "What?"}]}], "images": ["b.png"]})",
      ChatLayout::kMessages);
  EXPECT_EQ(example.images,
            (std::vector<std::string>{"a.png", "data:image/png;base64,AA==", "b.png"}));
  EXPECT_EQ(example.question(), "What?");
}

TEST(ChatData, NamesWhatIsWrongWithARow) {
  EXPECT_NE(complaint(R"({"text": "a"})").find("has the fields text"), std::string::npos);
  EXPECT_NE(complaint(R"({"messages": [{"role": "user", "content": "a"}]})", ChatLayout::kVerl)
                .find("is laid out as 'messages', earlier rows as 'verl'"),
            std::string::npos);
  EXPECT_EQ(complaint(R"({"messages": []})"), "messages: must be a list of messages, at least one");
  EXPECT_EQ(complaint(R"({"messages": [{"role": "usr", "content": "a"}]})"),
            "messages[0]: no role is called 'usr'; there are system, user, assistant, tool");
  EXPECT_EQ(complaint(R"({"messages": [{"role": "user", "content": " "}]})"),
            "messages[0]: has no content; write a text, or a list of parts");
  EXPECT_EQ(complaint(R"({"messages": [{"role": "assistant", "content": "a"}]})"),
            "messages[0]: an answer has nothing before it that it answers");
  EXPECT_EQ(complaint(R"({"messages": [{"role": "user", "content": "a"},
                                       {"role": "user", "content": "b"}]})"),
            "messages[1]: two messages of the role 'user' in a row; join them");
  EXPECT_EQ(complaint(R"({"messages": [{"role": "user", "content": "a"},
                                       {"role": "system", "content": "b"}]})"),
            "messages[1]: a system message must be the first");
  EXPECT_EQ(complaint(R"({"question": "a", "answer": [1]})"),
            "answer: must be one message of the assistant's");
  EXPECT_EQ(complaint(R"({"prompt": "a", "completion": [{"role": 1, "content": "b"}]})"),
            "completion: must be one message of the assistant's");
  EXPECT_EQ(complaint(R"({"prompt": "a", "reward_model": {"style": "rule"}})"),
            "reward_model: has no ground_truth");
  EXPECT_EQ(complaint(R"({"messages": [{"role": "user", "content": [{"type": "image"}]}]})"),
            "images: has 0 for the 1 parts that name no picture of their own");
  EXPECT_EQ(complaint(R"({"question": "a", "answer": "b", "images": [3]})"),
            "images: each must be a path, a URL or {\"path\": ..}");
}

TEST(ChatData, RefusesTalksOfHealthBenchToTrainOn) {
  const std::string path = std::string(NELUMBO_SOURCE_DIR) + "/data/healthbench/calibration.jsonl";
  const auto file = read_chat_file(path);
  ASSERT_FALSE(file.ok());
  EXPECT_EQ(file.error().code, Errc::kBadData);
  EXPECT_NE(
      file.error().message.find("calibration.jsonl:1: a talk of HealthBench is for evaluation "
                                "only"),
      std::string::npos)
      << file.error().message;
  std::optional<ChatLayout> layout;
  EXPECT_FALSE(
      read_chat_row(nlohmann::ordered_json::parse(
                        R"({"prompt": [{"role": "user", "content": "a"}], "rubrics": []})"),
                    "a:1", &layout)
          .ok());
}

TEST(ChatData, RefusesPartsThatSayTwoThings) {
  const auto part = [](const std::string& keys) {
    return complaint(R"({"messages": [{"role": "user", "content": [{"type": )" + keys + "}]}]}");
  };
  for (const std::string key : {"video", "image", "image_url"})
    EXPECT_EQ(part(R"("text", "text": "x", ")" + key + R"(": "1")"),
              "messages[0]: a part of the type 'text' has '" + key +
                  "', too; make that a part of its own or leave it out");
  EXPECT_EQ(part(R"("image", "path": "a.png", "text": "x")"),
            "messages[0]: a part of the type 'image' has 'text', too; make that a part of its own "
            "or leave it out");
}

TEST(ChatData, RefusesAConversationWithoutEnd) {
  std::string row = R"({"messages": [)";
  for (int i = 0; i < 251; ++i)
    row += R"({"role": "user", "content": "a"}, {"role": "assistant", "content": "b"},)";
  row.back() = ']';
  EXPECT_EQ(complaint(row + "}"), "messages: has 502 messages; at most 500 are read, cut it");
}

class ChatFileTest : public testing::Test {
 protected:
  Result<ChatFile> read(const std::string& bytes) {
    std::ofstream(folder_ / "a.jsonl") << bytes;
    return read_chat_file(folder_ / "a.jsonl");
  }
  TemporaryFolder folder_;
};

TEST_F(ChatFileTest, ReadsRowsOfOneLayout) {
  const auto file =
      read("{\"question\":\"a\",\"answer\":\"1\"}\n\n{\"question\":\"b\",\"answer\":2}");
  ASSERT_TRUE(file.ok()) << file.error().message;
  EXPECT_EQ(file.value().layout, ChatLayout::kAnswer);
  ASSERT_EQ(file.value().examples.size(), 2U);
  EXPECT_EQ(file.value().examples[1].id, "a.jsonl:3");
  EXPECT_EQ(file.value().examples[1].demonstration, "2");
}

TEST_F(ChatFileTest, NamesTheLineThatIsWrong) {
  EXPECT_NE(read("{\"question\":\"a\",\"answer\":\"1\"}\n[1]").error().message.find("a.jsonl:2: "),
            std::string::npos);
  EXPECT_NE(read("{\"question\":\"a\"").error().message.find("a.jsonl:1"), std::string::npos);
  const std::string twice = "{\"question\":\"a\",\"answer\":\"1\",\"id\":\"x\"}\n";
  EXPECT_NE(read(twice + twice).error().message.find("a.jsonl:2: the id 'x' stands there twice"),
            std::string::npos);
  EXPECT_NE(read("\n").error().message.find("has no rows"), std::string::npos);
}

TEST_F(ChatFileTest, NamesEveryLineThatIsWrong) {
  const std::string said = read("[1]\n{\"question\":\"a\",\"answer\":\"1\"}\n{}\n").error().message;
  EXPECT_NE(said.find("a.jsonl:1: no JSON object"), std::string::npos) << said;
  EXPECT_NE(said.find("a.jsonl:3: has no layout"), std::string::npos) << said;
}

TEST_F(ChatFileTest, SaysHowToConvertParquet) {
  const auto file = read_chat_file("a.parquet");
  ASSERT_FALSE(file.ok());
  EXPECT_NE(file.error().message.find("scripts/parquet_to_jsonl.sh a.parquet"), std::string::npos);
}

TEST(ChatData, PutsASystemMessageWhereThereIsNone) {
  const ordered_json user = {{{"role", "user"}, {"content", "a"}}};
  const ordered_json both = with_system(user, "Be brief.");
  ASSERT_EQ(both.size(), 2U);
  EXPECT_EQ(both[0]["content"], "Be brief.");
  EXPECT_EQ(with_system(both, "Other."), both);
  EXPECT_EQ(with_system(user, ""), user);
}

}  // namespace
}  // namespace nelumbo
