// SPDX-License-Identifier: Apache-2.0
#include "apps/chat_rows.h"

#include <algorithm>

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
    return chat_rows(config_of(overrides), chat_.value(), format.value(),
                     {std::move(example).value()});
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

TEST_F(ChatRows, NameAllThatCannotBeUsed) {
  std::vector<ChatExample> examples;
  std::optional<ChatLayout> layout;
  for (const char* answer : {"none", "3", "no"}) {
    auto example = read_chat_row({{"question", "1 + 1?"}, {"answer", answer}},
                                 std::string("rows.jsonl:") + answer, &layout);
    ASSERT_TRUE(example.ok());
    examples.push_back(std::move(example).value());
  }
  const auto format = chat_format_of(chat_.value());
  const auto rows = chat_rows(config_of(), chat_.value(), format.value(), std::move(examples));
  ASSERT_FALSE(rows.ok());
  EXPECT_EQ(rows.error().code, Errc::kBadData);
  EXPECT_TRUE(rows.error().message.starts_with("rows.jsonl:none: "));
  EXPECT_NE(rows.error().message.find("\nrows.jsonl:no: "), std::string::npos);
}

TEST_F(ChatRows, TrainOnCalls) {
  std::ofstream(model_ / "chat_template.jinja")
      << "{% for m in messages %}{{ m.role }}:{{ m.content }}{% for call in m.tool_calls %}"
         "{{ call.function.name }}{% endfor %}<|im_end|>{% endfor %}"
         "{% if add_generation_prompt %}assistant:{% endif %}";
  const auto rows = made(
      R"({"messages": [{"role": "user", "content": "1 + 1?"}, {"role": "assistant", "content": "",
          "tool_calls": [{"function": {"name": "add", "arguments": {}}}]}]})",
      {"pipeline=[sft]"});
  ASSERT_TRUE(rows.ok()) << rows.error().message;
  const TrainingItem& item = rows.value().front().shown.items.at(0);
  EXPECT_EQ(chat_.value().tokenizer->decode(item.tokens, Tokenizer::Special::kSkip), "add");
}

TEST_F(ChatRows, ShowNoPicturesToAModelOfText) {
  const std::string message =
      complaint(R"({"question": "what?", "answer": "3", "images": ["a.png"]})");
  EXPECT_TRUE(message.ends_with("is a model of text alone, it sees no images")) << message;
}

class SeeingChatRows : public ChatRows {
 protected:
  SeeingChatRows() {
    put_seeing_chat_model(seeing_.path());
    chat_ = open_chat_model(seeing_.path());
    NELUMBO_CHECK(chat_.ok()) << chat_.error().message;
  }

  int64_t placeholders(const std::vector<int32_t>& tokens) const {
    return std::ranges::count(tokens, *chat_.value().network.config.image_token_id);
  }

  TemporaryFolder seeing_;
  const std::string one_ = parity_folder("smolvlm") + "/images/a_97x53.png";
  const std::string two_ = parity_folder("smolvlm") + "/images/c_224x300.png";
};

TEST_F(SeeingChatRows, PutPicturesIntoThePromptAndThePrefix) {
  const auto rows = made(R"({"question": "How many?", "answer": "3", "images": [")" + one_ + "\"]}",
                         {"pipeline=[sft, evaluate]"});
  ASSERT_TRUE(rows.ok()) << rows.error().message;
  const ChatRow& row = rows.value().front();
  ASSERT_FALSE(row.prompt->pixels.empty());
  EXPECT_EQ(row.shown.pixels, row.prompt->pixels);
  EXPECT_EQ(row.shown.prefix, row.prompt->tokens);
  EXPECT_GT(placeholders(row.prompt->tokens), 0);
  EXPECT_TRUE(row.shown.items.at(0).pixels.empty());
  EXPECT_EQ(row.prompt->text, "How many?");
}

TEST_F(SeeingChatRows, ShowLaterPicturesBehindTheFirstAnswer) {
  const auto picture = [](const std::string& path) {
    return R"({"type": "image", "path": ")" + path + "\"}";
  };
  const auto rows =
      made(R"({"messages": [{"role": "user", "content": [)" + picture(one_) +
               R"(, {"type": "text", "text": "This?"}]}, {"role": "assistant", "content": "3"},
          {"role": "user", "content": [{"type": "text", "text": "And this?"}, )" +
               picture(two_) + R"(]}, {"role": "assistant", "content": "4"}]})",
           {"pipeline=[sft, evaluate]"});
  ASSERT_TRUE(rows.ok()) << rows.error().message;
  const ChatRow& row = rows.value().front();
  const TrainingItem& item = row.shown.items.at(0);
  EXPECT_FALSE(row.shown.pixels.empty());
  EXPECT_FALSE(item.pixels.empty());
  EXPECT_EQ(row.prompt->pixels.size(), row.shown.pixels.size() + item.pixels.size());
  EXPECT_EQ(placeholders(row.shown.prefix) + placeholders(item.tokens),
            placeholders(row.prompt->tokens));
}

TEST_F(SeeingChatRows, NameThePictureThatCannotBeSeen) {
  const auto message = [&](const std::string& picture) {
    return complaint(R"({"question": "what?", "answer": "3", "images": [")" + picture + "\"]}");
  };
  EXPECT_EQ(message("https://example.org/a.png"),
            "rows.jsonl:1: https://example.org/a.png: pictures are not fetched; save it and name "
            "its path");
  EXPECT_TRUE(message("none.png").starts_with("rows.jsonl:1: none.png: "));
  EXPECT_EQ(message("data:image/png,abc"),
            "rows.jsonl:1: data:image/png,abc: must be "
            "\"data:image/..;base64,\" and the picture");
  EXPECT_EQ(message("data:image/png;base64,a*c"),
            "rows.jsonl:1: data:image/png;base64,a*c: is not base64; write the picture anew");
}

}  // namespace
}  // namespace nelumbo
