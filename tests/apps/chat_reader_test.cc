// SPDX-License-Identifier: Apache-2.0
#include "apps/chat_reader.h"

#include <fstream>

#include "apps/model_sight.h"
#include "tests/apps/chat_run.h"

namespace nelumbo {
namespace {

class ChatReaderTest : public ChatRunTest {
 protected:
  /// Reads `row` in that template; "none" where nothing is wrong with what is shown.
  std::string complaint(const std::string& chat_template) {
    if (auto read = shown(chat_template); !read)
      return read.error().message;
    return "none";
  }
  Result<TrainingGroup> shown(const std::string& chat_template) {
    std::ofstream(model_ / "chat_template.jinja") << chat_template;
    const auto model = open_chat_model(model_.path());
    NELUMBO_CHECK(model.ok()) << model.error().message;
    const auto format = chat_format_of(model.value());
    NELUMBO_CHECK(format.ok()) << format.error().message;
    std::optional<ChatLayout> layout;
    const auto example =
        read_chat_row({{"question", "One?"}, {"answer", "Two."}}, "rows.jsonl:1", &layout);
    NELUMBO_CHECK(example.ok()) << example.error().message;
    return ChatReader(model.value(), format.value()).shown(example.value(), {});
  }
};

TEST_F(ChatReaderTest, SaysWhyNothingIsShown) {
  EXPECT_EQ(complaint("{% for m in messages %}{% if m.role == 'user' %}{{ m.content }}{% endif %}"
                      "{% endfor %}"),
            "the chat template leaves out what the assistant says");
  EXPECT_EQ(complaint("{% for m in messages %}{% if m.role != 'user' %}{{ m.content }}{% endif %}"
                      "{% endfor %}"),
            "nothing stands before its answer");
}

/// A model that sees, and whose template leaves earlier answers out.
class ForgetfulChatReader : public ChatRunTest {
 protected:
  ForgetfulChatReader() {
    put_seeing_chat_model(seeing_.path());
    std::ofstream(seeing_ / "chat_template.jinja")
        << "<|im_start|>{% for m in messages %}{{ m.role }}:{% if m.role == 'assistant' and not "
           "loop.last %}..{% else %}{% for p in m.content %}{% if p.type == 'image' %}<image>"
           "{% else %}{{ p.text }}{% endif %}{% endfor %}{% endif %}<end_of_utterance>"
           "{% endfor %}{% if add_generation_prompt %}assistant:{% endif %}";
  }
  static std::string said(const std::string& text, const std::string& picture) {
    return R"({"role": "user", "content": [{"type": "text", "text": ")" + text +
           R"("}, {"type": "image", "image": ")" + parity_folder("smolvlm") + "/images/" + picture +
           R"("}]}, {"role": "assistant", "content": "as )" + text + "\"}";
  }

  TemporaryFolder seeing_;
};

TEST_F(ForgetfulChatReader, ShowsEachAnswerBehindWhatAllBeginWith) {
  const auto model = open_chat_model(seeing_.path());
  const auto format = chat_format_of(model.value());
  std::optional<ChatLayout> layout;
  const auto example =
      read_chat_row(nlohmann::ordered_json::parse(R"({"messages": [)" + said("One", "a_97x53.png") +
                                                  ", " + said("Two", "c_224x300.png") + "]}"),
                    "rows.jsonl:1", &layout);
  ASSERT_TRUE(example.ok()) << example.error().message;
  ModelSight sight(seeing_.path(), model.value().network.config);
  const auto images = sight.see(example.value().images);
  ASSERT_TRUE(images.ok()) << images.error().message;
  const auto group =
      ChatReader(model.value(), format.value()).shown(example.value(), images.value());
  ASSERT_TRUE(group.ok()) << group.error().message;
  ASSERT_EQ(group.value().items.size(), 2U);
  EXPECT_EQ(group.value().pixels, images.value().images[0].pixels);
  EXPECT_TRUE(group.value().items[0].pixels.empty());
  EXPECT_EQ(group.value().items[1].pixels, images.value().images[1].pixels);
  const Tokenizer& tokenizer = *model.value().tokenizer;
  for (const auto& [item, answer] : {std::pair{0, "as One"}, {1, "as Two"}}) {
    const TrainingItem& shown = group.value().items[static_cast<size_t>(item)];
    std::vector<int32_t> trained;
    for (size_t i = 0; i < shown.tokens.size(); ++i)
      if (shown.trained[i] != 0)
        trained.push_back(shown.tokens[i]);
    EXPECT_EQ(tokenizer.decode(trained, Tokenizer::Special::kSkip), answer);
  }
}

TEST_F(ChatReaderTest, CountsPrefixAndTheLongestItem) {
  TrainingGroup group;
  group.prefix = {1, 2};
  group.items.resize(2);
  group.items[0].tokens = {3};
  group.items[1].tokens = {4, 5, 6};
  EXPECT_EQ(longest_in(group), 5);
}

}  // namespace
}  // namespace nelumbo
