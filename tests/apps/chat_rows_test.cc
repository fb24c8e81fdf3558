// SPDX-License-Identifier: Apache-2.0
#include "apps/chat_rows.h"

#include "apps/chat_model.h"
#include "tests/apps/chat_run.h"

namespace nelumbo {
namespace {

class ChatRows : public ChatRunTest {
 protected:
  ChatRows() : chat_(open_chat_model(model_.path())) {
    NELUMBO_CHECK(chat_.ok()) << chat_.error().message;
  }

  Result<std::vector<ChatRow>> made(const std::string& row,
                                    const std::vector<std::string>& overrides = {}) {
    std::optional<ChatLayout> layout;
    auto example = read_chat_row(nlohmann::ordered_json::parse(row), "rows.jsonl:1", &layout);
    NELUMBO_CHECK(example.ok()) << example.error().message;
    const auto format = chat_format_of(chat_.value());
    NELUMBO_CHECK(format.ok()) << format.error().message;
    return chat_rows(config_of(overrides), format.value(), {std::move(example).value()});
  }

  std::string complaint(const std::string& row, const std::vector<std::string>& overrides = {}) {
    const auto rows = made(row, overrides);
    return rows ? "none" : rows.error().message;
  }

  Result<ChatModel> chat_;
};

TEST_F(ChatRows, AskInTheTemplateAndKnowTheTruth) {
  const auto rows = made(R"({"question": "1 + 1?", "answer": "It is 2"})");
  ASSERT_TRUE(rows.ok()) << rows.error().message;
  const Prompt& prompt = *rows.value().front().prompt;
  EXPECT_EQ(prompt.text, "1 + 1?");
  EXPECT_EQ(prompt.truth["answer"], "2");
  EXPECT_EQ(prompt.reward, "chat");
  EXPECT_EQ(prompt.tokens, chat_tokens(chat_.value(), "1 + 1?").value());
  EXPECT_TRUE(rows.value().front().shown.items.empty());
}

TEST_F(ChatRows, TakeTheTruthThatIsStated) {
  const auto rows = made(R"({"input": "1 + 1?", "label": "two"})");
  ASSERT_TRUE(rows.ok()) << rows.error().message;
  EXPECT_EQ(rows.value().front().prompt->truth["answer"], "two");
}

TEST_F(ChatRows, ShowTheDemonstrationBehindTheSamePrompt) {
  const auto rows =
      made(R"({"question": "1 + 1?", "answer": "It is 2"})", {"pipeline=[sft, evaluate]"});
  ASSERT_TRUE(rows.ok()) << rows.error().message;
  const ChatRow& row = rows.value().front();
  EXPECT_EQ(row.shown.prefix, row.prompt->tokens);
  const TrainingItem& item = row.shown.items.at(0);
  std::vector<int32_t> trained;
  for (size_t i = 0; i < item.tokens.size(); ++i)
    if (item.trained[i] != 0)
      trained.push_back(item.tokens[i]);
  EXPECT_EQ(chat_.value().tokenizer->decode(trained, Tokenizer::Special::kSkip), "It is 2");
  EXPECT_EQ(trained.back(), chat_.value().ends.front());
}

TEST_F(ChatRows, NameWhatARowLacks) {
  EXPECT_EQ(complaint(R"({"question": "none?", "answer": "I do not know"})"),
            "rows.jsonl:1: its demonstration has no answer in the form of chat.answer, "
            "'last_number'");
  EXPECT_EQ(complaint(R"({"messages": [{"role": "user", "content": "none?"}]})"),
            "rows.jsonl:1: has no answer to hold the policy's against");
  EXPECT_EQ(complaint(R"({"input": "1 + 1?", "label": "2"})", {"pipeline=[sft]"}),
            "rows.jsonl:1: has no demonstration, which the stage sft trains on");
}

TEST_F(ChatRows, RefusePicturesForNow) {
  EXPECT_EQ(complaint(R"({"question": "what?", "answer": "3", "images": ["a.png"]})"),
            "rows.jsonl:1: shows pictures, which runs on open models cannot train on yet");
}

}  // namespace
}  // namespace nelumbo
