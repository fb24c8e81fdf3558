// SPDX-License-Identifier: Apache-2.0
#include "apps/chat_reader.h"

#include <fstream>

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

TEST_F(ChatReaderTest, CountsPrefixAndTheLongestItem) {
  TrainingGroup group;
  group.prefix = {1, 2};
  group.items = {{.task = {}, .tokens = {3}}, {.task = {}, .tokens = {4, 5, 6}}};
  EXPECT_EQ(longest_in(group), 5);
}

}  // namespace
}  // namespace nelumbo
