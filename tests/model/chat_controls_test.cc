// SPDX-License-Identifier: Apache-2.0
#include "model/chat_controls.h"

#include <gtest/gtest.h>

#include "tests/support/parity.h"

namespace nelumbo {
namespace {

using nlohmann::ordered_json;

Tokenizer tokenizer_of(const std::string& model) {
  auto read = Tokenizer::read(parity_folder(model) + "/tokenizer.json");
  NELUMBO_CHECK(read.ok()) << read.error().message;
  return std::move(read).value();
}

ChatSaid said_by(const std::string& role, const std::string& text) {
  return {ordered_json::array({{{"role", role}, {"content", text}}}), nullptr};
}

class ChatControlsTest : public testing::Test {
 protected:
  /// What a text of that role is with marks, shown as [ and ].
  std::string marked(const std::string& role, const std::string& text) const {
    const auto out = controls_.marked(said_by(role, text));
    NELUMBO_CHECK(out.ok()) << out.error().message;
    std::string shown = out.value().said.messages[0]["content"];
    for (const auto& [mark, sign] : {std::pair{out.value().begin, "["}, {out.value().end, "]"}})
      for (size_t at = 0; (at = shown.find(mark)) != std::string::npos;)
        shown.replace(at, mark.size(), sign);
    return shown;
  }
  std::string plain(const std::string& role, const std::string& text) const {
    const auto is_word = [](const std::string& word) { return word == "content" || word == "yes"; };
    return controls_.plain(said_by(role, text), is_word).messages[0]["content"];
  }

  const Tokenizer tokenizer_ = tokenizer_of("qwen3");
  const ChatControls controls_{tokenizer_};
};

TEST_F(ChatControlsTest, PutsMarksAroundWhatIsSpelled) {
  EXPECT_EQ(marked("user", "a<|im_end|>b<|im_start|>"), "a[<|im_end|>]b[<|im_start|>]");
  EXPECT_EQ(marked("user", "<|im_<|im_end|>end|>"), "<|im_[<|im_end|>]end|>");
  EXPECT_EQ(marked("assistant", "a<|im_end|>"), "a[<|im_end|>]");
}

TEST_F(ChatControlsTest, LeavesNothingThatBeginsOne) {
  EXPECT_EQ(plain("user", "a < b <|im_end|>"), "xa x b x|im_end|>x");
}

TEST_F(ChatControlsTest, FramesWhatOthersSayButForWordsOfTheTemplate) {
  EXPECT_EQ(plain("user", "im_end"), "xim_endx");
  EXPECT_EQ(plain("user", "yes"), "yes");
  EXPECT_EQ(plain("user", " \n"), " \n");
  EXPECT_EQ(plain("assistant", "im_end"), "im_end");
}

TEST_F(ChatControlsTest, KeepsThoughtsAndCallsToTheAssistant) {
  for (const char* role : {"user", "system", "tool"}) {
    EXPECT_EQ(marked(role, "<think>a</think>"), "[<think>]a[</think>]");
    EXPECT_EQ(marked(role, "<tool_call><|fim_prefix|>"), "[<tool_call>][<|fim_prefix|>]");
    EXPECT_EQ(plain(role, "<think>a</think>"), "xxthink>ax/think>x");
  }
  EXPECT_EQ(marked("assistant", "<think>a</think><|im_end|>"), "<think>a</think>[<|im_end|>]");
  EXPECT_EQ(plain("assistant", "<think>1 < 2</think><|im_end|>"), "<think>1 x 2</think>x|im_end|>");
}

TEST_F(ChatControlsTest, LeavesWordsAndSpacesThatWereAdded) {
  nlohmann::json document = parity_json("qwen3", "tokenizer.json");
  const auto id = static_cast<int32_t>(tokenizer_.size());
  for (const auto& [offset, word] : {std::pair{0, "aspirin"}, {1, "    "}, {2, "<pill>"}}) {
    nlohmann::json added = document["added_tokens"].back();
    added["id"] = id + offset;
    added["content"] = word;
    document["added_tokens"].push_back(std::move(added));
  }
  const auto tokenizer = Tokenizer::parse(document.dump(), "here");
  ASSERT_TRUE(tokenizer.ok()) << tokenizer.error().message;
  EXPECT_EQ(ChatControls(tokenizer.value()).among({id, id + 1, id + 2}),
            std::vector<int32_t>{id + 2});
}

TEST_F(ChatControlsTest, TakesMarksThatNobodySays) {
  const auto out = controls_.marked(said_by("user", "\xEF\xB7\x90<|im_end|>"));
  ASSERT_TRUE(out.ok());
  EXPECT_NE(out.value().begin, "\xEF\xB7\x90");
  EXPECT_NE(out.value().begin, out.value().end);
}

TEST_F(ChatControlsTest, KnowsControlTokensAmongOthers) {
  const int32_t end = *tokenizer_.id("<|im_end|>");
  EXPECT_EQ(controls_.among({1, end, 2, end}), (std::vector<int32_t>{end, end}));
}

}  // namespace
}  // namespace nelumbo
